//! FFmpeg: probing, exact frame access, sound, encoding, and still images.
//!
//! A file is looked at once ([`Media::probe`]); from then on any stored frame can be had by its number in presentation
//! order ([`Media::reader`]), whatever the codec, the grouping of its pictures or the container does. Sound is had by the
//! sample ([`AudioReader`]). [`Encoder`] writes clips and stills under a temporary name and renames them when whole.
//!
//! This room must not know the graph, the graphics device or the window. Of the engine it uses the vocabulary only.

#![allow(
    clippy::unnecessary_cast,
    reason = "the integer types of FFmpeg's constants differ between its versions"
)]

mod audio;
mod behind;
mod cache;
mod clip;
mod color;
mod decoding;
mod disposable;
mod encode;
mod ff;
mod file;
mod gently;
mod graph;
mod hashes;
mod index;
mod info;
mod kept;
mod keyframe;
mod media;
mod mixer;
mod orientation;
mod packed;
mod pixel;
mod pool;
mod proxies;
mod reader;
mod sequence;
mod shelf;
mod source;
mod timing;
mod trail;
mod truncation;

pub use audio::{AudioReader, SoundForm};
pub use encode::{AudioTrack, EncodeFormat, EncodeSettings, Encoder, Preset, Written};
pub use ff::version;
pub use gently::gently;
pub use hashes::{Order, hashes};
pub use info::{AudioInfo, MediaInfo, MediaKind, PictureInfo, ProbeOptions};
pub use media::{Media, MediaOptions, probe};
pub use mixer::Mixer;
pub use pool::ReaderPool;
pub use proxies::{PROXY_SCALE, ProxyOrder};
pub use reader::Reader;
pub use timing::Timing;
