//! Describing a graph again where only values of nodes changed: what no change reaches is shared with the version
//! before, and what is told the same as before only gets a new stamp.

use super::slot::{self, Known, Slot, Surroundings};
use super::{DescribedGraph, Describer, wires};
use crate::document::{Flat, Graph, NodeId};
use crate::tool::Files;
use std::sync::Arc;

/// The nodes that are not what they were. `None` where nodes or wires come or go, or a node shows or hides its wires.
fn changed<'a>(before: &Graph, now: &'a Graph) -> Option<Vec<&'a NodeId>> {
    if before.nodes.size() != now.nodes.size() || before.links.size() != now.links.size() {
        return None;
    }
    let mut links = before.links.iter().zip(now.links.iter());
    if !links.all(|((to, was), (now, is))| to == now && (Arc::ptr_eq(was, is) || was == is)) {
        return None;
    }
    let mut changed = Vec::new();
    for ((id, was), (now, is)) in before.nodes.iter().zip(now.nodes.iter()) {
        if id != now {
            return None;
        }
        if !Arc::ptr_eq(was, is) {
            if was.kind != is.kind || was.mute != is.mute {
                return None;
            }
            changed.push(now);
        }
    }
    Some(changed)
}

impl Describer {
    /// The graph, where it is the one before but for values of nodes.
    pub(super) fn again(
        &mut self,
        graph: &Arc<Graph>,
        flat: &Arc<Flat>,
        files: &dyn Files,
    ) -> Option<DescribedGraph> {
        let previous = self.previous.clone().filter(|previous| previous.plain && flat.is_plain())?;
        let changed = changed(&previous.flat.graph, &flat.graph)?;
        let count = previous.slots.len();
        let mut own = vec![false; count];
        for id in changed {
            *own.get_mut(*previous.index.get(id)?)? = true;
        }
        let mut described = DescribedGraph {
            graph: graph.clone(),
            flat: flat.clone(),
            slots: Vec::with_capacity(count),
            index: previous.index.clone(),
            hidden: previous.hidden.clone(),
            fan_out: previous.fan_out.clone(),
            guessed: Vec::with_capacity(count),
            focus: Vec::new(),
            after_focus: Vec::new(),
            awaited: Vec::new(),
            shown: previous.shown.clone(),
            inner_problems: Vec::new(),
            plain: true,
            keys: previous.keys.clone(),
        };
        let mut rewired = false;
        let mut moved = vec![false; count];
        for (at, (old, own)) in previous.slots.iter().zip(own).enumerate() {
            // A wire that was refused names no slot that it leads from.
            let found_again = own || old.ill_wired || old.state.is_outdated(files);
            let led = old.before().any(|before| moved.get(before).is_some_and(|moved| *moved));
            if !found_again && !led {
                described.slots.push(old.clone());
                continue;
            }
            let stamped = (!found_again).then(|| self.stamped(old, &previous, &described)).flatten();
            let new = match stamped {
                Some(new) => new,
                None => self.gathered_again(old, &previous, &mut described, files)?,
            };
            rewired |= new.sources != old.sources;
            if let Some(moved) = moved.get_mut(at) {
                *moved = !Arc::ptr_eq(&new.state, &old.state);
            }
            described.slots.push(Arc::new(new));
        }
        if rewired {
            described.count_wires();
        }
        Some(described)
    }

    /// The slot under a new stamp, where all that lies before it is known as it was.
    fn stamped(&mut self, old: &Slot, previous: &DescribedGraph, now: &DescribedGraph) -> Option<Slot> {
        let mut stamps = Vec::new();
        for before in old.before() {
            let (was, is) = (&previous.slots.get(before)?.state, &now.slots.get(before)?.state);
            if !was.is_known_as(is) {
                return None;
            }
            stamps.push((was.stamp, is.stamp));
        }
        self.stamp += 1;
        Some(old.stamped(self.stamp, &stamps))
    }

    /// The slot with its wires followed again. `None` where a conversion would come, go or change.
    fn gathered_again(
        &mut self,
        old: &Slot,
        previous: &DescribedGraph,
        described: &mut DescribedGraph,
        files: &dyn Files,
    ) -> Option<Slot> {
        if old.hidden || old.before().any(|at| previous.slots.get(at).is_none_or(|slot| slot.hidden)) {
            return None;
        }
        let node = described.flat.graph.nodes.get(&old.id)?.clone();
        let around = Surroundings { registry: &self.registry, host: self.host.as_ref(), files };
        let mut converted = false;
        let wires = wires::gather(&around, described, &old.id, &node, false, &mut |_, _, source, _| {
            converted = true;
            source.slot
        });
        if converted {
            return None;
        }
        let kept = (!old.state.is_outdated(files)).then_some(old);
        let state = slot::reuse_or(kept, Some(&node), &wires, &mut self.stamp, || {
            Known::describe(&around, &node, &wires)
        });
        Some(Slot::new(old.id.clone(), state, wires, false))
    }
}
