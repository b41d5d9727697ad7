//! What the panels ask for, done to the document or the session.

use super::dialogs::Ask;
use super::mend::Way;
use super::{Editor, Tab, boundary, edits, files, params};
use crate::editor::canvas::view::{Fit, Id, PortRef as CanvasPort, Side};
use crate::editor::canvas::{CanvasAction, Loose, connect};
use crate::editor::panels::inspector::InspectorAction;
use crate::editor::panels::problems::ProblemAction;
use crate::editor::panels::settings::Settings;
use crate::editor::panels::top_bar::TopBarAction;
use crate::editor::panels::viewer::ViewerAction;
use crate::editor::search::Search;
use egui::Pos2;
use rushes_engine::Result;
use rushes_engine::describe::{Shape, ShapePort};
use rushes_engine::document::{Edit, NodeId, json};
use std::collections::HashSet;

/// Between a node and the one that is put after it.
const NEXT_TO: f32 = 56.0;
/// Two nodes nearer than this, one above the other, would lie on each other.
const CLEAR: f32 = 96.0;

impl Editor {
    /// Does what the canvas asks for.
    pub(super) fn on_canvas(&mut self, action: &CanvasAction) {
        let graph = self.level();
        let done = self.try_canvas(&boundary::without(super::fold::unfold(action.clone(), &graph)));
        self.told(done);
    }

    fn try_canvas(&mut self, action: &CanvasAction) -> Result<()> {
        match action {
            CanvasAction::OpenSearch { at, screen, from } => {
                let prefers = self.selected_end().map(|l| l.ty);
                self.offered = self.tools.iter().cloned().chain(self.offers()).collect();
                self.search = Some(Search::new(*at, *screen, from.clone(), prefers));
            }
            CanvasAction::Copy(ids) | CanvasAction::Cut(ids) => {
                let text = json::copy(&self.level(), &edits::nodes(ids)?)?;
                self.tell.ctx.copy_text(text);
            }
            CanvasAction::View { slot, node } => self.show_in(*slot, self.own(node)?),
            CanvasAction::Open(node) if boundary::is_box(node) => self.tab = Tab::Inspector,
            CanvasAction::Open(node) => {
                let inside = self.enter(&edits::node(node)?);
                if !inside {
                    self.tab = Tab::Inspector;
                    self.show_in(self.slot, self.own(node)?);
                }
            }
            CanvasAction::Enter(node) => {
                self.enter(&edits::node(node)?);
            }
            CanvasAction::Leave => self.leave(),
            CanvasAction::NameSubGraph(node) => self.ask_name(node.as_ref())?,
            CanvasAction::SaveSubGraph(node) => {
                let name = self.meant(node.as_ref())?;
                self.keep(&name)?;
            }
            CanvasAction::SearchSaved { at, screen } => {
                self.offered = self.kept();
                self.search = Some(Search::new(*at, *screen, None, None));
            }
            CanvasAction::Mend(node) => self.mend(&self.own(node)?),
            CanvasAction::Refused(why) => {
                let error = rushes_engine::Error::usage(why.clone());
                self.toasts.failed(&error.help("Drop it on the canvas to find a node that fits"));
            }
            _ => {}
        }
        let graph = self.level();
        let colors: Vec<String> = self.theme.tokens.group.iter().map(|c| c.to_hex()).collect();
        let step = match boundary::of_action(action, &graph)? {
            Some(step) => Some(step),
            None => edits::of_action(action, &graph, self.session.registry(), &colors)?,
        };
        let Some((list, label)) = step.filter(|(list, _)| !list.is_empty()) else { return Ok(()) };
        self.edit(list, Some(&label), false)?;
        if matches!(
            action,
            CanvasAction::Duplicate(_)
                | CanvasAction::Paste { .. }
                | CanvasAction::Pack(_)
                | CanvasAction::Unpack(_)
                | CanvasAction::Reroute { .. }
        ) {
            let old: HashSet<&NodeId> = graph.nodes.keys().collect();
            let level = self.level();
            let new = level.nodes.keys().filter(|id| !old.contains(id));
            let new: Vec<Id> = new.map(|id| Id::from(id.as_str())).collect();
            self.canvas.select(new);
        }
        Ok(())
    }

