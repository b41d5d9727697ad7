//! Frames that were keyed before their file had been read whole move to their final keys instead of being made again.

use super::evaluator::Evaluator;
use crate::Key;
use crate::describe::{DescribedGraph, Describer};
use crate::document::{Graph, NodeId};
use crate::plan::{Cell, Planner};
use crate::tool::Files;
use std::sync::{Arc, Mutex, PoisonError};

/// How many frames are remembered until their file is known; those beyond it are made again.
const REMEMBERED: usize = 100_000;

/// A frame under a key that holds a guess at a file's content.
struct Guess {
    /// The very graph that it was made from: an edited one has other keys for other reasons.
    graph: Arc<Graph>,
    node: NodeId,
    /// Its place, but for the slot, which is the node's.
    cell: Cell,
    key: Key,
}

/// The frames that are kept under guessed keys.
#[derive(Default)]
pub(super) struct Guesses(Mutex<Vec<Guess>>);

impl Guesses {
    /// Remembers a frame that was kept, if its key is a guess.
    pub(super) fn note(&self, graph: &DescribedGraph, cell: Cell, key: Key) {
        let Some(slot) = graph.slots.get(cell.slot).filter(|_| graph.is_guessed(cell.slot)) else { return };
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A conversion goes by the name of the node that it serves; its frames are cheap.
        if list.len() < REMEMBERED && !slot.hidden {
            list.push(Guess { graph: graph.graph.clone(), node: slot.id.clone(), cell, key });
        }
    }

    fn take(&self) -> Vec<Guess> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, mut guesses: Vec<Guess>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(&mut guesses);
    }
}

impl Evaluator {
    /// Moves what was made while a file's content was a guess to the keys that the same nodes of the same graphs have
    /// now that it is known. To be called when a file has been read, before the graph is described again.
    pub fn rehome(&self, describer: &mut Describer, files: &dyn Files) {
        let mut waiting = self.guesses.take();
        while let Some(graph) = waiting.first().map(|g| g.graph.clone()) {
            let (these, rest) = waiting.into_iter().partition(|g| Arc::ptr_eq(&g.graph, &graph));
            waiting = rest;
            let described = describer.describe(&graph, files, None);
            self.guesses.put_back(self.move_to(&described, these));
        }
    }

    /// Moves frames to their keys in `now`; gives back those whose keys are guesses still.
    fn move_to(&self, now: &DescribedGraph, guesses: Vec<Guess>) -> Vec<Guess> {
        let mut planner = Planner::new(now, 1);
        let mut open = Vec::new();
        for guess in guesses {
            let Some(&slot) = now.index.get(&guess.node) else { continue };
            if now.is_guessed(slot) {
                open.push(guess);
            } else if let Ok(key) = planner.key_of(Cell { slot, ..guess.cell }) {
                self.memory().rehome(guess.key, key);
            }
        }
        open
    }
}
