//! What was ordered from remote engines and is not in the library yet.

use super::Session;
use crate::home::Home;
use rushes_engine::library::{Intake, Library, Take};
use rushes_engine::{Cancel, Error, Progress, Result};
use rushes_nodes::Keep;
use rushes_services::{Made, Remote, Row};

/// Waits for what was ordered, in this run of the program or another, and puts it into the library.
///
/// # Errors
/// It failed elsewhere, or cannot be fetched now; what can still come stays ordered.
pub fn fetch(home: &Home, remote: &Remote, row: &Row, cancel: &Cancel, progress: &Progress) -> Result<Take> {
    let keep: Keep = serde_json::from_value(row.keep.clone()).map_err(|e| {
        Error::system(format!("the ledger does not say what it was ordered for: {e}")).at(&row.id)
    })?;
    let folder = home.work()?;
    let links = keep.links.clone();
    let library = Library::open(&home.library())?;
    let take = match remote.resume(&row.id, folder.path(), cancel, progress)? {
        Made::Files(done) => {
            let facts = keep.finished(&done);
            let files: Vec<_> = done.files.iter().map(std::path::PathBuf::as_path).collect();
            library.add(&files, Intake::Move, facts, &links, cancel)?
        }
        Made::Known => {
            let known = links.content.and_then(|content| library.by_content(content).pop());
            known.ok_or_else(|| Error::missing("what was ordered is not in the library").at(&row.id))?
        }
    };
    remote.ledger().kept(&row.id)?;
    Ok(take)
}

impl Session {
    /// What was ordered and has not come yet, oldest first.
    pub fn orders(&self) -> Result<Vec<Row>> {
        self.services.remote()?.ledger().open_rows()
    }
}
