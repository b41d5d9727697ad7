//! Rows of a picture that one core makes, and how cores share a picture.

use crate::ahead::LINE;
use crate::cx::{Block, SPAN, Span};
use crate::lane_kind::LaneKind;
use crate::out_rows::{ChannelRows, OutRows};
use crate::past;
use crate::store::{Host, ROW, Stored, Values, foreign};
use crate::view::{Out, Places};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rushes_engine::Result;
use std::ops::Range;

/// Rows of a picture's channels that one core makes.
pub(crate) struct Band<'a> {
    parts: Parts<'a>,
    /// Whether all that was written is opaque. Its alpha is then not written: most pictures have none, and memory is
    /// what a core waits for.
    opaque: bool,
    /// The picture is larger than the caches.
    large: bool,
}

enum Parts<'a> {
    Half([&'a mut [u16]; 4]),
    Float([&'a mut [f32]; 4]),
}

/// Whether a cache line begins where values do.
fn is_lined<T>(values: &[T]) -> bool {
    values.as_ptr().addr().is_multiple_of(LINE)
}

/// The colours' places between two columns of so many rows from one on, and whether each begins and ends where a cache line
/// does.
fn rows_of<'a, T>(
    channels: &'a mut [&mut [T]; 4],
    stride: usize,
    (first, count): (usize, usize),
    columns: Range<usize>,
) -> (ChannelRows<'a, T>, bool) {
    let mut all = ChannelRows::default();
    let mut lined = (columns.len() * size_of::<T>()).is_multiple_of(LINE);
    for (i, channel) in channels.iter_mut().enumerate().take(3) {
        let rows = channel.chunks_mut(stride.max(1)).skip(first).take(count);
        for (place, row) in all.iter_mut().zip(rows) {
            place[i] = row.get_mut(columns.clone()).unwrap_or_default();
            lined &= is_lined(place[i]);
        }
    }
    (all, lined)
}

/// The places of a span's colours from a value on, and whether a cache line begins at each; none where less than a whole
/// span lies behind it.
fn places<'a, T>(channels: &'a mut [&mut [T]; 4], start: usize) -> Option<([&'a mut [T; SPAN]; 3], bool)> {
    let [r, g, b, _] = channels.each_mut().map(|c| c.get_mut(start..).and_then(|c| c.first_chunk_mut()));
    let all = [r?, g?, b?];
    let lined = all.iter().all(|channel| is_lined(&**channel));
    Some((all, lined))
}

impl Parts<'_> {
    /// Where the colours of a span belong that begins at a value.
    fn places(&mut self, start: usize, past: bool) -> Option<Places<'_>> {
        Some(match self {
            Self::Half(channels) => match places(channels, start)? {
                (all, lined) if past && lined => Places::HalfPast(all),
                (all, _) => Places::Half(all),
            },
            Self::Float(channels) => match places(channels, start)? {
                (all, lined) if past && lined => Places::FloatPast(all),
                (all, _) => Places::Float(all),
            },
        })
    }

    /// Where the colours of some rows belong, past the caches if told; then none where a core that writes so many values of
    /// each by turns would write parts of lines.
    fn rows(
        &mut self,
        stride: usize,
        rows: (usize, usize),
        columns: Range<usize>,
        (past, in_line): (bool, usize),
    ) -> Option<OutRows<'_>> {
        let whole = |size: usize| (in_line * size).is_multiple_of(LINE);
        Some(match self {
            Self::Half(channels) => match rows_of(channels, stride, rows, columns) {
                (all, _) if !past => OutRows::Half(all),
                (all, true) if whole(2) => OutRows::HalfPast(all),
                _ => return None,
            },
            Self::Float(channels) => match rows_of(channels, stride, rows, columns) {
                (all, _) if !past => OutRows::Float(all),
                (all, true) if whole(4) => OutRows::FloatPast(all),
                _ => return None,
            },
        })
    }

    fn fill_alpha(&mut self) {
        match self {
            Self::Half([.., alpha]) => alpha.fill(Stored::ONE),
            Self::Float([.., alpha]) => alpha.fill(Stored::ONE),
        }
    }
}

