//! When the machine itself stood still. A host that takes a core away from its guest does so for up to some tens of
//! milliseconds, and the clock of the thread that was working there may run on meanwhile.
//!
//! As jHiccup (Tene 2012) does, a thread sleeps for a moment again and again, here on the very core of the thread that
//! is measured. For what it woke late, apart from what it waited for its turn, nobody worked on that core.

use crate::editor::app::Call;
use rushes_engine::Result;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the witness sleeps.
const NAP: Duration = Duration::from_millis(1);
/// How long it may take to say what it saw.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the witness saw.
struct Seen {
    /// One after another.
    stalls: Vec<Range<Instant>>,
    /// All until then is told.
    until: Instant,
}

/// What the witness and who asks it share.
struct Shared {
    seen: Mutex<Seen>,
    closing: AtomicBool,
}

impl Shared {
    fn new() -> Self {
        let seen = Seen { stalls: Vec::new(), until: Instant::now() };
        Self { seen: Mutex::new(seen), closing: AtomicBool::new(false) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The witness of the core that a thread works on; there is none on a system other than Linux.
pub(super) struct Stalls {
    shared: Arc<Shared>,
    witness: Option<JoinHandle<()>>,
}

impl Stalls {
    /// Keeps this thread on the core that it is on, and begins to watch that.
    pub(super) fn watch() -> Result<Self> {
        let shared = Arc::new(Shared::new());
        #[cfg(target_os = "linux")]
        let witness = Some(linux::watch(&shared)?);
        #[cfg(not(target_os = "linux"))]
        let witness = None;
        Ok(Self { shared, witness })
    }

    /// Waits until all that came before is known.
    pub(super) fn settle(&self) {
        let now = Instant::now();
        let waits = || self.witness.as_ref().is_some_and(|witness| !witness.is_finished());
        while waits() && self.shared.seen().until < now && now.elapsed() < PATIENCE {
            std::thread::sleep(NAP);
        }
    }

    /// The most of a processor's time that a call can have taken itself: what its clock says, and no more than there
    /// was while the core ran.
    pub(super) fn own(&self, call: &Call) -> Duration {
        let end = call.begun + call.wall;
        let seen = self.shared.seen();
        let late = seen.stalls.iter().rev().take_while(|stall| stall.end > call.begun);
        let stood =
            late.map(|stall| stall.end.min(end).saturating_duration_since(stall.start.max(call.begun)));
        call.processor.min(call.wall.saturating_sub(stood.sum()))
    }

    /// How often the core stood still, and for how long at most.
    pub(super) fn all(&self) -> (usize, Duration) {
        let seen = self.shared.seen();
        (seen.stalls.len(), seen.stalls.iter().map(|stall| stall.end - stall.start).max().unwrap_or_default())
    }
}

impl Drop for Stalls {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        if self.witness.take().is_some_and(|witness| witness.join().is_err()) {
            log::error!("the thread that watched the core had died");
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Arc, Duration, Instant, JoinHandle, NAP, Ordering, Result, Shared};
    use rushes_engine::Error;
    use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
    use std::fs::File;
    use std::os::unix::fs::FileExt as _;

    /// What is shorter is no stall.
    const LEAST: Duration = Duration::from_micros(500);

    /// Sets a witness on the core of this thread.
    pub(super) fn watch(shared: &Arc<Shared>) -> Result<JoinHandle<()>> {
        let no = |e: std::io::Error| Error::system(format!("the core cannot be watched: {e}"));
        let mut core = CpuSet::new();
        core.set(sched_getcpu());
        // A thread begins where the one is that starts it.
        sched_setaffinity(None, &core).map_err(|e| no(e.into()))?;
        let shared = Arc::clone(shared);
        let witness = move || {
            if let Err(e) = witness(&shared) {
                log::warn!("the core is not watched any more: {e}");
            }
        };
        std::thread::Builder::new().name("witness".into()).spawn(witness).map_err(no)
    }

    fn witness(shared: &Shared) -> std::io::Result<()> {
        before_others();
        let turns = File::open("/proc/thread-self/schedstat")?;
        let mut before = waited(&turns)?;
        while !shared.closing.load(Ordering::Relaxed) {
            let due = Instant::now() + NAP;
            std::thread::sleep(NAP);
            let late = due.elapsed();
            let now = waited(&turns)?;
            let stood = late.saturating_sub(now.saturating_sub(before));
            before = now;
            let mut seen = shared.seen();
            if stood > LEAST {
                seen.stalls.push(due..due + stood);
            }
            seen.until = due + late;
        }
        Ok(())
    }

    /// Lets this thread go before all others: a stall in which it waits for its turn would be counted as waiting.
    fn before_others() {
        let first = libc::sched_param { sched_priority: 1 };
        // SAFETY: the structure is whole, and 0 is the calling thread.
        if unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const first) } != 0 {
            let e = std::io::Error::last_os_error();
            log::warn!("some stalls of the machine may not be seen: {e}");
        }
    }

    /// How long this thread was ready and waited for its turn, by the second figure of proc(5)'s schedstat.
    fn waited(turns: &File) -> std::io::Result<Duration> {
        let mut text = [0; 64];
        let length = turns.read_at(&mut text, 0)?;
        let figure = text.get(..length).and_then(|text| std::str::from_utf8(text).ok());
        let figure = figure.and_then(|text| text.split_whitespace().nth(1)?.parse().ok());
        figure.map(Duration::from_nanos).ok_or_else(|| std::io::Error::other("schedstat says something else"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_not_longer_than_its_core_ran() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let stalls = Stalls { shared: Arc::new(Shared::new()), witness: None };
        stalls.shared.seen().stalls.extend([at(5)..at(15), at(35)..at(60)]);
        let own = |begun, wall, processor| {
            let [wall, processor] = [wall, processor].map(Duration::from_millis);
            stalls.own(&Call { begun, wall, processor }).as_millis()
        };
        // 40 ms, in which the core stood still for 10 and 5.
        assert_eq!(own(begun, 40, 40), 25);
        // The thread's clock had stood still as well.
        assert_eq!(own(begun, 40, 12), 12);
        // It had ended before, or begun after, or all was one stall.
        assert_eq!(own(begun, 5, 5), 5);
        assert_eq!(own(at(60), 10, 10), 10);
        assert_eq!(own(at(40), 20, 20), 0);
    }
}
