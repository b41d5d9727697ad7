//! Making frames: plan, look what is there, compute the rest.

use super::account::Account;
use super::flight::Flights;
use super::rehome::Guesses;
use crate::cache::{DiskTier, FrameBudget, MemoryCache};
use crate::describe::DescribedGraph;
use crate::plan::{Cell, Planner, Request, Step, Steps};
use crate::tool::{Class, FrameCx, Host, Lane, RenderCx};
use crate::{Cancel, Error, Key, KeyHasher, PayloadRef, Result, Tier};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A frame that was asked for.
#[derive(Clone)]
pub struct Frame {
    /// Its key: equal keys, equal frames.
    pub key: Key,
    /// The frame.
    pub payload: PayloadRef,
}

/// How an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Who waits.
    pub lane: Lane,
    /// A picture that is not yet computed will do: the caller makes it part of its own pass.
    pub lazy: bool,
}

impl Wish {
    /// A computed frame for `lane`.
    pub fn of(lane: Lane) -> Self {
        Self { lane, lazy: false }
    }
}

/// Makes frames on the threads that ask for them and keeps what is worth keeping. Shared by all threads.
pub struct Evaluator {
    host: Arc<dyn Host>,
    budget: Mutex<FrameBudget>,
    memory: Mutex<MemoryCache>,
    disk: Option<Arc<dyn DiskTier>>,
    flights: Flights,
    generation: AtomicU64,
    pub(super) guesses: Guesses,
    /// What each node really did.
    pub account: Account,
}

impl Evaluator {
    /// An evaluator that keeps frames within a budget, in memory and perhaps on a disk.
    pub fn new(host: Arc<dyn Host>, budget: FrameBudget, disk: Option<Arc<dyn DiskTier>>) -> Self {
        Self {
            host,
            budget: Mutex::new(budget),
            memory: Mutex::new(MemoryCache::new(budget.memory)),
            disk,
            flights: Flights::default(),
            generation: AtomicU64::new(0),
            guesses: Guesses::default(),
            account: Account::default(),
        }
    }

    /// The outside world.
    pub fn host(&self) -> &Arc<dyn Host> {
        &self.host
    }

