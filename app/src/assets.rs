//! The files that ship with the program: `RUSHES_ASSETS`, else the folder beside the program, else what is embedded.

use crate::home::Home;
use include_dir::{Dir, include_dir};
use rushes_engine::{Error, Result};
use std::path::{Path, PathBuf};

static STILLS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../assets/stills");
static CLIPS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../assets/clips");
static LUTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../assets/luts");

/// The folder that `asset:` names start from.
pub fn folder(home: &Home) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("RUSHES_ASSETS").filter(|n| !n.is_empty()) {
        let named = PathBuf::from(named);
        if named.is_dir() {
            return Ok(named);
        }
        return Err(Error::missing("RUSHES_ASSETS names no folder")
            .at(named.display())
            .help("set it right, or unset it"));
    }
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent).into_iter().flat_map(|dir| {
        [dir.join("assets"), dir.join("../share/rushes/assets"), dir.join("../Resources/assets")]
    });
    match beside.into_iter().find(|folder| folder.join("stills").is_dir()) {
        Some(folder) => Ok(folder),
        None => unpacked(home),
    }
}

/// The embedded files, laid out once a version in the cache.
fn unpacked(home: &Home) -> Result<PathBuf> {
    let folder = home.cache().join(format!("assets-{}", env!("CARGO_PKG_VERSION")));
    for (name, dir) in [("stills", &STILLS), ("clips", &CLIPS), ("luts", &LUTS)] {
        lay_out(&folder.join(name), dir)?;
    }
    Ok(folder)
}

fn lay_out(folder: &Path, dir: &Dir<'_>) -> Result<()> {
    let failed = |path: &Path, e: std::io::Error| {
        Error::system(format!("the shipped files cannot be unpacked: {e}"))
            .at(path.display())
            .help("free some space, or set RUSHES_HOME to another folder")
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    for file in dir.files() {
        let path = folder.join(file.path());
        if path.metadata().is_ok_and(|m| m.len() == file.contents().len() as u64) {
            continue;
        }
        // Several programs may start at once: each writes its own and the last to rename wins with equal bytes.
        let fresh = path.with_extension(format!("{}.new", std::process::id()));
        std::fs::write(&fresh, file.contents()).map_err(|e| failed(&path, e))?;
        std::fs::rename(&fresh, &path).map_err(|e| failed(&path, e))?;
    }
    Ok(())
}
