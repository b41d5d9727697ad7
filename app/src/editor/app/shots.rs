//! The shots of what is viewed: those of the sequence that it comes from, as long as frames keep their places.

use super::{Editor, views};
use crate::editor::panels::timeline::ShotView;
use rushes_engine::document::NodeId;
use serde_json::Value;

const SEQUENCE: &str = "edit/sequence";
/// Nodes in a row that are looked at.
const FARTHEST: usize = 1_000;

impl Editor {
    /// The shots along the timeline.
    pub(super) fn shots(&self) -> Vec<ShotView> {
        let shots = || {
            let id = self.sequence_before()?;
            let graph = self.session.document.graph();
            let slot = self.facts.as_ref()?.described.slot(&id).ok()?;
            let said = graph.nodes.get(&id)?.params.get("dissolves").and_then(Value::as_array);
            let number = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
            let dissolves: Vec<u32> = said.into_iter().flatten().map(number).collect();
            let named = |(port, frames): (std::sync::Arc<str>, _)| {
                let link = graph.links_into(&id).find(|(to, _)| to.port == port);
                let node = link.and_then(|(_, l)| graph.nodes.get(&l.from.node));
                let title =
                    node.map_or_else(|| port.to_string(), |n| views::title(n, self.session.registry()));
                let picture = link.and_then(|(_, l)| self.pictures.as_ref()?.shaped(l.from.node.as_str()));
                ShotView { title, frames, picture }
            };
            let placed = rushes_nodes::shot_frames(&slot.state.inputs, &dissolves);
            Some(placed.into_iter().map(named).collect())
        };
        shots().unwrap_or_default()
    }

    /// The nearest sequence upstream along main inputs. A node that changes length or rate moves frames, and the cuts
    /// would be shown where they are not.
    fn sequence_before(&self) -> Option<NodeId> {
        let mut id = self.viewed()?;
        let graph = self.session.document.graph();
        let form = |id: &NodeId| self.clip_of(id).map(|c| (c.frames, c.rate));
        let viewed = form(&id)?;
        for _ in 0..FARTHEST {
            let node = graph.nodes.get(&id).filter(|_| form(&id) == Some(viewed))?;
            if &*node.kind == SEQUENCE {
                return Some(id);
            }
            let spec = self.session.registry().get(&node.kind).ok()?.spec();
            let main = spec.inputs.first()?;
            let link = graph.links_into(&id).find(|(to, _)| main.answers_to(&to.port))?;
            id = link.1.from.node.clone();
        }
        None
    }
}
