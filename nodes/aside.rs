//! What is found out aside: work that describing a graph must not wait for, done on a thread of its own, each thing once.
//!
//! Nothing is begun before somebody listens: a program that only checks, plans or renders never shows what would be
//! found, and should not pay for it.

use rushes_engine::{Cancel, Error, Result};
use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Things that are kept before all are forgotten.
const MOST_KEPT: usize = 1024;

/// How something stands that was asked for.
pub(crate) enum Found<T> {
    /// Nobody would hear of it.
    Unasked,
    /// It is being found out; the flag is set once it is there.
    Underway(Arc<AtomicBool>),
    /// It is there, or why it is not.
    Known(Result<Arc<T>>),
}

/// The thread, and what it found.
#[derive(Default)]
pub(crate) struct Aside(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    idle: Condvar,
}

#[derive(Default)]
struct State {
    listener: Option<Arc<dyn Fn() + Send + Sync>>,
    things: HashMap<String, Thing>,
    queue: VecDeque<(String, Work)>,
    working: bool,
    /// Gives up all that is underway.
    cancel: Cancel,
}

type Value = Arc<dyn Any + Send + Sync>;
type Work = Box<dyn FnOnce(&Cancel) -> Result<Value> + Send>;

struct Thing {
    done: Arc<AtomicBool>,
    value: Option<Result<Value>>,
}

impl Aside {
    /// From now on things are found out; `heard` is called on another thread after each.
    pub(crate) fn listen(&self, heard: impl Fn() + Send + Sync + 'static) {
        self.0.lock().listener = Some(Arc::new(heard));
    }

    /// From now on nothing is found out, and what is underway is given up and forgotten.
    pub(crate) fn hush(&self) {
        let mut state = self.0.lock();
        state.listener = None;
        state.queue.clear();
        std::mem::take(&mut state.cancel).cancel();
        state.things.retain(|_, thing| thing.value.is_some());
    }

    /// Whether somebody listens.
    pub(crate) fn is_heard(&self) -> bool {
        self.0.lock().listener.is_some()
    }

    /// How many things are not found out yet.
    pub(crate) fn left(&self) -> usize {
        self.0.lock().things.values().filter(|thing| thing.value.is_none()).count()
    }

    /// Waits until nothing is underway.
    pub(crate) fn wait(&self) {
        let mut state = self.0.lock();
        while state.working {
            state = self.0.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The thing that `of` names by its content; begun with `make` where it is asked for the first time.
    pub(crate) fn find<T: Any + Send + Sync>(
        &self,
        of: String,
        make: impl FnOnce(&Cancel) -> Result<T> + Send + 'static,
    ) -> Found<T> {
        let mut state = self.0.lock();
        if state.listener.is_none() {
            return Found::Unasked;
        }
        if let Some(thing) = state.things.get(&of) {
            return match &thing.value {
                None => Found::Underway(thing.done.clone()),
                Some(Err(e)) => Found::Known(Err(e.clone())),
                Some(Ok(value)) => match value.clone().downcast() {
                    Ok(value) => Found::Known(Ok(value)),
                    Err(_) => Found::Unasked,
                },
            };
        }
        if state.things.len() >= MOST_KEPT {
            state.things.retain(|_, thing| thing.value.is_none());
        }
        let done = Arc::new(AtomicBool::new(false));
        state.things.insert(of.clone(), Thing { done: done.clone(), value: None });
        state.queue.push_back((of, Box::new(move |cancel| Ok(Arc::new(make(cancel)?) as Value))));
        if !state.working {
            let shared = self.0.clone();
            let thread = std::thread::Builder::new().name("aside".into()).spawn(move || shared.work());
            state.working = thread.inspect_err(|e| log::error!("no thread could be started: {e}")).is_ok();
        }
        Found::Underway(done)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.hush();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works off the queue, then ends.
    fn work(&self) {
        loop {
            let next = {
                let mut state = self.lock();
                let next = state.queue.pop_front();
                state.working = next.is_some();
                next.map(|next| (next, state.cancel.clone()))
            };
            let Some(((of, work), cancel)) = next else {
                self.idle.notify_all();
                return;
            };
            // A fault in a library must not leave those who wait without an answer.
            let value = catch_unwind(AssertUnwindSafe(|| work(&cancel)))
                .unwrap_or_else(|_| Err(Error::system("it could not be found out: a library failed")));
            let mut state = self.lock();
            // What was given up may have been asked for anew.
            let done = !matches!(&value, Err(e) if e.is_cancelled());
            if let Some(thing) = state.things.get_mut(&of).filter(|_| done) {
                thing.value = Some(value);
                thing.done.store(true, Ordering::Release);
            }
            let listener = state.listener.clone();
            drop(state);
            if let Some(heard) = listener {
                heard();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn each_thing_is_found_once_and_told() {
        let aside = Aside::default();
        let made = Arc::new(AtomicUsize::new(0));
        let find = |of: &str, fails: bool| {
            let made = made.clone();
            aside.find(of.to_owned(), move |_| {
                made.fetch_add(1, Ordering::Relaxed);
                if fails { Err(Error::system("no")) } else { Ok(7_u32) }
            })
        };
        assert!(matches!(find("a", false), Found::Unasked), "nobody listens yet");
        let heard = Arc::new(AtomicUsize::new(0));
        let counted = heard.clone();
        aside.listen(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let Found::Underway(done) = find("a", false) else { panic!("it is begun") };
        assert!(matches!(find("b", true), Found::Underway(_)));
        drop(find("a", false));
        aside.wait();
        assert!(done.load(Ordering::Acquire));
        assert!(matches!(find("a", false), Found::Known(Ok(seven)) if *seven == 7));
        assert!(matches!(find("b", true), Found::Known(Err(_))));
        aside.wait();
        let count = |n: &AtomicUsize| n.load(Ordering::Relaxed);
        assert_eq!((count(&made), count(&heard)), (2, 2));
    }
}
