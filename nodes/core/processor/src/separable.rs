//! Mixes along both directions, tile by tile: what a tile needs is made by its chain, mixed along rows and then along
//! columns, a few rows at a time, and lies in a near cache all the while.

use crate::band::{Band, over_bands};
use crate::chain::Chain;
use crate::cx::{Block, SPAN, Span};
use crate::down::{Down, MOST, Sums};
use crate::lane_kind::LaneKind;
use crate::mixing::{Across, Reach, Windows};
use crate::near::{Near, Places};
use crate::rows::spans_between;
use crate::store::Host;
use bytemuck::{Pod, Zeroable};
use rushes_engine::Result;
use std::ops::Range;

/// Columns of the result that are made together.
pub(crate) const TILE: usize = SPAN;
/// Values from one mixed row to the next: four channels of a tile, and as much more as keeps rows from lying in the same
/// places of the cache.
pub(crate) const MIXED: usize = 4 * TILE + 48;
/// The most rows of the result that a core makes before it asks for more, where sums do not reach far.
const MOST_ROWS: u32 = 256;

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
    /// Rows that were mixed along their direction, four channels of a tile's width each; a new one lies where one lay
    /// that is not needed any more.
    mixed: Lines,
    /// Whether each of these is opaque.
    opaque: Vec<bool>,
    /// Where the rows lie of which some rows of the result are sums.
    under: Vec<usize>,
    sums: Sums,
    /// Some rows of the result.
    made: Box<[Block; MOST]>,
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

/// Some rows of the result, and what they are made of.
struct Rows {
    /// Those of the result.
    ys: Range<u32>,
    /// Those of the source.
    under: Range<u32>,
    /// Source rows that are mixed along their direction at once.
    group: usize,
    /// Places for rows that were.
    kept: usize,
}

/// A part of some rows.
struct Tile<'a> {
    rows: &'a Rows,
    xs: Range<u32>,
    /// The source columns that it is made of.
    reach: Reach,
    /// Those of them that there are.
    columns: Range<u32>,
    /// The column of a source row's first value.
    left: i32,
    /// Values of a channel of a source row.
    row_width: usize,
}

