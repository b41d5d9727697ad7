//! What a graph may touch: it is a stranger's until a person says otherwise.
//!
//! Paths are relative to the graph's folder. What lies outside it, also behind a link, needs consent: the file was
//! picked by a person, its folder is trusted, or everything is. `asset:` names ship with the program and are always
//! allowed; `take:` names come from the library.

use super::FileIndex;
use crate::tool::{FileEntry, Files};
use crate::{Error, ErrorKind, KeyHasher, Result};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Entries of a folder that are looked at.
const MOST_LISTED: usize = 10_000;

/// The folder beside a graph in which takes lie that came with it.
pub const TAKES_BESIDE: &str = "takes";

/// What a name of a graph stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// A file.
    One(PathBuf),
    /// All files of a folder.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Their names and where they lie.
        files: Vec<(String, PathBuf)>,
    },
    /// The files of a numbered sequence.
    Sequence {
        /// Their folder.
        folder: PathBuf,
        /// Their name, with `%04d` or the like where the number stands.
        pattern: String,
        /// Their names and where they lie.
        files: Vec<(String, PathBuf)>,
    },
}

/// The files of one graph.
pub struct GraphFiles {
    index: Arc<FileIndex>,
    /// The graph's own folder, resolved.
    folder: PathBuf,
    assets: PathBuf,
    takes: PathBuf,
    trust: bool,
    allowed: Mutex<BTreeSet<PathBuf>>,
}

impl GraphFiles {
    /// The files of a graph in `folder`. With `trust` everything that this person may read is allowed.
    pub fn new(index: Arc<FileIndex>, folder: &Path, assets: &Path, takes: &Path, trust: bool) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let (assets, takes) = (assets.to_owned(), takes.to_owned());
        Self { index, folder, assets, takes, trust, allowed: Mutex::default() }
    }

    /// The folder that relative names start from.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Consent to one file or folder, given by a person.
    pub fn allow(&self, path: &Path) {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
    }

    /// Where a file called `name` would lie, without asking the disk.
    pub fn place(&self, name: &str) -> PathBuf {
        normal(&self.folder.join(name))
    }

    /// What is known of the contents of files, by all graphs of the program.
    pub fn index(&self) -> &Arc<FileIndex> {
        &self.index
    }

    /// Where `name` lies, links followed, if it may be touched.
    pub fn resolve(&self, name: &str) -> Result<PathBuf> {
        if let Some(asset) = name.strip_prefix("asset:") {
            return self.shipped(asset).map_err(|e| e.at(name));
        }
        if let Some(take) = name.strip_prefix("take:") {
            return self.take(take).map_err(|e| e.at(name));
        }
        if name.is_empty() {
            return Err(Error::missing("no file is named").help("choose a file"));
        }
        if name.contains("://") || name.contains('\0') {
            return Err(Error::usage("only files on this machine can be named")
                .at(name)
                .help("copy it here first"));
        }
        let path = self.folder.join(name);
        // Consent comes before existence: a stranger's graph does not learn which files there are.
        let lexical = normal(&path);
        let real = lexical.canonicalize();
        let place = real.as_deref().unwrap_or(&lexical);
        if !self.is_allowed(place) {
            return Err(Error::consent("this file lies outside the graph's folder")
                .at(name)
                .help("copy it into the folder, or give --trust (in the window: allow it)"));
        }
        match real {
            Ok(real) => Ok(real),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Err(Error::missing("the file is not there").at(name).help("put it back, or name another"))
            }
            Err(e) => {
                Err(Error::missing(format!("the file cannot be read: {e}")).at(name).help("check its rights"))
            }
        }
    }

    /// The files behind a name that a graph gives: one, those of a folder, or those of a numbered sequence.
    pub fn behind(&self, name: &str) -> Result<Behind> {
        let found = match self.resolve(name) {
            Ok(path) if path.is_dir() => {
                let files = self.named_in(&path, &|_| true)?;
                Ok(Behind::Folder { folder: path, files })
            }
            Ok(path) => Ok(Behind::One(path)),
            Err(e) if e.kind() == ErrorKind::Missing => match name.rsplit_once('/').unwrap_or((".", name)) {
                (folder, pattern) if pattern.contains('%') => {
                    // A numbered sequence: files of its folder that begin and end as it does.
                    let (before, after) = pattern.split_once('%').unwrap_or((pattern, ""));
                    let after =
                        after.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('d');
                    let ours = |file: &str| file.starts_with(before) && file.ends_with(after);
                    let folder = self.resolve(folder)?;
                    let files = self.named_in(&folder, &ours)?;
                    Ok(Behind::Sequence { folder, pattern: pattern.to_owned(), files })
                }
                _ => Err(e),
            },
            Err(e) => Err(e),
        };
        found.map_err(|e| if e.place().is_empty() { e.at(name) } else { e })
    }

    /// The files of a folder whose names `ours` takes, in order, each with where it lies.
    fn named_in(&self, folder: &Path, ours: &dyn Fn(&str) -> bool) -> Result<Vec<(String, PathBuf)>> {
        let unread = |e: std::io::Error| {
            Error::missing(format!("the folder cannot be read: {e}"))
                .at(folder.display())
                .help("check its rights")
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unread)?.take(MOST_LISTED) {
            let name = entry.map_err(unread)?.file_name();
            names.extend(name.into_string().ok().filter(|n| ours(n) && folder.join(n).is_file()));
        }
        names.sort();
        if names.is_empty() {
            return Err(
                Error::missing("no file of this sequence is there").help("check the path and its number")
            );
        }
        let placed = names.into_iter().map(|name| {
            let path = folder.join(&name).canonicalize().map_err(unread)?;
            if self.is_allowed(&path) {
                return Ok((name, path));
            }
            Err(Error::consent("a file of the sequence lies outside the graph's folder")
                .at(name)
                .help("copy it into the folder, or give --trust (in the window: allow it)"))
        });
        placed.collect()
    }

    /// Several files as one: their names and contents in order.
    fn several(&self, path: PathBuf, files: &[(String, PathBuf)]) -> Result<FileEntry> {
        let mut content = KeyHasher::new("files");
        let mut provisional = false;
        for (name, path) in files {
            let entry = self.index.find(path)?;
            content.str(name).key(entry.content);
            provisional |= entry.provisional;
        }
        Ok(FileEntry { path, content: content.finish(), provisional })
    }

    fn is_allowed(&self, path: &Path) -> bool {
        let allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        self.trust || path.starts_with(&self.folder) || path.ancestors().any(|p| allowed.contains(p))
    }

    fn shipped(&self, asset: &str) -> Result<PathBuf> {
        let inside = |p: &Path| p.components().all(|c| matches!(c, Component::Normal(_)));
        if asset.is_empty() || !inside(Path::new(asset)) {
            return Err(Error::usage("this is no name of a shipped file").help("write asset:folder/file"));
        }
        self.assets.join(asset).canonicalize().map_err(|_| {
            Error::missing("no such file ships with this Rushes")
                .help("set RUSHES_ASSETS to the folder of its assets")
        })
    }

    fn take(&self, hash: &str) -> Result<PathBuf> {
        let plain = hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_' || b == b'-');
        if hash.is_empty() || !plain || hash.starts_with('.') {
            return Err(Error::usage("this is no name of a take"));
        }
        if let Ok(path) = self.takes.join(hash).canonicalize() {
            return Ok(path);
        }
        // A graph that was brought from another machine has its takes beside it.
        let beside = self.folder.join(TAKES_BESIDE).join(hash).canonicalize();
        beside.ok().filter(|path| self.is_allowed(path)).ok_or_else(|| {
            Error::missing("the take is not in this library").help("bring it again, or choose another take")
        })
    }
}

