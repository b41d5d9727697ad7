//! How the server is to behave. The default is well.

use std::collections::BTreeMap;
use std::time::Duration;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A token of the storage: what a key is checked with.
    Token,
    /// Where to upload to.
    Initiate,
    /// An upload.
    Put,
    /// A request that costs money.
    Create,
    /// How far a request is.
    Status,
    /// What came of a request.
    Result,
    /// Stopping a request.
    Cancel,
    /// The clip itself.
    Clip,
    /// Anything else.
    Other,
}

/// The next questions of a kind fail.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How many.
    pub times: u32,
    /// With this status.
    pub status: u16,
    /// And these headers.
    pub headers: Vec<(&'static str, String)>,
    /// And this body.
    pub body: String,
}

impl Failure {
    /// `times` times `status`, in the words that fal.ai has for it.
    pub fn new(times: u32, status: u16) -> Self {
        Self { times, status, headers: Vec::new(), body: format!("{{\"detail\":\"failure {status}\"}}") }
    }
}

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// The one key that is good; none: every key is.
    pub key: Option<String>,
    /// Says a wrong key back, as no server should.
    pub says_key: bool,
    /// How many questions a request waits for.
    pub queue: u32,
    /// How many questions it is worked on for.
    pub working: u32,
    /// Questions that fail.
    pub failures: BTreeMap<Kind, Failure>,
    /// How long an answer takes.
    pub delays: BTreeMap<Kind, Duration>,
    /// Takes the next request and drops the connection without an answer.
    pub lose_answer: bool,
    /// Takes the next request and answers what is no JSON.
    pub garble_answer: bool,
    /// Names this host for asking about a request.
    pub foreign_host: Option<String>,
    /// Names this host for uploading to.
    pub upload_host: Option<String>,
    /// Requests fail with these words.
    pub job_error: Option<String>,
    /// The clip lies there.
    pub redirect: Option<String>,
    /// The clip's address carries a signature, and is no good without.
    pub signed: bool,
    /// Results are gone.
    pub deleted: bool,
    /// The clip is said to have this length.
    pub content_length: Option<u64>,
    /// The clip's length is not said.
    pub chunked: bool,
    /// The clip comes in eight parts, with this pause before each.
    pub slow_clip: Option<Duration>,
    /// Says no to stopping a request that is worked on.
    pub unstoppable: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            key: None,
            says_key: false,
            queue: 1,
            working: 1,
            failures: BTreeMap::new(),
            delays: BTreeMap::new(),
            lose_answer: false,
            garble_answer: false,
            foreign_host: None,
            upload_host: None,
            job_error: None,
            redirect: None,
            signed: false,
            deleted: false,
            content_length: None,
            chunked: false,
            slow_clip: None,
            unstoppable: false,
        }
    }
}