impl Mix<'_> {
    /// Makes the picture, of `width` and `height`.
    pub(crate) fn make(&self, (width, height): (u32, u32), host: &mut Host) -> Result<()> {
        let threads = rayon::current_num_threads() as u32;
        // The source rows that two bands share are made twice: far reaching sums have high bands.
        let shared = f64::from(self.down.taps()) * f64::from(height) / f64::from(self.source.1.max(1));
        let most = MOST_ROWS.max(4 * shared as u32);
        // As many bands for each thread as for the others.
        let high = height.div_ceil(height.div_ceil(most).next_multiple_of(threads));
        let stride = host.stride;
        let places = Places::of(&self.across, width, self.lanes.count, self.lanes.picks_far);
        let group = if places.is_some() { 1 } else { self.lanes.rows };
        let room = || Room {
            blocks: self.chain.blocks(),
            rows: Lines::default(),
            columns: Lines::default(),
            mixed: Lines::default(),
            opaque: Vec::new(),
            under: Vec::new(),
            sums: Sums::default(),
            made: Box::new(std::array::from_fn(|_| Block::new())),
        };
        over_bands(host, high as usize, room, |room, first, band| {
            let ys = first..height.min(first + high);
            let under = self.down.reach(&ys).inside(self.source.1);
            let needed = self.down.needed(&ys, MOST as u32, self.source.1);
            let rows = Rows { ys, under, group, kept: (needed + group - 1).next_multiple_of(group) };
            for x in (0..width).step_by(TILE) {
                let tile = self.tile(&rows, x..width.min(x + TILE as u32));
                self.fill(room, &tile, places.as_ref(), stride, band);
            }
        })
    }

    fn tile<'a>(&self, rows: &'a Rows, xs: Range<u32>) -> Tile<'a> {
        let reach = self.across.reach(&xs);
        let columns = reach.inside(self.source.0);
        // Spans of a picture begin at whole vectors.
        let left = reach.start.min(columns.start as i32).div_euclid(16) * 16;
        // More than two registers are read from any place.
        let row_width = (reach.end.max(columns.end as i32) - left) as usize;
        Tile { rows, xs, reach, columns, left, row_width: row_width.next_multiple_of(16) + 48 }
    }

    /// Makes a tile.
    fn fill(
        &self,
        room: &mut Room,
        tile: &Tile<'_>,
        places: Option<&Places>,
        stride: usize,
        band: &mut Band<'_>,
    ) {
        let Rows { ys, under, group, kept } = tile.rows;
        let last = self.source.1.max(1) as i32 - 1;
        let mut made = under.start;
        let mut y = ys.start;
        while y < ys.end {
            let mut opaque = self.across.whole && self.down.whole;
            room.under.clear();
            for place in room.sums.set(&self.down, y, ys.end) {
                let row = place.clamp(0, last) as u32;
                while made <= row {
                    self.mix_rows(room, tile, places, made);
                    made += *group as u32;
                }
                let at = (row - under.start) as usize % kept;
                opaque &= room.opaque.get(at).is_some_and(|opaque| *opaque);
                room.under.push(at);
            }
            let mixed = room.mixed.floats(kept * MIXED);
            for span in spans_between(tile.xs.clone(), y) {
                let x = (span.x - tile.xs.start) as usize;
                let sums = &room.sums;
                let down = Down { mixed, rows: &room.under, sums, x, opaque, linear: self.linear };
                // SAFETY: the function was chosen for lanes that this processor has.
                unsafe { (self.lanes.down)(&down, &mut room.made) };
                for (made, y) in room.made.iter().take(sums.count).zip(y..) {
                    let row = ((y - ys.start) as usize, opaque || self.lanes.is_opaque(made, span.len));
                    band.write_known(self.lanes, Span { y, ..span }, row, stride, made);
                }
            }
            y += room.sums.count as u32;
        }
    }

    /// Mixes source rows from `first` on along their direction, as many as go at once.
    fn mix_rows(&self, room: &mut Room, tile: &Tile<'_>, places: Option<&Places>, first: u32) {
        let Rows { under, group, kept, .. } = tile.rows;
        let opaque = self.source_rows(room, tile, first);
        let at = (first - under.start) as usize % kept;
        room.opaque.resize(*kept, false);
        room.opaque.iter_mut().skip(at).take(*group).for_each(|place| *place = opaque);
        let source = room.rows.floats(group * 4 * tile.row_width);
        let mixed = room.mixed.floats(kept * MIXED).get_mut(at * MIXED..).unwrap_or_default();
        let xs = tile.xs.start as usize..tile.xs.end as usize;
        let Tile { left, row_width, .. } = *tile;
        if let Some(places) = places {
            let near = Near { row: source, row_width, left, places, xs, opaque };
            // SAFETY: the function was chosen for lanes that this processor has.
            unsafe { (self.lanes.near)(&near, mixed) };
            return;
        }
        let across = Across {
            rows: source,
            row_width,
            left,
            inside: tile.columns.start as i32..tile.columns.end as i32,
            reach: tile.reach.clone(),
            windows: &self.across,
            xs,
            opaque,
        };
        let column_count = (tile.reach.end - tile.reach.start) as usize + self.lanes.rows;
        let columns = room.columns.floats(column_count * 4 * self.lanes.rows);
        // SAFETY: as above.
        unsafe { (self.lanes.across)(&across, columns, mixed) };
    }

    /// Makes source rows from `first` on, with what lies beyond their ends. Says whether they stay opaque.
    fn source_rows(&self, room: &mut Room, tile: &Tile<'_>, first: u32) -> bool {
        let Tile { rows, reach, columns, left, row_width, .. } = tile;
        let source = room.rows.floats(rows.group * 4 * row_width);
        let place = |column: i32| (column - left).max(0) as usize;
        let (start, end) = (place(columns.start as i32), place(columns.end as i32));
        let mut opaque = self.across.whole;
        let ys = first..rows.under.end.min(first + rows.group as u32);
        for (y, row) in ys.zip(source.chunks_mut(4 * row_width)) {
            for span in spans_between(columns.start / 16 * 16..columns.end, y) {
                let at = self.chain.run(span, &mut room.blocks);
                let Some(Some(block)) = room.blocks.get(at) else { continue };
                let at = place(span.x as i32);
                for (values, line) in block.0.iter().zip(row.chunks_mut(*row_width)) {
                    if let (Some(line), Some(values)) =
                        (line.get_mut(at..at + span.len), values.get(..span.len))
                    {
                        line.copy_from_slice(values);
                    }
                }
                opaque &= self.lanes.is_opaque(block, span.len);
            }
            for line in row.chunks_mut(*row_width) {
                let (edge, edge_behind) = (line.get(start).copied(), line.get(end - 1).copied());
                if let (Some(before), Some(edge)) = (line.get_mut(place(reach.start)..start), edge) {
                    before.fill(edge);
                }
                if let (Some(behind), Some(edge)) = (line.get_mut(end..place(reach.end)), edge_behind) {
                    behind.fill(edge);
                }
            }
        }
        opaque
    }
}
