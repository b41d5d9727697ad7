//! Who runs remote engines.

use rushes_engine::{Error, Result};

/// A company that runs engines for others, and how a person stands with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// The name in endpoint files, in the ledger and on the command line.
    pub id: &'static str,
    /// The name for people.
    pub label: &'static str,
    /// The environment variables that hold its key: the first alone, or all of the others together.
    pub env: &'static [&'static str],
    /// Where a person gets a key.
    pub page: &'static str,
    /// Where a person sees what was asked for and what it cost.
    pub requests: &'static str,
}

/// All that are known.
pub static PROVIDERS: &[Provider] = &[Provider {
    id: "fal",
    label: "fal.ai",
    env: &["FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"],
    page: "https://fal.ai/dashboard/keys",
    requests: "https://fal.ai/dashboard/requests",
}];

/// The provider of this name.
pub fn provider(id: &str) -> Result<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.id == id).ok_or_else(|| {
        let known: Vec<_> = PROVIDERS.iter().map(|provider| provider.id).collect();
        Error::usage(format!("there is no provider {id:?}"))
            .help(format!("the providers are: {}", known.join(", ")))
    })
}
