//! Rendering: every deliver node, or one node with the preset that the file's ending implies.

use super::making::MadeTake;
use super::timings::Timings;
use super::{Session, embed};
use rushes_engine::describe::{DescribedGraph, Shape, Slot};
use rushes_engine::document::{Edit, Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::JobOrder;
use rushes_engine::plan::Priced;
use rushes_engine::{Cancel, Error, Progress, Result, ValueType};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What to render.
#[derive(Clone, Debug, Default)]
pub struct RenderOrder {
    /// The node; every deliver node where `None`.
    pub node: Option<NodeId>,
    /// The file, or the folder where several are delivered.
    pub out: Option<PathBuf>,
    /// The frames, half open; all where `None`.
    pub frames: Option<Range<i64>>,
    /// One pixel stands for `proxy` pixels each way; 0 counts as 1.
    pub proxy: u32,
}

/// What was rendered.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Frames written, over all files.
    pub frames: u64,
    /// What a person should know.
    pub words: Vec<String>,
    /// What is to change now that it has run; see [`Session::after_run`].
    pub after: Vec<Edit>,
    /// Takes that were made or found on the way; see [`Session::play`].
    pub takes: Vec<MadeTake>,
}

struct Target {
    node: NodeId,
    out: Option<PathBuf>,
}

/// What an order comes to.
struct Plan {
    graph: Arc<Graph>,
    described: Arc<DescribedGraph>,
    /// What is written.
    targets: Vec<Target>,
    /// The node that is run for a take; nothing is written then.
    take_of: Option<NodeId>,
    /// That node, where it is run once more for another take of what it plays already.
    again: Option<NodeId>,
}

impl Plan {
    fn ends(&self) -> Vec<NodeId> {
        self.targets.iter().map(|target| &target.node).chain(&self.take_of).cloned().collect()
    }
}

impl Session {
    /// Renders on this thread. Nothing has begun where it is refused: for an error in the graph, a take that is stale
    /// and not locked, or a price beyond the budget.
    pub fn render(&mut self, order: &RenderOrder, cancel: &Cancel, progress: &Progress) -> Result<Rendered> {
        let started = Instant::now();
        let result = self.render_unnoted(order, cancel, progress);
        self.note_job(order.node.as_ref(), started.elapsed(), &result);
        result
    }

    /// What an order would cost now: its paid steps, without those that the library knows.
    ///
    /// # Errors
    /// It would be refused for another reason than its price.
    pub fn cost(&mut self, order: &RenderOrder) -> Result<Vec<Priced>> {
        let plan = self.prepare(order)?;
        self.unpaid(&plan.described, Some(&plan.ends()), plan.again.as_ref())
    }

    /// Finds out what an order comes to, and that nothing in the graph is wrong.
    fn prepare(&mut self, order: &RenderOrder) -> Result<Plan> {
        let graph = self.document.graph().clone();
        if let Some(node) = order.node.as_ref().filter(|_| order.out.is_none())
            && let Some((graph, described)) = self.to_run(&graph, node)?
        {
            let again = self.plays_its_recipe(node)?.then(|| node.clone());
            check(&described, node)?;
            return Ok(Plan { graph, described, targets: Vec::new(), take_of: Some(node.clone()), again });
        }
        let (graph, targets) = self.targets(&graph, order)?;
        // An export owns its snapshot: later edits do not reach it.
        let described = self.snapshot(&graph);
        for target in &targets {
            check(&described, &target.node)?;
        }
        Ok(Plan { graph, described, targets, take_of: None, again: None })
    }

