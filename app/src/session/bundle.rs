//! A graph with everything that it names, in one zip that opens elsewhere.
//!
//! Files that lie in the graph's folder keep their place; the rest goes to `media/`, takes to `takes/`. What ships with
//! the program is named, not packed. The same graph and files give the same bytes. Nothing is held in memory, nothing is
//! packed that the graph may not read, and the zip has its name only once it is whole.

use super::licences::{Licences, PAGE};
use super::named::{self, Spot};
use super::{Session, embed};
use rushes_engine::describe::Shape;
use rushes_engine::document::{Graph, Node, NodeId, json};
use rushes_engine::files::{Behind, TAKES_BESIDE, Temporary, io_error};
use rushes_engine::library::Library;
use rushes_engine::{Cancel, Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Where files go that lie outside the graph's folder.
const MEDIA: &str = "media";
/// A file this large needs the fields of zip64.
const LARGE: u64 = u32::MAX as u64 - (1 << 20);

/// What was packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundled {
    /// The files, by their names in the zip.
    pub files: Vec<String>,
    /// Bytes of all of them.
    pub bytes: u64,
    /// What a person should know.
    pub words: Vec<String>,
}

/// What is to be packed: each name in the zip with where its bytes lie.
#[derive(Default)]
struct Packing {
    /// Names in lower case, for file systems that do not tell them apart.
    taken: BTreeSet<String>,
    files: BTreeMap<String, PathBuf>,
    /// Names that were given, by what they stand for.
    given: BTreeMap<PathBuf, String>,
}

impl Session {
    /// Packs the graph and what it names into `out`.
    ///
    /// # Errors
    /// A file is missing or may not be read, `out` is one of the files, or it cannot be written; nothing is left then.
    pub fn bundle(&self, out: &Path, cancel: &Cancel) -> Result<Bundled> {
        let path = self.document.path();
        let stem = path
            .and_then(Path::file_stem)
            .map_or_else(|| "graph".into(), |s| s.to_string_lossy().into_owned());
        let name = format!("{stem}.json");
        let mut packing = Packing::default();
        packing.reserve(&name);
        packing.reserve(PAGE);
        let mut bundled = Bundled::default();
        let graph = self.document.graph();
        let mut licences = Licences::default();
        let mut problem = None;
        let moved = named::renamed(graph, &self.registry, |spot, name| {
            if problem.is_none()
                && let Err(e) = self.pack(spot, name, &mut packing, &mut licences)
            {
                problem = Some(e.at(&spot.param.name).at(spot.place()));
            }
        });
        if let Some(problem) = problem {
            return Err(problem);
        }
        self.pack_takes(&mut packing)?;
        for (level, id, node) in everywhere(graph) {
            if Shape::of_kind(graph, &self.registry, &node.kind).is_err() {
                let place = level.map_or_else(|| id.to_string(), |level| format!("{level}: {id}"));
                let words = "is of an unknown kind; files that it names are not packed";
                bundled.words.push(format!("{place} ({}) {words}", node.kind));
            }
        }
        let page = licences.page(&self.assets);
        let texts = [(name, json::write(&moved)), (PAGE.to_owned(), page)];
        write(out, &texts, &packing.files, &mut bundled, cancel)?;
        Ok(bundled)
    }

    /// Takes a file in and leaves the name that it has in the bundle.
    fn pack(
        &self,
        spot: &Spot<'_>,
        name: &mut String,
        packing: &mut Packing,
        licences: &mut Licences,
    ) -> Result<()> {
        if name.is_empty() {
            return Ok(());
        }
        if let Some(asset) = name.strip_prefix("asset:") {
            self.files.resolve(name)?;
            licences.ships(asset);
            return Ok(());
        }
        if spot.is_output() || spot.is_folder() {
            // To be written, or to be watched: a place, not a file.
            if !is_within(name) {
                embed::shorten(name);
            }
            return Ok(());
        }
        let parts = Path::new(name.as_str()).components().map(|part| part.as_os_str().to_string_lossy());
        let kept = is_within(name).then(|| parts.collect::<Vec<_>>().join("/"));
        *name = match self.files.behind(name)? {
            Behind::One(path) => packing.one(kept, &path),
            Behind::Folder { folder, files } => packing.several(kept, &folder, &folder, &files)?,
            Behind::Sequence { folder, pattern, files } => {
                let kept =
                    kept.map(|kept| kept.rsplit_once('/').map_or_else(String::new, |(f, _)| f.to_owned()));
                let folder = packing.several(kept, &folder.join(&pattern), &folder, &files)?;
                if folder.is_empty() { pattern } else { format!("{folder}/{pattern}") }
            }
        };
        licences.comes(name, spot.node);
        Ok(())
    }

    /// The files of all takes that play.
    fn pack_takes(&self, packing: &mut Packing) -> Result<()> {
        let graph: &Graph = self.document.graph();
        let library = Library::open(&self.home.library())?;
        for (_, id, node) in everywhere(graph).filter(|(.., n)| !n.take.is_empty()) {
            let take = library.get(&node.take).ok();
            let files = take.iter().flat_map(|t| t.files.iter().map(|f| f.name.clone()));
            for name in std::iter::once(node.take.clone()).chain(files) {
                let path = self.files.resolve(&format!("take:{name}")).map_err(|e| e.at(id))?;
                packing.one(Some(format!("{TAKES_BESIDE}/{name}")), &path);
            }
        }
        Ok(())
    }
}

