//! What a bundle says of the licences of what it holds and of what it names.

use rushes_engine::document::Node;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The name of the page in a bundle.
pub(super) const PAGE: &str = "LICENSES.md";

/// What is told.
#[derive(Default)]
pub(super) struct Licences {
    assets: BTreeSet<String>,
    files: BTreeMap<String, BTreeSet<String>>,
}

impl Licences {
    /// A file that ships with the program.
    pub(super) fn ships(&mut self, asset: &str) {
        self.assets.insert(asset.to_owned());
    }

    /// A file in the bundle, with what the node that names it says of it.
    pub(super) fn comes(&mut self, name: &str, node: &Node) {
        let said = |param: &str| node.params.get(param).and_then(Value::as_str).filter(|s| !s.is_empty());
        let words: Vec<&str> = ["licence", "credit", "source_url"].into_iter().filter_map(said).collect();
        let told = self.files.entry(name.to_owned()).or_default();
        if !words.is_empty() {
            told.insert(one_line(&words.join("; ")));
        }
    }

    /// The page; `assets` is the folder of what ships, with the licences beside it.
    pub(super) fn page(&self, assets: &Path) -> String {
        let mut page = "# Licences\n".to_owned();
        if !self.files.is_empty() {
            page += "\nFiles in this folder, in the words of the graph:\n\n| file | licence |\n|---|---|\n";
        }
        for (name, told) in &self.files {
            let told: Vec<&str> = told.iter().map(String::as_str).collect();
            let told = if told.is_empty() { "not said".to_owned() } else { told.join("; ") };
            page += &format!("| `{name}` | {told} |\n");
        }
        let folders: BTreeSet<&str> =
            self.assets.iter().map(|a| a.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
        if !self.assets.is_empty() {
            page += "\nFiles that ship with Rushes and are not in this folder:\n\n";
            self.assets.iter().for_each(|asset| page += &format!("- `asset:{asset}`\n"));
        }
        for folder in folders {
            if let Ok(text) = std::fs::read_to_string(assets.join(folder).join("LICENSE.md")) {
                page += &format!("\n#{}\n", text.trim());
            }
        }
        page
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/")
}
