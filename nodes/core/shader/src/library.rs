//! The helpers that every shader may call.

use crate::lexer::{self, Declaration};
use std::sync::LazyLock;

/// The helpers that every shader may call, by file, as they lie under `assets/shaders/core`.
pub const CORE_SHADERS: &[(&str, &str)] = &[
    ("colour", include_str!("../../../../assets/shaders/core/colour.wgsl")),
    ("hash", include_str!("../../../../assets/shaders/core/hash.wgsl")),
    ("table", include_str!("../../../../assets/shaders/core/table.wgsl")),
    ("border", include_str!("../../../../assets/shaders/core/border.wgsl")),
    ("finish", include_str!("../../../../assets/shaders/core/finish.wgsl")),
    ("planes", include_str!("../../../../assets/shaders/core/planes.wgsl")),
    ("encode", include_str!("../../../../assets/shaders/core/encode.wgsl")),
];

/// The declarations of [`CORE_SHADERS`]; parsed once, never changed.
pub static LIBRARY: LazyLock<Vec<Declaration>> =
    LazyLock::new(|| CORE_SHADERS.iter().flat_map(|(_, text)| lexer::declarations(text)).collect());
