//! A document with its evaluator: what the window and the command line are thin over.

mod bundle;
mod carrier;
mod check;
mod embed;
mod jobs;
mod licences;
mod limits;
mod making;
pub(crate) mod named;
mod open;
mod orders;
mod picture;
mod plan;
mod render;
mod takes;
mod timings;

pub use bundle::Bundled;
pub use carrier::Waiting;
pub use jobs::{Budget, JobNote};
pub use limits::{Limits, RANGE as LIMITS};
pub use making::MadeTake;
pub use open::Options;
pub use orders::fetch;
pub use picture::FrameFile;
pub use plan::Planned;
pub use render::{RenderOrder, Rendered};
pub use takes::Bringing;

use crate::home::Home;
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Document, Edit, NodeId};
use rushes_engine::evaluate::{Evaluator, Frame, Wish};
use rushes_engine::files::{FileIndex, GraphFiles};
use rushes_engine::plan::{Change, Planner, Request, why};
use rushes_engine::tool::{Lane, Registry};
use rushes_engine::{Cancel, Error, Result};
use rushes_nodes::Services;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// A document, described and ready to be evaluated.
pub struct Session {
    /// The graph, its edits and their history.
    pub document: Document,
    registry: Arc<Registry>,
    services: Arc<Services>,
    evaluator: Arc<Evaluator>,
    describer: Describer,
    index: Arc<FileIndex>,
    files: Arc<GraphFiles>,
    home: Home,
    assets: PathBuf,
    trust: bool,
    described: Option<Known>,
    tally: Tally,
    budget: Budget,
    jobs: Vec<JobNote>,
    /// Stands for the file of a graph that was never saved.
    unsaved: String,
    carrier: carrier::Carrier,
}

/// A description, and what it was made from.
struct Known {
    revision: u64,
    /// Large files that had been read by then.
    read: u64,
    graph: Arc<DescribedGraph>,
}

/// What was asked of a session since its account was cleared.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    /// Since when.
    pub since: Instant,
    /// Frames looked at and frames written.
    pub frames: u64,
}

impl Session {
    /// All tools.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// What makes and keeps frames.
    pub fn evaluator(&self) -> &Arc<Evaluator> {
        &self.evaluator
    }

    /// The device and media behind the tools.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The rules for this graph's files.
    pub fn files(&self) -> &Arc<GraphFiles> {
        &self.files
    }

    /// Where data live.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// What was asked since the account was cleared.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Clears the account.
    pub fn reset_account(&mut self) {
        self.evaluator.account.reset();
        self.tally = Tally { since: Instant::now(), frames: 0 };
    }

    /// The device in use, or what it will be.
    pub fn device_name(&self) -> String {
        self.services.opened().map_or_else(|| "not opened".to_owned(), ToString::to_string)
    }

    /// The graph as it is now, described.
    pub fn described(&mut self) -> Arc<DescribedGraph> {
        let revision = self.document.revision();
        match &self.described {
            // What was described with a guess at a file's content is described again once the file is known.
            Some(known)
                if known.revision == revision
                    && !known.graph.has_findings()
                    && !(known.graph.has_guesses() && known.read != self.index.read_count()) =>
            {
                known.graph.clone()
            }
            _ => self.describe_again(),
        }
    }

    /// The graph described anew, as after a file came back.
    pub fn describe_again(&mut self) -> Arc<DescribedGraph> {
        let graph = self.document.graph().clone();
        let read = self.index.read_count();
        if self.described.as_ref().is_some_and(|known| known.read != read) {
            self.evaluator.rehome(&mut self.describer, self.files.as_ref());
        }
        let described = self.describer.describe(&graph, self.files.as_ref(), self.document.focus());
        let revision = self.document.revision();
        self.described = Some(Known { revision, read, graph: described.clone() });
        described
    }

    /// Does edits as one step of undo; they are all done or none.
    pub fn apply(&mut self, edits: Vec<Edit>, label: Option<&str>, merge: bool) -> Result<()> {
        for edit in &edits {
            self.check(edit)?;
        }
        let before = self.document.graph().clone();
        let moves = edits.iter().filter(|edit| takes::moves_nodes(edit)).cloned().collect::<Vec<_>>();
        self.document.apply(edits, label, merge)?;
        let after = self.document.graph().clone();
        for edit in moves {
            let moves = self.moved(&edit, None, &before, &after);
            self.carrier.carry(moves);
        }
        Ok(())
    }

    /// A frame of a node's first output, as the viewer shows it.
    pub fn frame(&mut self, node: &NodeId, frame: i64, proxy: u32, cancel: &Cancel) -> Result<Frame> {
        let described = self.described();
        check_frame(&described, node, frame)?;
        let request = Request::frame(node.clone(), frame).proxy(proxy);
        let frame = self.evaluator.frame(&described, &request, Wish::of(Lane::Viewer), cancel)?;
        self.tally.frames += 1;
        Ok(frame)
    }

    /// What changed since a node's last result; `None` where it has none yet.
    pub fn why(&mut self, node: &NodeId) -> Result<Option<Vec<Change>>> {
        let described = self.described();
        described.slot(node)?;
        let Some((frame, proxy, then)) = self.evaluator.account.last(node) else { return Ok(None) };
        let now = Planner::new(&described, proxy).explain(&Request::frame(node.clone(), frame))?;
        Ok(Some(why(&then, &now)))
    }
}

/// Refuses frames that a node does not have.
fn check_frame(described: &DescribedGraph, node: &NodeId, frame: i64) -> Result<()> {
    let slot = described.slot(node)?;
    let outcome = slot.state.outcome.as_ref().map_err(|e| e.clone().at(node.place()))?;
    let length = outcome.outputs.iter().find_map(|d| d.frames()).map_or(1, |d| d.frames);
    if frame < 0 || u64::try_from(frame).is_ok_and(|f| f >= length) {
        return Err(Error::usage(format!("there is no frame {frame}"))
            .at(node.place())
            .help(format!("it has frames 0..{length}")));
    }
    Ok(())
}
