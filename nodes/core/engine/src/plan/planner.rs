//! Keys and steps of one described graph at one scale.

use super::Request;
use super::known::Named;
use crate::describe::{DescribedGraph, Resolved, Slot};
use crate::tool::{Class, FrameCx, Need, Unmade};
use crate::{Desc, Error, Key, KeyHasher, Result};
use rustc_hash::FxHashMap;
use std::collections::{HashMap, HashSet};

/// One output frame of one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub(crate) slot: usize,
    pub(crate) output: usize,
    pub(crate) frame: i64,
    /// One pixel stands for so many each way.
    pub(crate) proxy: u32,
}

/// How a cell comes about.
enum Origin {
    /// It is another cell, unchanged.
    Same(Cell),
    /// It is made from others.
    Made { params: Resolved, needs: Vec<(Need, Cell)> },
}

/// Something to do: one frame of one node.
pub struct Step {
    /// Its key.
    pub key: Key,
    pub(crate) cell: Cell,
    /// Its parameters.
    pub(crate) params: Resolved,
    /// What goes in: the need and the step that feeds it.
    pub(crate) feeds: Vec<(Need, usize)>,
    /// It hands on a picture uncomputed, as part of the pass of the step it feeds.
    pub lazy: bool,
    /// How its engine works.
    pub class: Class,
}

/// Steps in an order in which what feeds comes first; the last answers the request.
#[derive(Default)]
pub struct Steps {
    /// The steps.
    pub list: Vec<Step>,
}

/// Plans any number of requests against one described graph, remembering keys between them.
pub struct Planner<'a> {
    pub(super) graph: &'a DescribedGraph,
    proxy: u32,
    origins: FxHashMap<Cell, Origin>,
    keys: FxHashMap<Cell, Key>,
}

impl<'a> Planner<'a> {
    /// A planner at proxy scale `1/proxy`.
    pub fn new(graph: &'a DescribedGraph, proxy: u32) -> Self {
        Self { graph, proxy: proxy.max(1), origins: FxHashMap::default(), keys: FxHashMap::default() }
    }

    /// The key of what `request` asks for.
    pub fn key(&mut self, request: &Request) -> Result<Key> {
        let cell = self.cell(request)?;
        self.find_key(cell, true)
    }

    /// The steps for `root`, leaving out all that `have` says is there already. `have` is asked once a key. `once` says
    /// that no frame will be asked for again.
    pub(crate) fn steps(
        &mut self,
        root: Cell,
        lazy_root: bool,
        once: bool,
        have: &mut dyn FnMut(Key, &Slot) -> bool,
    ) -> Result<Steps> {
        self.key_of(root)?;
        let (root, _) = self.through(root);
        let mut steps = Steps::default();
        let mut placed: HashMap<Key, usize> = HashMap::new();
        // Cells that some consumer needs computed; decided over the whole plan before any step is laid out.
        let lazy = self.lazy_cells(root, lazy_root, once);
        let mut stack = vec![(root, false)];
        while let Some((cell, fed)) = stack.pop() {
            let key = self.key_of(cell)?;
            if placed.contains_key(&key) {
                continue;
            }
            let slot = self.slot(cell)?;
            let class = slot.state.outcome.as_ref().map_or(Class::Frames, |o| o.class);
            let is_lazy = lazy.contains(&cell);
            if !fed {
                if !is_lazy && have(key, slot) {
                    let params = self.params_of(cell)?;
                    placed.insert(key, steps.list.len());
                    steps.list.push(Step { key, cell, params, feeds: Vec::new(), lazy: false, class });
                    continue;
                }
                stack.push((cell, true));
                for (_, child) in self.needs_of(cell) {
                    let (child, _) = self.through(child);
                    stack.push((child, false));
                }
                continue;
            }
            let mut feeds = Vec::new();
            for (need, child) in self.needs_of(cell) {
                let (child, _) = self.through(child);
                let child_key = self.key_of(child)?;
                if let Some(at) = placed.get(&child_key) {
                    feeds.push((need, *at));
                }
            }
            let params = self.params_of(cell)?;
            placed.insert(key, steps.list.len());
            steps.list.push(Step { key, cell, params, feeds, lazy: is_lazy, class });
        }
        Ok(steps)
    }

