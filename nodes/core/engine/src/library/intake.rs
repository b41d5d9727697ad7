//! How a file gets into the library: hashed and brought to the disk, and only then under its name.

use super::TakeFile;
use crate::files::{Temporary, io_error};
use crate::{Cancel, Error, Key, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// What becomes of the file that is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// It stays where it is: a file of a person's.
    Copy,
    /// It goes: a file that a job wrote for the library.
    Move,
}

/// How the names of files begin that are being taken in.
pub(super) const HALF: &str = ".incoming.";

/// Takes in one file.
pub(super) fn take_in(folder: &Path, path: &Path, intake: Intake, cancel: &Cancel) -> Result<TakeFile> {
    let failed = |e: std::io::Error| io_error("read the take", path, &e);
    let mut source = File::open(path).map_err(failed)?;
    if !source.metadata().map_err(failed)?.is_file() {
        return Err(Error::usage("a take is a file")
            .at(path.display())
            .help("name the clip or picture itself"));
    }
    let mut copy = Temporary::beside(&folder.join("incoming"))?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 20];
    loop {
        cancel.check()?;
        let n = source.read(&mut buffer).map_err(failed)?;
        let Some(part) = buffer.get(..n).filter(|part| !part.is_empty()) else { break };
        hasher.update(part);
        bytes += n as u64;
        if let Some(file) = copy.file() {
            file.write_all(part).map_err(|e| io_error("keep the take", folder, &e))?;
        }
    }
    if bytes == 0 {
        return Err(Error::media("the file is empty").at(path.display()).help("fetch it again"));
    }
    let name = format!("{}.{}", short(&hasher), ending(path));
    // A file of that name holds the same, or was damaged and is healed by this.
    copy.keep_as(&folder.join(&name))?;
    if intake == Intake::Move
        && let Err(e) = std::fs::remove_file(path)
    {
        log::warn!("{}", io_error("remove what was taken in", path, &e));
    }
    let origin = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(TakeFile { name, origin, bytes })
}

/// The key of a whole content, as [`crate::files::FileIndex`] has it.
pub(super) fn content_key(bytes: &[u8]) -> Key {
    short(blake3::Hasher::new().update(bytes))
}

/// The key of the whole content of a file.
pub(super) fn key_of_file(path: &Path, cancel: &Cancel) -> Result<Key> {
    let failed = |e: std::io::Error| io_error("read the take", path, &e);
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        cancel.check()?;
        let n = file.read(&mut buffer).map_err(failed)?;
        let Some(part) = buffer.get(..n).filter(|part| !part.is_empty()) else { break };
        hasher.update(part);
    }
    Ok(short(&hasher))
}

fn short(hasher: &blake3::Hasher) -> Key {
    let mut key = [0; 16];
    key.iter_mut().zip(hasher.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
    Key::from_bytes(key)
}

/// The ending of a name in small letters, or one that says nothing.
fn ending(path: &Path) -> String {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let plain = (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { ending } else { "bin".to_owned() }
}
