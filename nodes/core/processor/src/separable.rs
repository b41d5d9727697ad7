//! Mixes along both directions, tile by tile: what a tile needs is made by its chain, mixed along rows and then along
//! columns, and lies in a near cache all the while.

use crate::band::{Band, over_bands};
use crate::chain::Chain;
use crate::cx::{Block, SPAN};
use crate::lane_kind::LaneKind;
use crate::mixing::{Across, Down, Windows};
use crate::rows::spans_between;
use crate::store::Host;
use bytemuck::{Pod, Zeroable};
use rushes_engine::Result;
use std::ops::Range;

/// Columns of the result that are made together.
pub(crate) const TILE: usize = 2 * SPAN;
/// The most rows of the result that are made together, where sums do not reach far.
const MOST_ROWS: u32 = 128;

/// Floats that begin where a cache line does.
#[repr(C, align(64))]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Line([f32; 16]);

/// Floats for use again and again.
#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    /// At least `count` of them.
    fn floats(&mut self, count: usize) -> &mut [f32] {
        let lines = count.div_ceil(16);
        if self.0.len() < lines {
            self.0.resize(lines, Line::zeroed());
        }
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

/// What a core works with.
struct Room {
    blocks: Vec<Option<Box<Block>>>,
    /// Source rows below each other, four channels each.
    rows: Lines,
    columns: Lines,
    /// Rows that were mixed along their direction, four channels of a tile's width each.
    mixed: Lines,
    made: Box<Block>,
}

/// A mix of what a chain makes.
pub(crate) struct Mix<'a> {
    pub(crate) lanes: &'static LaneKind,
    pub(crate) chain: &'a Chain<'a>,
    /// Width and height of what the chain makes.
    pub(crate) source: (u32, u32),
    pub(crate) across: Windows,
    pub(crate) down: Windows,
    /// Whether it is mixed in linear light.
    pub(crate) linear: bool,
}

impl Mix<'_> {
    /// Makes the picture, of `width` and `height`.
    pub(crate) fn make(&self, (width, height): (u32, u32), host: &mut Host) -> Result<()> {
        let threads = rayon::current_num_threads() as u32;
        // The source rows that two bands share are made twice: far reaching sums have high bands.
        let shared = f64::from(self.down.taps()) * f64::from(height) / f64::from(self.source.1.max(1));
        let most = MOST_ROWS.max(4 * shared as u32);
        // As many bands for each thread as for the others.
        let rows = height.div_ceil(height.div_ceil(most).next_multiple_of(threads));
        let stride = host.stride;
        let room = || Room {
            blocks: self.chain.blocks(),
            rows: Lines::default(),
            columns: Lines::default(),
            mixed: Lines::default(),
            made: Box::new(Block::new()),
        };
        over_bands(host, rows as usize, room, |room, first, band| {
            let ys = first..height.min(first + rows);
            for x in (0..width).step_by(TILE) {
                self.tile(room, x..width.min(x + TILE as u32), ys.clone(), stride, band);
            }
        })
    }

    fn tile(&self, room: &mut Room, xs: Range<u32>, ys: Range<u32>, stride: usize, band: &mut Band<'_>) {
        let (width, height) = self.source;
        let reach = self.across.reach(&xs);
        let columns = reach.inside(width);
        let rows = self.down.reach(&ys).inside(height);
        // Spans of a picture begin at whole vectors.
        let left = columns.start / 16 * 16;
        let row_width = (columns.end - left).next_multiple_of(16) as usize + 16;
        let lanes = self.lanes.rows as u32;
        let whole = self.across.whole && self.down.whole;
        let count = ((rows.end - rows.start).next_multiple_of(lanes)) as usize;
        let mixed_len = count * 4 * TILE;
        let mut all_opaque = whole;
        for group in rows.clone().step_by(lanes as usize) {
            let source = room.rows.floats(lanes as usize * 4 * row_width);
            let mut opaque = whole;
            for (y, row) in (group..rows.end.min(group + lanes)).zip(source.chunks_mut(4 * row_width)) {
                for span in spans_between(left..columns.end, y) {
                    let at = self.chain.run(span, &mut room.blocks);
                    let Some(Some(block)) = room.blocks.get(at) else { continue };
                    let start = (span.x - left) as usize;
                    for (channel, line) in block.0.iter().zip(row.chunks_mut(row_width)) {
                        let line = line.iter_mut().skip(start).take(span.len);
                        line.zip(channel).for_each(|(place, value)| *place = *value);
                    }
                    opaque &= block.is_opaque(span.len);
                }
            }
            all_opaque &= opaque;
            let across = Across {
                rows: source,
                row_width,
                left: left as i32,
                inside: columns.start as i32..columns.end as i32,
                reach: reach.clone(),
                windows: &self.across,
                xs: xs.start as usize..xs.end as usize,
                opaque,
            };
            let mixed = room.mixed.floats(mixed_len);
            let mixed = mixed.get_mut((group - rows.start) as usize * 4 * TILE..).unwrap_or_default();
            let column_count = (reach.end - reach.start) as usize + self.lanes.rows;
            let columns = room.columns.floats(column_count * 4 * self.lanes.rows);
            // SAFETY: the function was chosen for lanes that this processor has.
            unsafe { (self.lanes.across)(&across, columns, mixed) };
        }
        let mixed = room.mixed.floats(mixed_len);
        for y in ys.clone() {
            let (first, weights) = self.down.at(y as usize);
            for span in spans_between(xs.clone(), y) {
                let down = Down {
                    mixed,
                    rows: rows.start as i32..rows.end as i32,
                    first,
                    weights,
                    x: (span.x - xs.start) as usize,
                    opaque: all_opaque,
                    linear: self.linear,
                };
                // SAFETY: as above.
                unsafe { (self.lanes.down)(&down, &mut room.made) };
                band.write(self.lanes, span, (y - ys.start) as usize, stride, &room.made);
            }
        }
    }
}
