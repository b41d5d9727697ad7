//! Running a job: a node that works only when asked.

use super::evaluator::{Evaluator, Wish};
use crate::describe::DescribedGraph;
use crate::document::NodeId;
use crate::library::Links;
use crate::plan::{Cell, Planner};
use crate::tool::{Files, JobResult, Lane, RunCx};
use crate::{Cancel, Error, Key, Progress, Result};
use std::path::{Path, PathBuf};

/// What to run and where its result goes.
#[derive(Clone)]
pub struct JobOrder<'a> {
    /// The node.
    pub node: &'a NodeId,
    /// The frames to write, half open; all where `None`.
    pub frames: Option<std::ops::Range<i64>>,
    /// One pixel of the file stands for `proxy` pixels each way.
    pub proxy: u32,
    /// The file to write, where the caller chose it; the folder to work in for a job that makes a take.
    pub out: Option<&'a Path>,
    /// The graph to be carried inside what is made.
    pub graph_json: &'a str,
    /// The rules for files.
    pub files: &'a dyn Files,
    /// Set to stop.
    pub cancel: &'a Cancel,
    /// How far it is.
    pub progress: &'a Progress,
}

impl Evaluator {
    /// Runs the job of a node on this thread, pulling its input frames in the export lane.
    pub fn run(&self, graph: &DescribedGraph, order: &JobOrder<'_>) -> Result<JobResult> {
        self.run_job(graph, order, &Links::default(), &|_| false)
    }

    /// Runs the job of a node; `known` says whether the result of an exact request is there already.
    pub(super) fn run_job(
        &self,
        graph: &DescribedGraph,
        order: &JobOrder<'_>,
        links: &Links,
        known: &(dyn Fn(Key) -> bool + Sync),
    ) -> Result<JobResult> {
        let slot = graph.slot(order.node)?;
        let outcome = slot.state.outcome.as_ref().map_err(|e| e.clone().at(order.node.place()))?;
        let tool = outcome.params.tool();
        let length = slot.state.inputs.iter().find_map(|i| i.desc.frames()).map_or(1, |d| d.frames);
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let frames = order.frames.clone().unwrap_or(0..length);
        if frames.start < 0 || frames.end > length || frames.is_empty() {
            return Err(Error::usage(format!("frames {}..{} are not there", frames.start, frames.end))
                .at(order.node.place())
                .help(format!("there are frames 0..{length}")));
        }
        let params =
            outcome.params.at(0, outcome.rate(), outcome.frames()).map_err(|e| e.at(order.node.place()))?;
        let pull = |port: &str, frame: i64| {
            let at = slot.state.inputs.iter().position(|i| &*i.port == port);
            let source = at.and_then(|i| slot.sources.get(i)).ok_or_else(|| crate::tool::open_input(port))?;
            let lazy = tool.spec().find_input(port).is_some_and(|p| p.lazy);
            let wish = Wish { lane: Lane::Export, lazy };
            let cell = Cell { slot: source.slot, output: source.output, frame, proxy: order.proxy };
            let mut planner = Planner::new(graph, order.proxy);
            self.cell(graph, &mut planner, cell, wish, order.cancel).map(|f| f.payload)
        };
        let input_files: Vec<PathBuf> = graph
            .working_before(order.node)
            .iter()
            .flat_map(|s| s.state.found.iter().map(|(_, f)| f.path.clone()))
            .collect();
        let cx = RunCx {
            kind: tool.spec().kind,
            inputs: &slot.state.inputs,
            outputs: &outcome.outputs,
            frames,
            proxy: order.proxy,
            out: order.out,
            graph_json: order.graph_json,
            host: self.host().as_ref(),
            files: order.files,
            cancel: order.cancel,
            progress: order.progress,
            label: self.account.label(&order.node.outer()),
            links,
            pull: &pull,
            input_files: &input_files,
            known,
        };
        let result = tool.run(&params.typed, &cx).map_err(|e| e.at(order.node.place()))?;
        self.account.book(&order.node.outer(), |a| {
            a.evaluated += result.frames;
            a.cpu_ms += result.busy_ms;
        });
        self.account.book_device(self.host().take_timings());
        Ok(result)
    }
}
