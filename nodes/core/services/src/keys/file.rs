//! The private file of keys, for machines without a key store: `fal = "…"`, readable by its owner alone.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use rushes_engine::files::io_error;
use rushes_engine::{Error, Result};
use toml::{Table, Value};

use super::Secret;

/// The key of this provider, if the file holds one.
pub(super) fn get(path: &Path, provider: &str) -> Result<Option<String>> {
    Ok(read(path)?.get(provider).and_then(Value::as_str).map(str::to_owned))
}

/// Sets the key of this provider, or removes it.
pub(super) fn set(path: &Path, provider: &str, key: Option<&Secret>) -> Result<()> {
    let mut table = read(path)?;
    match key {
        Some(key) => {
            table.insert(provider.to_owned(), Value::String(key.reveal().to_owned()));
        }
        None if !table.contains_key(provider) => return Ok(()),
        None => {
            table.remove(provider);
        }
    }
    write(path, &table.to_string())
}

fn read(path: &Path) -> Result<Table> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Table::new()),
        Err(e) => return Err(io_error("read the keys", path, &e)),
    };
    // The parser's own words quote the line, and the line may hold the key.
    text.parse().map_err(|_| {
        Error::system("the file of keys is damaged")
            .at(path.display())
            .help("remove it and set the key again")
    })
}

/// Writes beside and renames, private from the first byte: a mode set later would leave a moment to read it.
fn write(path: &Path, text: &str) -> Result<()> {
    let wrong = |e: std::io::Error| io_error("write the keys", path, &e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    let beside = path.with_file_name(format!(".keys.{}.tmp", crate::ledger::new_id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let written = written.and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // Nothing is left to tell: it may never have been there.
        drop(std::fs::remove_file(&beside));
    }
    written.map_err(wrong)
}
