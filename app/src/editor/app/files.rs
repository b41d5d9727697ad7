//! Opening and saving graphs, and files dropped on the window.

use super::Editor;
use super::dialogs::{Ask, Purpose};
use super::inbox::Tell;
use super::jobs::Ended;
use rushes_engine::describe::Shape;
use rushes_engine::document::{Document, Edit, NodeId, Recovery};
use rushes_engine::tool::{FileValue, ParamSpec};
use rushes_engine::{Error, Result, ValueType};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What becomes of files that are dropped on a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Landing {
    /// The file is its take.
    Take(NodeId),
    /// They are the value of a parameter, or are added to it.
    Files {
        /// The node.
        node: NodeId,
        /// The parameter.
        param: String,
        /// They are added.
        many: bool,
    },
}

impl Editor {
    /// Opens the graphs among `files`, each in a tab; media become readers in the last.
    pub(super) fn open_files(&mut self, files: &[PathBuf]) {
        let (graphs, others): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|p| is_graph(p));
        for graph in &graphs {
            let opened = self.open_graph(graph);
            self.told(opened);
        }
        let (journals, media): (Vec<_>, Vec<_>) = others.into_iter().partition(|p| is_journal(p));
        for journal in &journals {
            let recovered = self.recover(journal);
            self.told(recovered);
        }
        if !media.is_empty() {
            let taken = self.take_media(&media);
            self.told(taken);
        }
    }

    /// Opens a graph in place of the present one, with the steps of last time where its journal has them.
    pub(super) fn open_here(&mut self, path: &Path) -> Result<()> {
        let recovery = self.session.open_journaled(path)?;
        self.tell_recovery(&recovery);
        self.begin_anew();
        self.memory.config.opened(path);
        if let Some(why) = self.session.document.read_only() {
            let why = why.to_owned();
            self.toasts.done(format!("Opened read-only: {why}"));
        }
        Ok(())
    }

    fn tell_recovery(&mut self, recovery: &Recovery) {
        match recovery {
            Recovery::Restored { unsaved: true, steps } => {
                self.toasts.done(format!("Recovered {steps} steps, not all of them saved"));
            }
            Recovery::ChangedElsewhere { .. } => {
                self.toasts.done("The file was changed elsewhere; its old history was put aside");
            }
            Recovery::Without(e) => self.toasts.failed(e),
            Recovery::Nothing | Recovery::Restored { .. } => {}
        }
    }

    /// Begins an empty graph.
    pub(super) fn new_graph(&mut self) {
        self.make_room();
        self.begin_anew();
    }

    /// Shows a graph that has just taken the place of another.
    pub(super) fn begin_anew(&mut self) {
        self.hide_start();
        self.journal = None;
        self.leave_to(0);
        self.slots.clear();
        self.slot = 1;
        self.playback.play(0.0);
        self.playback.seek(0);
        self.timeline.forget();
        self.stop_fill(|_| true);
        self.canvas.select([]);
        self.canvas.fit();
        if let Some(node) = self.first_to_show() {
            self.slots.insert(1, node);
        }
        drop(self.take_derived());
    }

    /// What a graph is about: what it delivers, else the last clip of its longest branch.
    fn first_to_show(&self) -> Option<NodeId> {
        let graph = self.session.document.graph();
        let spec = |id: &NodeId| {
            graph.nodes.get(id).and_then(|n| self.session.registry().get(&n.kind).ok()).map(|t| t.spec())
        };
        let ids = || graph.nodes.keys();
        let delivers = ids().find(|id| spec(id).is_some_and(|s| s.delivers));
        let shows =
            |id: &&NodeId| spec(id).is_some_and(|s| s.outputs.iter().any(|p| p.value == ValueType::Clip));
        let last =
            |id: &&NodeId| graph.links_from(id).next().is_none() && graph.links_into(id).next().is_some();
        let ends = ids().filter(last).find(shows);
        delivers.or(ends).or_else(|| ids().find(shows)).cloned()
    }

    /// Saves to the graph's file, or asks for one.
    pub(super) fn save(&mut self) {
        if self.session.document.path().is_none() {
            self.save_as();
            return;
        }
        let begun = self.begin_save(None);
        self.told(begun);
    }

    /// Asks for a file and saves to it.
    pub(super) fn save_as(&mut self) {
        let name = format!("{}.json", self.title().replace(['/', '\\', ':'], " "));
        self.ask(Ask::save(name));
    }

    /// Asks for a graph to open.
    pub(super) fn ask_open(&mut self) {
        self.ask(Ask::open());
    }

    /// What the shown graph is called.
    pub(super) fn title(&self) -> String {
        title(&self.session.document)
    }

    /// Does what files were asked for; some were chosen.
    pub(super) fn chosen(&mut self, purpose: Purpose, mut paths: Vec<PathBuf>) {
        if paths.is_empty() {
            return;
        }
        let done = match purpose {
            Purpose::Open if is_graph(&paths[0]) => self.open_graph(&paths[0]),
            Purpose::Open | Purpose::Media => self.take_media(&paths),
            Purpose::Search => {
                self.search_folder(paths.remove(0));
                Ok(())
            }
            Purpose::Save => self.begin_save(Some(paths.remove(0))),
            Purpose::Frame(save) => {
                self.make_and_write(save, paths.remove(0));
                Ok(())
            }
            Purpose::Take(node) => self.bring(node, paths.remove(0)),
            Purpose::Param { node, param, many } => self.set_files(&node, &param, &paths, many),
        };
        self.told(done);
    }

    fn set_files(&mut self, node: &NodeId, param: &str, files: &[PathBuf], many: bool) -> Result<()> {
        files.iter().for_each(|f| self.allow(f));
        let names: Vec<String> = files.iter().map(|file| self.named(file)).collect();
        self.set_names(node, param, &names, many)
    }

    /// Lets a parameter name files as the graph calls them, or adds them to those that it names.
    pub(super) fn set_names(
        &mut self,
        node: &NodeId,
        param: &str,
        names: &[String],
        many: bool,
    ) -> Result<()> {
        let graph = self.session.document.graph();
        let record = graph.find(node).ok().cloned();
        let shape = Shape::of_node(graph, self.session.registry(), node).ok();
        let spec = shape.as_ref().and_then(|shape| shape.find_param(param));
        let named = |name: &String| match spec.and_then(|spec| spec.file(name)) {
            Some(FileValue::One(value) | FileValue::Listed(value)) => value,
            None => Value::String(name.clone()),
        };
        let value = if many {
            let old = record.as_ref().and_then(|n| n.params.get(param).cloned());
            let mut all = old.and_then(|v| v.as_array().cloned()).unwrap_or_default();
            all.extend(names.iter().map(named));
            json!(all)
        } else {
            names.first().map(named).unwrap_or_default()
        };
        self.edit_node(node, |node| Edit::Set { node, param: param.to_owned(), value }, None)
    }

    /// A file that a person picked may be read wherever it lies.
    pub(super) fn allow(&mut self, file: &Path) {
        self.session.files().allow(file);
        self.allowed.push(file.to_owned());
        self.memory.config.used(file);
    }

    /// How a graph names a file: relative to its own folder where it lies within.
    pub(super) fn named(&self, file: &Path) -> String {
        let folder = self.session.files().folder();
        let within = file.strip_prefix(folder).ok();
        within.unwrap_or(file).to_string_lossy().replace('\\', "/")
    }

    /// Adds a reader for each file, one under the other in the middle of what is seen.
    pub(super) fn read_media(&mut self, files: &[PathBuf]) -> Result<()> {
        self.hide_start();
        let mut at = self.canvas.center();
        let mut last = None;
        for file in files {
            self.allow(file);
            let id = super::edits::fresh(&self.level(), "edit/read")?;
            let add = self.adding("edit/read", id.clone(), super::edits::place(at))?;
            let set =
                Edit::Set { node: id.clone(), param: "path".into(), value: Value::String(self.named(file)) };
            self.edit(vec![add, set], Some("Add media"), false)?;
            at.y += 240.0;
            last = Some(id);
        }
        if let Some(id) = last {
            self.slots.insert(self.slot, self.inside.own(&id));
        }
        Ok(())
    }

    /// Takes files dropped on the window.
    pub(super) fn dropped(&mut self, ctx: &egui::Context) {
        let files: Vec<PathBuf> =
            ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if files.is_empty() {
            return;
        }
        let at = ctx.input(|i| i.pointer.latest_pos()).filter(|_| !files.iter().any(|f| is_graph(f)));
        let done = match (at.and_then(|at| self.landing(at, files.len())), files.as_slice()) {
            (Some(Landing::Take(node)), [file]) => self.bring(node, file.clone()),
            (Some(Landing::Files { node, param, many }), files) => self.set_files(&node, &param, files, many),
            _ => return self.open_files(&files),
        };
        self.told(done);
    }

    /// What would become of so many files, dropped on what is at a point of the screen; none where it is no node's.
    pub(super) fn landing(&self, at: egui::Pos2, count: usize) -> Option<Landing> {
        let node = self.own(&self.canvas.node_at(&self.view, &self.theme, at)?).ok()?;
        let graph = self.session.document.graph();
        let delivers =
            self.session.registry().get(&graph.find(&node).ok()?.kind).is_ok_and(|tool| tool.spec().delivers);
        let shape = Shape::of_node(graph, self.session.registry(), &node).ok()?;
        let takes = |spec: &ParamSpec| {
            let many = matches!(spec.file("")?, FileValue::Listed(_));
            (many || count == 1).then(|| (spec.name.clone(), many))
        };
        // What is delivered is written to a file; none is taken from there.
        match shape.params.iter().find_map(takes).filter(|_| !delivers) {
            Some((param, many)) => Some(Landing::Files { node, param, many }),
            None if count == 1 && self.keeps_takes(&node) => Some(Landing::Take(node)),
            None => None,
        }
    }

    /// Shows an error where there is one; true where there is none.
    pub(super) fn told(&mut self, result: Result<()>) -> bool {
        match result {
            Ok(()) => true,
            Err(e) => {
                self.toasts.failed(&e);
                false
            }
        }
    }

    /// Renders what the graph delivers, or one node of it; runs a node that is a job.
    pub(super) fn render(&mut self, node: Option<&NodeId>) {
        let document = &self.session.document;
        let order = super::jobs::Order {
            home: self.session.home().clone(),
            graph: document.graph().clone(),
            path: document.path().map(Path::to_owned),
            allowed: self.allowed.clone(),
            node: node.cloned(),
            out: None,
            place: self.session.place(),
            budget: self.memory.config.budget(),
        };
        self.order(order, self.tell.tab);
    }

    /// Begins what was ordered in a tab.
    pub(super) fn order(&mut self, order: super::jobs::Order, tab: u64) {
        let title = match &order.node {
            Some(node) if self.runs(node) => format!("Run · {}", self.name_of_node(node)),
            Some(node) => format!("Render · {}", node.place()),
            None => format!("Render · {}", self.title()),
        };
        let (wake, tell) = (self.tell.ctx.clone(), Tell { tab, ..self.tell.clone() });
        let id = self.next_job();
        let job = super::jobs::Job::start(
            id,
            title,
            order,
            move || wake.request_repaint(),
            move |result| tell.say(super::Message::Rendered(id, result)),
        );
        self.begun(job);
    }

    pub(super) fn next_job(&mut self) -> u64 {
        self.jobs_so_far += 1;
        self.jobs_so_far
    }

    pub(super) fn begun(&mut self, job: Result<super::jobs::Job>) {
        match job {
            Ok(job) => self.jobs.push(job),
            Err(e) => self.toasts.failed(&e),
        }
    }

    /// Whether a node is a job that makes a take.
    fn runs(&self, node: &NodeId) -> bool {
        let slot = self.facts.as_ref().and_then(|f| f.described.slot(node).ok());
        slot.and_then(|slot| slot.state.outcome.as_ref().ok()).is_some_and(|outcome| outcome.runs)
    }

    /// What a node is called.
    pub(super) fn name_of_node(&self, node: &NodeId) -> String {
        let graph = self.session.document.graph();
        let title = |found| super::views::title(graph, found, self.session.registry());
        graph.find(node).map_or_else(|_| node.to_string(), |found| title(found))
    }

    /// Stops renders.
    pub(super) fn stop(&mut self, which: impl Fn(u64) -> bool) {
        for job in self.jobs.iter().filter(|j| which(j.id)) {
            job.cancel();
            self.stopping.insert(job.id);
        }
    }

    /// Takes the end of a render, a run or a fetch.
    pub(super) fn rendered(&mut self, id: u64, result: Result<Ended>) {
        let job = self.jobs.iter().position(|j| j.id == id).map(|at| self.jobs.remove(at));
        let order = job.and_then(|job| job.order);
        self.stopping.remove(&id);
        self.shelf.look_again();
        self.look_at_engines();
        self.changed();
        match result {
            Ok(Ended::Done(done)) => self.done(&done, order.as_ref()),
            Ok(Ended::Asks(steps)) => self.ask_to_spend(order, steps),
            Ok(Ended::Fetched(take)) => {
                let name = super::takes::title(&take, None);
                self.toasts.done(format!("What was ordered has come and is in the library: {name}"));
            }
            Err(e) if e.is_cancelled() => self.last_done = "Cancelled".into(),
            Err(e) => self.toasts.failed(&e),
        }
    }

    fn done(&mut self, done: &crate::session::Rendered, order: Option<&super::jobs::Order>) {
        if done.frames > 0 || done.takes.is_empty() {
            let name =
                |p: &PathBuf| p.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let names: Vec<String> = done.files.iter().map(name).collect();
            self.last_done = format!("Wrote {} · {} frames", names.join(", "), done.frames);
            self.written = done.files.first().cloned();
            self.toasts.wrote(self.last_done.clone(), self.written.clone());
        }
        for made in &done.takes {
            let title = self.name_of_node(&made.node);
            self.last_done = match made.ran {
                true => format!("{title} has a new take"),
                false => format!("{title} plays a take that was made before; nothing was spent"),
            };
            self.toasts.done(self.last_done.clone());
        }
        let played = order.map_or(Ok(()), |order| self.session.play(&done.takes, &order.graph));
        self.told(played);
        let seeds = self.session.after_run(&done.after);
        self.told(seeds);
    }
}

/// A graph's title, else its file's name.
pub(super) fn title(document: &Document) -> String {
    let file = document.path().and_then(Path::file_stem).map(|s| s.to_string_lossy().into_owned());
    match &*document.graph().title {
        "" => file.unwrap_or_else(|| "Untitled".into()),
        title => title.to_owned(),
    }
}

/// Steps of a graph that has no file.
fn is_journal(file: &Path) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case("ndjson"))
}

fn is_graph(file: &Path) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// An error for what a person asked of a graph that is read-only.
pub(super) fn unknown_rule(rule: &str) -> Error {
    Error::usage(format!("the advice “{rule}” is no longer there")).help("look at Problems again")
}
