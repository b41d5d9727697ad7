//! An encoder's planes, made band by band over all cores.

use crate::chain::{Chain, Scratch};
use crate::chroma_rows::ChromaRows;
use crate::encode::{Encoder, SpanRows};
use crate::lane_kind::LaneKind;
use crate::rows::spans_between;
use crate::shape::Shape;
use crate::store::Pool;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rushes_engine::{Cancel, Layout, Planes, Result};
use rushes_gpu::{EncodeFormat, Pending};
use std::ops::Range;
use std::sync::Arc;

/// Rows that one core makes before it asks for more: a multiple of what chroma is subsampled by.
const BAND: u32 = 16;

/// Planes that are made already.
pub(crate) struct Made(Planes);

impl Pending for Made {
    fn wait(self: Box<Self>, cancel: &Cancel) -> Result<Planes> {
        cancel.check()?;
        Ok(self.0)
    }
}

/// What bands are made with.
struct Maker<'a> {
    lanes: &'a LaneKind,
    chain: &'a Chain<'a>,
    encoder: Encoder,
    width: u32,
    height: u32,
    strides: Vec<usize>,
    /// Bytes a pixel of a plane of full size.
    pixel: usize,
    /// Rows of a band.
    rows: u32,
    /// Rows above a band that its chroma is made of too.
    above: u32,
}

/// What a thread makes bands in.
type Room = (Scratch, ChromaRows);

/// Makes the planes of a picture.
pub(crate) fn planes(
    lanes: &LaneKind,
    chain: &Chain<'_>,
    (width, height): (u32, u32),
    format: &EncodeFormat,
    frame: u32,
    pool: &Arc<Pool>,
) -> Made {
    let info = format.info(width, height);
    let strides: Vec<usize> = (0..info.layout.planes()).map(|plane| info.row_bytes(plane)).collect();
    let bytes = strides.iter().enumerate().map(|(plane, stride)| stride * info.plane_size(plane).1 as usize);
    let mut store = pool.planes(bytes);
    let encoder = Encoder::new(format, frame);
    let [_, (top, _)] = encoder.taps;
    let above = top.min(0).unsigned_abs();
    // Where rows are made twice, the bands are higher.
    let rows = chain.band(if above == 0 { BAND } else { 4 * BAND }).next_multiple_of(BAND);
    let pixel = if info.layout == Layout::PackedRgba { 4 } else { 1 } * format.sample.size();
    let maker = Maker { lanes, chain, encoder, width, height, strides: strides.clone(), pixel, rows, above };
    let columns = chain.tiles(width).next().map_or(0, |xs| xs.end);
    let mut bands: Vec<[&mut [u8]; 4]> = (0..height.div_ceil(rows)).map(|_| Default::default()).collect();
    for (at, (plane, stride)) in store.planes.iter_mut().zip(&strides).enumerate() {
        let high = if maker.is_small(at) { rows >> maker.encoder.sub[1] } else { rows };
        for (band, part) in bands.iter_mut().zip(plane.chunks_mut((stride * high as usize).max(1))) {
            band[at] = part;
        }
    }
    bands.into_par_iter().enumerate().for_each_init(
        || (chain.scratch(), ChromaRows::new(&maker.encoder, height, (columns, above + rows))),
        |room, (i, band)| maker.band(i as u32 * rows, band, room),
    );
    Made(Planes { info, strides, store: Arc::new(store) })
}

impl Maker<'_> {
    fn is_subsampled(&self) -> bool {
        matches!(self.encoder.shape, Shape::Subsampled { .. })
    }

    /// Whether a plane is chroma of fewer samples than the picture.
    fn is_small(&self, plane: usize) -> bool {
        self.is_subsampled() && (1..3).contains(&plane)
    }

    /// Makes the rows from `first` on of all planes.
    fn band(&self, first: u32, mut planes: [&mut [u8]; 4], room: &mut Room) {
        let [_, sub] = self.encoder.sub;
        let all = first.saturating_sub(self.above)..self.height.min(first + self.rows);
        for xs in self.chain.tiles(self.width) {
            self.chain.begin(&xs, &all, &mut room.0);
            room.1.xs = xs.clone();
            for y in all.clone() {
                self.row(first, (&xs, y), &mut planes, room);
                let is_last = (y + 1).is_multiple_of(1 << sub) || y + 1 == self.height;
                if self.is_subsampled() && y >= first && is_last {
                    self.chroma(first, y, &mut planes, &mut room.1);
                }
            }
        }
    }

    /// Makes those columns of a row of smaller chroma that lie under what was made last, up to row `y`.
    fn chroma(&self, first: u32, y: u32, planes: &mut [&mut [u8]; 4], rows: &mut ChromaRows) {
        let [sub_x, sub] = self.encoder.sub;
        let together = if self.encoder.shape == (Shape::Subsampled { paired: true }) { 2 } else { 1 };
        let before = (rows.xs.start >> sub_x) as usize * together * self.encoder.sample.size();
        let at = ((y >> sub) - (first >> sub)) as usize;
        let mut lines = self.strides.iter().skip(1).map(|stride| at * stride + before..(at + 1) * stride);
        let [_, u, v, _] = planes;
        let out = [u, v].map(|p| lines.next().and_then(|line| p.get_mut(line)).unwrap_or_default());
        // SAFETY: the function was chosen for lanes that this processor has.
        unsafe { (self.lanes.chroma)(&self.encoder, y >> sub, rows, out) };
    }

    /// Makes row `y` of the planes of full size between some columns, and its chroma at full size. A row above the band
    /// gives its chroma only.
    fn row(
        &self,
        first: u32,
        (xs, y): (&Range<u32>, u32),
        planes: &mut [&mut [u8]; 4],
        (scratch, chroma): &mut Room,
    ) {
        for span in spans_between(xs.clone(), y) {
            let Some(block) = self.chain.run(span, scratch) else { continue };
            let mut out = SpanRows::default();
            if y >= first {
                let all = out.full.iter_mut().zip(&mut *planes).zip(&self.strides).enumerate();
                for (_, ((out, plane), stride)) in all.filter(|(at, _)| !self.is_small(*at)) {
                    let start = (y - first) as usize * stride;
                    let bytes = start + span.x as usize * self.pixel..start + stride;
                    *out = plane.get_mut(bytes).unwrap_or_default();
                }
            }
            if self.is_subsampled() {
                out.chroma = chroma.places(span.x, y);
            }
            // SAFETY: the function was chosen for lanes that this processor has.
            unsafe { (self.lanes.encode)(&self.encoder, span, block, &mut out) };
        }
        if self.is_subsampled() {
            chroma.end(y);
        }
    }
}
