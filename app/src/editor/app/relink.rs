//! Missing files, found again: listed and searched on threads of their own, taken up as one edit.

use super::dialogs::Ask;
use super::{Editor, Message};
use crate::editor::panels::relink::{self, LostRow, RelinkAction, RelinkView};
use crate::session::named;
use rushes_engine::document::NodeId;
use rushes_engine::files::{Found, Lost};
use rushes_engine::{Cancel, Error, ErrorKind, Key, Progress, Result};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::facts::locked;

/// A missing file of the graph.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    /// The sub-graph, where it is in one.
    graph: Option<NodeId>,
    node: NodeId,
    /// As the graph names it.
    name: String,
    lost: Lost,
    found: Option<Found>,
}

/// A search under way.
struct Search {
    cancel: Cancel,
    done: Arc<Mutex<(f32, String)>>,
}

/// The sheet while it is open.
#[derive(Default)]
pub(super) struct Relink {
    /// Tells answers to this opening from those to an earlier one.
    number: u64,
    missing: Option<Vec<Missing>>,
    search: Option<Search>,
    searched: bool,
}

/// Whoever closes the sheet no longer waits for the search.
impl Drop for Search {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// A path of which the middle is left out where it is long: its beginning and its end tell most.
fn in_short(path: &Path) -> String {
    const MOST: usize = 72;
    let text: Vec<char> = path.display().to_string().chars().collect();
    let Some(cut) = text.len().checked_sub(MOST).filter(|cut| *cut > 0) else {
        return text.into_iter().collect();
    };
    let (head, tail) = (text.iter().take(MOST / 3), text.iter().skip(MOST / 3 + cut + 1));
    head.chain(std::iter::once(&'…')).chain(tail).collect()
}

impl Editor {
    /// Opens the sheet of missing files.
    pub(super) fn find_files(&mut self) {
        self.relinks += 1;
        let number = self.relinks;
        self.relink = Some(Relink { number, ..Relink::default() });
        let (graph, registry) = (self.session.document.graph().clone(), self.session.registry().clone());
        let (files, tell) = (self.session.files().clone(), self.tell.clone());
        let list = move || {
            let mut missing = Vec::new();
            named::renamed(&graph, &registry, |spot, name| {
                let elsewhere = !name.is_empty() && !name.starts_with("asset:");
                if spot.is_output() || spot.is_folder() || !elsewhere {
                    return;
                }
                if files.behind(name).is_err_and(|e| e.kind() == ErrorKind::Missing) {
                    let known = files.index().remembered(&files.place(name));
                    let content = known.map(|(key, _)| key).or_else(|| Key::from_hex(spot.hash.as_deref()?));
                    let short =
                        Path::new(name.as_str()).file_name().map(|n| n.to_string_lossy().into_owned());
                    let lost =
                        Lost { name: short.unwrap_or_default(), content, size: known.map(|(_, size)| size) };
                    let (graph, node) = (spot.graph.cloned(), spot.id.clone());
                    missing.push(Missing { graph, node, name: name.clone(), lost, found: None });
                }
            });
            tell.say(Message::Missing(number, missing));
        };
        self.on_thread("missing files", list);
    }

    /// Takes the list of missing files.
    pub(super) fn missing_listed(&mut self, number: u64, missing: Vec<Missing>) {
        if let Some(relink) = self.relink.as_mut().filter(|r| r.number == number) {
            relink.missing = Some(missing);
        }
    }

    /// Searches a folder for the missing files, as once a person has named it. Nothing where the sheet is not open.
    pub fn search_folder(&mut self, folder: PathBuf) {
        let Some(relink) = &mut self.relink else { return };
        let Some(missing) = &relink.missing else { return };
        let lost: Vec<Lost> = missing.iter().map(|m| m.lost.clone()).collect();
        let (cancel, done) = (Cancel::new(), Arc::new(Mutex::new((0.0, String::new()))));
        relink.search = Some(Search { cancel: cancel.clone(), done: Arc::clone(&done) });
        let number = relink.number;
        let (index, tell) = (self.session.files().index().clone(), self.tell.clone());
        let search = move || {
            let wake = tell.ctx.clone();
            let progress = Progress::new(move |share, words| {
                *locked(&done) = (share, words.to_owned());
                wake.request_repaint();
            });
            let found = index.search(&lost, &folder, &cancel, &progress);
            tell.say(Message::Searched(number, found));
        };
        self.on_thread("search", search);
    }

