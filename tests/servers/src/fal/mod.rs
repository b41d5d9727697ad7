//! A server that behaves as fal.ai's queue and storage do.
//!
//! Keys are asked for, bodies are checked against what the engines take, requests wait, work and are over, pictures are
//! uploaded, and the clip given at the start is what every request makes.
//! [`Behaviour`] makes it go wrong. [`Server::log`] tells what was asked of it, so that tests count what would have
//! cost money. What the engines take is written down here a second time, from their pages.

mod answer;
mod behaviour;
mod check;
mod jobs;
mod queue;
mod server;
mod storage;

pub use behaviour::{Behaviour, Failure, Kind};
pub use jobs::Seen;
pub use server::Server;
