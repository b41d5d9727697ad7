//! Files that are no longer where they were, found again by what they contain, else by their name and size.

use super::FileIndex;
use super::index::hash;
use crate::{Cancel, Key, Progress, Result};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How deep below a folder a lost file is looked for.
const MAX_DEPTH: usize = 8;
/// Among how many files a lost file is looked for.
const MAX_SEEN: usize = 100_000;

/// A file that is not where it was, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Its name without folders; of a numbered sequence the pattern.
    pub name: String,
    /// The hash of its content, where it is known.
    pub content: Option<Key>,
    /// Its size, where it is known.
    pub size: Option<u64>,
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies; of a sequence its folder with the pattern.
    pub path: PathBuf,
    /// Whether it is the same by its content, not only by its name.
    pub same: bool,
}

/// A file of a folder.
struct Seen {
    path: PathBuf,
    size: u64,
}

impl FileIndex {
    /// Looks for lost files where their content was seen before, and in `folder`, up to eight folders deep and among the
    /// first 100,000 files. Links are not followed. The answers are in the order of `lost`.
    ///
    /// # Errors
    /// Only a stop that was asked for.
    pub fn search(
        &self,
        lost: &[Lost],
        folder: &Path,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<Option<Found>>> {
        let seen = walk(folder, cancel, progress)?;
        let mut hashes = HashMap::new();
        let mut found = Vec::new();
        for (number, one) in lost.iter().enumerate() {
            progress.report(number as f32 / lost.len() as f32, &one.name);
            found.push(match one.name.contains('%') {
                true => sequence(one, &seen),
                false => self.find_again(one, &seen, &mut hashes, cancel)?,
            });
        }
        Ok(found)
    }

    fn find_again(
        &self,
        lost: &Lost,
        seen: &[Seen],
        hashes: &mut HashMap<PathBuf, Option<Key>>,
        cancel: &Cancel,
    ) -> Result<Option<Found>> {
        let named = |path: &Path| {
            let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase());
            name.as_deref() == Some(lost.name.to_lowercase().as_str())
        };
        if let Some(content) = lost.content {
            let ending = Path::new(&lost.name).extension();
            let might = |seen: &&Seen| match lost.size {
                Some(size) => seen.size == size,
                // Without its size every file of its type must be read.
                None => seen.path.extension() == ending,
            };
            let mut places: Vec<PathBuf> = seen.iter().filter(might).map(|s| s.path.clone()).collect();
            places.sort_by_key(|path| !named(path));
            places.extend(self.places_of(content).into_iter().filter(|p| p.is_file()));
            for path in places {
                if !hashes.contains_key(&path) {
                    let key = hash(&path, cancel);
                    cancel.check()?;
                    hashes.insert(path.clone(), key.ok());
                }
                if hashes.get(&path) == Some(&Some(content)) {
                    return Ok(Some(Found { path, same: true }));
                }
            }
        }
        let mut alike: Vec<&Seen> = seen.iter().filter(|s| named(&s.path)).collect();
        alike.sort_by_key(|s| lost.size.map_or(0, |size| size.abs_diff(s.size)));
        Ok(alike.first().map(|s| Found { path: s.path.clone(), same: false }))
    }
}

/// The folder that holds most files of a numbered sequence.
fn sequence(lost: &Lost, seen: &[Seen]) -> Option<Found> {
    let (before, after) = lost.name.split_once('%')?;
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('d');
    let mut counts: HashMap<&Path, usize> = HashMap::new();
    for file in seen {
        let name = file.path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        let number = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            *counts.entry(file.path.parent()?).or_default() += 1;
        }
    }
    let best = counts.into_iter().max_by_key(|(folder, count)| (*count, std::cmp::Reverse(*folder)));
    best.map(|(folder, _)| Found { path: folder.join(&lost.name), same: false })
}

