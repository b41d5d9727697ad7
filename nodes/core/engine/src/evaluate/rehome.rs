//! Frames that were keyed before their file had been read whole move to their final keys instead of being made again.

use super::evaluator::Evaluator;
use crate::describe::DescribedGraph;
use crate::plan::{Cell, Planner};

/// The longest node whose frames are moved; beyond it moving would take longer than a frame.
const LONGEST: u64 = 200_000;

impl Evaluator {
    /// Moves what is in memory for `old` to the keys that the same nodes have in `new`, where the two differ in
    /// nothing but a file whose content was a guess and is now known.
    pub fn rehome(&self, old: &DescribedGraph, new: &DescribedGraph, proxy: u32) {
        let (mut before, mut after) = (Planner::new(old, proxy), Planner::new(new, proxy));
        for slot in old.slots() {
            let guessed =
                old.upstream(&slot.id).iter().any(|s| s.state.found.iter().any(|(_, f)| f.provisional));
            let Ok(outcome) = &slot.state.outcome else { continue };
            let (Some(&was), Some(&is)) = (old.index.get(&slot.id), new.index.get(&slot.id)) else {
                continue;
            };
            if !guessed {
                continue;
            }
            for (output, desc) in outcome.outputs.iter().enumerate() {
                let Some(clip) = desc.frames() else { continue };
                for frame in 0..i64::try_from(clip.frames.min(LONGEST)).unwrap_or(0) {
                    let keys = (
                        before.key_of(Cell { slot: was, output, frame }),
                        after.key_of(Cell { slot: is, output, frame }),
                    );
                    if let (Ok(a), Ok(b)) = keys
                        && a != b
                    {
                        self.memory().rehome(a, b);
                    }
                }
            }
        }
    }
}
