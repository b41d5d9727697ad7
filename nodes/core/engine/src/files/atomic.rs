//! Writing a file so that its name never stands for half of it.

use crate::{Error, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// An error of the file system, in words, at `path`.
pub fn io_error(doing: &str, path: &Path, e: &io::Error) -> Error {
    let name = path.display();
    let (error, help) = match e.kind() {
        io::ErrorKind::NotFound => {
            (Error::missing(format!("cannot {doing}: there is no such file or folder")), "check the path")
        }
        io::ErrorKind::PermissionDenied => (
            Error::system(format!("cannot {doing}: no permission")),
            "choose another folder or change its permissions",
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
            Error::system(format!("cannot {doing}: no space left")),
            "free some space or choose another disk",
        ),
        io::ErrorKind::ReadOnlyFilesystem => {
            (Error::system(format!("cannot {doing}: the disk is read-only")), "choose another folder")
        }
        io::ErrorKind::IsADirectory => {
            (Error::usage(format!("cannot {doing}: it is a folder")), "name a file")
        }
        io::ErrorKind::NotADirectory => {
            (Error::usage(format!("cannot {doing}: part of the path is no folder")), "check the path")
        }
        _ => (Error::system(format!("cannot {doing}: {e}")), "check the disk and try again"),
    };
    error.at(name).help(help)
}

/// A file under a temporary name beside its final one. Dropped without [`Temporary::keep`], it is removed.
#[derive(Debug)]
pub struct Temporary {
    file: Option<File>,
    temporary: PathBuf,
    path: PathBuf,
}

impl Temporary {
    /// A new empty file that is to become `path`. A symlink is followed; an existing file that may not be written is
    /// refused, though its folder would allow it.
    pub fn beside(path: &Path) -> Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let path = match path.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => path.canonicalize().map_err(|e| io_error("write", path, &e))?,
            _ => path.to_path_buf(),
        };
        let existing = path.metadata().ok();
        if existing.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            return Err(io_error("write", &path, &io::ErrorKind::IsADirectory.into()));
        }
        if existing.as_ref().is_some_and(|m| m.permissions().readonly()) {
            return Err(io_error("write", &path, &io::ErrorKind::PermissionDenied.into()));
        }
        let name =
            path.file_name().ok_or_else(|| Error::usage("this is no name of a file").at(path.display()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name.to_string_lossy().chars().take(60).collect::<String>());
        hidden.push(format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let temporary = path.with_file_name(hidden);
        let file = OpenOptions::new().write(true).create_new(true).open(&temporary);
        let file = file.map_err(|e| io_error("write", &path, &e))?;
        let made = Self { file: Some(file), temporary, path };
        if let (Some(meta), Some(file)) = (existing, &made.file) {
            file.set_permissions(meta.permissions()).map_err(|e| io_error("write", &made.path, &e))?;
        }
        Ok(made)
    }

    /// The temporary name, for a program that writes there itself.
    pub fn temporary_path(&self) -> &Path {
        &self.temporary
    }

    /// The open file.
    pub fn file(&mut self) -> Option<&mut File> {
        self.file.as_mut()
    }

    /// Gives the file its final name without waiting for the disk: for what can be made again and is checked when read.
    pub fn keep_unsynced(mut self) -> Result<()> {
        self.file = None;
        std::fs::rename(&self.temporary, &self.path).map_err(|e| io_error("write", &self.path, &e))?;
        self.temporary = PathBuf::new();
        Ok(())
    }

    /// As [`Temporary::keep`], under a name in the same folder that is known only now.
    pub fn keep_as(mut self, path: &Path) -> Result<()> {
        self.path = path.to_path_buf();
        self.keep()
    }

    /// Brings the content to the disk and gives the file its final name, in place of what had it.
    pub fn keep(mut self) -> Result<()> {
        let done = match &self.file {
            Some(file) => file.sync_all(),
            None => Ok(()),
        };
        // Closed first: some systems do not rename an open file.
        self.file = None;
        let done = done.and_then(|()| std::fs::rename(&self.temporary, &self.path));
        done.map_err(|e| io_error("write", &self.path, &e))?;
        self.temporary = PathBuf::new();
        sync_folder(&self.path);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.file = None;
        if !self.temporary.as_os_str().is_empty() {
            // Nothing is left to tell: the file may be gone already.
            drop(std::fs::remove_file(&self.temporary));
        }
    }
}

/// Brings a rename to the disk, on systems where a folder can be synced. Failing that, the rename is only less durable.
fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Some(folder) = path.parent()
        && let Ok(folder) = File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    {
        drop(folder.sync_all());
    }
}

/// Replaces the content of a file, all or nothing. Keeps its permissions; after a crash it is the old or the new one.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut temporary = Temporary::beside(path)?;
    if let Some(file) = temporary.file() {
        file.write_all(bytes).map_err(|e| io_error("write", path, &e))?;
    }
    temporary.keep()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn names(folder: &Path) -> Vec<String> {
        let mut all: Vec<_> =
            folder.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        all.sort();
        all
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        let mut half = Temporary::beside(&path).unwrap();
        half.file().unwrap().write_all(b"thr").unwrap();
        drop(half);
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(names(dir.path()), ["a.json"]);
    }

    #[test]
    fn what_may_not_be_written_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        write_atomic(&path, b"one").unwrap();
        let mut permissions = path.metadata().unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        let error = write_atomic(&path, b"two").unwrap_err();
        assert_eq!((error.kind(), std::fs::read(&path).unwrap()), (ErrorKind::System, b"one".to_vec()));
        assert!(error.what().contains("no permission"), "{error}");
        assert_eq!(write_atomic(dir.path(), b"").unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(write_atomic(&dir.path().join("no/a"), b"").unwrap_err().kind(), ErrorKind::Missing);
        assert_eq!(names(dir.path()), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_symlinks_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a"), dir.path().join("link"));
        write_atomic(&path, b"one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a", &link).unwrap();
        write_atomic(&link, b"two").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_full_disk_is_said_in_words() {
        let error = io_error("write", Path::new("x"), &io::ErrorKind::StorageFull.into());
        assert_eq!((error.kind(), error.what()), (ErrorKind::System, "cannot write: no space left"));
    }
}
