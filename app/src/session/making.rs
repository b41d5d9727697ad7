//! Jobs that make takes: what they would cost, and running them in order on a snapshot of the graph.

use super::Session;
use rushes_engine::describe::{DescribedGraph, Describer, Slot};
use rushes_engine::document::{Edit, Graph, NodeId};
use rushes_engine::evaluate::{JobOrder, Produced, Shelf};
use rushes_engine::library::Take;
use rushes_engine::plan::{Planner, Priced, quote};
use rushes_engine::tool::Class;
use rushes_engine::{Cancel, Error, Progress, Result};
use std::path::PathBuf;
use std::sync::Arc;

/// A take that a run made or found.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeTake {
    /// The node.
    pub node: NodeId,
    /// Its take.
    pub take: Take,
    /// The job ran for it; otherwise the library had it and nothing was spent.
    pub ran: bool,
}

/// What the jobs before the ends of a graph made.
pub(super) struct Making {
    /// The graph, in which each of them plays its take.
    pub(super) graph: Arc<Graph>,
    pub(super) takes: Vec<MadeTake>,
    pub(super) words: Vec<String>,
}

/// A job on a node's way that makes a take and has none.
fn is_due(slot: &Slot) -> bool {
    let node = &slot.state.node;
    let delivers = slot.state.tool.as_ref().is_some_and(|tool| tool.spec().delivers);
    let job = slot.state.outcome.as_ref().is_ok_and(|outcome| outcome.class == Class::Job);
    job && !delivers && !node.mute && !node.bypass
}

fn with_take(graph: &Arc<Graph>, node: &NodeId, take: &str) -> Result<Arc<Graph>> {
    let edit = graph.edit_of(node, |node| Edit::Take { node, take: take.to_owned() })?;
    edit.apply(graph).map(Arc::new)
}

impl Session {
    /// The graph as `node` would be run, without the take that it plays, and described. `None` where the node runs no job
    /// that makes one.
    pub(super) fn to_run(
        &self,
        graph: &Arc<Graph>,
        node: &NodeId,
    ) -> Result<Option<(Arc<Graph>, Arc<DescribedGraph>)>> {
        let graph =
            if graph.find(node)?.take.is_empty() { graph.clone() } else { with_take(graph, node, "")? };
        let described = self.snapshot(&graph);
        let slot = described.slot(node)?;
        // What is wrong with a node says more than that it writes no file.
        if let (Err(error), false) = (&slot.state.outcome, slot.state.inherited) {
            return Err(error.clone().at(node.place()));
        }
        let due = is_due(slot);
        Ok(due.then_some((graph, described)))
    }

    /// A graph described apart from the document's own.
    pub(super) fn snapshot(&self, graph: &Arc<Graph>) -> Arc<DescribedGraph> {
        let mut describer = Describer::new(self.registry.clone(), self.services.clone());
        describer.describe(graph, self.files.as_ref(), None)
    }

    /// What running `ends` would cost: the jobs on the way that have no take, but for those that the library knows. That
    /// of `again` counts whatever is known.
    pub(super) fn unpaid(
        &self,
        graph: &DescribedGraph,
        ends: Option<&[NodeId]>,
        again: Option<&NodeId>,
    ) -> Result<Vec<Priced>> {
        let library = self.library()?;
        let mut planner = Planner::new(graph, 1);
        let mut known = |node: &NodeId| {
            let recipe = planner.recipe(node).ok();
            recipe.is_some_and(|recipe| !library.by_recipe(recipe.key).is_empty())
        };
        let mut steps = quote(graph, ends);
        steps.retain(|step| step.usd <= 0.0 || Some(&step.node) == again || !known(&step.node));
        Ok(steps)
    }

    /// Runs the jobs that `ends` need, each once and sources first. That of `again` runs whatever the library knows.
    pub(super) fn make_takes(
        &self,
        graph: &Arc<Graph>,
        ends: &[NodeId],
        again: Option<&NodeId>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Making> {
        let mut making = Making { graph: graph.clone(), takes: Vec::new(), words: Vec::new() };
        let mut describer = Describer::new(self.registry.clone(), self.services.clone());
        loop {
            let described = describer.describe(&making.graph, self.files.as_ref(), None);
            let due = ends.iter().flat_map(|end| described.working_before(end)).find(|slot| is_due(slot));
            let Some(node) = due.map(|slot| slot.id.clone()) else { return Ok(making) };
            let made = self.produce(&described, &node, again == Some(&node), cancel, progress)?;
            let next = with_take(&making.graph, &node, &made.take.id)?;
            if Arc::ptr_eq(&next, &making.graph) {
                return Err(Error::system("the take of a job was not taken").at(node.place()));
            }
            making.graph = next;
            making.words.extend(made.words);
            making.takes.push(MadeTake { node, take: made.take, ran: made.ran });
        }
    }

    /// Runs one job in a folder of its own. What it made is in the library before this returns, and the ledger knows.
    fn produce(
        &self,
        described: &DescribedGraph,
        node: &NodeId,
        again: bool,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Produced> {
        let folder = self.home.work()?;
        let library = self.library()?;
        let series = self.series(node);
        let order = JobOrder {
            node,
            frames: None,
            proxy: 1,
            out: Some(folder.path()),
            graph_json: "",
            files: self.files.as_ref(),
            cancel,
            progress,
        };
        let shelf = Shelf { library: &library, series: Some(&series), again };
        let made = self.evaluator.produce(described, &order, &shelf)?;
        if let Some(row) = &made.row {
            self.services.remote()?.ledger().kept(row)?;
        }
        Ok(made)
    }

    /// The files of a take.
    pub(super) fn files_of(&self, take: &Take) -> Result<Vec<PathBuf>> {
        let library = self.library()?;
        take.files.iter().map(|file| library.path(&file.name)).collect()
    }

    /// Has nodes play the takes that a run made, as one step of undo. A node that is gone, locked, or has been given another
    /// take than it had when the run began keeps what it has.
    pub fn play(&mut self, takes: &[MadeTake], before: &Graph) -> Result<()> {
        let graph = self.document.graph().clone();
        let mut edits = Vec::new();
        for MadeTake { node, take, .. } in takes {
            let Ok(now) = graph.find(node) else { continue };
            let then = before.find(node).map(|node| node.take.clone()).unwrap_or_default();
            if !now.locked && now.take == then && *now.take != *take.id {
                edits.push(graph.edit_of(node, |node| Edit::Take { node, take: take.id.clone() })?);
            }
        }
        if edits.is_empty() { Ok(()) } else { self.apply(edits, Some("Run"), false) }
    }
}