    /// How much is kept.
    pub fn budget(&self) -> FrameBudget {
        *self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps more or less from now on; what is too much is dropped. Looks through the folder on disk, so not for a
    /// thread that draws.
    pub fn set_budget(&self, budget: FrameBudget) {
        *self.budget.lock().unwrap_or_else(PoisonError::into_inner) = budget;
        let used = {
            let mut memory = self.memory();
            memory.set_budget(budget.memory);
            memory.usage().0
        };
        if let Some(disk) = &self.disk {
            disk.fit(budget.left_for_disk(used));
        }
    }

    /// Bytes of frames on disk, as far as this program knows.
    pub fn on_disk(&self) -> u64 {
        self.disk.as_ref().map_or(0, |disk| disk.used())
    }

    /// Drops every frame, in memory and on disk.
    pub fn clear_frames(&self) {
        self.memory().clear();
        if let Some(disk) = &self.disk {
            disk.fit(0);
            disk.fit(self.budget().left_for_disk(0));
        }
    }

    /// The frames in memory.
    pub fn memory(&self) -> MutexGuard<'_, MemoryCache> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which device is in use. Where it is another than last time, what lay on the lost one is forgotten.
    fn generation(&self) -> u64 {
        let now = self.host.generation();
        if self.generation.swap(now, Ordering::AcqRel) != now {
            self.memory().drop_tier(Tier::Device);
        }
        now
    }

    /// Whether the frame of a key is kept anywhere.
    pub fn has(&self, key: Key) -> bool {
        self.memory().contains(key) || self.disk.as_ref().is_some_and(|d| d.contains(self.disk_key(key)))
    }

    /// The frame that `request` asks for. Blocks until it is there; stops within one step of `cancel`.
    pub fn frame(
        &self,
        graph: &DescribedGraph,
        request: &Request,
        wish: Wish,
        cancel: &Cancel,
    ) -> Result<Frame> {
        let mut planner = Planner::new(graph, request.proxy);
        let cell = planner.cell(request)?;
        let device = self.generation();
        let frame = match self.cell(graph, &mut planner, cell, wish, cancel) {
            // A lost device is a cache that is gone: the frame is made again on the one that took its place.
            Err(e) if !e.is_cancelled() && self.generation() != device => {
                log::warn!("made again on another device: {e}");
                self.cell(graph, &mut planner, cell, wish, cancel)?
            }
            made => made?,
        };
        if let Ok((_, made)) = planner.decided(&request.node, cell) {
            self.account.remember(&request.node, request.frame, request.proxy, made);
        }
        Ok(frame)
    }

    /// The frame of a cell, which may be a conversion's.
    pub(crate) fn cell(
        &self,
        graph: &DescribedGraph,
        planner: &mut Planner<'_>,
        cell: Cell,
        wish: Wish,
        cancel: &Cancel,
    ) -> Result<Frame> {
        let key = planner.key_of(cell)?;
        let mut found: HashMap<Key, PayloadRef> = HashMap::new();
        let once = matches!(wish.lane, Lane::Export);
        let steps = planner.steps(cell, wish.lazy, once, &mut |key, slot| {
            if let Some(payload) = self.memory().get(key) {
                self.account.book(&slot.id.outer(), |a| a.memory_hits += 1);
                found.insert(key, payload);
                return true;
            }
            let heavy = slot.state.outcome.as_ref().is_ok_and(|o| o.class == Class::HeavyFrames);
            match heavy.then(|| self.read_disk(key)).flatten() {
                Some(payload) => {
                    self.account.book(&slot.id.outer(), |a| a.disk_hits += 1);
                    self.hold(key, &payload, 1.0);
                    found.insert(key, payload);
                    true
                }
                None => false,
            }
        })?;
        let payload = self.execute(graph, &steps, wish, found, cancel)?;
        self.account.book_device(self.host.take_timings());
        Ok(Frame { key, payload })
    }

    /// Does the steps in order, handing on each result to those that wait for it and no longer.
    fn execute(
        &self,
        graph: &DescribedGraph,
        steps: &Steps,
        wish: Wish,
        mut found: HashMap<Key, PayloadRef>,
        cancel: &Cancel,
    ) -> Result<PayloadRef> {
        let mut readers = vec![0u32; steps.list.len()];
        for (_, feed) in steps.list.iter().flat_map(|s| &s.feeds) {
            if let Some(count) = readers.get_mut(*feed) {
                *count += 1;
            }
        }
        let mut results: Vec<Option<PayloadRef>> = vec![None; steps.list.len()];
        for (at, step) in steps.list.iter().enumerate() {
            cancel.check()?;
            let payload = match found.remove(&step.key) {
                Some(payload) => payload,
                None => {
                    let fed = step.feeds.iter().map(|(need, feed)| {
                        let payload = results.get(*feed).cloned().flatten();
                        payload
                            .map(|p| (need.clone(), p))
                            .ok_or_else(|| Error::usage("the plan is out of order"))
                    });
                    let fed = fed.collect::<Result<Vec<_>>>()?;
                    self.make(graph, step, &fed, wish, cancel)?
                }
            };
            for (_, feed) in &step.feeds {
                if let (Some(count), Some(result)) = (readers.get_mut(*feed), results.get_mut(*feed)) {
                    *count -= 1;
                    if *count == 0 {
                        *result = None;
                    }
                }
            }
            if let Some(result) = results.get_mut(at) {
                *result = Some(payload);
            }
        }
        results.pop().flatten().ok_or_else(|| Error::usage("there is nothing to do"))
    }

    /// Makes one frame of one node.
    fn make(
        &self,
        graph: &DescribedGraph,
        step: &Step,
        fed: &[(crate::tool::Need, PayloadRef)],
        wish: Wish,
        cancel: &Cancel,
    ) -> Result<PayloadRef> {
        let slot =
            graph.slots.get(step.cell.slot).ok_or_else(|| Error::usage("the plan is of another graph"))?;
        let outcome = slot.state.outcome.as_ref().map_err(Clone::clone)?;
        if step.class == Class::HeavyFrames && matches!(wish.lane, Lane::Thumbnail | Lane::Playback) {
            return Err(Error::consent("it is too slow to make unasked")
                .at(slot.id.place())
                .help("look at its frame once"));
        }
        let tool = outcome.params.tool();
        let owner = slot.id.outer();
        let label = self.account.label(&owner);
        let render = || {
            let started = Instant::now();
            let device = self.host.generation();
            let cx = RenderCx {
                at: FrameCx {
                    spec: tool.spec(),
                    inputs: &slot.state.inputs,
                    outputs: &outcome.outputs,
                    output: step.cell.output,
                    frame: step.cell.frame,
                    proxy: step.cell.proxy,
                    facts: outcome.facts.as_ref(),
                },
                kind: tool.spec().kind,
                fed,
                host: self.host.as_ref(),
                lane: wish.lane,
                cancel,
                label,
                files: &slot.state.found,
            };
            let payload = tool.render(&step.params.typed, &cx)?;
            let desc = outcome.outputs.get(step.cell.output).filter(|_| !step.lazy);
            let payload = desc.map_or(Ok(payload.clone()), |desc| self.host.settle(payload, desc, label))?;
            let ms = started.elapsed().as_secs_f64() * 1e3;
            self.account.book(&owner, |a| {
                a.evaluated += 1;
                a.cpu_ms += ms;
                a.bytes = payload.bytes();
            });
            if !step.lazy && self.host.generation() == device {
                self.keep(step, outcome, &payload, wish.lane, ms);
                self.guesses.note(graph, step.cell, step.key);
            }
            Ok(payload)
        };
        let made = if step.lazy { render() } else { self.flights.share(step.key, cancel, render) };
        made.map_err(|e| e.at(slot.id.place()))
    }

    /// Keeps a frame. An export goes through every frame once: only what serves many of its frames is kept.
    fn keep(
        &self,
        step: &Step,
        outcome: &crate::describe::Outcome,
        payload: &PayloadRef,
        lane: Lane,
        ms: f64,
    ) {
        let timeless =
            outcome.outputs.get(step.cell.output).and_then(|d| d.frames()).is_none_or(|d| d.is_still());
        let heavy = step.class == Class::HeavyFrames;
        if !matches!(lane, Lane::Export) || timeless || heavy {
            self.hold(step.key, payload, ms);
        }
        if let (true, Some(disk)) = (heavy, &self.disk) {
            match self.host.to_disk(payload.as_ref()) {
                Some(Ok(bytes)) => disk.put(self.disk_key(step.key), &bytes, ms),
                Some(Err(e)) => log::warn!("a frame was not kept on disk: {e}"),
                None => {}
            }
        }
    }

    /// Keeps a payload in memory. What memory takes of the budget the disk gives up.
    fn hold(&self, key: Key, payload: &PayloadRef, ms: f64) {
        let used = {
            let mut memory = self.memory();
            memory.insert(key, payload.clone(), ms);
            memory.usage().0
        };
        if let Some(disk) = &self.disk {
            disk.fit(self.budget().left_for_disk(used));
        }
    }

    fn read_disk(&self, key: Key) -> Option<PayloadRef> {
        let bytes = self.disk.as_ref()?.get(self.disk_key(key))?;
        match self.host.read_disk(&bytes) {
            Ok(payload) => Some(payload),
            Err(e) => {
                log::warn!("a frame on disk cannot be used: {e}");
                None
            }
        }
    }

    /// On disk frames of different executors live side by side: they agree to 1/255, not to the bit.
    fn disk_key(&self, key: Key) -> Key {
        let mut hasher = KeyHasher::new("disk");
        hasher.key(key).str(&self.host.executor());
        hasher.finish()
    }
}
