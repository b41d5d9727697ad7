//! Lays nodes out in columns from sources to results.

use super::geometry;
use super::view::{CanvasView, Id};
use crate::editor::theme::Tokens;
use egui::{Pos2, pos2};
use std::collections::{HashMap, HashSet};

const BETWEEN_COLUMNS: f32 = 56.0;
const BETWEEN_ROWS: f32 = 32.0;
const SWEEPS: usize = 4;

/// New places for `chosen` nodes, or for all if none is chosen. Columns follow the longest way from a
/// source; within a column, nodes stand by the mean height of what they are wired to.
pub fn tidy(view: &CanvasView, chosen: &HashSet<Id>, tokens: &Tokens) -> Vec<(Id, Pos2)> {
    let nodes: Vec<usize> = (0..view.nodes().len())
        .filter(|i| chosen.is_empty() || view.nodes().get(*i).is_some_and(|n| chosen.contains(&n.id)))
        .collect();
    let inside: HashSet<usize> = nodes.iter().copied().collect();
    let edges: Vec<(usize, usize)> = (0..view.links().len())
        .filter_map(|l| view.ends(l))
        .map(|e| (e.from.0, e.to.0))
        .filter(|(a, b)| inside.contains(a) && inside.contains(b))
        .collect();
    let columns = order(columns(&nodes, &edges), &edges);
    place(view, &columns, tokens)
}

fn columns(nodes: &[usize], edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut depth: HashMap<usize, usize> = nodes.iter().map(|n| (*n, 0)).collect();
    // Longest paths settle in at most as many rounds as there are nodes; a loop cannot make more.
    for _ in 0..nodes.len() {
        let mut moved = false;
        for (a, b) in edges {
            let after = depth.get(a).copied().unwrap_or(0) + 1;
            if let Some(d) = depth.get_mut(b)
                && *d < after
                && after < nodes.len()
            {
                *d = after;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    // A source stands just before the first thing that it feeds.
    for n in nodes {
        if edges.iter().any(|(_, b)| b == n) {
            continue;
        }
        if let Some(first) = edges.iter().filter(|(a, _)| a == n).filter_map(|(_, b)| depth.get(b)).min() {
            let before = first.saturating_sub(1);
            depth.insert(*n, before);
        }
    }
    let count = depth.values().max().map_or(0, |d| d + 1);
    let mut columns = vec![Vec::new(); count];
    for n in nodes {
        if let Some(column) = depth.get(n).and_then(|d| columns.get_mut(*d)) {
            column.push(*n);
        }
    }
    columns
}

fn order(mut columns: Vec<Vec<usize>>, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut neighbours: HashMap<usize, Vec<usize>> = HashMap::new();
    for (a, b) in edges {
        neighbours.entry(*a).or_default().push(*b);
        neighbours.entry(*b).or_default().push(*a);
    }
    for _ in 0..SWEEPS {
        let rank: HashMap<usize, f32> = columns
            .iter()
            .flat_map(|c| c.iter().enumerate().map(|(i, n)| (*n, i as f32 / c.len() as f32)))
            .collect();
        for column in &mut columns {
            let mean = |n: &usize| {
                let all: Vec<f32> =
                    neighbours.get(n).into_iter().flatten().filter_map(|m| rank.get(m)).copied().collect();
                if all.is_empty() {
                    rank.get(n).copied().unwrap_or(0.0)
                } else {
                    all.iter().sum::<f32>() / all.len() as f32
                }
            };
            column.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
        }
    }
    columns
}

fn place(view: &CanvasView, columns: &[Vec<usize>], tokens: &Tokens) -> Vec<(Id, Pos2)> {
    let size = |n: &usize| view.nodes().get(*n).map(|n| geometry::parts(n, tokens).size).unwrap_or_default();
    let height = |c: &Vec<usize>| c.iter().map(|n| size(n).y + BETWEEN_ROWS).sum::<f32>() - BETWEEN_ROWS;
    let tallest = columns.iter().map(height).fold(0.0, f32::max);
    let start = columns.iter().flatten().filter_map(|n| view.nodes().get(*n)).map(|n| n.at);
    let corner = start.reduce(|a, b| pos2(a.x.min(b.x), a.y.min(b.y))).unwrap_or_default();
    let mut places = Vec::new();
    let mut x = corner.x;
    for column in columns {
        let mut y = corner.y + (tallest - height(column)) / 2.0;
        for n in column {
            if let Some(node) = view.nodes().get(*n) {
                places.push((Id::clone(&node.id), geometry::snap(pos2(x, y), tokens.size.canvas_snap)));
            }
            y += size(n).y + BETWEEN_ROWS;
        }
        x += column.iter().map(|n| size(n).x).fold(0.0, f32::max) + BETWEEN_COLUMNS;
    }
    places
}
