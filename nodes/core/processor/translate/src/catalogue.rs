//! Which tools there are: every file under a folder that declares a function `tool`, with the pieces that it calls on.

use rushes_shader::lexer::{self, Declaration};
use rushes_shader::{CORE_SHADERS, LIBRARY, identity};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A tool's text as it is translated.
pub(crate) struct Tool {
    /// Its file, for messages.
    pub(crate) name: String,
    /// What it is found by.
    pub(crate) key: u128,
    /// Pictures that a kernel reads; none for a pointwise tool.
    pub(crate) pictures: Option<usize>,
    /// Its tables by name, in the order of the names, and whether each is a cube.
    pub(crate) tables: Vec<(String, bool)>,
    /// The numbers that the tool's Rust declares before the text, in the order of their names.
    pub(crate) counts: Vec<String>,
    /// Its own text and that of its pieces.
    pub(crate) source: String,
}

struct File {
    name: String,
    source: String,
    declarations: Vec<Declaration>,
}

impl File {
    fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    fn declares(&self) -> BTreeSet<&str> {
        self.declarations.iter().map(|d| d.name.as_str()).filter(|n| !n.is_empty()).collect()
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.declarations.iter().flat_map(|d| d.words.iter()).map(String::as_str)
    }
}

fn read(folder: &Path, root: &Path, out: &mut Vec<File>) -> std::io::Result<()> {
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, root, out)?;
        } else if path.extension().is_some_and(|e| e == "wgsl") {
            let source = std::fs::read_to_string(&path)?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            out.push(File { declarations: lexer::declarations(&source), name, source });
        }
    }
    Ok(())
}

/// All tools under a folder, in the order of their files.
pub(crate) fn tools(folder: &Path) -> Result<Vec<Tool>, String> {
    let mut files = Vec::new();
    read(folder, folder, &mut files).map_err(|e| format!("the shaders cannot be read: {e}"))?;
    files.retain(|file| CORE_SHADERS.iter().all(|(_, text)| *text != file.source));
    let (tools, pieces): (Vec<File>, Vec<File>) =
        files.into_iter().partition(|file| file.declares().contains("tool"));
    Ok(tools.iter().map(|tool| whole(tool, &pieces)).collect())
}

/// A tool with the pieces that it calls on, those of its own folder first.
fn whole(tool: &File, pieces: &[File]) -> Tool {
    let mut order: Vec<&File> = pieces.iter().collect();
    order.sort_by_key(|p| (p.folder() != tool.folder(), p.name.clone()));
    let mut taken = vec![tool];
    loop {
        let declared: BTreeSet<&str> = taken.iter().flat_map(|f| f.declares()).collect();
        let called: BTreeSet<&str> = taken.iter().flat_map(|f| f.words()).collect();
        let next = order.iter().find(|piece| {
            let own = piece.declares();
            !own.is_disjoint(&called) && own.is_disjoint(&declared)
        });
        match next {
            Some(piece) => taken.push(piece),
            None => break,
        }
    }
    let source: String = taken.iter().map(|f| format!("{}\n", f.source)).collect();
    let mut declared: BTreeSet<&str> = taken.iter().flat_map(|f| f.declares()).collect();
    declared.extend(LIBRARY.iter().map(|d| d.name.as_str()));
    let called: BTreeSet<&str> = taken.iter().flat_map(|f| f.words()).collect();
    let capitals =
        |w: &&str| w.len() > 2 && w.starts_with(char::is_alphabetic) && !w.contains(char::is_lowercase);
    let undeclared = || called.difference(&declared).copied();
    // A word in capitals that no file declares is a count that the tool's Rust writes before its shader.
    let counts = undeclared().filter(capitals).map(str::to_owned).collect();
    let picture = |w: &str, head: &str| w.strip_prefix(head).and_then(|n| n.parse::<usize>().ok());
    let pictures = undeclared().filter_map(|w| picture(w, "load").or_else(|| picture(w, "size"))).max();
    Tool {
        name: tool.name.clone(),
        key: identity(&source).key,
        pictures: pictures.map(|last| last + 1),
        tables: tables(&source),
        counts,
        source,
    }
}

/// The tables that a source names: what it hands to readers of textures and does not declare itself.
fn tables(source: &str) -> Vec<(String, bool)> {
    use lexer::Token::{Sign, Word};
    let tokens = lexer::tokens(source);
    let declared: BTreeSet<&str> = tokens
        .windows(2)
        .filter_map(|w| if let [Word(name), Sign(':')] = w { Some(*name) } else { None })
        .collect();
    let mut out: Vec<(String, bool)> = Vec::new();
    for window in tokens.windows(3) {
        let [Word(reader), Sign('('), Word(name)] = window else { continue };
        let cube = match *reader {
            "table_1d" | "textureLoad" | "textureDimensions" => false,
            "table_3d" => true,
            _ => continue,
        };
        if !declared.contains(name) && out.iter().all(|(other, _)| other != name) {
            out.push(((*name).to_owned(), cube));
        }
    }
    out.sort();
    out
}
