//! The first screen: graphs that ship, and files that were open.

use super::dialogs::Ask;
use super::previews::preview;
use super::{Editor, takes};
use crate::editor::panels::settings::{Page, Settings};
use crate::editor::panels::start::{Card, Recent, StartAction, StartView};
use include_dir::{Dir, include_dir};
use rushes_engine::document::{Document, Graph, json};
use rushes_engine::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

static GRAPHS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../graphs");
/// What most people come for stands first; the rest follows by title.
const FIRST: [&str; 8] =
    ["realism", "image_to_video", "stills", "skin_texture", "camera", "upscale_video", "grain", "sequence"];
const UNSAVED: &str = "untitled-";

/// A graph that ships.
#[derive(Clone)]
pub(super) struct Template {
    pub(super) name: &'static str,
    pub(super) graph: Arc<Graph>,
}

/// What the first screen shows.
pub(super) struct Start {
    templates: Vec<Template>,
    recent: Vec<Recent>,
}

/// The graphs that ship.
pub(super) fn templates() -> Vec<Template> {
    let read = |file: &'static include_dir::File<'static>| {
        let name = file.path().file_stem()?.to_str()?;
        match json::read(file.contents()) {
            Ok(opened) => Some(Template { name, graph: Arc::new(opened.graph) }),
            Err(e) => {
                log::error!("the graph {name} that ships cannot be read: {e}");
                None
            }
        }
    };
    let mut all: Vec<Template> = GRAPHS.files().filter_map(read).collect();
    let rank = |t: &Template| FIRST.iter().position(|n| *n == t.name).unwrap_or(FIRST.len());
    all.sort_by_cached_key(|t| (rank(t), t.graph.title.to_lowercase()));
    all
}

impl Editor {
    /// Shows the first screen.
    pub(super) fn show_start(&mut self) {
        let templates = templates();
        self.make_previews(&templates);
        let recent = self.recent();
        self.start = Some(Start { templates, recent });
    }

    /// Leaves the first screen.
    pub(super) fn hide_start(&mut self) {
        if self.start.take().is_some() {
            self.stop_previews();
        }
    }

    /// What the first screen shows, while it is shown.
    pub(super) fn start_view(&self) -> Option<StartView> {
        let start = self.start.as_ref()?;
        let cards = start.templates.iter().map(|t| Card {
            name: t.name,
            title: t.graph.title.to_string(),
            words: match t.graph.nodes.size() {
                1 => "1 node".into(),
                n => format!("{n} nodes"),
            },
            picture: self.pictures.as_ref().and_then(|p| p.shaped(&preview(t.name))),
        });
        let document = &self.session.document;
        let can_close = document.path().is_some() || document.graph().nodes.size() > 0;
        Some(StartView { cards: cards.collect(), recent: start.recent.clone(), can_close })
    }

    /// Does what the first screen asks for.
    pub(super) fn on_start(&mut self, action: StartAction) {
        let done = match action {
            StartAction::New => {
                self.new_graph();
                Ok(())
            }
            StartAction::Open => {
                self.ask_open();
                Ok(())
            }
            StartAction::Media => {
                self.ask(Ask::media());
                Ok(())
            }
            StartAction::Keys => {
                self.settings = Some(Settings::at(Page::Engines));
                Ok(())
            }
            StartAction::Template(name) => self.open_template(name),
            StartAction::Recent(path) => {
                let opened = self.open_graph(&path);
                if opened.is_err() {
                    self.memory.config.recent.retain(|p| *p != path);
                    self.forget_recent(&path);
                }
                opened
            }
            StartAction::Recover(path) => self.recover(&path),
            StartAction::Close => {
                self.hide_start();
                Ok(())
            }
        };
        self.told(done);
    }

    /// Opens a copy of a graph that ships; saving it asks for a name.
    pub fn open_template(&mut self, name: &str) -> Result<()> {
        let all = templates();
        let template = all.iter().find(|t| t.name == name);
        let template = template.ok_or_else(|| Error::usage(format!("there is no template “{name}”")))?;
        self.make_room();
        self.session.clear();
        self.session.document = Document::of((*template.graph).clone());
        self.begin_anew();
        Ok(())
    }

    /// Opens a graph that has no file, from its steps.
    pub(super) fn recover(&mut self, journal: &Path) -> Result<()> {
        let document = Document::recover(journal)?;
        self.make_room();
        self.session.clear();
        self.session.document = document;
        self.begin_anew();
        Ok(())
    }

    fn forget_recent(&mut self, path: &Path) {
        if let Some(start) = &mut self.start {
            start.recent.retain(|r| r.path != path);
        }
    }

    /// Files that were open, and graphs that never had one.
    fn recent(&self) -> Vec<Recent> {
        let mut all = self.unsaved();
        all.extend(self.memory.config.recent.iter().map(|path| {
            Recent {
                path: path.clone(),
                name: path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                folder: path
                    .parent()
                    .and_then(Path::file_name)
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                unsaved: false,
            }
        }));
        all
    }

    fn unsaved(&self) -> Vec<Recent> {
        let own = self.journal.as_deref();
        let entries = std::fs::read_dir(self.session.home().journal()).into_iter().flatten().flatten();
        let ours = |e: &std::fs::DirEntry| e.file_name().to_string_lossy().starts_with(UNSAVED);
        let mut all: Vec<(u64, PathBuf)> = entries
            .filter(|e| ours(e) && Some(e.path().as_path()) != own)
            .map(|e| {
                let at = e.metadata().and_then(|m| m.modified()).ok();
                let since = at.and_then(|t| t.duration_since(UNIX_EPOCH).ok());
                (since.map_or(0, |s| s.as_secs()), e.path())
            })
            .collect();
        all.sort_by(|a, b| b.cmp(a));
        let recent =
            |(at, path)| Recent { path, name: "Unsaved graph".into(), folder: takes::day(at), unsaved: true };
        all.into_iter().map(recent).collect()
    }

    /// A graph without a file has a journal from its first edit on, so that nothing is lost with the program.
    pub(super) fn keep_untitled(&mut self) {
        let document = &mut self.session.document;
        if document.path().is_some() {
            self.journal = None;
            return;
        }
        if self.journal.is_some() || document.undo_labels().next().is_none() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_millis());
        let name = format!("{UNSAVED}{now}-{}.ndjson", std::process::id());
        let path = self.session.home().journal().join(name);
        // Tried once: a journal that cannot be kept is said, and stops nobody from working.
        self.journal = Some(path.clone());
        let kept = self.session.document.keep_journal(&path);
        self.told(kept);
    }
}
