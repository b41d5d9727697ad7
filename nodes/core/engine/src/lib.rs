//! The engine: what a node, a wire, a graph and a frame request *are*.
//!
//! It holds the document and its edits, plans and evaluates it frame by frame, and keeps what was made.
//! It must not know wgpu, FFmpeg, a network, tokio, egui or any concrete tool: the payloads that flow are
//! opaque to it, a size in bytes and a tier.

pub mod cache;
mod cancel;
mod color;
pub mod describe;
pub mod document;
mod error;
pub mod evaluate;
pub mod files;
mod key;
pub mod library;
pub mod lint;
pub mod param;
mod payload;
pub mod plan;
mod planes;
mod rate;
pub mod tool;
mod value;

pub use cancel::{Cancel, Progress};
pub use color::{ColorTags, Matrix, Primaries, Range, Siting, Transfer};
pub use error::{Error, ErrorKind, Result};
pub use key::{Key, KeyHasher};
pub use payload::{Payload, PayloadRef, Tier};
pub use planes::{Layout, Orientation, PlaneStore, Planes, PlanesInfo, Sample};
pub use rate::Rate;
pub use value::{
    AudioDesc, AudioPiece, CharacterDesc, ClipDesc, Desc, ImageDesc, ImageSetDesc, NumberDesc, StyleDesc,
    ValueType,
};