    /// Takes what a search found; what an earlier one found stays unless this one is surer.
    pub(super) fn searched(&mut self, number: u64, found: Result<Vec<Option<Found>>>) {
        let Some(relink) = self.relink.as_mut().filter(|r| r.number == number) else { return };
        (relink.search, relink.searched) = (None, true);
        let Ok(found) = found else { return };
        for (one, found) in relink.missing.iter_mut().flatten().zip(found) {
            if found.is_some() && !one.found.as_ref().is_some_and(|f| f.same) {
                one.found = found;
            }
        }
    }

    /// Shows the sheet where it is open, and does what it is asked.
    pub(super) fn relink_sheet(&mut self, ui: &egui::Ui) {
        let Some(relink) = &self.relink else { return };
        let row = |one: &Missing| LostRow {
            node: self.title_of(one),
            name: one.lost.name.clone(),
            words: match &one.found {
                Some(Found { path, same: true }) => format!("Same content: {}", in_short(path)),
                Some(Found { path, same: false }) => format!("Same name: {}", in_short(path)),
                None if relink.searched => "Not found there".to_owned(),
                None => format!("Was at {}", in_short(&self.session.files().place(&one.name))),
            },
            found: one.found.is_some(),
        };
        let view = RelinkView {
            rows: relink.missing.as_ref().map(|all| all.iter().map(row).collect()),
            searching: relink.search.as_ref().map(|s| locked(&s.done).clone()),
        };
        match relink::show(ui.ctx(), &self.theme, &view) {
            Some(RelinkAction::Choose) => {
                self.ask(Ask::folder());
            }
            Some(RelinkAction::Stop) => {
                self.relink.iter().filter_map(|r| r.search.as_ref()).for_each(|s| s.cancel.cancel());
            }
            Some(RelinkAction::Use) => {
                let used = self.use_found();
                self.told(used);
            }
            Some(RelinkAction::Close) => self.relink = None,
            None => {}
        }
    }

    /// Gives nodes the files that were found, as one step.
    fn use_found(&mut self) -> Result<()> {
        let Some(relink) = self.relink.take() else { return Ok(()) };
        let mut names: HashMap<(Option<NodeId>, NodeId, String), String> = HashMap::new();
        let mut count = 0;
        for one in relink.missing.iter().flatten() {
            let Some(found) = &one.found else { continue };
            // Of a numbered sequence the folder is what there is.
            let place = if one.lost.name.contains('%') { found.path.parent() } else { None };
            self.allow(place.unwrap_or(&found.path));
            names.insert((one.graph.clone(), one.node.clone(), one.name.clone()), self.named(&found.path));
            count += 1;
        }
        let graph = self.session.document.graph().clone();
        let new = named::renamed(&graph, self.session.registry(), |spot, name| {
            if let Some(to) = names.get(&(spot.graph.cloned(), spot.id.clone(), name.clone())) {
                name.clone_from(to);
            }
        });
        self.session.apply(named::edits(&graph, &new), Some("Find files"), false)?;
        self.toasts.done(if count == 1 { "1 file found".to_owned() } else { format!("{count} files found") });
        Ok(())
    }

    fn title_of(&self, one: &Missing) -> String {
        let graph = self.session.document.graph();
        let level = one.graph.as_ref().map_or(Some(graph), |name| graph.graphs.get(name));
        let node = level.and_then(|level| level.nodes.get(&one.node));
        node.map_or_else(
            || one.node.to_string(),
            |node| super::views::title(graph, node, self.session.registry()),
        )
    }

    fn on_thread(&mut self, name: &str, run: impl FnOnce() + Send + 'static) {
        if let Err(e) = std::thread::Builder::new().name(name.into()).spawn(run) {
            self.toasts.failed(&Error::system(format!("no thread could be started: {e}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_keeps_its_beginning_and_its_end() {
        assert_eq!(in_short(Path::new("short/a.mp4")), "short/a.mp4");
        let long = format!("first/{}/last.mp4", "x".repeat(200));
        let short = in_short(Path::new(&long));
        assert_eq!(short.chars().count(), 72);
        assert!(short.starts_with("first/x") && short.ends_with("x/last.mp4") && short.contains('…'));
    }
}
