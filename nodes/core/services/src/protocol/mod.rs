//! How each provider is spoken with, one file each.

mod fal;
mod words;

use reqwest::Url;
use reqwest::header::HeaderMap;
use rushes_engine::Error;

use crate::RemoteIds;
pub(crate) use fal::Fal;

/// What became of sending a request.
pub(crate) enum Submitted {
    /// It was taken, under these names.
    Taken(RemoteIds),
    /// It was surely not taken now; it may be after a while, as the headers may say.
    Later(Option<HeaderMap>, Error),
    /// It was surely not taken, and will not be.
    Refused(Error),
    /// Nobody knows, and this is why.
    Unknown(String),
}

/// How far a request is at the provider.
pub(crate) enum Standing {
    /// It waits, with so many before it.
    Queued(Option<u64>),
    /// It is being made.
    Working,
    /// It is over, well or not: the result says which.
    Over,
    /// It failed, in the provider's words.
    Failed(String),
    /// The provider knows nothing of it any more.
    Gone,
}

/// What came of a request that is over.
pub(crate) enum Outcome {
    /// Its files, and the seed that was used.
    Files(Vec<Url>, Option<u64>),
    /// It failed, in the provider's words.
    Failed(String),
    /// The provider has removed it.
    Gone,
}

/// What became of asking to stop.
pub(crate) enum Stopped {
    /// It is stopped, or will be.
    Yes,
    /// It was over already.
    TooLate,
}
