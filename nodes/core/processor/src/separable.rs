//! Mixes along both directions, tile by tile: what a tile needs is made by its chain, mixed along rows and then along
//! columns, a few rows at a time, and lies in a near cache all the while.

use crate::band::over_bands;
use crate::chain::Chain;
use crate::cx::{Block, SPAN, Span};
use crate::down::{Down, Finish, MOST, Sums};
use crate::found::Tools;
use crate::lane_kind::LaneKind;
use crate::mixing::{Across, Windows};
use crate::near::{Near, Places};
use crate::out_rows::OutRows;
use crate::rows::spans_between;
use crate::store::Host;
use crate::tile::{BEHIND, MIXED, Room, Rows, TILE, Tile, Turn};
use crate::view::Out;
use rushes_engine::Result;
use rushes_gpu::{Expr, Light, Mixed, Precision};
use std::ops::Range;

/// The most rows of the result that a core makes before it asks for more, where sums do not reach far.
const MOST_ROWS: u32 = 256;

/// A mix of what a chain makes.
pub(crate) struct Mix<'a> {
    lanes: &'static LaneKind,
    chain: Chain<'a>,
    /// Width and height of what the chain makes.
    source: (u32, u32),
    /// Width and height of the result.
    size: (u32, u32),
    across: Windows,
    down: Windows,
    /// Whether it is mixed in linear light.
    linear: bool,
    /// Whether the result is rounded to half floats.
    half: bool,
    places: Option<Places>,
    /// Source rows that are mixed along their direction at once.
    group: usize,
}

impl<'a> Mix<'a> {
    /// As asked for, of what has no mixes itself, rounded to half floats if told.
    pub(crate) fn of(tools: &Tools, mixed: &'a Mixed, half: bool) -> Result<Self> {
        let (mix, precision, source) = (mixed.mix(), mixed.precision(), mixed.source().size());
        // There is nothing to premultiply by.
        let opaque = match mixed.source() {
            Expr::Image(image) => image.precision() == precision && Host::of(image)?.is_opaque(),
            Expr::Planes(planes) => !planes.info().layout.has_alpha(),
            Expr::Stage(_) | Expr::Mixed(_) => false,
        };
        let plain = mix.light == Light::Encoded;
        let ready = if plain && opaque { mixed.source() } else { mixed.prepared() };
        let (lanes, size) = (tools.lanes(), mixed.size());
        let across = Windows::of(mix.across.as_ref(), source.0);
        let places = Places::of(&across, size.0, lanes.count, lanes.picks_far);
        Ok(Self {
            lanes,
            chain: Chain::of(tools, ready, precision, Precision::Float)?,
            source,
            size,
            across,
            down: Windows::of(mix.down.as_ref(), source.1),
            linear: mix.light == Light::Linear,
            half,
            group: if places.is_some() { 1 } else { lanes.rows },
            places,
        })
    }

    /// Makes the picture.
    pub(crate) fn make(&self, host: &mut Host) -> Result<()> {
        let (width, height) = self.size;
        let (stride, high) = (host.stride, self.band());
        over_bands(
            host,
            high as usize,
            || self.room(),
            |room, first, band| {
                let ys = first..height.min(first + high);
                for x in (0..width).step_by(TILE) {
                    let xs = x..width.min(x + TILE as u32);
                    self.begin(room, &xs, &ys);
                    while room.ys.end < ys.end {
                        let (opaque, count) = self.prepare(room);
                        let (y, len) = (room.ys.end, xs.len());
                        let (span, row) = (Span { x, y, len }, (y - first) as usize);
                        let plain = self.is_plain(opaque);
                        if plain && let Some(lines) = band.lines(self.lanes, span, (row, count), stride) {
                            self.sum(room, opaque, Some(lines));
                            continue;
                        }
                        self.sum(room, opaque, None);
                        for ((sums, y), row) in room.made.iter().zip(room.ys.clone()).zip(row..) {
                            let span = Span { y, ..span };
                            if plain {
                                band.write_known(self.lanes, span, (row, opaque), stride, sums);
                                continue;
                            }
                            band.make(self.lanes, span, row, stride, &mut room.spare, |out| {
                                self.finish(sums, opaque, len, out);
                            });
                        }
                    }
                }
            },
        )
    }