impl Files for GraphFiles {
    fn find(&self, name: &str) -> Result<FileEntry> {
        let found = match self.behind(name)? {
            Behind::One(path) => self.index.find(&path),
            Behind::Folder { folder, files } => self.several(folder, &files),
            Behind::Sequence { folder, pattern, files } => self.several(folder.join(pattern), &files),
        };
        found.map_err(|e| if e.place().is_empty() { e.at(name) } else { e })
    }

    fn list(&self, name: &str) -> Result<Vec<String>> {
        let folder = self.resolve(if name.is_empty() { "." } else { name })?;
        let unread = |e: std::io::Error| {
            Error::missing(format!("the folder cannot be read: {e}")).at(name).help("name a folder")
        };
        let before = name.trim_end_matches('/');
        let named = |file: &str| if before.is_empty() { file.to_owned() } else { format!("{before}/{file}") };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unread)?.take(MOST_LISTED) {
            let entry = entry.map_err(unread)?;
            if let (true, Some(file)) = (entry.path().is_file(), entry.file_name().to_str()) {
                names.push(named(file));
            }
        }
        names.sort();
        Ok(names)
    }

    fn output(&self, name: &str) -> Result<PathBuf> {
        if name.is_empty() {
            return Err(Error::usage("no file to write is named").help("set its path, or give -o"));
        }
        let path = normal(&self.folder.join(clean(name)));
        // The folder may be reached through a link; the file itself need not be there yet.
        let folder = path.parent().unwrap_or(&self.folder);
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        if !self.is_allowed(&real) {
            return Err(Error::consent("the graph would write outside its folder")
                .at(name)
                .help("choose the file with -o, or give --trust"));
        }
        Ok(path)
    }
}

