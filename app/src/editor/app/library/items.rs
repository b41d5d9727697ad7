//! What becomes of items of the library: opened, dropped on a node or on the ground.

use crate::editor::app::files::Landing;
use crate::editor::app::{Editor, edits, takes};
use crate::editor::canvas::view::Id;
use crate::editor::panels::library::{ItemView, LibraryAction, Section};
use crate::editor::panels::take::TakeAction;
use egui::Pos2;
use rushes_engine::Result;
use rushes_engine::document::{Edit, NodeId, json};
use rushes_engine::library::Take;
use serde_json::Value;

/// Readers of one take stand this far below each other.
const BELOW: f32 = 240.0;

impl Editor {
    pub(super) fn on_library(&mut self, action: LibraryAction, found: &[usize]) -> Result<()> {
        let at = |place: usize| found.get(place).copied().unwrap_or(usize::MAX);
        match action {
            LibraryAction::Section(section) => {
                self.library.section = section;
                Ok(())
            }
            LibraryAction::Least(least) => {
                self.library.least = least;
                Ok(())
            }
            LibraryAction::OfTake(take, action) => {
                let node = self.taker().map(|(node, _)| node).filter(|_| action == TakeAction::Use);
                self.on_take(node.as_ref(), &take, action)
            }
            LibraryAction::Open(place) => self.open_item(at(place)),
            LibraryAction::Insert(place) => {
                let to = self.canvas.center();
                self.insert_template(at(place), to)
            }
            LibraryAction::Reveal(place) => {
                if let Some(medium) = self.library.all_media().get(at(place)) {
                    self.reveal(self.of_medium(medium));
                }
                Ok(())
            }
            LibraryAction::Held(place, to) => {
                self.library.held = Some((at(place), to));
                Ok(())
            }
            LibraryAction::Dropped(place, to) => self.drop_item(at(place), to),
        }
    }

    /// Does what is likely meant: a result of the selected node's kind is its take, any other is read, as media are; a
    /// template is opened.
    fn open_item(&mut self, at: usize) -> Result<()> {
        let middle = self.canvas.center();
        match self.library.section {
            Section::Results => {
                let Some(take) = self.library.all_results().get(at).map(|listed| listed.take.clone()) else {
                    return Ok(());
                };
                let graph = self.session.document.graph();
                let same = |id: &NodeId| graph.find(id).is_ok_and(|node| *node.kind == *take.facts.kind);
                match self.taker().map(|(node, _)| node).filter(same) {
                    Some(node) => self.adopt(node, &take),
                    None => self.add_take(&take, middle)?,
                }
                Ok(())
            }
            Section::Media => self.add_medium(at, middle),
            Section::Templates => match self.library.all_templates().get(at).map(|t| t.name) {
                Some(name) => self.open_template(name),
                None => Ok(()),
            },
        }
    }

    /// Lets an item go at a point of the screen.
    fn drop_item(&mut self, at: usize, to: Pos2) -> Result<()> {
        let landing = self.landing(to, 1);
        let place = self.canvas.graph_at(to);
        match (self.library.section, landing, place) {
            (Section::Templates, _, Some(place)) => self.insert_template(at, place),
            (Section::Results, landing, Some(place)) => {
                let Some(take) = self.library.all_results().get(at).map(|listed| listed.take.clone()) else {
                    return Ok(());
                };
                match landing {
                    Some(Landing::Take(node)) => self.adopt(node, &take),
                    Some(Landing::Files { node, param, many }) => {
                        let names: Vec<String> = names_of(&take).collect();
                        self.set_names(&node, &param, &names, many)?;
                    }
                    None => self.add_take(&take, place)?,
                }
                Ok(())
            }
            (Section::Media, Some(Landing::Take(node)), _) => {
                let Some(medium) = self.library.all_media().get(at) else { return Ok(()) };
                let file = match &medium.path {
                    Some(path) => path.clone(),
                    None => self.session.files().resolve(&medium.name)?,
                };
                self.bring(node, file)
            }
            (Section::Media, Some(Landing::Files { node, param, many }), _) => {
                let Some(name) = self.name_of_medium(at) else { return Ok(()) };
                self.set_names(&node, &param, &[name], many)
            }
            (Section::Media, None, Some(place)) => self.add_medium(at, place),
            (_, _, None) => Ok(()),
        }
    }

