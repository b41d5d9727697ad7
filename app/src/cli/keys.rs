//! `rushes keys`: the keys of remote engines.

use super::args::KeysKind;
use super::say;
use crate::home::Home;
use rushes_engine::{Cancel, Error, Result};
use rushes_services::{KeptIn, PROVIDERS, Remote, provider};
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

/// Where a key is, in words.
pub(crate) fn place(kept: &KeptIn) -> String {
    match kept {
        KeptIn::Environment(name) => format!("in the environment ({name})"),
        KeptIn::Store => "in the system's key store".to_owned(),
        KeptIn::File => "in a private file".to_owned(),
    }
}

/// Lists, keeps or removes keys.
pub(crate) fn run(kind: &KeysKind, stop: &Cancel) -> Result<ExitCode> {
    let home = Home::open()?;
    let remote = Remote::at(home.root());
    let keys = remote.keys();
    match kind {
        KeysKind::List => {
            for provider in PROVIDERS {
                let found = keys.find(provider).map_or_else(|| "none".to_owned(), |kept| place(&kept));
                say(&format!("{}  {}  {found}", provider.id, provider.label))?;
            }
        }
        KeysKind::Set { provider: id, file, check } => {
            let provider = provider(id)?;
            let key = read_key(provider.label, provider.page)?;
            let kept = if *file { keys.set_in_file(provider, &key)? } else { keys.set(provider, &key)? };
            say(&format!("the key of {} is kept {}", provider.label, place(&kept)))?;
            if *check {
                remote.check_key(provider, &stop.child())?;
                say(&format!("{} knows it", provider.label))?;
            }
        }
        KeysKind::Check { provider: id } => {
            let provider = provider(id)?;
            remote.check_key(provider, &stop.child())?;
            say(&format!("{} knows the key", provider.label))?;
        }
        KeysKind::Remove { provider: id } => {
            let provider = provider(id)?;
            keys.remove(provider)?;
            match keys.find(provider) {
                Some(kept) => say(&format!("removed; there is still one {}", place(&kept)))?,
                None => say(&format!("{} has no key any more", provider.label))?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A key from standard input, so that none stands in the shell's history.
fn read_key(label: &str, page: &str) -> Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let mut stderr = std::io::stderr().lock();
        let asked = write!(stderr, "paste the key of {label} ({page}) and press Enter: ");
        asked
            .and_then(|()| stderr.flush())
            .map_err(|e| Error::system(format!("nobody can be asked: {e}")))?;
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|e| Error::usage(format!("standard input gave no key: {e}")).help("paste the key there"))?;
    Ok(line.trim().to_owned())
}