    /// The first output of the one selected node, as a wire that waits for its other end.
    pub(super) fn selected_end(&self) -> Option<Loose> {
        let mut chosen = self.canvas.selection().iter();
        let (first, second) = (chosen.next()?, chosen.next());
        let port = self.view.node(first).filter(|_| second.is_none())?.outputs.first()?;
        let end = CanvasPort { node: Id::clone(first), port: Id::clone(&port.name) };
        Some(Loose { port: end, side: Side::Out, ty: port.ty, any: port.any })
    }

    /// `at`, or the nearest place below it where no node stands; after `from` where a node follows it.
    pub(super) fn free_place(&self, at: Pos2, from: Option<&Loose>) -> Pos2 {
        let size = &self.theme.tokens.size;
        let source = from.filter(|l| l.side == Side::Out).and_then(|l| self.view.node(&l.port.node));
        let beside = source.map(|n| egui::pos2(n.at.x + n.width + NEXT_TO, n.at.y));
        // A wire dropped somewhere says where; a search opened over the node it follows does not.
        let dropped = self.search.is_none() && beside.is_some_and(|b| at.x > b.x - NEXT_TO);
        let mut at = if dropped { at } else { beside.unwrap_or(at) };
        let taken = |p: Pos2| {
            self.view
                .nodes()
                .iter()
                .any(|n| (n.at.x - p.x).abs() < size.node_width && (n.at.y - p.y).abs() < CLEAR)
        };
        for _ in 0..100 {
            if !taken(at) {
                break;
            }
            at.y += size.canvas_dot_step;
        }
        let step = size.canvas_snap;
        egui::pos2((at.x / step).round() * step, (at.y / step).round() * step)
    }

    /// Shows a node under a viewer key.
    pub(super) fn show_in(&mut self, slot: u8, node: NodeId) {
        self.slots.insert(slot, node);
        self.slot = slot;
        self.changed();
    }

    /// Adds what was chosen in the search, wired to what waited for it, or else to the selected node where it fits.
    pub(super) fn add(&mut self, kind: &str, at: Pos2, from: Option<&Loose>) {
        let done = self.try_add(kind, at, from);
        self.told(done);
    }

    fn try_add(&mut self, kind: &str, at: Pos2, from: Option<&Loose>) -> Result<()> {
        let mut at = self.free_place(at, from);
        if from.is_some_and(|l| l.side == Side::In) {
            at.x -= self.theme.tokens.size.node_width;
        }
        let level = self.level();
        let id = edits::fresh(&level, kind)?;
        let add = self.adding(kind, id.clone(), edits::place(at))?;
        let shape = Shape::of_node(&add.apply(&level)?, self.session.registry(), &id)?;
        let fit = |loose: &Loose| {
            let ports = if loose.side == Side::Out { &shape.inputs } else { &shape.outputs };
            let rank = |port: &ShapePort| match (port.value, loose.side) {
                (None, _) => Fit::Exact,
                _ if loose.any => Fit::Exact,
                (Some(ty), Side::Out) => self.conversions.fit(loose.ty, ty),
                (Some(ty), Side::In) => self.conversions.fit(ty, loose.ty),
            };
            let fitting = ports.iter().filter(|p| rank(p) != Fit::No);
            let best = fitting.min_by_key(|p| rank(p) != Fit::Exact)?;
            Some(if best.variadic { format!("{}1", best.name) } else { best.name.to_string() })
        };
        let mut list = vec![add];
        if let Some(loose) = from
            && let Some(port) = fit(loose)
        {
            let here = CanvasPort::new(id.as_str(), port);
            let (from, to) = connect::ordered(loose, &here);
            let wire = CanvasAction::Connect { from, to, leaves: None };
            let wired = match boundary::of_action(&wire, &level)? {
                Some(step) => Some(step),
                None => edits::of_action(&wire, &level, self.session.registry(), &[])?,
            };
            list.extend(wired.into_iter().flat_map(|(edits, _)| edits));
        }
        self.edit(list, Some(&format!("Add {}", shape.label)), false)?;
        self.canvas.select([Id::from(id.as_str())]);
        self.canvas.show_selection();
        if self.slots.is_empty() {
            self.show_in(1, self.inside.own(&id));
        }
        Ok(())
    }