/// Every node, those of sub-graphs with the name of theirs.
fn everywhere(graph: &Graph) -> impl Iterator<Item = (Option<&NodeId>, &NodeId, &Node)> {
    let inner =
        graph.graphs.iter().flat_map(|(name, g)| g.nodes.iter().map(move |(id, n)| (Some(name), id, &**n)));
    graph.nodes.iter().map(|(id, n)| (None, id, &**n)).chain(inner)
}

impl Packing {
    fn reserve(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_lowercase())
    }

    /// The name of a file in the bundle: the one it is `kept` under, else one of its own in `media/`.
    fn one(&mut self, kept: Option<String>, path: &Path) -> String {
        if let Some(kept) = kept {
            let same = self.files.get(&kept).is_some_and(|at| at == path);
            if same || self.reserve(&kept) {
                self.files.insert(kept.clone(), path.to_owned());
                return kept;
            }
        }
        if let Some(given) = self.given.get(path) {
            return given.clone();
        }
        let name = self.free(&file_name(path));
        self.files.insert(name.clone(), path.to_owned());
        self.given.insert(path.to_owned(), name.clone());
        name
    }

    /// The folder in the bundle of several files, which are known together as `whole`.
    fn several(
        &mut self,
        kept: Option<String>,
        whole: &Path,
        folder: &Path,
        files: &[(String, PathBuf)],
    ) -> Result<String> {
        if let Some(given) = self.given.get(whole) {
            return Ok(given.clone());
        }
        let place = kept.unwrap_or_else(|| self.free(&file_name(folder)));
        for (name, path) in files {
            let name = if place.is_empty() { name.clone() } else { format!("{place}/{name}") };
            let same = self.files.get(&name).is_some_and(|at| at == path);
            if !same && !self.reserve(&name) {
                return Err(Error::usage("two files of the bundle would have one name")
                    .at(&name)
                    .help("give one of them another name"));
            }
            self.files.insert(name, path.clone());
        }
        self.given.insert(whole.to_owned(), place.clone());
        Ok(place)
    }

    /// A name in `media/` that nothing has.
    fn free(&mut self, file: &str) -> String {
        let (stem, ending) = match file.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
            _ => (file, String::new()),
        };
        let mut name = format!("{MEDIA}/{file}");
        let mut number = 2;
        while !self.reserve(&name) {
            name = format!("{MEDIA}/{stem}_{number}{ending}");
            number += 1;
        }
        name
    }
}

/// Whether a name stays below the folder that it starts from, as it is written.
fn is_within(name: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    Path::new(name).components().all(plain) && !name.contains([':', '\\'])
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".into(), |n| n.to_string_lossy().replace(['\\', ':'], "_"))
}

fn write(
    out: &Path,
    texts: &[(String, String)],
    files: &BTreeMap<String, PathBuf>,
    bundled: &mut Bundled,
    cancel: &Cancel,
) -> Result<()> {
    let target = out.canonicalize().unwrap_or_else(|_| out.to_owned());
    if files.values().any(|path| *path == target) {
        return Err(Error::usage("the bundle would be written onto a file that it packs")
            .at(out.display())
            .help("choose another name"));
    }
    let failed = |e: zip::result::ZipError| {
        Error::system(format!("the bundle cannot be written: {e}")).at(out.display()).help("check the disk")
    };
    let mut temporary = Temporary::beside(out)?;
    let Some(file) = temporary.file() else { return Err(Error::system("the bundle has no file")) };
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, file));
    // No times, owners or compression: the same files are the same bytes, and media are compressed already.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, text) in texts {
        zip.start_file(name, options).map_err(failed)?;
        zip.write_all(text.as_bytes()).map_err(|e| io_error("write the bundle", out, &e))?;
        bundled.bytes += text.len() as u64;
        bundled.files.push(name.clone());
    }
    let mut buffer = vec![0; 1 << 20];
    for (name, path) in files {
        let mut source = File::open(path).map_err(|e| io_error("read the file", path, &e))?;
        let length = source.metadata().map_or(0, |m| m.len());
        zip.start_file(name, options.large_file(length >= LARGE)).map_err(failed)?;
        loop {
            cancel.check()?;
            let n = source.read(&mut buffer).map_err(|e| io_error("read the file", path, &e))?;
            if n == 0 {
                break;
            }
            let piece = buffer.get(..n).unwrap_or_default();
            zip.write_all(piece).map_err(|e| io_error("write the bundle", out, &e))?;
            bundled.bytes += n as u64;
        }
        bundled.files.push(name.clone());
    }
    let mut file = zip.finish().map_err(failed)?;
    file.flush().map_err(|e| io_error("write the bundle", out, &e))?;
    drop(file);
    temporary.keep()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_the_bundle() {
        for (name, within) in [
            ("a.mp4", true),
            ("b/a.mp4", true),
            ("../a", false),
            ("/a", false),
            ("C:\\a", false),
            ("./a", false),
        ] {
            assert_eq!(is_within(name), within, "{name}");
        }
    }

    #[test]
    fn files_of_one_name_get_names_of_their_own_and_one_file_has_one() {
        let mut packing = Packing::default();
        let path = |p: &str| PathBuf::from(p);
        assert_eq!(packing.one(None, &path("/x/Clip.mp4")), "media/Clip.mp4");
        assert_eq!(packing.one(None, &path("/y/clip.mp4")), "media/clip_2.mp4");
        assert_eq!(packing.one(None, &path("/x/Clip.mp4")), "media/Clip.mp4");
        assert_eq!(packing.one(Some("clip.mp4".into()), &path("/g/clip.mp4")), "clip.mp4");
        assert_eq!(packing.one(Some("clip.mp4".into()), &path("/g/clip.mp4")), "clip.mp4");
        assert_eq!(packing.files.len(), 3);
    }
}
