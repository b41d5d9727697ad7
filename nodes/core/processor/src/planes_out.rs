//! An encoder's planes, made row by row over all cores.

use crate::chain::Chain;
use crate::cx::{SPAN, Span};
use crate::encode::{Encoder, PlaneRows};
use crate::lane_kind::LaneKind;
use crate::rows::spans;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rushes_engine::{Cancel, Layout, Orientation, Planes, Result};
use rushes_gpu::{EncodeFormat, Pending, subsampling};
use std::sync::Arc;

/// Planes that are made already.
pub(crate) struct Made(Planes);

impl Pending for Made {
    fn wait(self: Box<Self>, cancel: &Cancel) -> Result<Planes> {
        cancel.check()?;
        Ok(self.0)
    }
}

/// Makes the planes of a picture.
pub(crate) fn planes(
    lanes: &LaneKind,
    chain: &Chain<'_>,
    (width, height): (u32, u32),
    format: &EncodeFormat,
    frame: u32,
) -> Made {
    let encoder = Encoder::new(format, frame);
    let layout = format.layout;
    let strides: Vec<usize> = (0..layout.planes())
        .map(|p| layout.plane_size(p, width, height).0 as usize * format.sample.size())
        .collect();
    let mut store: Vec<Vec<u8>> = (0..layout.planes())
        .map(|p| vec![0; strides[p] * layout.plane_size(p, width, height).1 as usize])
        .collect();
    let subsampled = format.is_subsampled();
    let count = if subsampled { width as usize * height as usize } else { 0 };
    let mut chroma = [vec![0.0_f32; count], vec![0.0_f32; count]];
    let is_full = |p: usize| !subsampled || p == 0 || p == 3;
    let mut rows: Vec<PlaneRows<'_>> =
        (0..height).map(|_| PlaneRows { full: Vec::new(), chroma: None }).collect();
    for (p, plane) in store.iter_mut().enumerate().filter(|(p, _)| is_full(*p)) {
        let stride = strides.get(p).copied().unwrap_or(1).max(1);
        rows.iter_mut().zip(plane.chunks_mut(stride)).for_each(|(row, line)| row.full.push(line));
    }
    if subsampled {
        let [u, v] = &mut chroma;
        let lines = u.chunks_mut(width as usize).zip(v.chunks_mut(width as usize));
        rows.iter_mut().zip(lines).for_each(|(row, (u, v))| row.chroma = Some([u, v]));
    }
    let samples = if layout == Layout::PackedRgba { 4 } else { 1 } * format.sample.size();
    rows.into_par_iter().enumerate().for_each_init(
        || chain.blocks(),
        |blocks, (y, mut row)| {
            for span in spans(width, y as u32) {
                let at = chain.run(span, blocks);
                let x = span.x as usize;
                let mut part = PlaneRows {
                    full: row.full.iter_mut().map(|f| f.get_mut(x * samples..).unwrap_or_default()).collect(),
                    chroma: row
                        .chroma
                        .as_mut()
                        .map(|c| c.each_mut().map(|c| c.get_mut(x..).unwrap_or_default())),
                };
                if let Some(Some(block)) = blocks.get(at) {
                    // SAFETY: the function was chosen for lanes that this processor has.
                    unsafe { (lanes.encode)(&encoder, span, block, &mut part) };
                }
            }
        },
    );
    if subsampled {
        let mut lines: Vec<Vec<&mut [u8]>> = Vec::new();
        for (p, plane) in store.iter_mut().enumerate().filter(|(p, _)| !is_full(*p)) {
            let stride = strides.get(p).copied().unwrap_or(1).max(1);
            for (y, line) in plane.chunks_mut(stride).enumerate() {
                match lines.get_mut(y) {
                    Some(all) => all.push(line),
                    None => lines.push(vec![line]),
                }
            }
        }
        lines.into_par_iter().enumerate().for_each(|(y, mut lines)| {
            subsampled_row(&encoder, &chroma, (width, height), y as u32, &mut lines);
        });
    }
    Made(Planes {
        width,
        height,
        layout,
        sample: format.sample,
        bits: format.bits,
        color: format.color,
        siting: format.siting,
        orientation: Orientation::default(),
        strides,
        store: Arc::new(store),
    })
}

/// One row of subsampled chroma from chroma at full size.
fn subsampled_row(
    encoder: &Encoder,
    chroma: &[Vec<f32>; 2],
    (width, height): (u32, u32),
    y: u32,
    lines: &mut [&mut [u8]],
) {
    let (sub_x, sub_y) = subsampling(encoder.format.layout);
    let [(left, across), (top, down)] = encoder.format.chroma_taps();
    let count = width.div_ceil(1 << sub_x);
    let each = if lines.len() == 1 { 2 } else { 1 } * encoder.format.sample.size();
    // The rows under the taps, summed down the picture.
    let mut column = [vec![0.0_f32; width as usize], vec![0.0_f32; width as usize]];
    for (i, tap) in (0..).zip(&down) {
        let at = ((y << sub_y) as i32 + top + i).clamp(0, height as i32 - 1) as usize;
        for (sum, full) in column.iter_mut().zip(chroma) {
            let row = full.get(at * width as usize..).unwrap_or_default();
            sum.iter_mut().zip(row).for_each(|(s, v)| *s += v * tap);
        }
    }
    for x in (0..count).step_by(SPAN) {
        let span = Span { x, y, len: SPAN.min((count - x) as usize) };
        let mut sums = [[0.0_f32; SPAN]; 2];
        for (sum, column) in sums.iter_mut().zip(&column) {
            for (i, place) in (0..).zip(sum.iter_mut().take(span.len)) {
                let first = ((x + i) << sub_x) as i32 + left;
                for (j, tap) in (0..).zip(&across) {
                    let at = (first + j).clamp(0, width as i32 - 1) as usize;
                    *place += column.get(at).copied().unwrap_or_default() * tap;
                }
            }
        }
        let start = x as usize * each;
        let mut parts: Vec<&mut [u8]> =
            lines.iter_mut().map(|l| l.get_mut(start..).unwrap_or_default()).collect();
        encoder.chroma(span, &sums, &mut parts);
    }
}
