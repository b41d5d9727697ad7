//! The library as a panel: what it lists, and what becomes of what is dragged from it.

mod items;

use super::librarian::Listed;
use super::posters::Of;
use super::previews::preview;
use super::start::{Template, templates};
use super::{Editor, Tab, takes};
use crate::editor::panels::library::{ItemView, LibraryPanel, LibraryView, Section};
use crate::editor::panels::take::Offers;
use crate::session::named;
use egui::{Pos2, Rect, Ui};
use rushes_engine::Result;
use rushes_engine::document::NodeId;
use rushes_engine::library::{Remarks, Take};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A file at hand.
#[derive(Clone, Debug, PartialEq)]
struct Medium {
    /// What the graph calls it; a path where the graph does not name it.
    name: String,
    /// Where it is, where the graph does not name it.
    path: Option<PathBuf>,
    /// Where it is from, in words.
    words: String,
}

impl Medium {
    fn title(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// What the library lists.
#[derive(Default)]
pub(super) struct Library {
    panel: LibraryPanel,
    section: Section,
    least: u8,
    results: Option<Result<Vec<Listed>>>,
    /// The number of the list that was asked for, and for which takes.
    asked: Option<(u64, u64)>,
    answered: u64,
    media: Option<(u64, usize, Vec<Medium>)>,
    templates: Option<Vec<Template>>,
    /// The item that is dragged, and where it is held.
    held: Option<(usize, Pos2)>,
}

impl Library {
    /// Takes the list that was asked for; older ones come too late.
    pub(super) fn listed(&mut self, number: u64, takes: Result<Vec<Listed>>) {
        if self.asked.is_some_and(|(asked, _)| asked == number) {
            self.answered = number;
            self.results = Some(takes);
        }
    }

    /// Whether no list is on its way.
    pub(super) fn is_settled(&self) -> bool {
        self.asked.is_none_or(|(number, _)| number == self.answered)
    }

    /// A take that is listed.
    pub(super) fn take(&self, id: &str) -> Option<&Take> {
        let all = self.results.as_ref()?.as_ref().ok()?;
        all.iter().map(|listed| &listed.take).find(|take| take.id == id)
    }

    /// Another remark on a take that is listed.
    pub(super) fn remark(&mut self, id: &str, remarks: &Remarks) {
        let all = self.results.iter_mut().flatten().flatten();
        all.filter(|listed| listed.take.id == id).for_each(|listed| listed.remark(remarks.clone()));
    }

    fn all_results(&self) -> &[Listed] {
        self.results.as_ref().and_then(|all| all.as_ref().ok()).map(Vec::as_slice).unwrap_or_default()
    }

    fn all_media(&self) -> &[Medium] {
        self.media.as_ref().map(|(_, _, all)| all.as_slice()).unwrap_or_default()
    }

    fn all_templates(&self) -> &[Template] {
        self.templates.as_deref().unwrap_or_default()
    }

    /// How many there are, and which of them pass the filter.
    fn found(&self) -> (usize, Vec<usize>) {
        let typed = self.panel.typed.to_lowercase();
        let wanted: Vec<&str> = typed.split_whitespace().collect();
        let has = |words: &str| wanted.iter().all(|word| words.contains(word));
        let pass = |count: usize, passes: &dyn Fn(usize) -> bool| {
            (count, (0..count).filter(|at| passes(*at)).collect())
        };
        match self.section {
            Section::Results => {
                let all = self.all_results();
                pass(all.len(), &|at| {
                    all.get(at).is_some_and(|l| l.take.remarks.rating >= self.least && has(&l.words))
                })
            }
            Section::Media => {
                let all = self.all_media();
                pass(all.len(), &|at| all.get(at).is_some_and(|m| has(&m.name.to_lowercase())))
            }
            Section::Templates => {
                let all = self.all_templates();
                pass(all.len(), &|at| all.get(at).is_some_and(|t| has(&t.graph.title.to_lowercase())))
            }
        }
    }
}

impl Editor {
    /// Shows the library, ready for words to find something by.
    pub(super) fn find_in_library(&mut self) {
        self.hide_start();
        if self.seeing.full {
            self.full_screen(false);
        }
        self.show_library();
        self.library.panel.typing = true;
    }

    /// Shows the library.
    pub(super) fn show_library(&mut self) {
        self.tab = Tab::Library;
        // Another window may have added to it.
        self.library.asked = None;
    }

    /// Sees to it that what is listed is there, or on its way.
    fn fill_library(&mut self) {
        match self.library.section {
            Section::Results => {
                let added = self.shelf.added();
                if self.library.asked.is_none_or(|(_, of)| of != added) {
                    let number = self.library.answered + 1;
                    self.library.asked = Some((number, added));
                    self.librarian.list(number);
                }
            }
            Section::Media => {
                let stamp = (self.session.document.revision(), self.memory.config.media.len());
                if self.library.media.as_ref().is_none_or(|(revision, used, _)| (*revision, *used) != stamp) {
                    self.library.media = Some((stamp.0, stamp.1, self.media()));
                }
            }
            Section::Templates => {
                let all = self.library.templates.get_or_insert_with(templates).clone();
                if self.previews.is_none() {
                    self.make_previews(&all);
                }
            }
        }
    }

    /// The files that the graph names, and those that were used lately.
    fn media(&self) -> Vec<Medium> {
        let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (graph, registry) = (self.session.document.graph(), self.session.registry());
        named::renamed(graph, registry, |spot, name| {
            let other = name.is_empty() || name.starts_with("take:") || spot.is_output() || spot.is_folder();
            if !other {
                users.entry(name.clone()).or_default().push(spot.place());
            }
        });
        let files = self.session.files();
        let places: Vec<PathBuf> = users.keys().map(|name| files.place(name)).collect();
        let here = users.into_iter().map(|(name, nodes)| {
            let words = format!("in this graph · {}", nodes.join(", "));
            Medium { name, path: None, words }
        });
        let lately = self.memory.config.media.iter().filter(|path| !places.contains(path)).map(|path| {
            let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
            Medium { name: path.display().to_string(), path: Some(path.clone()), words: folder }
        });
        here.chain(lately).collect()
    }

    /// Shows the panel.
    pub(super) fn library_panel(&mut self, ui: &mut Ui, body: Rect) {
        self.fill_library();
        let theme = self.theme.clone();
        let mut panel = std::mem::take(&mut self.library.panel);
        // The filter is what was typed up to now.
        self.library.panel.typed.clone_from(&panel.typed);
        let (of, found) = self.library.found();
        let item = |at: usize| self.library_item(*found.get(at)?);
        let wrong = match (&self.library.results, self.library.section) {
            (Some(Err(e)), Section::Results) => (e.to_string(), e.help_text().to_owned()),
            _ => Default::default(),
        };
        let view = LibraryView {
            section: self.library.section,
            least: self.library.least,
            count: found.len(),
            of,
            reading: self.library.section == Section::Results && self.library.results.is_none(),
            wrong,
            offers: Offers { use_in: self.taker().map(|(_, title)| title), compare: false },
            item: &item,
        };
        let actions = panel.show(ui, body, &theme, &view);
        self.library.panel = panel;
        self.library.held = None;
        for action in actions {
            let done = self.on_library(action, &found);
            self.told(done);
        }
    }

    fn library_item(&self, at: usize) -> Option<ItemView> {
        Some(match self.library.section {
            Section::Results => {
                let take = &self.library.all_results().get(at)?.take;
                let view = self.take_view(take, takes::title(take, None));
                let (title, words) = (view.title.clone(), view.words.clone());
                ItemView { id: view.id.clone(), title, words, picture: view.picture, take: Some(view) }
            }
            Section::Media => {
                let medium = self.library.all_media().get(at)?;
                let picture = self.poster(&medium.name, || self.of_medium(medium));
                let (title, words) = (medium.title().to_owned(), medium.words.clone());
                ItemView { id: medium.name.clone(), title, words, picture, take: None }
            }
            Section::Templates => {
                let template = self.library.all_templates().get(at)?;
                let words = match template.graph.nodes.size() {
                    1 => "1 node".to_owned(),
                    n => format!("{n} nodes"),
                };
                let picture = self.pictures.as_ref().and_then(|p| p.shaped(&preview(template.name)));
                let (id, title) = (template.name.to_owned(), template.graph.title.to_string());
                ItemView { id, title, words, picture, take: None }
            }
        })
    }

    fn of_medium(&self, medium: &Medium) -> Of {
        match &medium.path {
            Some(path) => Of::Files(vec![path.clone()]),
            None => Of::Named(Arc::clone(self.session.files()), medium.name.clone()),
        }
    }

    /// The one selected node, where it keeps takes, and its title.
    fn taker(&self) -> Option<(NodeId, String)> {
        let mut chosen = self.canvas.selection().iter();
        let (one, other) = (chosen.next()?, chosen.next());
        let node = self.own(one).ok().filter(|id| other.is_none() && self.keeps_takes(id))?;
        let title = self.view.node(one).map(|n| n.title.clone())?;
        Some((node, title))
    }
}
