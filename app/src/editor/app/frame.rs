//! One frame of the window: inbox, panels, then what they asked for.

use super::posters::is_poster;
use super::previews::is_preview;
use super::views::{self, Source, Stamp};
use super::{Editor, Tab, boundary};
use crate::editor::commands::Command;
use crate::editor::panels::crumbs;
use crate::editor::panels::inspector;
use crate::editor::panels::layout::{Layout, full_parts, viewer_parts};
use crate::editor::panels::problems;
use crate::editor::panels::start;
use crate::editor::panels::status;
use crate::editor::panels::top_bar;
use crate::editor::search::Outcome;
use crate::editor::theme::Text;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::text_in;
use egui::{Align, CursorIcon, Key, Modifiers, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, vec2};
use rushes_engine::document::NodeId;
use std::collections::HashMap;
use std::time::Instant;

impl eframe::App for Editor {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
        self.tell_drawn();
    }
}

impl Editor {
    /// Shows one frame and does what was asked for in it.
    pub fn frame(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.timed("messages", Self::drain);
        self.begin_posters();
        self.watch_device();
        self.timed("dropped files", |e| e.dropped(&ctx));
        if self.start.is_none() && !self.seeing.full {
            self.canvas.claim_keys(&ctx);
        }
        if let Some((rate, frames)) = self.known_timing() {
            self.playback.frame = self.playback.frame.clamp(0, (frames - 1).max(0));
            let (range, clock) = (self.range(), self.clock());
            self.playback.advance(Instant::now(), clock, rate, range);
        }
        self.timed("sound", Self::follow_with_sound);
        if self.playback.speed != 0.0 {
            ctx.request_repaint();
        }
        self.timed("keys", |e| e.keys(&ctx));
        self.leave_gone();
        self.timed("questions", Self::ask_for_facts);
        self.timed("view of the graph", Self::refresh_view);
        let layout = Layout::of(ctx.content_rect(), &self.theme.tokens, self.shares);
        self.panels(ui, &layout);
        if !self.seeing.full {
            self.notices(ui, &layout);
        }
        if self.start.is_none() && !self.seeing.full {
            self.splits(ui, &layout);
        }
        self.timed("lists", |e| e.lists(ui, ctx.content_rect().with_min_y(layout.top_bar.bottom())));
        self.timed("sheets", |e| {
            e.settings_sheet(ui);
            e.close_sheet(&ctx);
            e.naming_sheet(&ctx);
            e.relink_sheet(ui);
            e.browse_sheet(ui);
            e.spend_sheet(ui);
        });
        self.show_held(ui);
        self.timed("journal", Self::keep_untitled);
        self.look_outside(&ctx);
        self.watch_proxies(&ctx);
        // Asked for last, so that an edit of this frame is on its way before it is drawn.
        self.timed("questions", Self::ask_for_facts);
        self.timed("pictures", |e| {
            e.ask_for_pictures();
            e.ask_for_stills();
            e.go_on_filling();
        });
        self.timed("small pictures", Self::ask_for_thumbs);
        self.timed("takes", Self::ask_for_takes);
        self.timed("posters", Self::ask_for_posters);
        self.timed("saving by itself", |e| e.autosave(&ctx));
        self.timed("settings", |e| e.remember(&ctx));
    }

    fn refresh_view(&mut self) {
        let revision = self.session.document.revision();
        let stamp =
            Stamp { revision, changes: self.changes, frame: self.playback.frame, mode: self.theme.mode };
        if self.view_of.as_ref() == Some(&stamp) && self.jobs.is_empty() {
            return;
        }
        let graph = self.level();
        let document = self.session.document.graph().clone();
        if let Some(pictures) = &mut self.pictures {
            pictures.keep(|id| {
                let node = super::stills::node_of(id).or_else(|| super::inside::evaluated(id));
                is_preview(id) || is_poster(id) || node.is_some_and(|id| document.find(&id).is_ok())
            });
        }
        let running: HashMap<NodeId, f32> =
            self.jobs.iter().filter_map(|j| Some((j.node.clone()?, j.share()))).collect();
        let definition = self.shown_definition();
        let source = Source {
            graph: &graph,
            around: self.inside.node(),
            definition: definition.as_ref(),
            registry: self.session.registry(),
            facts: self.facts.as_ref(),
            evaluator: self.session.evaluator(),
            pictures: self.pictures.as_ref(),
            unmade: &self.unmade,
            theme: &self.theme,
            slots: &self.slots,
            running: &running,
            conversions: &self.conversions,
            frame: self.playback.frame,
        };
        self.view = views::canvas(&source, &mut self.kept, &self.view);
        self.view_of = Some(stamp).filter(|_| !self.kept.is_late());
        if self.kept.is_late() {
            self.tell.ctx.request_repaint();
        }
    }

