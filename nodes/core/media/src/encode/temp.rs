//! A file under a temporary name beside its target until it is whole.

use rushes_engine::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Removes the temporary file when dropped, unless it was renamed.
#[derive(Debug)]
pub(crate) struct Temp {
    pub(crate) path: PathBuf,
    target: PathBuf,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Temp {
    /// A free temporary name beside `target`. Nothing is created yet.
    pub(crate) fn beside(target: &Path) -> Result<Self> {
        let name = target.file_name().ok_or_else(|| {
            Error::usage("the output has no file name")
                .at(target.display())
                .help("name a file, such as out.mp4")
        })?;
        if target.is_dir() {
            return Err(Error::usage("the output is a folder")
                .at(target.display())
                .help("name a file in it"));
        }
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Error::missing("the folder of the output is not there")
                .at(target.display())
                .help(format!("make {} first", folder.display())));
        }
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{}-{}.part", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        Ok(Self { path: folder.join(part), target: target.to_owned() })
    }

    /// Gives the whole file its name.
    pub(crate) fn keep(self) -> Result<PathBuf> {
        std::fs::rename(&self.path, &self.target)
            .map_err(|e| io_error("the output cannot be given its name", &self.target, &e))?;
        Ok(self.target.clone())
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_file(&self.path)
            && e.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("{} could not be removed: {e}", self.path.display());
        }
    }
}

/// An error of the machine while writing.
pub(crate) fn io_error(what: &str, path: &Path, e: &std::io::Error) -> Error {
    match e.raw_os_error() {
        Some(code) => crate::ff::Code(-code).error(what, path),
        None => Error::system(format!("{what}: {e}"))
            .at(path.display())
            .help("check the disk and the folder's permissions"),
    }
}
