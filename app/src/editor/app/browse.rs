//! The sheet that asks for files where the system has no dialog for that. Folders are read on threads of their own, since
//! they may lie on a slow disk.

use super::dialogs::{Ask, Kind};
use super::{Editor, Message};
use crate::editor::panels::browse::{self, BrowseAction, BrowseView, Row};
use rushes_engine::{Error, Result};
use std::path::{Path, PathBuf};

/// Entries that are listed at most.
const MOST: usize = 10_000;

/// The open sheet.
pub(super) struct Browse {
    ask: Ask,
    folder: PathBuf,
    typed: String,
    /// Files that were marked, by name.
    marked: Vec<String>,
    entries: Option<Result<Vec<Entry>>>,
    number: u64,
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Folders stand first.
    file: bool,
    name: String,
}

impl Editor {
    /// Opens the sheet.
    pub(super) fn browse(&mut self, ask: Ask) {
        let folder = std::path::absolute(self.session.files().folder());
        let typed = if let Kind::Save(name) = &ask.kind { name.clone() } else { String::new() };
        let folder = folder.unwrap_or_else(|_| PathBuf::from("."));
        self.browse = Some(Browse { ask, folder, typed, marked: Vec::new(), entries: None, number: 0 });
        self.list_folder();
    }

    fn list_folder(&mut self) {
        let Some(browse) = &mut self.browse else { return };
        self.browses += 1;
        browse.number = self.browses;
        browse.marked.clear();
        browse.entries = None;
        let (tell, folder, number) = (self.tell.clone(), browse.folder.clone(), browse.number);
        let (endings, folders) = (browse.ask.endings.1, browse.ask.kind == Kind::Folder);
        let run = move || tell.say(Message::Folder(number, entries(&folder, endings, folders)));
        if let Err(e) = std::thread::Builder::new().name("folder".into()).spawn(run) {
            self.toasts.failed(&Error::system(format!("no thread could be started: {e}")));
        }
    }

    /// Takes what lies in a folder.
    pub(super) fn folder_listed(&mut self, number: u64, entries: Result<Vec<Entry>>) {
        if let Some(browse) = self.browse.as_mut().filter(|browse| browse.number == number) {
            browse.entries = Some(entries);
        }
    }

    /// Shows the sheet where it is open, and does what it is asked.
    pub(super) fn browse_sheet(&mut self, ui: &egui::Ui) {
        let theme = self.theme.clone();
        let Some(browse) = &mut self.browse else { return };
        let listed = browse.entries.as_ref();
        let row = |entry: &Entry| Row {
            name: entry.name.clone(),
            folder: !entry.file,
            marked: browse.marked.contains(&entry.name) || (entry.file && browse.typed == entry.name),
        };
        let here = |name: &str| {
            let all = listed.and_then(|listed| listed.as_ref().ok());
            all.is_some_and(|all| all.iter().any(|entry| entry.file && entry.name == name))
        };
        let verb = match &browse.ask.kind {
            Kind::File => "Open",
            Kind::Files => "Add",
            Kind::Folder => "Choose this folder",
            Kind::Save(_) if here(&finished(&browse.typed, browse.ask.endings.1)) => "Replace",
            Kind::Save(_) => "Save",
        };
        let view = BrowseView {
            title: browse.ask.title,
            folder: browse.folder.display().to_string(),
            can_rise: browse.folder.parent().is_some(),
            rows: match listed {
                None => None,
                Some(Ok(all)) => Some(Ok(all.iter().map(row).collect())),
                Some(Err(e)) => Some(Err(e.to_string())),
            },
            verb,
            ready: browse.ask.kind == Kind::Folder || !browse.typed.is_empty() || !browse.marked.is_empty(),
        };
        let done = browse::show(ui.ctx(), &theme, &view, &mut browse.typed);
        match done {
            Some(BrowseAction::Close) => self.browse = None,
            Some(BrowseAction::Rise) => {
                browse.folder.pop();
                self.list_folder();
            }
            Some(BrowseAction::Enter(name)) => {
                browse.folder.push(name);
                self.list_folder();
            }
            Some(BrowseAction::Mark(name)) => browse.mark(name),
            Some(BrowseAction::Confirm) => self.confirm_browse(),
            None => {}
        }
    }