/// Takes `.` and `..` out of a path without asking the disk.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// An output name without what no file system likes; folders in it stay.
fn clean(name: &str) -> String {
    let bad = |c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '|' | '?' | '*');
    name.chars().map(|c| if bad(c) { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_stays_in_its_folder_until_a_person_says_otherwise() {
        let root = tempfile::tempdir().unwrap();
        let (folder, outside) = (root.path().join("graph"), root.path().join("outside"));
        for f in [&folder, &outside, &root.path().join("assets")] {
            std::fs::create_dir_all(f).unwrap();
        }
        std::fs::write(folder.join("in.txt"), "in").unwrap();
        std::fs::write(outside.join("out.txt"), "out").unwrap();
        std::fs::write(root.path().join("assets/a.txt"), "asset").unwrap();
        let index = Arc::new(FileIndex::open(None, || {}));
        let files =
            |trust| GraphFiles::new(index.clone(), &folder, &root.path().join("assets"), root.path(), trust);
        let strict = files(false);
        let kind = |name: &str| strict.find(name).map(|_| ()).map_err(|e| e.kind());
        assert_eq!(kind("in.txt"), Ok(()));
        assert_eq!(kind("./x/../in.txt"), Ok(()));
        assert_eq!(kind("nothing.txt"), Err(ErrorKind::Missing));
        assert_eq!(kind("../outside/out.txt"), Err(ErrorKind::Consent));
        assert_eq!(
            kind("../outside/nothing.txt"),
            Err(ErrorKind::Consent),
            "it does not learn what is there"
        );
        assert_eq!(kind(&outside.join("out.txt").to_string_lossy()), Err(ErrorKind::Consent));
        assert_eq!(kind("http://example.com/x"), Err(ErrorKind::Usage));
        assert_eq!(kind("asset:a.txt"), Ok(()));
        assert_eq!(kind("asset:../outside/out.txt"), Err(ErrorKind::Usage));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.join("out.txt"), folder.join("link.txt")).unwrap();
            assert_eq!(kind("link.txt"), Err(ErrorKind::Consent));
        }
        assert_eq!(strict.list(".").unwrap().first().map(String::as_str), Some("./in.txt"));
        assert_eq!(strict.list("").unwrap().first().map(String::as_str), Some("in.txt"));
        assert_eq!(strict.list("../outside").map_err(|e| e.kind()), Err(ErrorKind::Consent));
        assert!(files(true).find("../outside/out.txt").is_ok());
        strict.allow(&outside);
        assert_eq!(kind("../outside/out.txt"), Ok(()));
    }

    #[test]
    fn a_take_is_looked_for_in_the_library_and_then_beside_the_graph() {
        let root = tempfile::tempdir().unwrap();
        let (graph, library) = (root.path().join("graph"), root.path().join("library"));
        std::fs::create_dir_all(graph.join(TAKES_BESIDE)).unwrap();
        std::fs::create_dir_all(&library).unwrap();
        let files =
            GraphFiles::new(Arc::new(FileIndex::open(None, || {})), &graph, root.path(), &library, false);
        let text = |name: &str| files.resolve(name).map(|p| std::fs::read_to_string(p).unwrap());
        assert_eq!(text("take:a.mp4").unwrap_err().kind(), ErrorKind::Missing);
        std::fs::write(graph.join(TAKES_BESIDE).join("a.mp4"), "beside").unwrap();
        assert_eq!(text("take:a.mp4").unwrap(), "beside");
        std::fs::write(library.join("a.mp4"), "library").unwrap();
        assert_eq!(text("take:a.mp4").unwrap(), "library");
        #[cfg(unix)]
        {
            std::fs::write(root.path().join("secret.mp4"), "secret").unwrap();
            let link = graph.join(TAKES_BESIDE).join("b.mp4");
            std::os::unix::fs::symlink(root.path().join("secret.mp4"), link).unwrap();
            assert!(text("take:b.mp4").is_err(), "a link out of the folder is not followed");
        }
    }

    #[test]
    fn a_sequence_counts_by_all_its_files() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(root.path().join(name), text).unwrap();
        let index = Arc::new(FileIndex::open(None, || {}));
        let files = GraphFiles::new(index, root.path(), root.path(), root.path(), false);
        assert_eq!(files.find("s_%03d.png").unwrap_err().kind(), ErrorKind::Missing);
        write("s_001.png", "one");
        write("other.txt", "x");
        let one = files.find("s_%03d.png").unwrap();
        assert!(one.path.ends_with("s_%03d.png"));
        write("other.txt", "changed");
        assert_eq!(files.find("s_%03d.png").unwrap(), one);
        write("s_002.png", "two");
        assert_ne!(files.find("s_%03d.png").unwrap().content, one.content);
        let folder = files.find(".").unwrap();
        assert!(folder.path.is_dir());
        write("s_003.png", "three");
        assert_ne!(files.find(".").unwrap().content, folder.content);
    }

    #[test]
    fn outputs_are_cleaned_and_stay_inside() {
        let root = tempfile::tempdir().unwrap();
        let index = Arc::new(FileIndex::open(None, || {}));
        let files = GraphFiles::new(index, root.path(), root.path(), root.path(), false);
        assert!(files.output("a?b*.mp4").unwrap().ends_with("a_b_.mp4"));
        assert_eq!(files.output("../x.mp4").unwrap_err().kind(), ErrorKind::Consent);
        assert_eq!(files.output("").unwrap_err().kind(), ErrorKind::Usage);
    }
}
