//! Remote engines end to end, over real HTTP to a server on this machine that behaves as the provider does.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod bounds;
mod cancel;
mod crash;
mod guard;
mod keys;
mod ledger;
mod refusals;
mod stage;
mod success;