    /// Rows of the result that a core makes before it asks for more.
    pub(crate) fn band(&self) -> u32 {
        let height = self.size.1;
        let threads = rayon::current_num_threads() as u32;
        // The source rows that two bands share are made twice: far reaching sums have high bands.
        let shared = f64::from(self.down.taps()) * f64::from(height) / f64::from(self.source.1.max(1));
        let most = MOST_ROWS.max(4 * shared as u32);
        // As many bands for each thread as for the others.
        height.div_ceil(height.div_ceil(most).next_multiple_of(threads))
    }

    /// For one core.
    pub(crate) fn room(&self) -> Room {
        Room::new(self.chain.scratch())
    }

    /// Begins a tile: its columns, at most a span that begins where a tile does, and its rows.
    pub(crate) fn begin(&self, room: &mut Room, xs: &Range<u32>, ys: &Range<u32>) {
        if room.rows.ys != *ys {
            room.rows = self.rows(ys);
        }
        room.tile = self.tile(xs);
        room.next = room.rows.under.start;
        (room.turn, room.ys) = (0, ys.start..ys.start);
    }

    /// Makes row `y` of the tile that was begun. Rows are asked for from the first one on, and each any number of times.
    pub(crate) fn reach(&self, room: &mut Room, y: u32) {
        while room.ys.end <= y && room.turn < room.rows.turns.len() {
            let (opaque, count) = self.prepare(room);
            self.sum(room, opaque, None);
            if self.is_plain(opaque) {
                continue;
            }
            let Room { made, spare, tile, .. } = room;
            for sums in made.iter_mut().take(count) {
                self.finish(sums, opaque, tile.xs.len(), spare.out());
                std::mem::swap(sums, spare);
            }
        }
    }

    fn rows(&self, ys: &Range<u32>) -> Rows {
        let under = self.down.reach(ys).inside(self.source.1);
        let needed = self.down.needed(ys, MOST as u32, self.source.1);
        let kept = (needed + self.group - 1).next_multiple_of(self.group);
        let last = self.source.1.max(1) as i32 - 1;
        let mut turns = Vec::new();
        let mut y = ys.start;
        while y < ys.end {
            let mut sums = Sums::default();
            let summed = sums.set(&self.down, y, ys.end);
            let row = |place: i32| place.clamp(0, last) as u32;
            let under = summed.clone().map(|place| (row(place) - under.start) as usize % kept).collect();
            y += sums.count as u32;
            turns.push(Turn { sums, under, last: row(summed.end - 1) });
        }
        Rows { ys: ys.clone(), under, kept, turns }
    }

    fn tile(&self, xs: &Range<u32>) -> Tile {
        let reach = self.across.reach(xs);
        let columns = reach.inside(self.source.0);
        // Spans of a picture begin at whole vectors.
        let left = reach.start.min(columns.start as i32).div_euclid(16) * 16;
        let row_width = (reach.end.max(columns.end as i32) - left) as usize;
        Tile { xs: xs.clone(), reach, columns, left, row_width: row_width.next_multiple_of(16) + BEHIND }
    }

    /// Makes what the next rows of the tile are sums of. Says whether it is known that these are opaque, and how many they
    /// are.
    fn prepare(&self, room: &mut Room) -> (bool, usize) {
        while room.rows.turns.get(room.turn).is_some_and(|turn| room.next <= turn.last) {
            self.mix_rows(room, room.next);
            room.next += self.group as u32;
        }
        let Room { rows: Rows { kept, turns, .. }, opaque, mixed, .. } = room;
        let Some(Turn { sums, under, .. }) = turns.get(room.turn) else { return (false, 0) };
        let opaque = |at: &&usize| opaque.get(**at).is_some_and(|opaque| *opaque);
        if self.across.whole && self.down.whole && under.iter().all(|at| opaque(&at)) {
            return (true, sums.count);
        }
        // Of opaque rows alpha was left out.
        let mixed = mixed.floats(*kept * MIXED);
        for at in under.iter().filter(opaque) {
            let alpha = at * MIXED + 3 * TILE;
            mixed.get_mut(alpha..alpha + TILE).unwrap_or_default().fill(1.0);
        }
        (false, sums.count)
    }

    /// Makes the next rows of the tile from what was made for them: to some lines, or to be read with [`Room::row`].
    fn sum(&self, room: &mut Room, opaque: bool, lines: Option<OutRows<'_>>) {
        let Room { rows: Rows { kept, turns, .. }, ys, mixed, made, spare, ones, .. } = room;
        let Some(Turn { sums, under, .. }) = turns.get(room.turn) else { return };
        let len = room.tile.xs.len();
        let half = self.half && self.is_plain(opaque);
        let down = Down { mixed: mixed.floats(*kept * MIXED), rows: under, sums, opaque, half, len };
        room.turn += 1;
        *ys = ys.end..ys.end + sums.count as u32;
        if let Some(mut lines) = lines {
            // SAFETY: the function was chosen for lanes that this processor has.
            return unsafe { (self.lanes.down)(&down, &mut lines) };
        }
        if opaque && !*ones {
            made.iter_mut().chain([spare]).for_each(|block| block.0[3].fill(1.0));
        }
        *ones = opaque;
        // SAFETY: as above.
        unsafe { (self.lanes.down)(&down, &mut OutRows::of(made)) };
    }

