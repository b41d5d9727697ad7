//! The timeline: its lanes made from the document, and what is done in it done to the document.

use super::{Editor, params, views};
use crate::editor::panels::timeline::{LaneId, LaneView, TimelineAction, TimelineView};
use rushes_engine::describe::Shape;
use rushes_engine::document::{Edit, Graph, NodeId};
use rushes_engine::param::{Curve, Param};
use rushes_engine::tool::{ParamKind, ParamSpec};
use serde_json::{Value, json};
use std::sync::Arc;

/// A keyed parameter of a selected node.
struct Lane {
    id: LaneId,
    label: String,
    curve: Arc<Curve>,
    spec: ParamSpec,
}

/// The lanes of a version of the graph: keys may be very many, and are read only when they change.
#[derive(Default)]
pub(super) struct Lanes {
    of: Option<(Arc<Graph>, Vec<NodeId>)>,
    lanes: Vec<Lane>,
}

impl Editor {
    /// Reads the keys of the selected nodes where they are others than before.
    fn read_lanes(&mut self) {
        let chosen: Vec<NodeId> = self.chosen_nodes().collect();
        let graph = Arc::clone(self.session.document.graph());
        if self.lanes.of.as_ref().is_some_and(|(old, ids)| Arc::ptr_eq(old, &graph) && *ids == chosen) {
            return;
        }
        let several = chosen.len() > 1;
        let mut lanes = Vec::new();
        for id in &chosen {
            let Ok(node) = graph.find(id) else { continue };
            if !node.params.values().any(|written| written.get("keys").is_some()) {
                continue;
            }
            let Ok(shape) = Shape::of_node(&graph, self.session.registry(), id) else { continue };
            for spec in shape.params.iter().filter(|s| node.params.contains_key(&s.name)) {
                let Param::Keys(curve) = params::param(node, spec) else { continue };
                let title = || views::title(&graph, node, self.session.registry());
                lanes.push(Lane {
                    id: LaneId { node: id.local().as_str().into(), param: spec.name.as_str().into() },
                    label: if several {
                        format!("{} · {}", title(), spec.label)
                    } else {
                        spec.label.clone()
                    },
                    curve: Arc::new(curve),
                    spec: spec.clone(),
                });
            }
        }
        self.lanes = Lanes { of: Some((graph, chosen)), lanes };
    }

    pub(super) fn timeline_view(&mut self) -> TimelineView {
        self.read_lanes();
        let (rate, frames) = self.timing();
        let frame = self.playback.frame;
        TimelineView {
            frame,
            frames,
            rate,
            range: self.range(),
            playing: self.playback.speed != 0.0,
            cached: self.cached_bar(),
            filling: self.fill.is_some(),
            lanes: self.lanes.lanes.iter().map(|lane| lane.view(frame)).collect(),
            shots: self.shots(),
            sound: self.sound_view(),
        }
    }

    /// Does what the timeline asks for.
    pub(super) fn on_timeline(&mut self, actions: Vec<TimelineAction>) {
        for action in actions {
            match action {
                TimelineAction::Transport(action) => self.on_transport(action),
                TimelineAction::Begin | TimelineAction::End => self.session.document.close_step(),
                TimelineAction::Copy(text) => self.tell.ctx.copy_text(text),
                TimelineAction::Set { params, label } => {
                    let edit = |(id, value): (LaneId, Value)| {
                        let node = super::edits::node(&id.node)?;
                        Ok(Edit::Set { node, param: id.param.to_string(), value })
                    };
                    let edits: rushes_engine::Result<Vec<Edit>> = params.into_iter().map(edit).collect();
                    let done = edits.and_then(|edits| self.edit(edits, Some(label), true));
                    self.told(done);
                }
            }
        }
    }
}

impl Lane {
    fn view(&self, frame: i64) -> LaneView {
        let numbers = matches!(self.spec.kind, ParamKind::Number { .. } | ParamKind::Vector { .. });
        let spec = numbers.then(|| params::number_spec(&self.spec));
        let mut now = self.curve.at(frame as f64);
        // Between keys of a whole number a curve runs over fractions.
        if let (Some(number), true) = (now.as_f64(), spec.as_ref().is_some_and(|s| s.integer)) {
            now = json!(number.round() as i64);
        }
        let words = params::in_words(&self.spec, &now).map_or_else(|| plain(&now), |(words, _)| words);
        // The name of a lane has room for a number; its unit stands in the inspector.
        let unit = format!(" {}", self.spec.unit);
        let words = words.strip_suffix(&unit).map_or(words.clone(), str::to_owned);
        LaneView {
            id: self.id.clone(),
            label: self.label.clone(),
            value: words,
            curve: Arc::clone(&self.curve),
            spec,
            now,
            color: matches!(self.spec.kind, ParamKind::Vector { color: true, .. }),
        }
    }
}

/// A list of numbers short enough for the name of a lane.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let short = |x: f64| ((x * 100.0).round() / 100.0 + 0.0).to_string();
            let part = |v: &Value| v.as_f64().map_or_else(|| views::plain(v), short);
            items.iter().map(part).collect::<Vec<_>>().join(" ")
        }
        other => views::plain(other),
    }
}
