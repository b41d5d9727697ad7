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

#[test]
fn every_shader_is_valid_in_its_wrapper() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/shaders");
    let mut paths = Vec::new();
    shaders(&folder, &mut paths);
    paths.sort();
    let (mut pointwise, mut kernels, mut libraries) = (0, 0, 0);
    for path in paths {
        let name: &'static str = path.strip_prefix(&folder).unwrap().display().to_string().leak();
        let source: &'static str = std::fs::read_to_string(&path).unwrap().leak();
        let words = words(source);
        let Some(tool) = words.windows(3).position(|w| w[0] == "fn" && w[1] == "tool" && w[2] == "(") else {
            assert!(
                CORE_SHADERS.iter().any(|(_, text)| *text == source),
                "{name} has no `fn tool` and is no helper"
            );
            libraries += 1;
            continue;
        };
        let tables = tables(&words).leak();
        let loads =
            (0..8).filter(|i| words.contains(&format!("load{i}")) || words.contains(&format!("size{i}")));
        if let Some(highest) = loads.max() {
            for border in [Border::Clamp, Border::Mirror, Border::Wrap, Border::Transparent, Border::Inside] {
                Kernel::new(name, source, highest + 1, tables, border).validate().unwrap();
            }
            kernels += 1;
        } else {
            let head: Vec<&str> =
                words[tool + 3..].iter().map(String::as_str).take_while(|w| *w != "Pixel").collect();
            let inputs = head.iter().filter(|w| **w == "vec4f").count();
            PointwiseShader::new(name, source, inputs, tables).validate().unwrap();
            pointwise += 1;
        }
    }
    assert!(
        pointwise >= 1 && kernels >= 3 && libraries == CORE_SHADERS.len(),
        "{pointwise} {kernels} {libraries}"
    );
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