impl Band<'_> {
    /// Writes a span of the row `row` of the band.
    pub(crate) fn write(&mut self, lanes: &LaneKind, span: Span, row: usize, stride: usize, block: &Block) {
        self.write_known(lanes, span, (row, lanes.is_opaque(block, span.len)), stride, block);
    }

    /// The same, of which it is told with the row whether it is opaque.
    pub(crate) fn write_known(
        &mut self,
        lanes: &LaneKind,
        span: Span,
        (row, opaque): (usize, bool),
        stride: usize,
        block: &Block,
    ) {
        let count = if self.keeps_alpha(opaque) { 4 } else { 3 };
        self.write_channels(lanes, span, (row, 0..count), stride, block);
    }

    /// Has a span of the row `row` made where it belongs. A block is needed for its alpha, and for all of it where the
    /// band ends.
    pub(crate) fn make(
        &mut self,
        lanes: &LaneKind,
        span: Span,
        row: usize,
        stride: usize,
        block: &mut Block,
        make: impl FnOnce(Out<'_>),
    ) {
        let Some(colours) = self.parts.places(row * stride + span.x as usize, self.large) else {
            make(block.out());
            return self.write(lanes, span, row, stride, block);
        };
        let [.., alpha] = &mut block.0;
        make(Out { colours, alpha });
        if self.keeps_alpha(lanes.is_opaque(block, span.len)) {
            self.write_channels(lanes, span, (row, 3..4), stride, block);
        }
    }

    /// Where the colours of a span of opaque pixels belong in some rows: the first one and how many. None where alpha is
    /// kept, or where it would be slow to write the rows by turns.
    pub(crate) fn lines(
        &mut self,
        lanes: &LaneKind,
        span: Span,
        rows: (usize, usize),
        stride: usize,
    ) -> Option<OutRows<'_>> {
        let columns = span.x as usize..span.x as usize + span.len.next_multiple_of(ROW);
        if self.opaque { self.parts.rows(stride, rows, columns, (self.large, lanes.in_line)) } else { None }
    }

    /// Whether alpha is to be written, now that some more is known to be opaque or not.
    fn keeps_alpha(&mut self, opaque: bool) -> bool {
        if self.opaque && !opaque {
            self.parts.fill_alpha();
            self.opaque = false;
        }
        !self.opaque
    }

    fn write_channels(
        &mut self,
        lanes: &LaneKind,
        span: Span,
        (row, which): (usize, Range<usize>),
        stride: usize,
        block: &Block,
    ) {
        let start = row * stride + span.x as usize;
        let end = start + span.len.next_multiple_of(ROW);
        let channels = block.0.get(which.clone()).unwrap_or_default();
        match &mut self.parts {
            Parts::Half(all) => {
                let mut out = all.each_mut().map(|c| c.get_mut(start..end).unwrap_or_default());
                let out = out.get_mut(which).unwrap_or_default();
                // SAFETY: the function was chosen for lanes that this processor has.
                unsafe { (lanes.write_half)(channels, span.len, self.large, out) }
            }
            Parts::Float(all) => {
                let mut out = all.each_mut().map(|c| c.get_mut(start..end).unwrap_or_default());
                let out = out.get_mut(which).unwrap_or_default();
                // SAFETY: as above.
                unsafe { (lanes.write_float)(channels, span.len, self.large, out) }
            }
        }
    }
}

/// Hands bands of `rows` to all cores, each with its first row and what `room` made for the core.
pub(crate) fn over_bands<T>(
    host: &mut Host,
    rows: usize,
    room: impl Fn() -> T + Send + Sync,
    each: impl Fn(&mut T, u32, &mut Band<'_>) + Send + Sync,
) -> Result<()> {
    let size = rows * host.stride;
    let large = host.values.as_ref().is_some_and(|values| values.bytes() >= past::LARGE);
    let make = |room: &mut T, i: usize, parts: Parts<'_>| {
        let mut band = Band { parts, opaque: true, large };
        each(room, (i * rows) as u32, &mut band);
        if large {
            past::settle();
        }
        band.opaque
    };
    let opaque: Vec<bool> = match host.values.as_mut().ok_or_else(foreign)? {
        Values::Half([r, g, b, a]) => {
            (r.par_chunks_mut(size), g.par_chunks_mut(size), b.par_chunks_mut(size), a.par_chunks_mut(size))
                .into_par_iter()
                .enumerate()
                .map_init(&room, |room, (i, (r, g, b, a))| make(room, i, Parts::Half([r, g, b, a])))
                .collect()
        }
        Values::Float([r, g, b, a]) => {
            (r.par_chunks_mut(size), g.par_chunks_mut(size), b.par_chunks_mut(size), a.par_chunks_mut(size))
                .into_par_iter()
                .enumerate()
                .map_init(&room, |room, (i, (r, g, b, a))| make(room, i, Parts::Float([r, g, b, a])))
                .collect()
        }
    };
    host.settle_alpha(size, &opaque);
    Ok(())
}
