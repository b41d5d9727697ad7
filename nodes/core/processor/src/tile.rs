//! What a core works with while it mixes a tile: the rows of its source, those that were mixed along their direction, and
//! where each of them lies.

use crate::chain::Scratch;
use crate::cx::{Block, SPAN};
use crate::down::{MOST, Sums};
use crate::mixing::Reach;
use crate::near::{MOST_LANES, TOGETHER};
use bytemuck::{Pod, Zeroable};
use std::ops::Range;

/// Columns of the result that are made together.
pub(crate) const TILE: usize = SPAN;
/// Values from one mixed row to the next: four channels of a tile, and as much more as keeps rows from lying in the same
/// places of the cache.
pub(crate) const MIXED: usize = 4 * TILE + 48;
/// Values behind a source row: lanes of the last places are made together with others that lie beyond them.
pub(crate) const BEHIND: usize = TOGETHER * MOST_LANES;

/// What a core works with, from tile to tile.
pub(crate) struct Room {
    pub(crate) scratch: Scratch,
    /// Source rows below each other, four channels each.
    pub(crate) source: Lines,
    pub(crate) columns: Lines,
    /// Rows that were mixed along their direction, four channels of a tile's width each; a new one lies where one lay
    /// that is not needed any more.
    pub(crate) mixed: Lines,
    /// Whether each of these is opaque.
    pub(crate) opaque: Vec<bool>,
    pub(crate) rows: Rows,
    pub(crate) tile: Tile,
    /// The first source row that is not mixed yet.
    pub(crate) next: u32,
    /// Which of the tile's rows are made next, of those that are made at once.
    pub(crate) turn: usize,
    /// Those that were made last.
    pub(crate) ys: Range<u32>,
    pub(crate) made: [Box<Block>; MOST],
    pub(crate) spare: Box<Block>,
    /// Whether alpha of all these is 1 throughout.
    pub(crate) ones: bool,
}

impl Room {
    pub(crate) fn new(scratch: Scratch) -> Self {
        Self {
            scratch,
            source: Lines::default(),
            columns: Lines::default(),
            mixed: Lines::default(),
            opaque: Vec::new(),
            rows: Rows::default(),
            tile: Tile::default(),
            next: 0,
            turn: 0,
            ys: 0..0,
            made: std::array::from_fn(|_| Box::new(Block::new())),
            spare: Box::new(Block::new()),
            ones: false,
        }
    }

    /// Row `y`, one of those that were made last.
    pub(crate) fn row(&self, y: u32) -> Option<&Block> {
        self.made.get(y.checked_sub(self.ys.start)? as usize).map(|block| &**block)
    }
}

/// Floats that begin where a cache line does.
#[repr(C, align(64))]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Line([f32; 16]);

/// Floats for use again and again.
#[derive(Default)]
pub(crate) struct Lines(Vec<Line>);

impl Lines {
    /// At least `count` of them.
    pub(crate) fn floats(&mut self, count: usize) -> &mut [f32] {
        let lines = count.div_ceil(16);
        if self.0.len() < lines {
            self.0.resize(lines, Line::zeroed());
        }
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

/// Some rows of the result, and what they are made of.
#[derive(Default)]
pub(crate) struct Rows {
    /// Those of the result.
    pub(crate) ys: Range<u32>,
    /// Those of the source.
    pub(crate) under: Range<u32>,
    /// Places for rows that were mixed along their direction.
    pub(crate) kept: usize,
    /// Those of the result that are made at once.
    pub(crate) turns: Vec<Turn>,
}

/// Rows of the result that are made at once.
pub(crate) struct Turn {
    pub(crate) sums: Sums,
    /// Where the rows lie that are summed.
    pub(crate) under: Vec<usize>,
    /// The last of them.
    pub(crate) last: u32,
}

/// A part of some rows.
#[derive(Default)]
pub(crate) struct Tile {
    pub(crate) xs: Range<u32>,
    /// The source columns that it is made of.
    pub(crate) reach: Reach,
    /// Those of them that there are.
    pub(crate) columns: Range<u32>,
    /// The column of a source row's first value.
    pub(crate) left: i32,
    /// Values of a channel of a source row.
    pub(crate) row_width: usize,
}

impl Tile {
    /// The columns that its rows are made of, where these are few enough for one span and none lies beyond the picture.
    pub(crate) fn alone(&self) -> Option<Range<u32>> {
        let inside =
            self.columns.start as i32 <= self.reach.start && self.reach.end <= self.columns.end as i32;
        // Spans of a picture begin at whole vectors.
        let columns = self.columns.start / 16 * 16..self.columns.end;
        (inside && columns.len() + BEHIND <= SPAN).then_some(columns)
    }
}
