//! The library: results of jobs, by their content, with all that is known about how they came to be.
//!
//! Nothing leaves it by itself. Files lie in one folder, each named by the BLAKE3 hash of its content and the ending of
//! its type, so a name says what is inside, and the same result twice is one file. Beside them, in folders whose names
//! begin with a dot: a record for each take, and lists that find takes by the key of a recipe, of a content, or by a
//! series such as a node. Lists can be made again from the records. Every write is whole or not at all, in an order in
//! which a crash leaves at worst a file without a record; programs that write at once wait for each other.

mod intake;
mod lists;
mod record;
mod verify;

pub use intake::Intake;
pub use record::{Facts, Remarks, Take, TakeFile};
pub use verify::Verified;

use crate::files::{io_error, write_atomic};
use crate::plan::Made;
use crate::{Cancel, Error, Key, Result};
use lists::List;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The longest record, in bytes.
const MAX_RECORD: u64 = 16 << 20;

/// A file that was being taken in longer ago than this was left by a crash.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// An open library.
#[derive(Clone, Debug)]
pub struct Library {
    folder: PathBuf,
}

/// What a result is found by, and what it is a take of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The key of the recipe, which planning alone knows.
    pub recipe: Option<Key>,
    /// The key of the exact request with the content of its inputs.
    pub content: Option<Key>,
    /// The series that it is a take of, such as a node of a graph, in the words of the caller.
    pub series: Option<String>,
    /// The parts of the recipe, for telling later why another recipe differs.
    pub made: Option<Made>,
}

impl Library {
    /// The library in `folder`, which is made if need be.
    pub fn open(folder: &Path) -> Result<Self> {
        let library = Self { folder: folder.to_path_buf() };
        for folder in
            std::iter::once(library.records()).chain(List::ALL.map(|list| list.folder(&library.folder)))
        {
            std::fs::create_dir_all(&folder).map_err(|e| io_error("make the library", &folder, &e))?;
        }
        library.clear_abandoned();
        Ok(library)
    }

