//! Numbered stills and folders of stills.

use rushes_engine::{Error, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name endings of stills.
const STILLS: &[&str] = &[
    "png", "jpg", "jpeg", "webp", "tif", "tiff", "exr", "bmp", "dpx", "jp2", "j2k", "jxl", "ppm", "pgm",
    "qoi", "sgi",
];

/// The most stills of one sequence.
const MAX_FILES: usize = 1_000_000;

/// The place of a number in a file name: `shot_%04d.png`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    folder: PathBuf,
    before: String,
    after: String,
    digits: usize,
}

impl Pattern {
    /// The pattern in a path, if its file name has one `%d` or `%0Nd`.
    pub(crate) fn parse(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (before, rest) = name.split_once('%')?;
        let (digits, after) = rest.split_once('d')?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > 2 || after.contains('%') {
            return None;
        }
        let digits = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        Some(Self { folder, before: before.to_owned(), after: after.to_owned(), digits })
    }

    /// The file of a number.
    pub(crate) fn file(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{}{number:0width$}{}", self.before, self.after, width = self.digits))
    }

    fn number(&self, name: &str) -> Option<u64> {
        let digits = name.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())?;
        let well_formed = digits.bytes().all(|b| b.is_ascii_digit())
            && (digits.len() == self.digits || digits.len() > self.digits && !digits.starts_with('0'));
        if well_formed { digits.parse().ok() } else { None }
    }
}

/// The stills that a path means in their order, if it is a pattern or a folder. A gap in the numbers is an error.
pub(crate) fn files(path: &Path) -> Result<Option<Vec<PathBuf>>> {
    if path.is_dir() {
        return folder(path).map(Some);
    }
    if path.exists() {
        return Ok(None);
    }
    let Some(pattern) = Pattern::parse(path) else { return Ok(None) };
    let mut numbers: Vec<u64> = names(&pattern.folder)?.iter().filter_map(|n| pattern.number(n)).collect();
    numbers.sort_unstable();
    let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
        return Err(Error::missing("no file of this numbered sequence is there")
            .at(path.display())
            .help("check the path and the number of digits"));
    };
    if let Some(w) = numbers.windows(2).find(|w| w[1] != w[0] + 1) {
        return Err(Error::missing(format!(
            "the sequence has a gap: {} is not there",
            pattern.file(w[0] + 1).display()
        ))
        .at(path.display())
        .help(format!("add the missing stills between {} and {}, or start after the gap", w[0], w[1])));
    }
    Ok(Some((first..=last).map(|n| pattern.file(n)).collect()))
}

fn folder(path: &Path) -> Result<Vec<PathBuf>> {
    let mut sorted = BTreeMap::new();
    for name in names(path)? {
        let is_still = Path::new(&name)
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| STILLS.contains(&e.to_ascii_lowercase().as_str()));
        if is_still && !name.starts_with('.') {
            sorted.insert(natural(&name), path.join(&name));
        }
    }
    if sorted.is_empty() {
        return Err(Error::missing("the folder holds no stills")
            .at(path.display())
            .help("put PNG, JPEG, WebP, TIFF or EXR files in it"));
    }
    Ok(sorted.into_values().collect())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let bad = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => {
            Error::missing("there is no such folder").at(folder.display()).help("check the path")
        }
        _ => Error::system(format!("the folder cannot be read: {e}"))
            .at(folder.display())
            .help("check its permissions"),
    };
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(bad)? {
        out.extend(entry.map_err(bad)?.file_name().into_string());
        if out.len() > MAX_FILES {
            return Err(Error::usage("the folder holds too many files")
                .at(folder.display())
                .help("split it"));
        }
    }
    Ok(out)
}

/// A key by which `a2` comes before `a10`.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(text);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        key.push((0, word.to_lowercase()));
        key.push((number.parse().unwrap_or(u64::MAX), number.to_owned()));
        rest = after;
    }
    key.push((0, name.to_owned()));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_found_and_filled() {
        let p = Pattern::parse(Path::new("a/shot_%04d.png")).unwrap();
        assert_eq!(p.file(7), Path::new("a/shot_0007.png"));
        assert_eq!(p.number("shot_0012.png"), Some(12));
        assert_eq!(p.number("shot_012.png"), None);
        assert_eq!(Pattern::parse(Path::new("%d.png")).unwrap().number("120.png"), Some(120));
        for plain in ["a.png", "100%.png", "%x.png", "%04d%d.png"] {
            assert!(Pattern::parse(Path::new(plain)).is_none(), "{plain}");
        }
    }

    #[test]
    fn names_sort_by_their_numbers() {
        let mut names = ["b1", "a10", "a2", "A1", "a02"];
        names.sort_by_key(|n| natural(n));
        assert_eq!(names, ["A1", "a02", "a2", "a10", "b1"]);
    }
}
