//! Rows of a picture that one core makes, and how cores share a picture.

use crate::cx::{Block, Span};
use crate::lane_kind::LaneKind;
use crate::past;
use crate::store::{Host, ROW, Stored, Values, foreign};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rushes_engine::Result;

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

impl Parts<'_> {
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
        if self.opaque && !opaque {
            self.parts.fill_alpha();
            self.opaque = false;
        }
        let start = row * stride + span.x as usize;
        let end = start + span.len.next_multiple_of(ROW);
        let count = if self.opaque { 3 } else { 4 };
        match &mut self.parts {
            Parts::Half(channels) => {
                let mut out = channels.each_mut().map(|c| c.get_mut(start..end).unwrap_or_default());
                let out = out.get_mut(..count).unwrap_or_default();
                // SAFETY: the function was chosen for lanes that this processor has.
                unsafe { (lanes.write_half)(block, span.len, self.large, out) }
            }
            Parts::Float(channels) => {
                let mut out = channels.each_mut().map(|c| c.get_mut(start..end).unwrap_or_default());
                let out = out.get_mut(..count).unwrap_or_default();
                // SAFETY: as above.
                unsafe { (lanes.write_float)(block, span.len, self.large, out) }
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
