//! Pictures made row by row, over all cores.

use crate::chain::Chain;
use crate::cx::{Block, Cx, SPAN, Span};
use crate::found::Found;
use crate::lane_kind::LaneKind;
use crate::store::{Host, Values, foreign};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rushes_engine::Result;
use std::ops::Range;

/// Rows that one core makes before it asks for more.
const BAND: usize = 16;

/// The spans of a row.
pub(crate) fn spans(width: u32, y: u32) -> impl Iterator<Item = Span> {
    spans_between(0..width, y)
}

/// The spans of a part of a row.
pub(crate) fn spans_between(xs: Range<u32>, y: u32) -> impl Iterator<Item = Span> {
    let end = xs.end;
    xs.step_by(SPAN).map(move |x| Span { x, y, len: SPAN.min((end - x) as usize) })
}

/// Rows of a picture's channels that one core makes.
pub(crate) enum Band<'a> {
    Half([&'a mut [u16]; 4]),
    Float([&'a mut [f32]; 4]),
}

impl Band<'_> {
    /// Writes a span of the row `row` of the band.
    pub(crate) fn write(&mut self, lanes: &LaneKind, span: Span, row: usize, stride: usize, block: &Block) {
        let start = row * stride + span.x as usize;
        let end = start + span.len.next_multiple_of(8);
        match self {
            Self::Half(channels) => {
                let out = channels.each_mut().map(|c| c.get_mut(start..end).unwrap_or_default());
                // SAFETY: the function was chosen for lanes that this processor has.
                unsafe { (lanes.write_half)(block, span.len, out) }
            }
            Self::Float(channels) => {
                for (out, values) in channels.iter_mut().zip(&block.0) {
                    let out = out.get_mut(start..end).unwrap_or_default();
                    out.iter_mut().zip(values).for_each(|(o, v)| *o = *v);
                }
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
    let first = |i: usize| (i * rows) as u32;
    match host.values.as_mut().ok_or_else(foreign)? {
        Values::Half([r, g, b, a]) => {
            (r.par_chunks_mut(size), g.par_chunks_mut(size), b.par_chunks_mut(size), a.par_chunks_mut(size))
                .into_par_iter()
                .enumerate()
                .for_each_init(&room, |room, (i, (r, g, b, a))| {
                    each(room, first(i), &mut Band::Half([r, g, b, a]));
                });
        }
        Values::Float([r, g, b, a]) => {
            (r.par_chunks_mut(size), g.par_chunks_mut(size), b.par_chunks_mut(size), a.par_chunks_mut(size))
                .into_par_iter()
                .enumerate()
                .for_each_init(&room, |room, (i, (r, g, b, a))| {
                    each(room, first(i), &mut Band::Float([r, g, b, a]));
                });
        }
    }
    Ok(())
}

/// Makes a picture by a chain.
pub(crate) fn chain(
    lanes: &LaneKind,
    chain: &Chain<'_>,
    width: u32,
    height: u32,
    host: &mut Host,
) -> Result<()> {
    let stride = host.stride;
    over_bands(
        host,
        BAND,
        || chain.blocks(),
        |blocks, first, band| {
            for y in first..height.min(first + BAND as u32) {
                for span in spans(width, y) {
                    let at = chain.run(span, blocks);
                    if let Some(Some(block)) = blocks.get(at) {
                        band.write(lanes, span, (y - first) as usize, stride, block);
                    }
                }
            }
        },
    )
}

/// Makes a picture by a kernel. A band's rows are made column of spans by column, so that what they share stays near.
pub(crate) fn kernel(lanes: &LaneKind, found: &Found, cx: &Cx<'_>, host: &mut Host) -> Result<()> {
    let stride = host.stride;
    over_bands(host, BAND, Block::new, |block, first, band| {
        for column in spans(cx.width, 0) {
            for y in first..cx.height.min(first + BAND as u32) {
                let span = Span { y, ..column };
                // SAFETY: the function was chosen for lanes that this processor has.
                unsafe { (found.run)(cx, span, &[], block) };
                band.write(lanes, span, (y - first) as usize, stride, block);
            }
        }
    })
}
