//! Planning: from a request to the keys and steps that answer it. Pure, without pixels.

mod decided;
mod known;
mod planner;
mod quote;
mod recipe;
mod report;
mod why;

pub(crate) use known::KnownKeys;
pub(crate) use planner::Cell;
pub use planner::{Planner, Step, Steps};
pub use quote::{Priced, quote};
pub use recipe::Recipe;
pub use report::{NodePlan, NodeState, report};
pub use why::{Change, Made, in_words, why};

use crate::document::NodeId;
use std::sync::Arc;

/// A part of a picture, in pixels of the full picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Roi {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// One frame of one output of one node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The node.
    pub node: NodeId,
    /// Its output; `None` for the first.
    pub port: Option<Arc<str>>,
    /// The frame of that output.
    pub frame: i64,
    /// One pixel of the answer stands for `proxy` pixels each way.
    pub proxy: u32,
    /// The part that is wanted; the whole picture where `None`. A tool may answer with more, never with less.
    pub roi: Option<Roi>,
}

impl Request {
    /// Frame `frame` of the first output of `node`, whole and at full scale.
    pub fn frame(node: NodeId, frame: i64) -> Self {
        Self { node, port: None, frame, proxy: 1, roi: None }
    }

    /// The same at another scale.
    #[must_use]
    pub fn proxy(mut self, proxy: u32) -> Self {
        self.proxy = proxy.max(1);
        self
    }
}