    /// Removes what a program that ended while it took in a file left half done.
    fn clear_abandoned(&self) {
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let half = entry.file_name().to_string_lossy().starts_with(intake::HALF);
            let modified = entry.metadata().and_then(|meta| meta.modified()).ok();
            let since = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
            if half
                && since.is_some_and(|since| since > ABANDONED)
                && let Err(e) = std::fs::remove_file(entry.path())
            {
                log::warn!("{}", io_error("clear the library", &entry.path(), &e));
            }
        }
    }

    /// The folder that files of takes lie in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the file called `name` by a take lies.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        Ok(self.folder.join(checked(name)?))
    }

    /// Takes in the files of one result, in their order, and keeps what is known about it. On its return all is on disk.
    ///
    /// A result that is there already keeps its record, and gets the new links.
    pub fn add(
        &self,
        files: &[&Path],
        intake: Intake,
        facts: Facts,
        links: &Links,
        cancel: &Cancel,
    ) -> Result<Take> {
        if files.is_empty() {
            return Err(Error::usage("a take needs a file"));
        }
        let taken = files.iter().map(|path| intake::take_in(&self.folder, path, intake, cancel));
        let files = taken.collect::<Result<Vec<TakeFile>>>()?;
        let id = match files.as_slice() {
            [one] => one.name.clone(),
            many => self.set(many)?,
        };
        let _lock = self.lock()?;
        let mut take = match self.get(&id) {
            Ok(known) => known,
            Err(_) => Take::new(id, files, facts),
        };
        self.link_locked(&mut take, links)?;
        Ok(take)
    }

    /// Makes a known result also that of another recipe, request or series: nothing is made or bought again.
    pub fn link(&self, id: &str, links: &Links) -> Result<Take> {
        let _lock = self.lock()?;
        let mut take = self.get(id)?;
        self.link_locked(&mut take, links)?;
        Ok(take)
    }

    /// The record of a take.
    pub fn get(&self, id: &str) -> Result<Take> {
        let path = self.record(id)?;
        let file = File::open(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::missing(format!("there is no take “{id}” in the library"))
                .help("see rushes library list"),
            _ => io_error("read the library", &path, &e),
        })?;
        let mut bytes = Vec::new();
        file.take(MAX_RECORD).read_to_end(&mut bytes).map_err(|e| io_error("read the library", &path, &e))?;
        let take: Take = serde_json::from_slice(&bytes).map_err(|e| {
            Error::media(format!("the record of a take is damaged: {e}"))
                .at(path.display())
                .help("see rushes library verify")
        })?;
        for file in &take.files {
            checked(&file.name)?;
        }
        if take.id == id {
            Ok(take)
        } else {
            Err(Error::media("the record of a take is another's").at(path.display()))
        }
    }

    /// The takes of a recipe, oldest first, whose files are all there. Several where somebody ran it again.
    pub fn by_recipe(&self, recipe: Key) -> Vec<Take> {
        self.listed(List::Recipe, recipe)
    }

    /// The takes of an exact request, oldest first, whose files are all there.
    pub fn by_content(&self, content: Key) -> Vec<Take> {
        self.listed(List::Content, content)
    }

    /// The takes of a series, oldest first, whose files are all there.
    pub fn series(&self, series: &str) -> Vec<Take> {
        self.listed(List::Series, lists::series_key(series))
    }

    /// Gives the takes of a series to another one too, as when a node is renamed or a graph saved elsewhere.
    pub fn carry_series(&self, from: &str, to: &str) -> Result<()> {
        for take in self.series(from) {
            self.link(&take.id, &Links { series: Some(to.to_owned()), ..Links::default() })?;
        }
        Ok(())
    }

    /// Every take, oldest first. Records that cannot be read are left out and found by [`Library::verify`].
    pub fn list(&self) -> Result<Vec<Take>> {
        let mut takes: Vec<Take> = self.ids()?.iter().filter_map(|id| self.get(id).ok()).collect();
        takes.sort_by(|a, b| (a.made, &a.id).cmp(&(b.made, &b.id)));
        Ok(takes)
    }

    /// Replaces what a person says about a take.
    pub fn remark(&self, id: &str, remarks: Remarks) -> Result<Take> {
        remarks.check()?;
        let _lock = self.lock()?;
        let mut take = self.get(id)?;
        take.remarks = remarks;
        self.write(&take)?;
        Ok(take)
    }

    /// Replaces the facts about a take that a person brought. Those of a job are as the job left them.
    pub fn state(&self, id: &str, facts: Facts) -> Result<Take> {
        let _lock = self.lock()?;
        let mut take = self.get(id)?;
        if !take.facts.brought || !facts.brought {
            return Err(Error::usage("the facts about this take come from the job that made it").at(id));
        }
        take.facts = facts;
        self.write(&take)?;
        Ok(take)
    }

    /// Removes a take for good, with those of its files that no other take has. Only ever on a person's word.
    pub fn remove(&self, id: &str) -> Result<()> {
        let _lock = self.lock()?;
        let take = self.get(id)?;
        let path = self.record(id)?;
        std::fs::remove_file(&path).map_err(|e| io_error("remove the take", &path, &e))?;
        let kept: std::collections::BTreeSet<String> =
            self.list()?.into_iter().flat_map(Take::into_names).collect();
        for name in take.into_names().filter(|name| !kept.contains(name)) {
            let path = self.path(&name)?;
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io_error("remove the take", &path, &e));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn link_locked(&self, take: &mut Take, links: &Links) -> Result<()> {
        for (key, keys) in [(links.recipe, &mut take.recipes), (links.content, &mut take.contents)] {
            if let Some(key) = key.map(|key| key.to_string())
                && !keys.contains(&key)
            {
                keys.push(key);
            }
        }
        if let Some(series) = &links.series
            && !take.series.contains(series)
        {
            take.series.push(series.clone());
        }
        if let Some(made) = &links.made {
            take.made_from = Some(made.clone());
        }
        // The record comes first: what it says can be listed again, a list without it finds nothing.
        self.write(take)?;
        for (list, key) in take.listings() {
            list.enter(&self.folder, key, &take.id)?;
        }
        Ok(())
    }

    fn listed(&self, list: List, key: Key) -> Vec<Take> {
        let takes = list.read(&self.folder, key).into_iter().filter_map(|id| self.get(&id).ok());
        takes.filter(|take| take.files.iter().all(|file| self.is_there(file))).collect()
    }

    fn is_there(&self, file: &TakeFile) -> bool {
        self.folder.join(&file.name).metadata().is_ok_and(|meta| meta.is_file() && meta.len() == file.bytes)
    }

    /// Names a result of several files by a file that lists them.
    fn set(&self, files: &[TakeFile]) -> Result<String> {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let text = serde_json::json!({ "files": names }).to_string();
        let name = format!("{}.json", intake::content_key(text.as_bytes()));
        write_atomic(&self.folder.join(&name), text.as_bytes())?;
        Ok(name)
    }

    fn write(&self, take: &Take) -> Result<()> {
        let text = serde_json::to_vec_pretty(take)
            .map_err(|e| Error::system(format!("the record of a take cannot be written: {e}")))?;
        if text.len() as u64 > MAX_RECORD {
            return Err(Error::usage(format!(
                "what is known about a take is larger than {} MiB",
                MAX_RECORD >> 20
            )));
        }
        write_atomic(&self.record(&take.id)?, &text)
    }

    fn records(&self) -> PathBuf {
        self.folder.join(".records")
    }

    fn record(&self, id: &str) -> Result<PathBuf> {
        Ok(self.records().join(format!("{}.json", checked(id)?)))
    }

    fn ids(&self) -> Result<Vec<String>> {
        let folder = self.records();
        let entries = std::fs::read_dir(&folder).map_err(|e| io_error("read the library", &folder, &e))?;
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names
            .filter_map(|n| n.strip_suffix(".json").map(str::to_owned))
            .filter(|n| checked(n).is_ok())
            .collect())
    }

    /// Waits until no other program writes.
    fn lock(&self) -> Result<File> {
        let path = self.folder.join(".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|e| io_error("open the library", &path, &e))?;
        if let Err(e) = file.lock() {
            // A file system without locks; every write is still whole.
            log::warn!("the library cannot be locked: {e}");
        }
        Ok(file)
    }
}

/// A name of a file in the library: 32 hexadecimal digits, a dot and the ending of a type.
fn checked(name: &str) -> Result<&str> {
    let well = name.split_once('.').is_some_and(|(hash, ending)| {
        Key::from_hex(hash).is_some_and(|key| key.to_string() == hash)
            && (1..=8).contains(&ending.len())
            && ending.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if well {
        return Ok(name);
    }
    let shown: String = name.chars().take(60).collect();
    Err(Error::usage(format!("“{shown}” is no take of the library")).help("see rushes library list"))
}

#[cfg(test)]
mod tests;
