//! Several graphs at once, each in a tab. One is shown; the others wait as they were left.
//!
//! Frames, files and devices are shared by all; what was derived from a graph is shown with its tab and derived again.

use super::derived::Derived;
use super::fill::Fill;
use super::{Editor, Message};
use crate::editor::canvas::Canvas;
use crate::editor::panels::sheet;
use crate::editor::panels::timeline::Timeline;
use crate::editor::panels::top_bar::TabView;
use crate::editor::theme::Text;
use crate::editor::widgets::button::{button, primary};
use crate::session::Session;
use egui::{Context, ViewportCommand};
use rushes_engine::Result;
use rushes_engine::document::{Document, NodeId};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A graph that is open and not shown.
struct Parked {
    session: Session,
    canvas: Canvas,
    /// The instances that were entered.
    inside: super::inside::Inside,
    timeline: Timeline,
    fill: Option<Fill>,
    slots: HashMap<u8, NodeId>,
    slot: u8,
    frame: i64,
    journal: Option<PathBuf>,
    allowed: Vec<PathBuf>,
    derived: Derived,
}

/// The tabs of the window.
pub(super) struct Tabs {
    /// All of them, left to right.
    order: Vec<u64>,
    /// The one that is shown.
    shown: u64,
    parked: HashMap<u64, Parked>,
    so_far: u64,
    /// What a sheet asks about.
    asks: Option<Asks>,
    /// Those that may be closed although not saved, when the window closes.
    decided: HashSet<u64>,
}

/// What is to be closed once it is known what becomes of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Tab,
    Window,
}

/// What a person says to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Save,
    Drop,
    Stay,
}

impl Default for Tabs {
    fn default() -> Self {
        Self {
            order: vec![0],
            shown: 0,
            parked: HashMap::new(),
            so_far: 0,
            asks: None,
            decided: HashSet::new(),
        }
    }
}

impl Tabs {
    /// The one that is shown.
    pub(super) fn shown(&self) -> u64 {
        self.shown
    }

    /// Whether a sheet asks what becomes of changes.
    pub(super) fn asks(&self) -> bool {
        self.asks.is_some()
    }
}

impl Editor {
    /// The tabs, left to right.
    pub(super) fn tab_views(&self) -> Vec<TabView> {
        let view = |id: &u64| {
            let session = self.session_of(*id)?;
            Some(TabView {
                id: *id,
                title: super::files::title(&session.document),
                unsaved: session.document.is_dirty(),
                shown: *id == self.tabs.shown,
            })
        };
        self.tabs.order.iter().filter_map(view).collect()
    }

    fn session_of(&self, tab: u64) -> Option<&Session> {
        if tab == self.tabs.shown {
            return Some(&self.session);
        }
        self.tabs.parked.get(&tab).map(|parked| &parked.session)
    }

    /// Puts the shown graph aside and another in its place, with nothing derived anew.
    fn swap(&mut self, tab: u64) -> bool {
        let Some(mut other) = self.tabs.parked.remove(&tab) else { return false };
        std::mem::swap(&mut self.session, &mut other.session);
        std::mem::swap(&mut self.canvas, &mut other.canvas);
        std::mem::swap(&mut self.inside, &mut other.inside);
        std::mem::swap(&mut self.timeline, &mut other.timeline);
        std::mem::swap(&mut self.fill, &mut other.fill);
        std::mem::swap(&mut self.slots, &mut other.slots);
        std::mem::swap(&mut self.slot, &mut other.slot);
        std::mem::swap(&mut self.playback.frame, &mut other.frame);
        std::mem::swap(&mut self.journal, &mut other.journal);
        std::mem::swap(&mut self.allowed, &mut other.allowed);
        self.tabs.parked.insert(self.tabs.shown, other);
        self.tabs.shown = tab;
        self.tell.tab = tab;
        true
    }

    /// Shows a tab.
    pub(super) fn show_tab(&mut self, tab: u64) {
        self.hide_start();
        self.rest_fill();
        self.timeline.let_go();
        let Some(parked) = self.tabs.parked.get_mut(&tab) else { return };
        let (frame, derived) = (parked.frame, std::mem::take(&mut parked.derived));
        let (back, before) = (self.tabs.shown, self.take_derived());
        self.swap(tab);
        if let Some(parked) = self.tabs.parked.get_mut(&back) {
            parked.derived = before;
        }
        self.playback.play(0.0);
        self.playback.seek(frame);
        self.show_derived(derived);
    }

