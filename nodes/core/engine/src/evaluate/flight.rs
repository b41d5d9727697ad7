//! Equal keys in flight are computed once: whoever comes second waits for the first.

use crate::{Cancel, Error, Key, PayloadRef, Result};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How often a waiter looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Default)]
struct Flight {
    landed: Mutex<Option<Result<PayloadRef>>>,
    bell: Condvar,
}

/// What is being computed now.
#[derive(Default)]
pub(crate) struct Flights {
    flying: Mutex<HashMap<Key, Arc<Flight>>>,
}

impl Flights {
    /// The result of `compute`, or of whoever is computing the same key already.
    /// A first that is cancelled does not cancel the second: the second then computes itself.
    pub(crate) fn share(
        &self,
        key: Key,
        cancel: &Cancel,
        compute: impl FnOnce() -> Result<PayloadRef>,
    ) -> Result<PayloadRef> {
        loop {
            let (flight, first) = {
                let mut flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
                match flying.get(&key) {
                    Some(flight) => (flight.clone(), false),
                    None => {
                        let flight = Arc::<Flight>::default();
                        flying.insert(key, flight.clone());
                        (flight, true)
                    }
                }
            };
            if first {
                let landing = Landing { flights: self, key, flight };
                let result = compute();
                landing.land(result.clone());
                return result;
            }
            match wait(&flight, cancel)? {
                Err(e) if e.is_cancelled() => {}
                result => return result,
            }
        }
    }
}

fn wait(flight: &Flight, cancel: &Cancel) -> Result<Result<PayloadRef>> {
    let mut landed = flight.landed.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(result) = &*landed {
            return Ok(result.clone());
        }
        cancel.check()?;
        landed = flight.bell.wait_timeout(landed, LOOK).unwrap_or_else(PoisonError::into_inner).0;
    }
}

/// Lands the flight even where computing it panics, so that nobody waits for ever.
struct Landing<'a> {
    flights: &'a Flights,
    key: Key,
    flight: Arc<Flight>,
}

impl Landing<'_> {
    fn land(&self, result: Result<PayloadRef>) {
        *self.flight.landed.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.flights.flying.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        let mut landed = self.flight.landed.lock().unwrap_or_else(PoisonError::into_inner);
        landed.get_or_insert_with(|| Err(Error::cancelled()));
        self.flight.bell.notify_all();
    }
}