    /// Whether sums are colours as they are.
    fn is_plain(&self, opaque: bool) -> bool {
        opaque && !self.linear
    }

    /// Makes colours of sums.
    fn finish(&self, sums: &Block, opaque: bool, len: usize, out: Out<'_>) {
        let finish = Finish { opaque, linear: self.linear, half: self.half, len };
        // SAFETY: the function was chosen for lanes that this processor has.
        unsafe { (self.lanes.finish)(&finish, sums, out) };
    }

    /// Mixes source rows from `first` on along their direction, as many as go at once.
    fn mix_rows(&self, room: &mut Room, first: u32) {
        let at = (first - room.rows.under.start) as usize % room.rows.kept;
        let xs = room.tile.xs.start as usize..room.tile.xs.end as usize;
        let opaque = match (&self.places, room.tile.alone()) {
            (Some(places), Some(columns)) => self.mix_span(room, places, (columns, first), at),
            _ => self.mix_lines(room, xs, first, at),
        };
        room.opaque.resize(room.rows.kept, false);
        room.opaque.iter_mut().skip(at).take(self.group).for_each(|place| *place = opaque);
    }

    /// Mixes a source row of one span, as its chain leaves it. Says whether it stays opaque.
    fn mix_span(&self, room: &mut Room, places: &Places, (columns, y): (Range<u32>, u32), at: usize) -> bool {
        let Room { scratch, mixed, tile, rows, .. } = room;
        let span = Span { x: columns.start, y, len: columns.len() };
        self.ask(Span { y: y + 1, ..span });
        let Some(block) = self.chain.run(span, scratch) else { return false };
        let opaque = self.across.whole && self.lanes.is_opaque(block, span.len);
        let near = Near {
            row: block.0.as_flattened(),
            row_width: SPAN,
            left: span.x as i32,
            places,
            xs: tile.xs.start as usize..tile.xs.end as usize,
            opaque,
        };
        let mixed = mixed.floats(rows.kept * MIXED).get_mut(at * MIXED..).unwrap_or_default();
        // SAFETY: the function was chosen for lanes that this processor has.
        unsafe { (self.lanes.near)(&near, mixed) };
        opaque
    }

    /// Has what comes next brought near, while there is work to do.
    fn ask(&self, span: Span) {
        if span.y < self.source.1 {
            self.chain.ask(span);
        }
    }

    /// Mixes source rows of any width. Says whether they stay opaque.
    fn mix_lines(&self, room: &mut Room, xs: Range<usize>, first: u32, at: usize) -> bool {
        let opaque = self.source_rows(room, first);
        let tile = &room.tile;
        let source = room.source.floats(self.group * 4 * tile.row_width);
        let mixed = room.mixed.floats(room.rows.kept * MIXED).get_mut(at * MIXED..).unwrap_or_default();
        let Tile { left, row_width, .. } = *tile;
        if let Some(places) = &self.places {
            let near = Near { row: source, row_width, left, places, xs, opaque };
            // SAFETY: the function was chosen for lanes that this processor has.
            unsafe { (self.lanes.near)(&near, mixed) };
            return opaque;
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
        opaque
    }

    /// Makes source rows from `first` on, with what lies beyond their ends. Says whether they stay opaque.
    fn source_rows(&self, room: &mut Room, first: u32) -> bool {
        let Tile { reach, columns, left, row_width, .. } = &room.tile;
        let source = room.source.floats(self.group * 4 * row_width);
        let place = |column: i32| (column - left).max(0) as usize;
        let (start, end) = (place(columns.start as i32), place(columns.end as i32));
        let mut opaque = self.across.whole;
        let ys = first..room.rows.under.end.min(first + self.group as u32);
        for (y, row) in ys.zip(source.chunks_mut(4 * row_width)) {
            for span in spans_between(columns.start / 16 * 16..columns.end, y) {
                self.ask(Span { y: y + self.group as u32, ..span });
                let Some(block) = self.chain.run(span, &mut room.scratch) else { continue };
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
