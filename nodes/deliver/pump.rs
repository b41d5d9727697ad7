//! Frames on their way into a file: several are evaluated at once, they arrive in order, and never more than a few
//! are alive, however long the clip.

use rushes_engine::{Cancel, Error, Result};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How often a blocked end looks whether the work is still wanted.
const LOOK: Duration = Duration::from_millis(50);

/// How many frames are made at once, and how many may be on their way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Width {
    /// Threads that make frames.
    pub(super) workers: usize,
    /// Frames between being begun and being taken.
    pub(super) in_flight: usize,
}

/// Makes every frame of `frames` with `make`, on several threads, and gives them to `take` in order, on this one.
/// The first error of either ends the work.
pub(super) fn pump<T: Send>(
    frames: Range<i64>,
    width: Width,
    cancel: &Cancel,
    make: impl Fn(i64) -> Result<T> + Sync,
    mut take: impl FnMut(i64, T) -> Result<()>,
) -> Result<()> {
    let next = AtomicI64::new(frames.start);
    let gate = Gate::new(width.in_flight.max(1));
    let stop = cancel.child();
    let (sender, arrived) = sync_channel::<(i64, Result<T>)>(width.in_flight.max(1));
    std::thread::scope(|scope| {
        for _ in 0..width.workers.max(1) {
            let sender = sender.clone();
            let (next, gate, stop, make) = (&next, &gate, &stop, &make);
            scope.spawn(move || {
                // A frame is claimed only when there is room for it, so that the earliest one is always among
                // those in flight and the taker never waits for one that cannot be begun.
                while gate.enter(stop) {
                    let frame = next.fetch_add(1, Ordering::Relaxed);
                    if frame >= frames.end || sender.send((frame, make(frame))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = frames.start;
        let mut result = Ok(());
        while wanted < frames.end && result.is_ok() {
            match arrived.recv_timeout(LOOK) {
                Ok((frame, made)) => {
                    early.insert(frame, made);
                }
                Err(RecvTimeoutError::Timeout) => result = cancel.check(),
                Err(RecvTimeoutError::Disconnected) => result = Err(Error::cancelled()),
            }
            while let (true, Some(made)) = (result.is_ok(), early.remove(&wanted)) {
                result = made.and_then(|made| take(wanted, made));
                wanted += 1;
                gate.leave();
            }
        }
        stop.cancel();
        // Whoever is about to hand over a frame finds nobody and ends.
        drop(arrived);
        result
    })
}

/// Lets so many in at a time.
struct Gate {
    free: Mutex<usize>,
    bell: Condvar,
}

impl Gate {
    fn new(free: usize) -> Self {
        Self { free: Mutex::new(free), bell: Condvar::new() }
    }

    /// Waits for room; false if the work is to stop.
    fn enter(&self, stop: &Cancel) -> bool {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            if stop.is_cancelled() {
                return false;
            }
            free = self.bell.wait_timeout(free, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        *free -= 1;
        !stop.is_cancelled()
    }

    fn leave(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.bell.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    const WIDTH: Width = Width { workers: 4, in_flight: 3 };

    #[test]
    fn frames_arrive_in_order_and_few_are_alive() {
        let (alive, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut taken = Vec::new();
        let make = |frame: i64| {
            let now = alive.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_micros(u64::try_from((frame * 37) % 400).unwrap_or(0)));
            Ok(frame)
        };
        pump(5..205, WIDTH, &Cancel::new(), make, |frame, made| {
            alive.fetch_sub(1, Ordering::SeqCst);
            taken.push((frame, made));
            Ok(())
        })
        .unwrap();
        assert_eq!(taken, (5..205).map(|f| (f, f)).collect::<Vec<_>>());
        assert!(most.load(Ordering::SeqCst) <= WIDTH.in_flight);
    }

    #[test]
    fn an_error_on_either_side_ends_the_work() {
        let make = |frame: i64| if frame == 7 { Err(Error::media("broken")) } else { Ok(()) };
        let mut taken = 0;
        let error = pump(0..1_000_000, WIDTH, &Cancel::new(), make, |_, ()| {
            taken += 1;
            Ok(())
        });
        assert_eq!((error.unwrap_err().what(), taken), ("broken", 7));
        let error = pump(0..1_000_000, WIDTH, &Cancel::new(), |_| Ok(()), |_, ()| Err(Error::system("full")));
        assert_eq!(error.unwrap_err().what(), "full");
    }

    #[test]
    fn a_stop_is_heard() {
        let cancel = Cancel::new();
        let result = pump(
            0..1_000_000,
            WIDTH,
            &cancel,
            |_| Ok(()),
            |frame, ()| {
                if frame == 20 {
                    cancel.cancel();
                }
                cancel.check()
            },
        );
        assert!(result.unwrap_err().is_cancelled());
    }
}