    /// What the graph calls a medium, which it may read from now on.
    fn name_of_medium(&mut self, at: usize) -> Option<String> {
        let medium = self.library.all_media().get(at)?.clone();
        Some(match medium.path {
            Some(path) => {
                self.allow(&path);
                self.named(&path)
            }
            None => medium.name,
        })
    }

    fn add_medium(&mut self, at: usize, to: Pos2) -> Result<()> {
        let Some(name) = self.name_of_medium(at) else { return Ok(()) };
        self.add_readers(&[(name, String::new())], to, "Add media")
    }

    /// Reads a take of the library by nodes of their own, one for each of its files.
    pub(in crate::editor::app) fn add_take(&mut self, take: &Take, to: Pos2) -> Result<()> {
        let title = takes::title(take, None);
        let named: Vec<_> = names_of(take).map(|name| (name, title.clone())).collect();
        self.add_readers(&named, to, "Add a result")
    }

    /// Adds a reader for each name, with a title where there is one, as one step.
    pub(in crate::editor::app) fn add_readers(
        &mut self,
        named: &[(String, String)],
        to: Pos2,
        label: &str,
    ) -> Result<()> {
        const READER: &str = "edit/read";
        let mut at = self.free_place(to, None);
        let (mut list, mut new) = (Vec::new(), Vec::<NodeId>::new());
        let mut level = (*self.level()).clone();
        for (name, title) in named {
            let id = edits::fresh(&level, READER)?;
            let add = self.adding(READER, id.clone(), edits::place(at))?;
            level = add.apply(&level)?;
            list.push(add);
            let path = Value::String(name.clone());
            list.push(Edit::Set { node: id.clone(), param: "path".into(), value: path });
            if !title.is_empty() {
                list.push(Edit::Title { node: id.clone(), title: title.clone() });
            }
            new.push(id);
            at.y += BELOW;
        }
        self.hide_start();
        self.edit(list, Some(label), false)?;
        self.canvas.select(new.iter().map(|id| Id::from(id.as_str())));
        if let Some(id) = new.pop().filter(|_| self.slots.is_empty()) {
            self.show_in(1, self.inside.own(&id));
        }
        Ok(())
    }

    /// Puts the nodes of a template into the graph.
    fn insert_template(&mut self, at: usize, to: Pos2) -> Result<()> {
        let Some(template) = self.library.all_templates().get(at).cloned() else { return Ok(()) };
        let ids: Vec<NodeId> = template.graph.nodes.keys().cloned().collect();
        let text = json::copy(&template.graph, &ids)?;
        let before = self.level();
        let at = Some([f64::from(to.x), f64::from(to.y)]);
        let paste = Edit::Paste { json: Value::String(text), at, inputs: false };
        self.edit(vec![paste], Some(&format!("Add {}", template.graph.title)), false)?;
        let after = self.level();
        let new = after.nodes.keys().filter(|id| !before.nodes.contains_key(id));
        let new: Vec<Id> = new.map(|id| Id::from(id.as_str())).collect();
        self.canvas.select(new);
        Ok(())
    }

    /// What is dragged from the library: where it is held, and what would become of it there.
    pub(in crate::editor::app) fn held_item(&self) -> Option<(Pos2, ItemView, Option<String>)> {
        let (at, to) = self.library.held?;
        let inside = self.canvas.graph_at(to).is_some();
        let landing = self.landing(to, 1).filter(|_| self.library.section != Section::Templates);
        let words = match (landing, self.library.section) {
            _ if !inside => None,
            (Some(landing), _) => Some(self.landing_words(&landing)),
            (None, Section::Templates) => Some("Drop to add its nodes".to_owned()),
            (None, _) => Some("Drop to read it by a node of its own".to_owned()),
        };
        Some((to, self.library_item(at)?, words))
    }
}

/// What graphs call the files of a take.
fn names_of(take: &Take) -> impl Iterator<Item = String> {
    take.files.iter().map(|file| format!("take:{}", file.name))
}
