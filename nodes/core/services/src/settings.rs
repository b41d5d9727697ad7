//! Where the environment is read, and how patiently a provider is asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Looks up an environment variable.
pub(crate) type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What [`crate::Remote`] takes from outside. The default is what people get.
#[derive(Clone)]
pub struct Settings {
    /// Looks up an environment variable: a key, another host (`RUSHES_FAL_URL`), `RUSHES_KEY_STORE=off`.
    pub environment: Lookup,
    /// How patiently a provider is asked, and how much it may answer.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self { environment: Arc::new(|name| std::env::var(name).ok()), limits: Limits::default() }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({:?})", self.limits)
    }
}

/// Bounds of time and size.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Between two questions whether it is made yet, at first.
    pub poll: Duration,
    /// Between two attempts after a failure, at first; doubled each time.
    pub retry: Duration,
    /// The longest between two attempts after a failure.
    pub longest_retry: Duration,
    /// How long nothing but failures is borne.
    pub patience: Duration,
    /// How long a connection may stay silent.
    pub idle: Duration,
    /// The most bytes that an answer may have which is not a medium.
    pub answer_bytes: u64,
    /// The most bytes that a medium may have.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(30),
            patience: Duration::from_secs(600),
            idle: Duration::from_secs(60),
            answer_bytes: 64 << 20,
            file_bytes: 4 << 30,
        }
    }
}