    /// Shows the tab `by` places further, round the end.
    pub(super) fn next_tab(&mut self, by: isize) {
        let at = self.tabs.order.iter().position(|id| *id == self.tabs.shown).unwrap_or(0);
        let count = self.tabs.order.len();
        let next = (at as isize + by).rem_euclid(count.max(1) as isize) as usize;
        if let Some(id) = self.tabs.order.get(next).copied() {
            self.show_tab(id);
        }
    }

    /// A tab with an empty graph: the shown one where nothing was done in it yet.
    pub(super) fn make_room(&mut self) {
        let document = &self.session.document;
        let untouched = document.path().is_none()
            && document.graph().nodes.is_empty()
            && document.undo_labels().next().is_none();
        if untouched {
            return;
        }
        self.tabs.so_far += 1;
        let id = self.tabs.so_far;
        let parked = Parked {
            session: self.session.beside(),
            canvas: Canvas::default(),
            inside: super::inside::Inside::default(),
            timeline: Timeline::default(),
            fill: None,
            slots: HashMap::new(),
            slot: 1,
            frame: 0,
            journal: None,
            allowed: Vec::new(),
            derived: Derived::default(),
        };
        self.tabs.parked.insert(id, parked);
        let after = self.tabs.order.iter().position(|o| *o == self.tabs.shown).map_or(0, |at| at + 1);
        self.tabs.order.insert(after, id);
        self.show_tab(id);
    }

    /// The tab that has a file open already.
    pub(super) fn tab_of(&self, path: &Path) -> Option<u64> {
        let whole = |p: &Path| std::path::absolute(p).unwrap_or_else(|_| p.to_owned());
        let wanted = whole(path);
        let has = |id: &&u64| {
            let open = self.session_of(**id).and_then(|s| s.document.path());
            open.is_some_and(|open| whole(open) == wanted)
        };
        self.tabs.order.iter().find(has).copied()
    }

    /// What is open, left to right: files of graphs, and journals of graphs without one.
    pub(super) fn open_now(&self) -> Vec<PathBuf> {
        let kept = |id: &u64| {
            let journal = if *id == self.tabs.shown {
                self.journal.clone()
            } else {
                self.tabs.parked.get(id).and_then(|parked| parked.journal.clone())
            };
            let file = self.session_of(*id).and_then(|s| s.document.path()).map(Path::to_owned);
            file.or(journal)
        };
        self.tabs.order.iter().filter_map(kept).collect()
    }

    /// The open document that is kept in a file.
    pub(super) fn document_of(&self, path: &Path) -> Option<&Document> {
        let all = self.tabs.order.iter().filter_map(|id| self.session_of(*id)).map(|s| &s.document);
        all.into_iter().find(|document| document.path() == Some(path))
    }

    /// Closes a tab, or asks first what becomes of its changes.
    pub(super) fn close_tab(&mut self, tab: u64) {
        if self.session_of(tab).is_some_and(|s| s.document.is_dirty()) {
            self.show_tab(tab);
            self.tabs.asks = Some(Asks::Tab);
        } else {
            self.drop_tab(tab);
        }
    }

    /// Closes a tab with whatever is in it. The last one leaves an empty graph and the first screen.
    pub(super) fn drop_tab(&mut self, tab: u64) {
        if self.tabs.order.len() == 1 {
            self.session = self.session.beside();
            self.inside = super::inside::Inside::default();
            self.canvas = Canvas::default();
            self.begin_anew();
            self.show_start();
            return;
        }
        if tab == self.tabs.shown {
            let at = self.tabs.order.iter().position(|id| *id == tab).unwrap_or(0);
            let next = if at + 1 < self.tabs.order.len() { 1 } else { -1 };
            self.next_tab(next);
        }
        self.tabs.order.retain(|id| *id != tab);
        self.tabs.parked.remove(&tab);
    }

