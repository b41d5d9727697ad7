//! The house kept tidy: what may lie where, how long a file may grow, what a comment may not be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rushes_tests::{files, is_media, root, texts};

/// All that may stand at the top.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitattributes",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "app",
    "assets",
    "clippy.toml",
    "deny.toml",
    "graphs",
    "nodes",
    "rustfmt.toml",
    "tests",
];

/// Lines of a Rust file beyond which it holds more than one idea.
const LONGEST: usize = 700;

/// Files that may be longer, each with the reason.
const LONGER: &[(&str, &str)] = &[];

fn rust() -> Result<Vec<(String, String)>> {
    Ok(texts()?.into_iter().filter(|(name, _)| name.ends_with(".rs")).collect())
}

/// What is wrong with one Rust file, as `line: what`.
fn untidy(text: &str) -> Vec<String> {
    // Spelled apart, so that this file may hold them.
    let skipped = concat!("#[", "ignore");
    let unmade = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let mut blame = |what: &str| found.push(format!("{}: {what}", at + 1));
        if line.starts_with(skipped) {
            blame("a test that is not run proves nothing");
        }
        if unmade.iter().any(|word| line.contains(word)) {
            blame("what cannot be made yet is left out whole");
        }
        if is_banner(line) {
            blame("a section banner: make it a file, or leave it out");
        }
    }
    found
}

/// A comment that draws a line: three or more of one mark in a row at its start or its end.
fn is_banner(line: &str) -> bool {
    let Some(comment) = line.strip_prefix("//") else { return false };
    let comment = comment.trim_start_matches(['/', '!']).trim();
    let ruled = |text: &str| {
        ["---", "===", "***", "###", "~~~", "───", "━━━", "═══"].iter().any(|rule| text.starts_with(rule))
    };
    let turned: String = comment.chars().rev().collect();
    // A table in documentation has rules of its own, and a heading of it has up to three hashes.
    if line.starts_with("///") || line.starts_with("//!") {
        return !comment.starts_with('|')
            && comment.len() > 3
            && ["----", "====", "****", "####"].iter().any(|rule| comment.starts_with(rule));
    }
    ruled(comment) || ruled(&turned)
}

/// Absolute paths that exist on one machine only.
fn machine_paths(text: &str) -> Vec<String> {
    let roots = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("C:\\\\Us", "ers\\\\"),
    ];
    let opens = |before: Option<char>| {
        before.is_none_or(|mark| !(mark.is_alphanumeric() || "._-/}$)*~".contains(mark)))
    };
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for root in roots {
            for (start, _) in line.match_indices(root) {
                if opens(line.get(..start).and_then(|before| before.chars().next_back())) {
                    found.push(format!("{}: {root}", at + 1));
                }
            }
        }
    }
    found
}

/// Whether a medium has its licence in its own folder: a file with `LICENSE` or `OFL` in its name that names the
/// medium, or that is itself named for it or its family (`Plex-OFL.txt` for `Plex_500.ttf`).
fn is_licensed(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { return false };
    let Some(Ok(beside)) = path.parent().map(fs::read_dir) else { return false };
    let family = name.split(['_', '-', '.']).next().unwrap_or(&name).to_owned();
    beside.filter_map(Result::ok).any(|entry| {
        let licence = entry.file_name().to_string_lossy().into_owned();
        let marked =
            ["license", "licence", "ofl"].iter().any(|word| licence.to_ascii_lowercase().contains(word));
        let named = || fs::read_to_string(entry.path()).is_ok_and(|text| names(&text, &name));
        marked && !is_media(&licence) && (licence.starts_with(&family) || named())
    })
}

/// Whether `text` names `file`, alone or within a range of numbered ones: `` `a_1.jpg` … `a_5.jpg` ``.
fn names(text: &str, file: &str) -> bool {
    if text.contains(&format!("`{file}`")) {
        return true;
    }
    let Some((stem, number, ending)) = numbered(file) else { return false };
    text.split("` … `").zip(text.split("` … `").skip(1)).any(|(before, after)| {
        let first = before.rsplit('`').next().and_then(numbered);
        let last = after.split('`').next().and_then(numbered);
        first.zip(last).is_some_and(|((one, from, one_end), (other, to, other_end))| {
            one == stem
                && other == stem
                && one_end == ending
                && other_end == ending
                && (from..=to).contains(&number)
        })
    })
}

/// `person_12.jpg` as `person_`, 12 and `jpg`.
fn numbered(file: &str) -> Option<(&str, u32, &str)> {
    let (name, ending) = file.rsplit_once('.')?;
    let stem = name.trim_end_matches(|mark: char| mark.is_ascii_digit());
    Some((stem, name.strip_prefix(stem)?.parse().ok()?, ending))
}

