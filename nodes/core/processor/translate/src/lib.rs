//! Translates the WGSL of the tools to Rust over lanes, while Rushes is built.
//!
//! Every scalar of a value is held once for all lanes or once a lane, whichever suffices ([`form`]); an analysis finds
//! which ([`analysis`]). What lanes agree on stays plain Rust: a tool's parameters are numbers, a branch on them is a
//! branch. Where lanes part ways, both ways are gone with a mask each ([`emit`]).
//! This crate must not know the processor's lanes but by the names of their methods.

mod analysis;
mod catalogue;
mod emit;
mod entry;
mod expression;
mod form;
mod math;
mod module;

use module::Translator;
use std::fmt::Write as _;
use std::path::Path;

/// Translates every tool under a folder of shaders. `attribute` stands before each function. The text defines the
/// functions and `TOOLS`, a table of them by the keys of their texts.
///
/// # Errors
/// What cannot be translated, and in which file.
pub fn translate(folder: &Path, attribute: &str) -> Result<String, String> {
    let tools = catalogue::tools(folder)?;
    let mut out = String::new();
    let mut table = String::from("pub(crate) static TOOLS: &[Translated] = &[\n");
    for (i, tool) in tools.iter().enumerate() {
        if tools.iter().skip(i + 1).any(|other| other.key == tool.key) {
            continue;
        }
        let prefix = format!("t{i}");
        let at = |e: String| format!("{}: {e}", tool.name);
        let wgsl = module::wgsl(tool);
        let parsed = naga::front::wgsl::parse_str(&wgsl).map_err(|e| at(e.emit_to_string(&wgsl)))?;
        let info = naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::SHADER_FLOAT16_IN_FLOAT32,
        )
        .validate(&parsed)
        .map_err(|e| at(e.emit_to_string(&wgsl)))?;
        let translator = Translator::new(&parsed, &info, tool, &prefix, attribute);
        let entry = entry::function(&translator, tool, &prefix, attribute).map_err(at)?;
        out.push_str(&translator.into_text());
        out.push_str(&entry);
        let tables: Vec<String> = tool.tables.iter().map(|(name, _)| format!("{name:?}")).collect();
        let counts: Vec<String> = tool.counts.iter().map(|name| format!("{name:?}")).collect();
        writeln!(
            table,
            "    Translated {{ key: {}, run: {prefix}_run, tables: &[{}], counts: &[{}] }},",
            tool.key,
            tables.join(", "),
            counts.join(", ")
        )
        .ok();
    }
    Ok(out + &table + "];\n")
}