    /// Takes what was meant for a graph that is not shown now: it is done there. What only concerns pictures is let go.
    pub(super) fn elsewhere(&mut self, tab: u64, message: Message) {
        let back = self.tabs.shown;
        if !matches!(
            message,
            Message::Written(..)
                | Message::Rendered(..)
                | Message::Brought(..)
                | Message::Chosen(..)
                | Message::Looked(_)
        ) {
            return;
        }
        let there = self.swap(tab);
        match message {
            Message::Rendered(id, result) => self.rendered(id, result),
            // A take that was brought stays in the library where its graph was closed in the meantime.
            Message::Brought(node, file, take) if there => self.brought(&node, &file, *take),
            Message::Written(saving, written) if there => self.written(&saving, written),
            Message::Chosen(purpose, paths) if there => self.chosen(purpose, paths),
            // Its graph was closed in the meantime; what was dropped on it is not for another.
            Message::Looked(_) if !there => self.made.let_go(),
            Message::Looked(looked) => self.looked(looked),
            _ => {}
        }
        // Opening a file may have shown another tab on purpose.
        if there && self.tabs.shown == tab {
            self.swap(back);
        }
    }

    /// Once the graph was saved that was to be closed.
    pub(super) fn close_if_asked(&mut self) {
        match self.tabs.asks.take() {
            Some(Asks::Tab) => self.drop_tab(self.tabs.shown),
            Some(Asks::Window) => self.tell.ctx.send_viewport_cmd(ViewportCommand::Close),
            None => {}
        }
    }

    /// Lets the window close once it is known of every graph what becomes of its changes.
    fn watch_close(&mut self, ctx: &Context) {
        if self.stop.is_cancelled() && !self.may_close {
            self.may_close = true;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if !ctx.input(|i| i.viewport().close_requested()) || self.may_close {
            return;
        }
        let dirty = |id: &&u64| {
            !self.tabs.decided.contains(*id) && self.session_of(**id).is_some_and(|s| s.document.is_dirty())
        };
        if let Some(tab) = self.tabs.order.iter().find(dirty).copied() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.show_tab(tab);
            self.tabs.asks = Some(Asks::Window);
        }
    }

    /// Asks before changes are lost.
    pub(super) fn close_sheet(&mut self, ctx: &Context) {
        self.watch_close(ctx);
        let Some(asks) = self.tabs.asks else { return };
        let theme = self.theme.clone();
        let title = format!("Save {} before closing?", self.title());
        let why = "Its journal is kept: what is not saved can be found again when you open it";
        let mut answer = None;
        let gone = sheet::show(
            ctx,
            &theme,
            "close",
            &title,
            |ui| {
                let ink = *theme.colors().text.secondary;
                ui.label(egui::RichText::new(why).font(theme.font(Text::Body)).color(ink));
            },
            |ui| {
                if primary(ui, &theme, None, "Save", true).clicked() {
                    answer = Some(Answer::Save);
                }
                if button(ui, &theme, None, "Close without saving", true).clicked() {
                    answer = Some(Answer::Drop);
                }
                if button(ui, &theme, None, "Cancel", true).clicked() {
                    answer = Some(Answer::Stay);
                }
            },
        );
        match (answer, asks) {
            (Some(Answer::Save), _) => self.save(),
            (Some(Answer::Drop), asks) => {
                self.tabs.asks = None;
                match asks {
                    Asks::Tab => self.drop_tab(self.tabs.shown),
                    Asks::Window => {
                        self.tabs.decided.insert(self.tabs.shown);
                        ctx.send_viewport_cmd(ViewportCommand::Close);
                    }
                }
            }
            (answer, _) if answer == Some(Answer::Stay) || gone => {
                self.tabs.asks = None;
                self.tabs.decided.clear();
            }
            _ => {}
        }
    }

    /// Opens a graph in a tab of its own, or shows the tab that has it.
    pub(super) fn open_graph(&mut self, path: &Path) -> Result<()> {
        if let Some(tab) = self.tab_of(path) {
            self.show_tab(tab);
            return Ok(());
        }
        let before = self.tabs.shown;
        self.make_room();
        let opened = self.open_here(path);
        if opened.is_err() && self.tabs.shown != before {
            let failed = self.tabs.shown;
            self.show_tab(before);
            self.drop_tab(failed);
        }
        opened
    }
}
