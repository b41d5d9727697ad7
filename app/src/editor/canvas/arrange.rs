//! Nodes set in line, or apart by the same distance.

use super::command::CanvasCommand;
use super::geometry;
use super::view::{CanvasView, Id, bounds};
use crate::editor::theme::Tokens;
use egui::{Pos2, Rect, Vec2, vec2};
use std::collections::BTreeSet;

/// New places of chosen nodes; nothing where fewer are chosen than it takes.
pub(super) fn arranged(
    view: &CanvasView,
    chosen: &BTreeSet<Id>,
    tokens: &Tokens,
    how: CanvasCommand,
) -> Vec<(Id, Pos2)> {
    let nodes = view.nodes().iter().filter(|n| chosen.contains(&n.id));
    let mut all: Vec<(Id, Rect)> = nodes.map(|n| (Id::clone(&n.id), geometry::rect(n, tokens))).collect();
    let whole = bounds(all.iter().map(|(_, r)| *r));
    match how {
        CanvasCommand::SpreadAcross => spread(&mut all, whole, vec2(1.0, 0.0)),
        CanvasCommand::SpreadDown => spread(&mut all, whole, vec2(0.0, 1.0)),
        _ if all.len() < 2 => return Vec::new(),
        _ => {
            for (_, rect) in &mut all {
                let by = match how {
                    CanvasCommand::AlignLeft => vec2(whole.left() - rect.left(), 0.0),
                    CanvasCommand::AlignRight => vec2(whole.right() - rect.right(), 0.0),
                    CanvasCommand::AlignTop => vec2(0.0, whole.top() - rect.top()),
                    CanvasCommand::AlignBottom => vec2(0.0, whole.bottom() - rect.bottom()),
                    CanvasCommand::AlignColumn => vec2(whole.center().x - rect.center().x, 0.0),
                    _ => vec2(0.0, whole.center().y - rect.center().y),
                };
                *rect = rect.translate(by);
            }
        }
    }
    all.into_iter().map(|(id, rect)| (id, rect.min)).collect()
}

/// Leaves the first and the last where they are and the same room between all.
fn spread(all: &mut Vec<(Id, Rect)>, whole: Rect, way: Vec2) {
    if all.len() < 3 {
        all.clear();
        return;
    }
    all.sort_by(|(_, a), (_, b)| a.min.to_vec2().dot(way).total_cmp(&b.min.to_vec2().dot(way)));
    let taken: f32 = all.iter().map(|(_, r)| r.size().dot(way)).sum();
    let between = (whole.size().dot(way) - taken) / (all.len() - 1) as f32;
    let mut at = whole.min.to_vec2().dot(way);
    for (_, rect) in all {
        *rect = rect.translate(way * (at - rect.min.to_vec2().dot(way)));
        at += rect.size().dot(way) + between;
    }
}
