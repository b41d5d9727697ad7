//! Lanes of NEON, which every processor of this architecture has: four at once.

#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "lanes_neon.rs"]
mod lanes;
#[path = "shared.rs"]
mod shared;

crate::compiled::compiled!("/baseline.rs");
crate::mixing::across!();

/// Every processor has them.
#[cfg(test)]
fn is_there() -> bool {
    true
}
