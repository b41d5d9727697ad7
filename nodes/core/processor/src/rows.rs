//! Pictures made row by row, over all cores.

use crate::band::over_bands;
use crate::chain::Chain;
use crate::cx::{Block, Cx, Picture, SPAN, Span};
use crate::found::Found;
use crate::lane_kind::LaneKind;
use crate::store::Host;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rushes_engine::Result;
use rushes_gpu::{Pixels, Precision};
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

/// Makes a picture by a chain.
pub(crate) fn chain(chain: &Chain<'_>, width: u32, height: u32, host: &mut Host) -> Result<()> {
    let (stride, rows) = (host.stride, chain.band(BAND as u32));
    over_bands(
        host,
        rows as usize,
        || chain.scratch(),
        |scratch, first, band| {
            let ys = first..height.min(first + rows);
            for xs in chain.tiles(width) {
                chain.begin(&xs, &ys, scratch);
                for y in ys.clone() {
                    for span in spans_between(xs.clone(), y) {
                        chain.write(span, scratch, band, (y - first) as usize, stride);
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
                band.make(lanes, span, (y - first) as usize, stride, block, |out| {
                    // SAFETY: the function was chosen for lanes that this processor has.
                    unsafe { (found.run)(cx, span, &[], out) };
                });
            }
        }
    })
}

/// Stores pixels.
pub(crate) fn stored(lanes: &LaneKind, pixels: &Pixels, host: &mut Host) -> Result<()> {
    let (stride, width) = (host.stride, pixels.width as usize);
    over_bands(host, BAND, Block::new, |block, first, band| {
        for y in first..pixels.height.min(first + BAND as u32) {
            for span in spans(pixels.width, y) {
                let row = pixels.rgba.get(y as usize * width + span.x as usize..).unwrap_or_default();
                let [r, g, b, a] = &mut block.0;
                let places = r.iter_mut().zip(g).zip(b).zip(a).take(span.len);
                for ((((r, g), b), a), pixel) in places.zip(row) {
                    [*r, *g, *b, *a] = *pixel;
                }
                band.write(lanes, span, (y - first) as usize, stride, block);
            }
        }
    })
}

/// The pixels of a picture.
pub(crate) fn read(lanes: &LaneKind, picture: &Picture<'_>) -> Vec<[f32; 4]> {
    let width = picture.width as usize;
    let mut rgba = vec![[0.0; 4]; width * picture.height as usize];
    rgba.par_chunks_mut(width).enumerate().for_each_init(Block::new, |block, (y, row)| {
        for span in spans(picture.width, y as u32) {
            // SAFETY: the function was chosen for lanes that this processor has.
            unsafe { (lanes.read)(picture, span, Precision::Float, block) };
            let [r, g, b, a] = &block.0;
            let pixels = row.iter_mut().skip(span.x as usize).take(span.len);
            for (pixel, (((r, g), b), a)) in pixels.zip(r.iter().zip(g).zip(b).zip(a)) {
                *pixel = [*r, *g, *b, *a];
            }
        }
    });
    rgba
}