    fn confirm_browse(&mut self) {
        let Some(mut browse) = self.browse.take() else { return };
        let typed = browse.typed.trim();
        let place = browse.folder.join(expanded(typed));
        // A folder that is typed is gone to.
        let is_folder = typed.ends_with(['/', '\\']) || place.is_dir();
        let paths = match &browse.ask.kind {
            _ if !typed.is_empty() && is_folder => {
                browse.folder = place;
                browse.typed =
                    if let Kind::Save(name) = &browse.ask.kind { name.clone() } else { String::new() };
                self.browse = Some(browse);
                return self.list_folder();
            }
            Kind::Folder => vec![browse.folder.clone()],
            Kind::Save(_) => vec![browse.folder.join(expanded(&finished(typed, browse.ask.endings.1)))],
            Kind::File => vec![place],
            Kind::Files if typed.is_empty() => {
                browse.marked.iter().map(|name| browse.folder.join(name)).collect()
            }
            Kind::Files => vec![place],
        };
        self.chosen(browse.ask.purpose, paths);
    }
}

impl Browse {
    /// Marks a file; of several the others stay marked.
    fn mark(&mut self, name: String) {
        if self.ask.kind != Kind::Files {
            self.typed = name;
            return;
        }
        match self.marked.iter().position(|marked| *marked == name) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(name),
        }
        self.typed.clear();
    }
}

/// A name with the ending that it needs to be found again.
fn finished(typed: &str, endings: &[&str]) -> String {
    match endings.first() {
        Some(ending) if !typed.is_empty() && Path::new(typed).extension().is_none() => {
            format!("{typed}.{ending}")
        }
        _ => typed.to_owned(),
    }
}

/// A path in which `~` stands for the home folder.
fn expanded(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    }
}

/// What lies in a folder: folders, then files with one of the endings, each by name; nothing hidden.
fn entries(folder: &Path, endings: &[&str], only_folders: bool) -> Result<Vec<Entry>> {
    let wrong = |e: std::io::Error| Error::missing(format!("this folder cannot be read: {e}"));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)?.take(MOST) {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = !entry.path().is_dir();
        let ending = Path::new(&name).extension().and_then(|e| e.to_str()).unwrap_or_default();
        let meant = endings.is_empty() || endings.iter().any(|e| ending.eq_ignore_ascii_case(e));
        if !name.starts_with('.') && (!file || (meant && !only_folders)) {
            all.push(Entry { file, name });
        }
    }
    all.sort_by_cached_key(|entry| (entry.file, entry.name.to_lowercase()));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stand_first_and_only_what_is_meant_is_listed() {
        let at = tempfile::tempdir().unwrap();
        std::fs::create_dir(at.path().join("Zoo")).unwrap();
        for name in ["b.JSON", "A.json", "c.txt", ".hidden.json"] {
            std::fs::write(at.path().join(name), "").unwrap();
        }
        let names = |endings: &[&str], only: bool| -> Vec<String> {
            entries(at.path(), endings, only).unwrap().into_iter().map(|e| e.name).collect()
        };
        assert_eq!(names(&["json"], false), ["Zoo", "A.json", "b.JSON"]);
        assert_eq!(names(&[], false), ["Zoo", "A.json", "b.JSON", "c.txt"]);
        assert_eq!(names(&[], true), ["Zoo"]);
        assert!(entries(&at.path().join("gone"), &[], false).is_err());
    }

    #[test]
    fn a_name_gets_the_ending_that_it_lacks() {
        assert_eq!(finished("shot", &["json"]), "shot.json");
        assert_eq!(finished("shot.json", &["json"]), "shot.json");
        assert_eq!(finished("shot", &[]), "shot");
        assert_eq!(finished("", &["json"]), "");
    }
}