/// The first paragraphs of a crate: its `//!` lines as one line of words.
fn opening(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with("//!"));
    lines.map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join(" ")
}

#[test]
fn only_the_rooms_stand_at_the_top() -> Result<()> {
    let top: BTreeSet<String> =
        files()?.iter().filter_map(|name| name.split('/').next()).map(str::to_owned).collect();
    let strangers: Vec<&String> = top.iter().filter(|name| !TOP.contains(&name.as_str())).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    Ok(())
}

#[test]
fn files_stay_short() -> Result<()> {
    let mut long = Vec::new();
    for (name, text) in rust()? {
        let lines = text.lines().count();
        if lines > LONGEST && !LONGER.iter().any(|(longer, _)| *longer == name) {
            long.push(format!("{name}: {lines} lines"));
        }
    }
    assert_eq!(long, Vec::<String>::new());
    let gone: Vec<_> = LONGER.iter().filter(|(name, _)| !root().join(name).is_file()).collect();
    assert!(gone.is_empty(), "no such files: {gone:?}");
    Ok(())
}

#[test]
fn every_crate_says_what_it_is_and_what_it_must_not_know() -> Result<()> {
    let mut silent = Vec::new();
    let manifests: Vec<String> = files()?.into_iter().filter(|name| name.ends_with("/Cargo.toml")).collect();
    assert!(manifests.len() >= 6, "{manifests:?}");
    for manifest in manifests {
        let folder = root().join(&manifest).parent().context("no folder")?.to_path_buf();
        let text =
            ["src/lib.rs", "lib.rs"].iter().find_map(|name| fs::read_to_string(folder.join(name)).ok());
        let opening = opening(&text.with_context(|| format!("{manifest}: no lib.rs"))?);
        let first = opening.split_once(". ").map_or("", |(first, _)| first);
        if first.split_whitespace().count() < 4 || !opening.to_lowercase().contains("must not know") {
            silent.push(manifest);
        }
    }
    assert_eq!(silent, Vec::<String>::new());
    Ok(())
}

#[test]
fn nothing_is_left_open() -> Result<()> {
    let mut found = Vec::new();
    for (name, text) in rust()? {
        found.extend(untidy(&text).into_iter().map(|what| format!("{name}:{what}")));
    }
    assert_eq!(found, Vec::<String>::new());
    Ok(())
}

#[test]
fn no_path_of_one_machine() -> Result<()> {
    let mut found = Vec::new();
    for (name, text) in texts()? {
        found.extend(machine_paths(&text).into_iter().map(|what| format!("{name}:{what}")));
    }
    assert_eq!(found, Vec::<String>::new());
    Ok(())
}

#[test]
fn every_asset_has_a_licence_beside_it() -> Result<()> {
    let mut found = Vec::new();
    for name in files()?.into_iter().filter(|name| is_media(name)) {
        if name.starts_with("assets/") {
            if !is_licensed(&root().join(&name)) {
                found.push(format!("{name}: no licence beside it"));
            }
        } else if !name.contains("/snapshots/") {
            found.push(format!("{name}: media lie in assets, and pictures of the window in snapshots"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_licence_is_found_only_for_what_it_names() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in ["Plex_500.ttf", "Plex-OFL.txt", "cat.jpg", "dog.jpg", "Mono_400.ttf", "a_2.jpg", "a_4.jpg"] {
        fs::write(folder.path().join(name), "")?;
    }
    fs::write(folder.path().join("LICENSE.md"), "`cat.jpg`, `a_1.jpg` … `a_3.jpg`: CC0\n")?;
    let licensed = |name: &str| is_licensed(&folder.path().join(name));
    assert!(licensed("Plex_500.ttf") && licensed("cat.jpg") && licensed("a_2.jpg"));
    assert!(!licensed("a_4.jpg") && !licensed("dog.jpg") && !licensed("Mono_400.ttf"));
    Ok(())
}

#[test]
fn the_checks_see_what_they_look_for() {
    let bad = format!(
        "//{0}\nfn a() {{ {1}); }}\n{2}]\nfn b() {{}}\n// {3} parts {3}\n",
        "======",
        concat!("todo", "!("),
        concat!("#[", "ignore"),
        "---"
    );
    let lines: Vec<String> =
        untidy(&bad).iter().map(|what| what.split(':').next().unwrap_or("").to_owned()).collect();
    assert_eq!(lines, ["1", "2", "3", "5"]);
    assert_eq!(
        untidy("/// | a | b |\n/// |---|---|\n/// ### Shape\n// a - b\n//! text -- more\n"),
        Vec::<String>::new()
    );

    let path = format!("open(\"{}someone/clip.mp4\")", concat!("/ho", "me/"));
    assert_eq!(machine_paths(&path).len(), 1);
    assert_eq!(machine_paths("$x/home/clip and docs/home/page"), Vec::<String>::new());
}