    fn panels(&mut self, ui: &mut Ui, layout: &Layout) {
        let theme = self.theme.clone();
        ui.painter().rect_filled(ui.ctx().content_rect(), 0, *theme.colors().surface.app);
        let bar = self.top_bar();
        let keymap = self.keymap.clone();
        let keys = |action| keymap.words(Command::Window(action));
        if let Some(action) = top_bar::show(ui, layout.top_bar, &theme, &bar, &keys) {
            self.on_top_bar(action);
            // Another tab may be shown.
            self.refresh_view();
        }
        if let Some(view) = self.start_view() {
            let body = Rect::from_min_max(layout.graph.min, layout.inspector.max);
            if let Some(action) = start::show(ui, body, &theme, &view) {
                self.on_start(action);
            } else if view.can_close && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
                self.hide_start();
            }
            self.show_toasts(ui, body, 12.0);
            self.status_panel(ui, layout.status);
            return;
        }
        if self.seeing.full {
            self.viewer_panel(ui, full_parts(ui.ctx().content_rect()));
            if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
                self.full_screen(false);
            }
            return;
        }
        self.timed("graph", |e| e.graph_panel(ui, layout.graph));
        self.timed("timeline", |e| {
            let view = e.timeline_view();
            let actions = e.timeline.show(ui, layout.timeline, &theme, &view);
            e.on_timeline(actions);
        });
        self.timed("viewer", |e| e.viewer_panel(ui, viewer_parts(layout.viewer, &theme.tokens)));
        self.timed("inspector", |e| e.lower_panel(ui, layout));
        self.status_panel(ui, layout.status);
        let line = Stroke::new(1.0, *theme.colors().stroke.divider);
        ui.painter().vline(layout.viewer.left(), layout.viewer.top()..=layout.inspector.bottom(), line);
        ui.painter().hline(layout.timeline.x_range(), layout.timeline.top(), line);
        ui.painter().hline(layout.viewer.x_range(), layout.viewer.bottom(), line);
    }

    fn status_panel(&mut self, ui: &Ui, rect: Rect) {
        if let Some(id) = status::show(ui, rect, &self.theme, &self.status()) {
            self.stop_fill(|job| job == id);
            self.stop_proxies(id);
            self.stop(|job| job == id);
        }
    }

    fn graph_panel(&mut self, ui: &mut Ui, rect: Rect) {
        let theme = self.theme.clone();
        let (head, body) = header::split_header(ui, &theme, rect);
        let (_, x) = header::tabs(ui, &theme, head, &["Graph"], 0);
        let count = self.view.nodes().iter().filter(|node| !boundary::is_box(&node.id)).count();
        let words = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
        let room = head.with_min_x(x);
        let c = theme.colors();
        text_in(ui.painter(), room, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
        let zoom = format!("{:.0} %", self.canvas.camera.zoom * 100.0);
        let right = head.shrink2(vec2(12.0, 0.0));
        text_in(ui.painter(), right, Align::Max, &zoom, theme.font(Text::Small), *c.text.secondary);
        let way = self.way();
        let body = if way.len() > 1 {
            let (row, body) = body.split_top_bottom_at_y(body.top() + crumbs::height(&theme));
            if let Some(depth) = crumbs::show(ui, row, &theme, &way) {
                self.leave_to(depth);
                self.refresh_view();
            }
            body
        } else {
            body
        };
        for action in self.canvas.show(ui, body, &theme, &self.view) {
            self.timed("edit", |e| e.on_canvas(&action));
        }
        self.drop_hint(ui, body);
        let clear = if self.canvas.shows_map() { theme.tokens.size.minimap[1] + 24.0 } else { 12.0 };
        self.show_toasts(ui, body, clear);
        let Some(search) = &mut self.search else { return };
        match search.show(ui, &theme, body, &self.offered, &self.conversions) {
            Outcome::Open => {}
            Outcome::Closed => {
                self.search = None;
                self.canvas.close_search();
            }
            Outcome::Add { kind, at, from, after } => {
                self.search = None;
                self.canvas.close_search();
                let from = if after { self.selected_end() } else { from };
                self.add(&kind, at, from.as_ref());
            }
        }
    }

    fn viewer_panel(&mut self, ui: &mut Ui, parts: [Rect; 4]) {
        let theme = self.theme.clone();
        let view = self.viewer_view();
        for action in self.viewer.show(ui, parts, &theme, &view) {
            self.on_viewer(action);
        }
        self.probe(self.viewer.hovered());
        self.paint_viewer(ui, parts[1], &view);
        for action in self.viewer.over(ui, parts[1], &theme, &view) {
            self.on_viewer(action);
        }
    }

    fn lower_panel(&mut self, ui: &mut Ui, layout: &Layout) {
        let theme = self.theme.clone();
        let column = layout.scopes(ui.ctx().content_rect(), &theme.tokens).filter(|_| !self.measures.hidden);
        if let Some([scopes, _]) = column {
            let (head, body) = header::split_header(ui, &theme, scopes);
            ui.painter().rect_filled(body, 0, *theme.colors().surface.panel);
            header::tabs(ui, &theme, head, &["Scopes"], 0);
            self.scopes_panel(ui, body);
        }
        let rect = column.map_or(layout.inspector, |[_, rest]| rest);
        let (head, body) = header::split_header(ui, &theme, rect);
        ui.painter().rect_filled(body, 0, *theme.colors().surface.panel);
        if column.is_some() {
            let line = Stroke::new(1.0, *theme.colors().stroke.divider);
            ui.painter().vline(rect.left(), rect.y_range(), line);
        }
        let problems = self.problems();
        let title = match problems.len() {
            0 => "Problems".to_owned(),
            n => format!("Problems {n}"),
        };
        let tab = if column.is_some() && self.tab == Tab::Scopes { Tab::Inspector } else { self.tab };
        let names = ["Inspector", title.as_str(), "Library", "Scopes"];
        let shown = if column.is_some() { &names[..3] } else { &names[..] };
        let (chosen, _) = header::tabs(ui, &theme, head, shown, tab as usize);
        match chosen {
            Some(0) => self.tab = Tab::Inspector,
            Some(1) => self.tab = Tab::Problems,
            Some(2) => self.show_library(),
            Some(_) => self.tab = Tab::Scopes,
            None => {}
        }
        match tab {
            Tab::Inspector => {
                let nodes = self.inspected();
                let facts = "Select a node to see its parameters";
                for action in inspector::show(ui, body, &theme, &nodes, facts) {
                    self.on_inspector(action);
                }
            }
            Tab::Problems => {
                if let Some(action) = problems::show(ui, body, &theme, &problems, self.view.nodes().len()) {
                    self.on_problem(action);
                }
            }
            Tab::Library => self.library_panel(ui, body),
            Tab::Scopes => self.scopes_panel(ui, body),
        }
    }

    /// The lines between panels, which can be dragged.
    fn splits(&mut self, ui: &mut Ui, layout: &Layout) {
        let window = ui.ctx().content_rect();
        for (index, rect) in layout.splits().into_iter().enumerate() {
            let response = ui.interact(rect, ui.id().with(("split", index)), Sense::drag());
            let between = match index {
                0 => "Divider of graph and viewer",
                1 => "Divider of graph and timeline",
                _ => "Divider of viewer and inspector",
            };
            response.widget_info(|| WidgetInfo::labeled(WidgetType::ResizeHandle, true, between));
            let icon = if index == 0 { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical };
            if response.hovered() || response.dragged() {
                ui.set_cursor_icon(icon);
            }
            let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) else { continue };
            match index {
                0 => self.shares.right = Some((window.right() - at.x) / window.width().max(1.0)),
                1 => self.shares.timeline = Some(layout.timeline.bottom() - at.y),
                _ => self.shares.viewer = Some(at.y - layout.viewer.top()),
            }
        }
    }
}
