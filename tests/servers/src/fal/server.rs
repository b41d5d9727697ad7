//! The server itself.

use std::io;
use std::sync::Arc;

use super::jobs::Shared;
use super::{Behaviour, Kind, Seen, answer};
use crate::serve::{Port, Serving};

/// A server that runs until it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    _serving: Serving,
}

impl Server {
    /// Starts at a free port. Every request makes `clip`.
    ///
    /// # Panics
    ///
    /// Where this machine lets nobody listen to itself.
    #[allow(clippy::expect_used)]
    pub fn start(clip: Vec<u8>) -> Self {
        Self::start_at(clip, 0).expect("a free port on this machine")
    }

    /// Starts at this port, or at a free one for 0.
    pub fn start_at(clip: Vec<u8>, port: u16) -> io::Result<Self> {
        let port = Port::open(port)?;
        let shared = Arc::new(Shared::new(clip, port.url.clone()));
        let ours = shared.clone();
        let serving = port.serve("fal", move |request| answer::answer(ours.clone(), request))?;
        Ok(Self { shared, _serving: serving })
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Behaves like this from now on.
    pub fn set(&self, behaviour: Behaviour) {
        self.shared.memory().behaviour = behaviour;
    }

    /// What was asked up to now.
    pub fn log(&self) -> Vec<Seen> {
        self.shared.memory().log.clone()
    }

    /// How often this was asked.
    pub fn count(&self, kind: Kind) -> usize {
        self.shared.memory().log.iter().filter(|seen| seen.kind == kind).count()
    }
}
