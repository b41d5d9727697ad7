//! The colours of a span as a tool reads them, and the places where it puts its own: a block's, or those of a picture.

use crate::cx::SPAN;

/// A channel after the other.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Half([&'a [u16; SPAN]; 4]),
    Float([&'a [f32; SPAN]; 4]),
}

/// What stands where a tool has no input.
pub(crate) const NOTHING: View<'static> = View::Float([&[0.0; SPAN]; 4]);

/// Red, green and blue, and apart from them alpha, of which most pictures have none.
pub(crate) struct Out<'a> {
    pub(crate) colours: Places<'a>,
    pub(crate) alpha: &'a mut [f32; SPAN],
}

/// A channel after the other; those that are written past the caches begin where a cache line does.
pub(crate) enum Places<'a> {
    Half([&'a mut [u16; SPAN]; 3]),
    HalfPast([&'a mut [u16; SPAN]; 3]),
    Float([&'a mut [f32; SPAN]; 3]),
    FloatPast([&'a mut [f32; SPAN]; 3]),
}
