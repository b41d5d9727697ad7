//! Lanes for any processor: four at once, as arrays of which the compiler makes vectors where it can.

#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "lanes_portable.rs"]
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