    fn render_unnoted(
        &mut self,
        order: &RenderOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Rendered> {
        let plan = self.prepare(order)?;
        let ends = plan.ends();
        // One budget for all that is rendered together.
        let steps = self.unpaid(&plan.described, Some(&ends), plan.again.as_ref())?;
        self.budget.allow(&steps)?;
        self.check_keys(&steps)?;
        // What is put after a node to write it is not in the document.
        for node in order.node.as_ref().map_or(ends.clone(), |node| vec![node.clone()]) {
            self.check_takes(&node, plan.take_of.as_ref())?;
        }
        let made = self.make_takes(&plan.graph, &ends, plan.again.as_ref(), cancel, progress)?;
        if let Some(node) = &plan.take_of {
            let last = made.takes.iter().find(|made| made.node == *node);
            let files = last.map_or(Ok(Vec::new()), |made| self.files_of(&made.take))?;
            let after = plan.described.after_run(Some(node));
            return Ok(Rendered { files, words: made.words, after, takes: made.takes, frames: 0 });
        }
        let described = if made.takes.is_empty() { plan.described } else { self.snapshot(&made.graph) };
        let targets = plan.targets;
        let text = embed::text(&self.document.graph().clone(), &self.registry);
        let mut rendered = Rendered { words: made.words, takes: made.takes, ..Rendered::default() };
        for edit in targets.iter().flat_map(|target| described.after_run(Some(&target.node))) {
            if !rendered.after.contains(&edit) {
                rendered.after.push(edit);
            }
        }
        let before = self.evaluator.account.nodes();
        let count = targets.len() as f32;
        for (number, target) in targets.iter().enumerate() {
            let outer = progress.clone();
            let inner =
                Progress::new(move |share, words| outer.report((number as f32 + share) / count, words));
            let result = self.evaluator.run(
                &described,
                &JobOrder {
                    node: &target.node,
                    frames: order.frames.clone(),
                    proxy: order.proxy.max(1),
                    out: target.out.as_deref(),
                    graph_json: &text,
                    files: self.files.as_ref(),
                    cancel,
                    progress: &inner,
                },
            )?;
            rendered.files.extend(result.files);
            rendered.words.extend(result.words);
            rendered.frames += result.frames;
            self.tally.frames += result.frames;
        }
        let mut timings = Timings::open(&self.home);
        timings.learn(&described, order.proxy, &before, &self.evaluator.account.nodes());
        timings.save();
        Ok(rendered)
    }

    fn delivers(&self, node: &Node) -> bool {
        self.registry.get(&node.kind).is_ok_and(|tool| tool.spec().delivers)
    }

    /// The nodes to run, in a graph that has a deliver node for each.
    fn targets(&mut self, graph: &Arc<Graph>, order: &RenderOrder) -> Result<(Arc<Graph>, Vec<Target>)> {
        if let Some(id) = &order.node {
            let node = graph.find(id)?;
            if self.delivers(node) {
                return Ok((graph.clone(), vec![Target { node: id.clone(), out: order.out.clone() }]));
            }
            return self.with_writer(graph, id, order.out.as_deref());
        }
        let described = self.described();
        let delivers = |slot: &&Slot| self.delivers(&slot.state.node) && !slot.state.node.mute;
        // By id, as files have them; those inside of instances come with their instance.
        let ends: BTreeMap<NodeId, Arc<Node>> =
            described.working().filter(delivers).map(|s| (s.id.clone(), s.state.node.clone())).collect();
        let out_of = |id: &NodeId, node: &Node| match &order.out {
            Some(folder) if ends.len() > 1 => {
                let path = node.params.get("path").and_then(Value::as_str).unwrap_or("");
                let name = Path::new(path).file_name();
                let name = name
                    .map_or_else(|| format!("{}.mp4", id.as_str().replace('/', "_")).into(), PathBuf::from);
                Some(folder.join(name))
            }
            other => other.clone(),
        };
        let targets: Vec<Target> =
            ends.iter().map(|(id, node)| Target { node: id.clone(), out: out_of(id, node) }).collect();
        if targets.is_empty() {
            return Err(Error::usage("the graph delivers nothing")
                .help("add a deliver/write node, or name a --node and -o"));
        }
        Ok((graph.clone(), targets))
    }

    /// A graph in which a writer follows `id`.
    fn with_writer(
        &self,
        graph: &Graph,
        id: &NodeId,
        out: Option<&Path>,
    ) -> Result<(Arc<Graph>, Vec<Target>)> {
        let Some(out) = out else {
            return Err(Error::usage(format!("{} writes no file by itself", id.place()))
                .help("name the file with -o"));
        };
        let preset = preset_for(out)?;
        let shape = Shape::of_node(graph, &self.registry, id)?;
        let framed = |v: ValueType| {
            matches!(v, ValueType::Clip | ValueType::Mask | ValueType::Depth | ValueType::Flow)
        };
        let Some(port) = shape.outputs.iter().find(|p| p.value.is_some_and(framed)) else {
            return Err(Error::usage(format!("{} has no frames to write", id.place()))
                .help("name a node that outputs a clip"));
        };
        let writer = self.registry.get("deliver/write")?;
        let mut graph = graph.clone();
        let fresh = (1..)
            .map(|n| format!("write_out_{n}"))
            .find_map(|n| n.parse::<NodeId>().ok().filter(|n| !graph.nodes.contains_key(n)));
        let Some(fresh) = fresh else { return Err(Error::usage("the graph has no room for another node")) };
        let node = Node {
            kind: "deliver/write".into(),
            version: writer.spec().version,
            params: [("preset".to_owned(), json!(preset))].into(),
            ..Node::default()
        };
        graph.nodes.insert_mut(fresh.clone(), Arc::new(node));
        let link = Link { from: PortRef::new(id.clone(), port.name.clone()), unknown: Map::new() };
        graph.links.insert_mut(PortRef::new(fresh.clone(), "clip"), Arc::new(link));
        Ok((Arc::new(graph), vec![Target { node: fresh, out: Some(out.to_owned()) }]))
    }
}

/// The preset that a file's ending implies.
fn preset_for(out: &Path) -> Result<&'static str> {
    let ending = out.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "mp4" => Ok("h264"),
        "mov" => Ok("prores_422_hq"),
        "png" => Ok("png"),
        "exr" => Ok("exr"),
        _ => Err(Error::usage(format!("no preset writes “.{ending}”"))
            .help("end the name with .mp4, .mov, .png or .exr")),
    }
}

/// What must be right before any work: the node itself and all before it.
fn check(described: &DescribedGraph, node: &NodeId) -> Result<()> {
    for slot in described.working_before(node) {
        if let (Err(error), false) = (&slot.state.outcome, slot.state.inherited) {
            return Err(error.clone().at(slot.id.place()));
        }
    }
    described.slot(node)?.state.outcome.as_ref().map(|_| ()).map_err(|e| e.clone().at(node.place()))
}
