//! Where sums along columns go: rows below each other, of a picture or of blocks.

use crate::cx::Block;
use crate::down::MOST;

/// The channels of each row; those of rows that are not made are empty.
pub(crate) type ChannelRows<'a, T> = [[&'a mut [T]; 4]; MOST];

/// Rows of values; those that are written past the caches begin and end where a cache line does.
pub(crate) enum OutRows<'a> {
    Half(ChannelRows<'a, u16>),
    HalfPast(ChannelRows<'a, u16>),
    Float(ChannelRows<'a, f32>),
    FloatPast(ChannelRows<'a, f32>),
}

impl<'a> OutRows<'a> {
    /// Blocks.
    pub(crate) fn of(made: &'a mut [Box<Block>; MOST]) -> Self {
        Self::Float(made.each_mut().map(|block| block.0.each_mut().map(<[f32; _]>::as_mut_slice)))
    }
}
