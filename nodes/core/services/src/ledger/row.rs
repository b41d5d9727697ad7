//! One row: one request to a provider, from before it leaves until its result is in the library.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is about to leave, or has left and nobody knows whether it arrived.
    Sending,
    /// The provider has taken it.
    Sent,
    /// The provider has finished it.
    Made,
    /// Its result is in the library.
    Kept,
    /// The provider refused or failed it.
    Failed,
    /// Somebody stopped it, and the provider agreed.
    Cancelled,
    /// A person said that it no longer counts.
    Forgotten,
}

impl State {
    /// Whether something is still to be done about it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sending | Self::Sent | Self::Made)
    }
}

/// How the provider names a request, and where it is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteIds {
    /// The provider's name for it.
    pub request_id: String,
    /// Where its state is told.
    pub status_url: String,
    /// Where its result is told.
    pub response_url: String,
    /// Where it is stopped.
    pub cancel_url: String,
}

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its name, which sorts by time.
    pub id: String,
    /// When it was made, in seconds since 1970.
    pub made: u64,
    /// For lists.
    pub title: String,
    /// Whom it went to.
    pub provider: String,
    /// Which engine.
    pub endpoint: String,
    /// The key of the exact request.
    pub content: String,
    /// The price that was shown.
    pub quoted_usd: f64,
    /// How far it is.
    pub state: State,
    /// What went wrong, in words, or nothing.
    #[serde(default)]
    pub error: String,
    /// The request as sent, without media and without the secret part of an address.
    #[serde(default)]
    pub request: Value,
    /// The caller's own words.
    #[serde(default)]
    pub keep: Value,
    /// How the provider names it, once it has taken it.
    #[serde(default)]
    pub remote: Option<RemoteIds>,
    /// Where its files lie, once made. Empty where an address holds a secret: the provider is asked again.
    #[serde(default)]
    pub results: Vec<String>,
    /// The seed that was used, once made.
    #[serde(default)]
    pub seed: Option<u64>,
}
