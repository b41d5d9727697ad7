//! Where data live: `RUSHES_HOME`, or the platform's data directory.

use etcetera::BaseStrategy;
use rushes_engine::files::io_error;
use rushes_engine::{Error, Result};
use std::path::{Path, PathBuf};

/// The folders of one person on one machine.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The home that the environment names, made where it is not there yet.
    pub fn open() -> Result<Self> {
        let root = match std::env::var_os("RUSHES_HOME") {
            Some(root) if !root.is_empty() => PathBuf::from(root),
            _ => etcetera::choose_base_strategy().map(|s| s.data_dir().join("rushes")).map_err(|e| {
                Error::system(format!("there is no home directory: {e}")).help("set RUSHES_HOME to a folder")
            })?,
        };
        Self::at(&root)
    }

    /// The home in a given folder.
    pub fn at(root: &Path) -> Result<Self> {
        let home = Self { root: root.to_owned() };
        for folder in [home.library(), home.cache(), home.journal()] {
            std::fs::create_dir_all(&folder).map_err(|e| {
                Error::system(format!("the folder cannot be made: {e}"))
                    .at(folder.display())
                    .help("set RUSHES_HOME to a folder that you may write")
            })?;
        }
        Ok(home)
    }

    /// Where the rest lies, and with it keys that a person keeps in a file, and the ledger.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A new folder for a job to work in, removed with all that is in it when it is dropped.
    pub fn work(&self) -> Result<tempfile::TempDir> {
        let folder = self.cache().join("work");
        let made = std::fs::create_dir_all(&folder).and_then(|()| tempfile::tempdir_in(&folder));
        made.map_err(|e| io_error("make a folder to work in", &folder, &e))
    }

    /// Results of jobs, never dropped by themselves.
    pub fn library(&self) -> PathBuf {
        self.root.join("library")
    }

    /// Frames and file hashes, which may be dropped at any time.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// Edits as they happened.
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Sub-graphs that are kept for other graphs.
    pub fn graphs(&self) -> PathBuf {
        self.root.join("graphs")
    }

    /// Where the window remembers its panels.
    pub fn config(&self) -> PathBuf {
        self.root.join("config.toml")
    }
}
