//! Remote engines: what can be asked of them, keys, the ledger of what was ordered, and fetching what was made.
//!
//! [`Remote`] is the door. An [`Endpoint`] is a data file in `assets/endpoints`: which fields a request has, what they
//! may hold, what comes back and what it costs; another endpoint of a known provider needs no code. A [`Provider`]'s
//! protocol is one file here. Before a request that costs money leaves, its row is on disk in the [`Ledger`], and a
//! request whose fate is unknown is never sent again by itself: money is not spent twice.
//!
//! Callers are plain threads; each call that waits brings a small runtime of its own. What a provider names as an
//! address is treated as a stranger's word: https only, no private addresses, bounded sizes, and never the key.
//!
//! [`Comfy`] is a ComfyUI server that a person named; nobody pays for what it makes.
//!
//! This room must not know the graph, the graphics device, media or the window. Of the engine it uses the vocabulary
//! only.

mod comfy;
mod endpoint;
mod http;
mod keys;
mod ledger;
mod order;
mod protocol;
mod provider;
mod remote;
mod settings;

pub use comfy::Comfy;
pub use endpoint::{Endpoint, endpoint, endpoints};
pub use keys::{KeptIn, Keys};
pub use ledger::{Ledger, RemoteIds, Row, State};
pub use order::{Done, Given, Made, Order, Picture};
pub use provider::{PROVIDERS, Provider, provider};
pub use remote::Remote;
pub use settings::{Limits, Settings};
