//! What the library knows about a take.

use super::lists::{List, series_key};
use crate::plan::Made;
use crate::{Error, Key, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

/// One result of a job, or of a tool elsewhere, with its provenance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// What a node names it by: the name of its file, or of a list of its files.
    pub id: String,
    /// Its files, in order.
    pub files: Vec<TakeFile>,
    /// When it came here, in seconds since 1970.
    pub made: u64,
    /// How it came to be.
    pub facts: Facts,
    /// What a person says about it.
    #[serde(default)]
    pub remarks: Remarks,
    /// The recipes whose result it is, in hex.
    #[serde(default)]
    pub recipes: Vec<String>,
    /// The parts of the newest of these recipes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<Made>,
    /// The exact requests whose result it is, in hex.
    #[serde(default)]
    pub contents: Vec<String>,
    /// The series it is a take of.
    #[serde(default)]
    pub series: Vec<String>,
}

/// A file of a take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeFile {
    /// Its name in the library: the hash of its content and the ending of its type.
    pub name: String,
    /// Its name where it came from, without folders.
    pub origin: String,
    /// Its size.
    pub bytes: u64,
}

/// How a take came to be. What is not known stays empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The kind of the node, such as `animate/image_to_video`.
    pub kind: String,
    /// The engine that did the work.
    pub engine: String,
    /// The model of the engine.
    pub model: String,
    /// The prompt.
    pub prompt: String,
    /// The seed.
    pub seed: Option<u64>,
    /// What it cost, in US dollars.
    pub price_usd: Option<f64>,
    /// When it was made, in the words of whoever knows.
    pub date: String,
    /// The licence it is under.
    pub licence: String,
    /// True for a file that a person brought from elsewhere.
    pub brought: bool,
    /// All else: the request as sent, the parameters, the sources.
    pub provenance: Value,
}

/// What a person says about a take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remarks {
    /// A name.
    pub name: String,
    /// 0 for none, to 5.
    pub rating: u8,
    /// Notes.
    pub notes: String,
}

impl Remarks {
    pub(super) fn check(&self) -> Result<()> {
        if self.rating > 5 {
            return Err(
                Error::usage(format!("a rating of {} is out of range", self.rating)).help("rate from 0 to 5")
            );
        }
        Ok(())
    }
}

impl Take {
    pub(super) fn new(id: String, files: Vec<TakeFile>, facts: Facts) -> Self {
        // A clock before 1970 is no reason to lose a result.
        let made = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let remarks = Remarks::default();
        Self {
            id,
            files,
            made,
            facts,
            remarks,
            recipes: Vec::new(),
            made_from: None,
            contents: Vec::new(),
            series: Vec::new(),
        }
    }

    /// The names of all files in the library that belong to it.
    pub(super) fn into_names(self) -> impl Iterator<Item = String> {
        let set = (self.files.len() > 1).then_some(self.id);
        self.files.into_iter().map(|file| file.name).chain(set)
    }

    /// Every list that it stands in.
    pub(super) fn listings(&self) -> Vec<(List, Key)> {
        let keys = |list: List, keys: &[String]| -> Vec<(List, Key)> {
            keys.iter().filter_map(|key| Key::from_hex(key)).map(|key| (list, key)).collect()
        };
        let mut all = keys(List::Recipe, &self.recipes);
        all.extend(keys(List::Content, &self.contents));
        all.extend(self.series.iter().map(|series| (List::Series, series_key(series))));
        all
    }
}
