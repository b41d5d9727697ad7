//! The files of the house, as the tests of its rules read them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::root;

/// Endings of files that come from somebody and so need a licence beside them.
const MEDIA: &[&str] = &[
    "bmp", "cube", "exr", "flac", "gif", "icns", "ico", "jpeg", "jpg", "m4a", "mkv", "mov", "mp3", "mp4",
    "onnx", "otf", "png", "svg", "tif", "tiff", "ttf", "wav", "webm", "webp", "woff2",
];

/// Every file of the house, by its path from the root with forward slashes, in order: what git tracks, or all
/// that lies there where the house is no git checkout.
///
/// # Errors
/// If a folder cannot be read.
pub fn files() -> Result<Vec<String>> {
    let root = root();
    let mut names = match tracked(&root) {
        Some(names) => names,
        None => found(&root)?,
    };
    names.retain(|name| root.join(name).is_file());
    names.sort();
    Ok(names)
}

/// Every file of the house that is text, with its content. The lock file is not ours and left out.
///
/// # Errors
/// If a file cannot be read.
pub fn texts() -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for name in files()? {
        if is_media(&name) || name == "Cargo.lock" {
            continue;
        }
        let content = fs::read(root().join(&name)).with_context(|| name.clone())?;
        if let Ok(text) = String::from_utf8(content) {
            texts.push((name, text));
        }
    }
    Ok(texts)
}

/// Whether a file name is one of a picture, a sound, a font, a table or a network.
pub fn is_media(name: &str) -> bool {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| MEDIA.contains(&ending.as_str()))
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git").current_dir(root).args(["ls-files", "-z"]).output().ok()?;
    let names = String::from_utf8(output.stdout).ok()?;
    let names: Vec<String> = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (output.status.success() && !names.is_empty()).then_some(names)
}

fn found(root: &Path) -> Result<Vec<String>> {
    let ignored = fs::read_to_string(root.join(".gitignore")).context(".gitignore")?;
    let mut passing: BTreeSet<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    passing.insert(".git");
    let mut open = vec![PathBuf::new()];
    let mut names = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder)).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let name = path.to_string_lossy().replace('\\', "/");
            if passing.contains(name.as_str()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                names.push(name);
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_finds_what_git_tracks() -> Result<()> {
        let root = root();
        let walked: BTreeSet<String> = found(&root)?.into_iter().collect();
        let lost: Vec<String> = files()?.into_iter().filter(|name| !walked.contains(name)).collect();
        assert_eq!(lost, Vec::<String>::new());
        assert!(walked.contains("Cargo.toml") && !walked.iter().any(|name| name.starts_with("target/")));
        Ok(())
    }

    #[test]
    fn media_are_told_from_text() {
        assert!(is_media("assets/stills/a.PNG") && is_media("film.cube"));
        assert!(!is_media("assets/shaders/a.wgsl") && !is_media("png"));
    }
}