    /// Does what the inspector asks for.
    pub(super) fn on_inspector(&mut self, action: InspectorAction) {
        let done = self.try_inspector(action);
        self.told(done);
    }

    fn try_inspector(&mut self, action: InspectorAction) -> Result<()> {
        let graph = self.level();
        let frame = self.playback.frame;
        match action {
            InspectorAction::Set { node, param, value, .. } if boundary::is_box(&node) => {
                let edit = boundary::label(&graph, &node, &param, &value);
                edit.map_or(Ok(()), |edit| self.edit(vec![edit], Some("Label a port"), false))
            }
            InspectorAction::Promote { node, param, label } => {
                let (edit, step) = boundary::promote(&graph, &edits::node(&node)?, &param, &label)?;
                self.edit(vec![edit], Some(&step), false)
            }
            InspectorAction::Enter { node } => {
                self.enter(&edits::node(&node)?);
                Ok(())
            }
            InspectorAction::Set { node, param, value, dragging } => {
                let node = edits::node(&node)?;
                let value = params::written(graph.node(&node)?, &param, frame, value);
                let edit = Edit::Set { node, param: param.to_string(), value };
                self.edit(vec![edit], None, true)?;
                if !dragging {
                    self.session.document.close_step();
                }
                Ok(())
            }
            InspectorAction::Reset { node, param } => {
                let edit = Edit::Reset { node: edits::node(&node)?, param: param.to_string() };
                self.edit(vec![edit], None, false)
            }
            InspectorAction::ToggleKey { node, param } => {
                let node = edits::node(&node)?;
                let record = graph.node(&node)?;
                let shape = Shape::of_node(&graph, self.session.registry(), &node)?;
                let Some(spec) = shape.find_param(&param) else { return Ok(()) };
                let value = params::toggled(record, &param, frame, params::value_at(record, spec, frame));
                let edit = Edit::Set { node, param: param.to_string(), value };
                self.edit(vec![edit], Some("Key"), false)
            }
            InspectorAction::Browse { node, param, many } => {
                self.ask(Ask::files(self.own(&node)?, param.to_string(), many));
                Ok(())
            }
            InspectorAction::Title { node, title } => {
                self.edit(vec![Edit::Title { node: edits::node(&node)?, title }], None, false)
            }
            InspectorAction::View { node } => {
                self.show_in(self.slot, self.own(&node)?);
                Ok(())
            }
            InspectorAction::Fix { node, rule } => self.fix(&self.own(&node)?, &rule),
            InspectorAction::OfTake { node, take, action } => {
                self.on_take(Some(&self.own(&node)?), &take, action)
            }
            InspectorAction::CompareTakes { node } => self.compare_takes(&self.own(&node)?),
            InspectorAction::LockTake { node, on } => self.lock_take(&self.own(&node)?, on),
            InspectorAction::BringTake { node } => {
                self.ask(Ask::take(self.own(&node)?));
                Ok(())
            }
            InspectorAction::Copy { text } => {
                self.tell.ctx.copy_text(text);
                self.toasts.done("Copied".to_owned());
                Ok(())
            }
            InspectorAction::Run { node } => {
                self.render(Some(&self.own(&node)?));
                Ok(())
            }
        }
    }

