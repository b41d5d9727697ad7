//! The README says what is true: each dependency has its reason, each setting its line.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use rushes_tests::{root, texts};

fn readme() -> Result<String> {
    fs::read_to_string(root().join("README.md")).context("README.md")
}

/// The words in code marks of the table rows under a heading, up to the next heading.
fn named_under(readme: &str, heading: &str) -> BTreeSet<String> {
    let part = readme.split(&format!("## {heading}\n")).nth(1).unwrap_or_default();
    let part = part.split("\n## ").next().unwrap_or_default();
    let cells =
        part.lines().filter_map(|line| line.strip_prefix('|')).filter_map(|row| row.split('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn every_dependency_has_its_reason() -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--locked".to_owned()])
        .exec()?;
    let used: BTreeSet<String> = metadata
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.path.is_none())
        .map(|dependency| dependency.name.clone())
        .collect();
    let named = named_under(&readme()?, "Dependencies");
    assert!(used.len() > 20, "{used:?}");
    let missing: Vec<&String> = used.difference(&named).collect();
    assert!(missing.is_empty(), "say in README.md, \"Dependencies\", why these are needed: {missing:?}");
    Ok(())
}

#[test]
fn every_setting_has_its_line() -> Result<()> {
    let named = named_under(&readme()?, "Data and settings");
    let mut missing = BTreeSet::new();
    for (name, text) in texts()? {
        let product = ["app/", "nodes/"].iter().any(|room| name.starts_with(room));
        if !product || name.contains("/tests/") || !name.ends_with(".rs") {
            continue;
        }
        for found in text.split("\"RUSHES_").skip(1) {
            let word = found
                .split(|mark: char| !mark.is_ascii_uppercase() && mark != '_')
                .next()
                .unwrap_or_default();
            let variable = format!("RUSHES_{word}");
            if found.starts_with(&format!("{word}\"")) && !named.contains(&variable) {
                missing.insert(format!("{name}: {variable}"));
            }
        }
    }
    assert!(missing.is_empty(), "say in README.md, \"Data and settings\", what these do: {missing:?}");
    Ok(())
}

#[test]
fn every_command_is_there() -> Result<()> {
    let makefile = fs::read_to_string(root().join("Makefile")).context("Makefile")?;
    let readme = readme()?;
    let mut asked = 0;
    for found in readme.split("make ").skip(1) {
        let target = found.split(|mark: char| !mark.is_ascii_lowercase()).next().unwrap_or_default();
        let in_code =
            found.strip_prefix(target).is_some_and(|rest| rest.starts_with('`') || rest.starts_with("  "));
        if in_code {
            asked += 1;
            assert!(makefile.contains(&format!("\n{target}:")), "the Makefile has no {target}");
        }
    }
    assert!(asked >= 4, "{asked}");
    Ok(())
}

#[test]
fn tables_are_read() {
    let readme = "## A\n| `x`, `y` | why `z` |\n\n## B\n| `w` | |\n";
    assert_eq!(named_under(readme, "A"), ["x", "y"].map(str::to_owned).into());
    assert_eq!(named_under(readme, "B"), ["w"].map(str::to_owned).into());
    assert_eq!(named_under(readme, "C"), BTreeSet::new());
}
