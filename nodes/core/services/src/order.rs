//! What is asked of a remote engine, and what comes of it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use rushes_engine::{Cancel, Key, Progress};
use serde_json::Value;

use crate::Endpoint;

/// What is given for one field of an endpoint.
#[derive(Clone, Debug)]
pub enum Given {
    /// Words, or one of a field's choices.
    Text(String),
    /// A number, whole or not as the field says.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A picture, which is uploaded first.
    Picture(Picture),
}

/// A picture as it is to be sent: a whole file.
#[derive(Clone)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is, `image/png`.
    pub mime: &'static str,
    /// The name that the provider is told. It names nothing on this machine.
    pub file_name: String,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {}, {} bytes)", self.file_name, self.mime, self.bytes.len())
    }
}

/// One request to a remote engine.
pub struct Order<'a> {
    /// Which engine.
    pub endpoint: &'a Endpoint,
    /// Its fields by their neutral names.
    pub inputs: BTreeMap<String, Given>,
    /// Names the exact request: equal keys, equal requests.
    pub content: Key,
    /// For lists: `shot_3 · Image to video`.
    pub title: &'a str,
    /// The price that was shown.
    pub quoted_usd: f64,
    /// The caller's own words, given back by the ledger.
    pub keep: Value,
    /// Whether the result is known by now; asked after waiting for another program that makes the same.
    pub known: &'a (dyn Fn() -> bool + Sync),
    /// Where the finished file goes.
    pub folder: &'a Path,
    /// Stops it.
    pub cancel: &'a Cancel,
    /// Told how far it is.
    pub progress: &'a Progress,
}

impl fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Order({}, {})", self.endpoint.id, self.content)
    }
}

/// How an order ended well.
#[derive(Debug)]
pub enum Made {
    /// Here are its files.
    Files(Done),
    /// Another program finished the same meanwhile: the caller knows where.
    Known,
}

/// What was made. Its row is open until [`crate::Ledger::kept`] says that the files are in the library.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its row in the ledger.
    pub row: String,
    /// The files, in the order's folder.
    pub files: Vec<PathBuf>,
    /// The seed that the engine says it used.
    pub seed: Option<u64>,
    /// The request as sent, without media and without the secret part of an address.
    pub request: Value,
    /// What a person may want to know of how it was made: that a request was taken up again, say.
    pub words: Vec<String>,
}
