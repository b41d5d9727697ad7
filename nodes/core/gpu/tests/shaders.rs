//! Every shader that ships is valid WGSL in the wrapper of its kind, and pointwise ones keep to their subset.
//! Needs no device.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use rushes_gpu::{Border, CORE_SHADERS, Kernel, PointwiseShader, TableKind, TableSlot};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn shaders(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            shaders(&path, out);
        } else if path.extension().is_some_and(|e| e == "wgsl") {
            out.push(path);
        }
    }
}

/// Words and signs, without comments.
fn words(source: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in source.lines() {
        let line = line.split("//").next().unwrap_or("");
        let mut word = String::new();
        for c in line.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
            } else {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                if !c.is_whitespace() {
                    out.push(c.to_string());
                }
            }
        }
    }
    out
}

/// The tables that a source names: what it hands to readers of textures and does not declare itself.
fn tables(words: &[String]) -> Vec<TableSlot> {
    let declared: BTreeSet<&str> = words.windows(2).filter(|w| w[1] == ":").map(|w| w[0].as_str()).collect();
    let mut out: Vec<TableSlot> = Vec::new();
    for w in words.windows(3).filter(|w| w[1] == "(" && !declared.contains(w[2].as_str())) {
        let kind = match w[0].as_str() {
            "table_1d" | "textureLoad" | "textureDimensions" => TableKind::Plane,
            "table_3d" => TableKind::Cube,
            _ => continue,
        };
        if out.iter().all(|(name, _)| *name != w[2]) {
            out.push((w[2].clone().leak(), kind));
        }
    }
    out
}

/// A file under `assets/shaders`.
struct File {
    name: String,
    source: String,
    words: Vec<String>,
}

impl File {
    fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    fn is_tool(&self) -> bool {
        self.words.windows(2).any(|w| w[0] == "fn" && w[1] == "tool")
    }

    /// The names of its functions, structs and constants.
    fn declares(&self) -> BTreeSet<&str> {
        let heads = |w: &&[String]| matches!(w[0].as_str(), "fn" | "struct" | "const");
        self.words.windows(2).filter(heads).map(|w| w[1].as_str()).collect()
    }
}

/// A tool's text with the pieces that it calls on, as the tool puts them together; those of its own folder first.
fn whole(tool: &File, pieces: &[File], used: &mut BTreeSet<String>) -> String {
    let mut order: Vec<&File> = pieces.iter().collect();
    order.sort_by_key(|p| (p.folder() != tool.folder(), p.name.clone()));
    let mut taken: Vec<&File> = vec![tool];
    loop {
        let declared: BTreeSet<&str> = taken.iter().flat_map(|f| f.declares()).collect();
        let called: BTreeSet<&str> = taken.iter().flat_map(|f| f.words.iter().map(String::as_str)).collect();
        let next = order.iter().find(|p| {
            let own = p.declares();
            !own.is_disjoint(&called) && own.is_disjoint(&declared)
        });
        match next {
            Some(piece) => taken.push(piece),
            None => break,
        }
    }
    used.extend(taken.iter().map(|f| f.name.clone()));
    // A word in capitals that no file declares is a count that the tool's Rust writes before its shader.
    let declared: BTreeSet<&str> = taken.iter().flat_map(|f| f.declares()).collect();
    let capitals =
        |w: &&str| w.len() > 2 && w.starts_with(char::is_alphabetic) && !w.contains(char::is_lowercase);
    let called: BTreeSet<&str> = taken.iter().flat_map(|f| f.words.iter().map(String::as_str)).collect();
    let counts = called.difference(&declared).filter(|w| capitals(w)).map(|w| format!("const {w} = 2u;\n"));
    counts.chain(taken.iter().map(|f| format!("{}\n", f.source))).collect()
}

#[test]
fn every_shader_is_valid_in_its_wrapper() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/shaders");
    let mut paths = Vec::new();
    shaders(&folder, &mut paths);
    paths.sort();
    let files = paths.iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
        let source = std::fs::read_to_string(path).unwrap();
        File { words: words(&source), name, source }
    });
    let (tools, others): (Vec<File>, Vec<File>) = files.partition(File::is_tool);
    let is_helper = |f: &File| CORE_SHADERS.iter().any(|(_, text)| *text == f.source);
    let (helpers, pieces): (Vec<File>, Vec<File>) = others.into_iter().partition(is_helper);
    assert_eq!(helpers.len(), CORE_SHADERS.len());
    let mut used = BTreeSet::new();
    let (mut pointwise, mut kernels) = (0, 0);
    for file in &tools {
        let name: &'static str = file.name.clone().leak();
        let source: &'static str = whole(file, &pieces, &mut used).leak();
        let words = words(source);
        let tables = tables(&words).leak();
        let loads =
            (0..8).filter(|i| words.contains(&format!("load{i}")) || words.contains(&format!("size{i}")));
        if let Some(highest) = loads.max() {
            for border in [Border::Clamp, Border::Mirror, Border::Wrap, Border::Transparent, Border::Inside] {
                Kernel::new(name, source, highest + 1, tables, border).validate().unwrap();
            }
            kernels += 1;
        } else {
            let tool = words.windows(2).position(|w| w[0] == "fn" && w[1] == "tool").unwrap();
            let head = words[tool..].iter().take_while(|w| *w != "Pixel");
            let inputs = head.filter(|w| *w == "vec4f").count();
            PointwiseShader::new(name, source, inputs, tables).validate().unwrap();
            pointwise += 1;
        }
    }
    assert!(pointwise >= 1 && kernels >= 3, "{pointwise} {kernels}");
    for piece in pieces {
        assert!(used.contains(&piece.name), "no tool calls on {}", piece.name);
    }
}

#[test]
fn every_helper_is_valid_and_kept_apart_from_a_tool_of_the_same_name() {
    // A tool that declares a helper's name means its own.
    static OWN: PointwiseShader = PointwiseShader::new(
        "own",
        "fn luma(v: vec4f) -> f32 { return v.x; } fn tool(c: vec4f, at: Pixel) -> vec4f { return vec4f(luma(c)); }",
        1,
        &[],
    );
    OWN.validate().unwrap();
    // Each helper is reached from a tool that only names it.
    for (_, text) in CORE_SHADERS {
        for line in text.lines().filter(|l| l.starts_with("fn ")) {
            let name = line.trim_start_matches("fn ").split('(').next().unwrap();
            let source = format!("fn tool(at: Pixel) -> vec4f {{ let {name} = 1.0; return vec4f({name}); }}");
            PointwiseShader::new("helper", source.leak(), 0, &[])
                .validate()
                .unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}