    /// Does what a piece of advice says.
    fn fix(&mut self, node: &NodeId, rule: &str) -> Result<()> {
        if let Some(way) = Way::called(rule) {
            self.mend_by(way, node);
            return Ok(());
        }
        let slot = self.facts.as_ref().and_then(|f| f.described.slot(node).ok());
        let advice = slot.and_then(|s| s.state.advice.iter().find(|a| a.rule == rule).cloned());
        let advice = advice.ok_or_else(|| files::unknown_rule(rule))?;
        let graph = self.session.document.graph();
        let set = |(param, value)| graph.edit_of(node, |node| Edit::Set { node, param, value });
        let list = advice.fix.into_iter().map(set).collect::<Result<_>>()?;
        self.session.apply(list, Some("Follow advice"), false)
    }

    /// Does what the list of problems asks for.
    pub(super) fn on_problem(&mut self, action: ProblemAction) {
        match action {
            ProblemAction::Go(node) => {
                if let Ok(node) = node.parse() {
                    self.go_to(&node);
                }
                self.tab = Tab::Inspector;
            }
            ProblemAction::Fix { node, rule } => {
                let done = edits::node(&node).and_then(|node| self.fix(&node, &rule));
                self.told(done);
            }
        }
    }

    /// Does what the viewer asks for.
    pub fn on_viewer(&mut self, action: ViewerAction) {
        match action {
            ViewerAction::Transport(action) => self.on_transport(action),
            ViewerAction::Proxy(proxy) => (self.proxy, self.coarsest) = (proxy.max(1), None),
            ViewerAction::Run => self.render(self.viewed().as_ref()),
            ViewerAction::Zoom(action) => self.viewer.apply(action),
            ViewerAction::Compare(action) => self.on_compare(action),
            ViewerAction::Display(action) => {
                self.seeing.display.apply(action);
                self.memory.config.ground = self.seeing.display.ground;
            }
            ViewerAction::Guides(action) => self.seeing.guides.apply(action),
            ViewerAction::Area(area) => self.measure(area),
            ViewerAction::Scopes(action) => self.on_scopes(action),
            ViewerAction::Pick(at) => self.pick_still(at),
            ViewerAction::SaveFrame(format) => self.ask_save_frame(format),
            ViewerAction::FullScreen(on) => self.full_screen(on),
        }
    }

    /// Does what the top bar or a key of the whole window asks for.
    pub(super) fn on_top_bar(&mut self, action: TopBarAction) {
        match action {
            TopBarAction::New => self.new_graph(),
            TopBarAction::Open => self.ask_open(),
            TopBarAction::Templates => self.show_start(),
            TopBarAction::Save => self.save(),
            TopBarAction::SaveAs => self.save_as(),
            TopBarAction::Undo => self.step_back(|document| drop(document.undo())),
            TopBarAction::Redo => self.step_back(|document| drop(document.redo())),
            TopBarAction::Run => self.render(None),
            TopBarAction::Stop => {
                self.stop_fill(|_| true);
                self.stop(|_| true);
            }
            TopBarAction::SwitchTheme => {
                use crate::editor::theme::Mode;
                let mode = if self.theme.mode == Mode::Dark { Mode::Light } else { Mode::Dark };
                self.theme = self.theme.with_mode(mode);
                self.theme.restyle(&self.tell.ctx);
            }
            TopBarAction::Palette => self.list_commands(),
            TopBarAction::Find => self.list_nodes(),
            TopBarAction::FindFiles => self.find_files(),
            TopBarAction::Preferences => self.settings = Some(Settings::default()),
            TopBarAction::ShowTab(tab) => self.show_tab(tab),
            TopBarAction::CloseTab(tab) => self.close_tab(tab),
            TopBarAction::CloseShown => self.close_tab(self.tabs.shown()),
            TopBarAction::NextTab => self.next_tab(1),
            TopBarAction::PreviousTab => self.next_tab(-1),
            TopBarAction::Library => self.find_in_library(),
            TopBarAction::RevealRendered => self.reveal_rendered(),
            TopBarAction::Quit => self.tell.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }
}