    /// The cell that a request means.
    pub(crate) fn cell(&self, request: &Request) -> Result<Cell> {
        let at = *self.graph.index.get(&request.node).ok_or_else(|| {
            Error::usage(format!("there is no node “{}”", request.node.place()))
                .help("see the ids with the plan command")
        })?;
        let (frame, proxy) = (request.frame, self.proxy);
        let slot = self.slot(Cell { slot: at, output: 0, frame, proxy })?;
        let output = match &request.port {
            Some(port) if slot.state.tool.is_some() || slot.face.is_some() => {
                slot.state.find_output(port).ok_or_else(|| {
                    Error::usage(format!("{} has no output “{port}”", request.node.place()))
                        .help("see its ports with the nodes command")
                })?
            }
            _ => 0,
        };
        match slot.face.as_ref().map(|ends| ends.get(output).copied().flatten()) {
            None => Ok(Cell { slot: at, output, frame, proxy }),
            Some(Some(source)) => Ok(Cell { slot: source.slot, output: source.output, frame, proxy }),
            Some(None) => Err(match &slot.state.outcome {
                Err(error) => error.clone(),
                Ok(_) => Error::usage("it shows nothing there").help("give it an output, or switch mute off"),
            }
            .at(request.node.place())),
        }
    }

    pub(super) fn slot(&self, cell: Cell) -> Result<&'a Slot> {
        let slot = self.graph.slots.get(cell.slot).map(AsRef::as_ref);
        slot.ok_or_else(|| Error::usage("the plan is of another graph"))
    }

    /// The key of a cell, and how all that it needs comes about.
    pub(crate) fn key_of(&mut self, root: Cell) -> Result<Key> {
        self.find_key(root, false)
    }

    /// The key of a cell, working down to the sources without recursion; not beyond what is known where the key is `all`
    /// that is wanted.
    fn find_key(&mut self, root: Cell, all: bool) -> Result<Key> {
        let mut stack = vec![root];
        while let Some(&cell) = stack.last() {
            if self.keys.contains_key(&cell) && (all || self.origins.contains_key(&cell)) {
                stack.pop();
                continue;
            }
            if all && let Some(key) = self.known(cell)? {
                self.keys.insert(cell, key);
                continue;
            }
            if !self.origins.contains_key(&cell) {
                let origin = self.origin(cell)?;
                self.origins.insert(cell, origin);
            }
            let done = |planner: &Self, cell: &Cell| {
                planner.keys.contains_key(cell) && (all || planner.origins.contains_key(cell))
            };
            let key = match self.origins.get(&cell) {
                Some(Origin::Same(other)) if done(self, other) => self.keys.get(other).copied(),
                Some(Origin::Same(other)) => {
                    stack.push(*other);
                    None
                }
                Some(Origin::Made { needs, .. }) => {
                    let before = stack.len();
                    stack.extend(needs.iter().map(|(_, c)| *c).filter(|c| !done(self, c)));
                    if stack.len() > before {
                        None
                    } else {
                        // Where the key is all that is wanted, this was asked before.
                        let known = if all { None } else { self.known(cell)? };
                        Some(known.map_or_else(|| self.made_key(cell), Ok)?)
                    }
                }
                None => None,
            };
            if let Some(key) = key {
                self.remember(cell, key)?;
                self.keys.insert(cell, key);
            }
        }
        self.keys.get(&root).copied().ok_or_else(|| Error::usage("the graph has no order"))
    }

    /// What a cell is in every version of the graph in which neither its node nor what lies before it is another.
    fn named(&self, cell: Cell) -> Result<Named> {
        let stamp = self.slot(cell)?.state.stamp;
        Ok(Named { stamp, output: cell.output, frame: cell.frame, proxy: cell.proxy })
    }

    fn known(&self, cell: Cell) -> Result<Option<Key>> {
        Ok(self.graph.keys.get(&self.named(cell)?))
    }

    fn remember(&self, cell: Cell, key: Key) -> Result<()> {
        self.graph.keys.put(self.named(cell)?, key);
        Ok(())
    }

    /// Follows identities to the cell that is really made, and says whether all on the way feed one wire only.
    pub(super) fn through(&self, mut cell: Cell) -> (Cell, bool) {
        let mut alone = self.feeds_one(cell);
        while let Some(Origin::Same(other)) = self.origins.get(&cell) {
            cell = *other;
            alone &= self.feeds_one(cell);
        }
        (cell, alone)
    }

    fn feeds_one(&self, cell: Cell) -> bool {
        self.graph.fan_out.get(cell.slot).is_none_or(|count| *count <= 1)
    }

    pub(super) fn needs_of(&self, cell: Cell) -> Vec<(Need, Cell)> {
        match self.origins.get(&cell) {
            Some(Origin::Made { needs, .. }) => needs.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn params_of(&self, cell: Cell) -> Result<Resolved> {
        match self.origins.get(&cell) {
            Some(Origin::Made { params, .. }) => Ok(params.clone()),
            _ => Err(Error::usage("the plan is not complete")),
        }
    }

    /// Which cells below `root` are handed on uncomputed. Follows from the graph, the viewed node and the node
    /// being worked on, never from what is cached, so that the same passes serve every frame.
    ///
    /// What goes into the node being worked on is computed, and so is what joins it on the way to the root: it is the same
    /// whatever becomes of that node.
    fn lazy_cells(&self, root: Cell, lazy_root: bool, once: bool) -> HashSet<Cell> {
        let handed_on = |cell: Cell| {
            let state = self.graph.slots.get(cell.slot).map(|s| &s.state);
            let spec = state.and_then(|s| s.tool.as_ref()).map(|t| t.spec());
            // A still serves many frames.
            let moves = || {
                let outcome = state.and_then(|s| s.outcome.as_ref().ok());
                let frames = outcome.and_then(|o| o.outputs.get(cell.output)).and_then(Desc::frames);
                frames.is_some_and(|clip| !clip.is_still())
            };
            match spec.map_or(Unmade::Never, |spec| spec.unmade) {
                Unmade::Always => true,
                Unmade::Once => once && moves(),
                Unmade::Never => false,
            }
        };
        let mut lazy = HashSet::new();
        if lazy_root && handed_on(root) {
            lazy.insert(root);
        }
        let mut seen = HashSet::from([root]);
        let mut stack = vec![root];
        while let Some(cell) = stack.pop() {
            let consumer = self.graph.slots.get(cell.slot);
            let in_focus = consumer.is_some_and(|s| self.graph.in_focus(s));
            for (need, child) in self.needs_of(cell) {
                let (child, alone) = self.through(child);
                let spec = consumer.and_then(|s| s.state.tool.as_ref()).map(|t| t.spec());
                let takes = spec.and_then(|s| s.find_input(&need.port)).is_some_and(|p| p.lazy);
                let joins = self.graph.is_after_focus(cell.slot) && !self.graph.is_after_focus(child.slot);
                if takes && alone && !in_focus && !joins && handed_on(child) {
                    lazy.insert(child);
                }
                if seen.insert(child) {
                    stack.push(child);
                }
            }
        }
        lazy
    }

    /// How a cell comes about.
    fn origin(&self, cell: Cell) -> Result<Origin> {
        let slot = self.slot(cell)?;
        let state = &slot.state;
        let outcome = state.outcome.as_ref().map_err(|e| e.clone().at(slot.id.place()))?;
        let frame = clamp(outcome.outputs.get(cell.output), cell.frame);
        if frame != cell.frame {
            return Ok(Origin::Same(Cell { frame, ..cell }));
        }
        if let Some(bypass) = &outcome.bypass {
            let source = bypass.get(cell.output).copied().flatten().and_then(|i| slot.sources.get(i));
            let source = source.ok_or_else(|| Error::usage("nothing passes through").at(slot.id.place()))?;
            return Ok(Origin::Same(Cell { slot: source.slot, output: source.output, frame, ..cell }));
        }
        let Some(tool) = &state.tool else { return Err(Error::usage("unknown node").at(slot.id.place())) };
        if outcome.class == Class::Job && !tool.spec().delivers {
            return Err(Error::consent("it has not been run")
                .at(slot.id.place())
                .help(format!("run {} first, or choose a take", slot.id.place())));
        }
        let params =
            outcome.params.at(frame, outcome.rate(), outcome.frames()).map_err(|e| e.at(slot.id.place()))?;
        let acting = outcome.params.tool();
        let cx = FrameCx {
            spec: acting.spec(),
            inputs: &state.inputs,
            outputs: &outcome.outputs,
            output: cell.output,
            frame,
            proxy: cell.proxy,
            facts: outcome.facts.as_ref(),
        };
        if let Some(need) = acting.identity(&params.typed, &cx) {
            let child = self.child(slot, &need, cell.proxy)?;
            return Ok(Origin::Same(child));
        }
        // A take is its own file: what is wired into the node no longer counts.
        let needs = if outcome.take { Vec::new() } else { acting.needs(&params.typed, &cx) }.into_iter();
        let needs = needs.map(|need| self.child(slot, &need, cell.proxy).map(|child| (need, child)));
        Ok(Origin::Made { params, needs: needs.collect::<Result<Vec<_>>>()? })
    }

    /// The cell that a need means, of a picture at 1/`proxy` of the size.
    fn child(&self, slot: &Slot, need: &Need, proxy: u32) -> Result<Cell> {
        let at = slot.state.inputs.iter().position(|i| i.port == need.port);
        let found = at.and_then(|i| Some((slot.sources.get(i)?, slot.state.inputs.get(i)?)));
        let (source, input) = found.ok_or_else(|| crate::tool::open_input(&need.port).at(slot.id.place()))?;
        Ok(Cell {
            slot: source.slot,
            output: source.output,
            frame: clamp(Some(&input.desc), need.frame),
            proxy: need.proxy.unwrap_or(proxy),
        })
    }

    /// The key of a cell whose needs have theirs.
    fn made_key(&self, cell: Cell) -> Result<Key> {
        let slot = self.slot(cell)?;
        let state = &slot.state;
        let outcome = state.outcome.as_ref().map_err(Clone::clone)?;
        let Some(Origin::Made { params, needs }) = self.origins.get(&cell) else {
            return Err(Error::usage("the plan is not complete"));
        };
        let tool = outcome.params.tool();
        let spec = tool.spec();
        let cx = FrameCx {
            spec,
            inputs: &state.inputs,
            outputs: &outcome.outputs,
            output: cell.output,
            frame: cell.frame,
            proxy: cell.proxy,
            facts: outcome.facts.as_ref(),
        };
        let mut hasher = KeyHasher::new("frame");
        hasher.str(spec.kind).u64(u64::from(spec.version)).u64(cell.output as u64).u64(u64::from(cell.proxy));
        if let Some(code) = tool.code() {
            hasher.key(code);
        }
        hasher.key(params.digest(tool.params(), &tool.idle(&params.typed, &cx)));
        let reads = tool.reads(&params.typed, &cx);
        let counts = |name: &String| reads.files.as_ref().is_none_or(|files| files.contains(name));
        let files: Vec<_> = state.found.iter().filter(|(name, _)| counts(name)).collect();
        hasher.u64(files.len() as u64);
        for (_, file) in files {
            hasher.key(file.content);
        }
        hasher.u64(u64::from(reads.time.is_some())).u64(reads.time.unwrap_or(0) as u64);
        // Words are known without a frame, so no need carries them.
        for input in &state.inputs {
            if let crate::Desc::Text(text) = &input.desc {
                hasher.str("text").str(&input.port).str(text);
            }
        }
        hasher.u64(needs.len() as u64);
        for (need, child) in needs {
            let key =
                self.keys.get(child).copied().ok_or_else(|| Error::usage("the plan is not complete"))?;
            hasher.str(&need.port).key(key);
        }
        Ok(hasher.finish())
    }
}

fn clamp(desc: Option<&crate::Desc>, frame: i64) -> i64 {
    let count = match desc {
        Some(crate::Desc::ImageSet(set)) => set.images.len() as u64,
        Some(desc) => match desc.frames() {
            Some(d) if d.rate.is_some() => d.frames,
            Some(_) => 1,
            // Values without frames (styles, references) are one thing for all times.
            None => 1,
        },
        None => 1,
    };
    frame.clamp(0, i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(1).max(0))
}
