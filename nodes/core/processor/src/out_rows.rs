//! Where sums along columns go: rows below each other, of a picture or of blocks.

use crate::ahead::LINE;
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

    /// Rows of half floats of a picture, past the caches if told; then none where cores would write parts of lines.
    pub(crate) fn of_halves(rows: ChannelRows<'a, u16>, past: bool) -> Option<Self> {
        match past {
            true => is_lined(&rows).then_some(Self::HalfPast(rows)),
            false => Some(Self::Half(rows)),
        }
    }

    /// The same of floats.
    pub(crate) fn of_floats(rows: ChannelRows<'a, f32>, past: bool) -> Option<Self> {
        match past {
            true => is_lined(&rows).then_some(Self::FloatPast(rows)),
            false => Some(Self::Float(rows)),
        }
    }
}

fn is_lined<T>(rows: &ChannelRows<'_, T>) -> bool {
    let whole = |values: &[T]| {
        values.as_ptr().addr().is_multiple_of(LINE) && size_of_val(values).is_multiple_of(LINE)
    };
    rows.iter().flatten().all(|values| values.is_empty() || whole(values))
}