/// The files below a folder, in order of their paths.
fn walk(folder: &Path, cancel: &Cancel, progress: &Progress) -> Result<Vec<Seen>> {
    let mut open = vec![(folder.to_path_buf(), 0)];
    let mut seen = Vec::new();
    while let Some((folder, depth)) = open.pop() {
        progress.report(0.0, &format!("{} files in {}", seen.len(), folder.display()));
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            cancel.check()?;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => open.push((entry.path(), depth + 1)),
                Ok(kind) if kind.is_file() => {
                    let size = entry.metadata().map_or(0, |m| m.len());
                    seen.push(Seen { path: entry.path(), size });
                }
                _ => {}
            }
            if seen.len() >= MAX_SEEN {
                open.clear();
                break;
            }
        }
    }
    seen.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(index: &FileIndex, lost: Lost, folder: &Path) -> Option<Found> {
        let all = index.search(&[lost], folder, &Cancel::new(), &Progress::silent()).unwrap();
        all.into_iter().next().unwrap()
    }

    #[test]
    fn a_moved_file_is_found_by_what_it_contains_then_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (at, deep) = (|n: &str| root.join(n), root.join("a/b"));
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(at("clip.mp4"), "content").unwrap();
        std::fs::write(at("decoy.mp4"), "contend").unwrap();
        let index = FileIndex::open(None, || {});
        index.find(&at("clip.mp4")).unwrap();
        std::fs::rename(at("clip.mp4"), deep.join("renamed.mp4")).unwrap();
        let (content, size) = index.remembered(&at("clip.mp4")).unwrap();
        assert_eq!(size, 7);
        let lost = |content, size| Lost { name: "clip.mp4".into(), content, size };
        let renamed = Some(Found { path: deep.join("renamed.mp4"), same: true });
        assert_eq!(search(&index, lost(Some(content), Some(size)), &root), renamed);
        assert_eq!(search(&index, lost(Some(content), None), &root), renamed);
        assert_eq!(search(&index, lost(None, Some(7)), &root), None);
        assert_eq!(search(&index, lost(Some(content), Some(8)), &root), None);
        std::fs::write(deep.join("CLIP.mp4"), "another cut").unwrap();
        let by_name = Some(Found { path: deep.join("CLIP.mp4"), same: false });
        assert_eq!(search(&index, lost(None, Some(7)), &root), by_name);
        assert_eq!(search(&index, lost(Some(content), Some(size)), &root), renamed, "content comes first");
    }

    #[test]
    fn a_place_known_from_another_graph_is_found_though_it_is_not_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("empty")).unwrap();
        std::fs::write(root.join("copy.png"), "picture").unwrap();
        let index = FileIndex::open(None, || {});
        let content = index.find(&root.join("copy.png")).unwrap().content;
        let lost = Lost { name: "original.png".into(), content: Some(content), size: Some(7) };
        let found = search(&index, lost, &root.join("empty"));
        assert_eq!(found, Some(Found { path: root.join("copy.png"), same: true }));
    }

    #[test]
    fn a_sequence_is_found_by_its_numbers() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["one/f_01.png", "two/f_01.png", "two/f_02.png", "two/f_x.png", "two/f_.png"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let index = FileIndex::open(None, || {});
        let lost = |name: &str| Lost { name: name.into(), ..Lost::default() };
        let found = search(&index, lost("f_%02d.png"), folder.path()).unwrap();
        assert_eq!(found.path, folder.path().join("two/f_%02d.png"));
        assert_eq!(search(&index, lost("g_%02d.png"), folder.path()), None);
    }

    #[test]
    fn a_search_stops_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "a").unwrap();
        let stop = Cancel::new();
        stop.cancel();
        let index = FileIndex::open(None, || {});
        let lost = [Lost { name: "a".into(), ..Lost::default() }];
        assert!(index.search(&lost, folder.path(), &stop, &Progress::silent()).unwrap_err().is_cancelled());
    }
}
