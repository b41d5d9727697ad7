//! Warps, tile by tile: what a tile looks at is made by its chain, pixel beside pixel, and lies in a near cache while it
//! is mixed.

use crate::band::{Band, over_bands};
use crate::chain::{Chain, Scratch};
use crate::cx::{Block, SPAN, Span};
use crate::down::Finish;
use crate::lane_kind::LaneKind;
use crate::rows::{spans, spans_between};
use crate::store::Host;
use crate::warping::{Looking, Part, Sources, Window};
use rushes_engine::Result;
use rushes_gpu::{Beyond, Light};
use std::ops::Range;

/// Rows of the result that are made together.
const ROWS: u32 = 32;
/// Source pixels that still lie in a near cache.
const NEAR: usize = 1 << 14;

/// What a core works with.
struct Room {
    scratch: Scratch,
    pixels: Vec<[f32; 4]>,
    mixed: Vec<[[f32; 4]; SPAN]>,
    made: Box<Block>,
}

/// A warp of what a chain makes.
pub(crate) struct Warping<'a> {
    pub(crate) lanes: &'static LaneKind,
    pub(crate) chain: &'a Chain<'a>,
    pub(crate) looking: Looking<'a>,
}

impl Part {
    fn rows(&self) -> impl Iterator<Item = Span> {
        let (x, len) = (self.xs.start, self.xs.len());
        self.ys.clone().map(move |y| Span { x, y, len })
    }

    /// In two, so that each looks at less.
    fn halved(self, rows: bool) -> [Self; 2] {
        let middle = |range: &Range<u32>| range.start.midpoint(range.end);
        if rows {
            let y = middle(&self.ys);
            [Self { xs: self.xs.clone(), ys: self.ys.start..y }, Self { xs: self.xs, ys: y..self.ys.end }]
        } else {
            let x = middle(&self.xs);
            [Self { xs: self.xs.start..x, ys: self.ys.clone() }, Self { xs: x..self.xs.end, ys: self.ys }]
        }
    }
}

impl Warping<'_> {
    /// Makes the picture.
    pub(crate) fn make(&self, host: &mut Host) -> Result<()> {
        let (width, height) = self.looking.warp.size;
        let stride = host.stride;
        let room = || Room {
            scratch: self.chain.scratch(),
            pixels: Vec::new(),
            mixed: vec![[[0.0; 4]; SPAN]; ROWS as usize],
            made: Box::new(Block::new()),
        };
        over_bands(host, ROWS as usize, room, |room, first, band| {
            let ys = first..height.min(first + ROWS);
            for column in spans(width, 0) {
                self.tile(room, column, ys.clone(), stride, band);
            }
        })
    }

    fn tile(&self, room: &mut Room, column: Span, ys: Range<u32>, stride: usize, band: &mut Band<'_>) {
        let warp = self.looking.warp;
        let mut opaque = true;
        let whole = Part { xs: column.x..column.x + column.len as u32, ys: ys.clone() };
        let mut parts = vec![whole.clone()];
        while let Some(part) = parts.pop() {
            // SAFETY: the function was chosen for lanes that this processor has.
            let (window, all) = unsafe { (self.lanes.looked_at)(&self.looking, &part) };
            let one = part.xs.len() == 1 && part.ys.len() == 1;
            if window.width() * window.height() > NEAR && !one {
                let rows = part.xs.len() == 1 || (part.ys.len() > 1 && window.height() > window.width());
                parts.extend(part.halved(rows));
                continue;
            }
            opaque &= all || warp.beyond != Beyond::Transparent;
            opaque &= self.fill(room, window);
            let sources = Sources { pixels: &room.pixels, window };
            for span in part.rows() {
                let row = room.mixed.get_mut((span.y - whole.ys.start) as usize);
                let at = (span.x - column.x) as usize;
                let Some(out) = row.and_then(|row| row.get_mut(at..at + span.len)) else { continue };
                // SAFETY: as above.
                unsafe { (self.lanes.warped)(&self.looking, &sources, span, self.nothing(), out) };
            }
        }
        let finish = Finish { opaque, linear: warp.light == Light::Linear, half: false, len: column.len };
        for (y, mixed) in ys.clone().zip(&room.mixed) {
            let (span, row) = (Span { y, ..column }, (y - ys.start) as usize);
            band.make(self.lanes, span, row, stride, &mut room.made, |out| {
                // SAFETY: as above.
                unsafe { (self.lanes.warp_finished)(mixed, &finish, out) };
            });
        }
    }

    /// What a pixel shows that looks at nothing.
    fn nothing(&self) -> [f32; 4] {
        let alpha = if self.looking.warp.beyond == Beyond::Transparent { 0.0 } else { 1.0 };
        [0.0, 0.0, 0.0, alpha]
    }

    /// Makes the pixels of a window. Says whether all of them are opaque.
    fn fill(&self, room: &mut Room, window: Window) -> bool {
        let count = window.width() * window.height();
        if room.pixels.len() < count {
            room.pixels.resize(count, [0.0; 4]);
        }
        if window.is_empty() {
            return true;
        }
        let (width, height) = self.looking.source;
        let beyond = self.looking.warp.beyond;
        let runs = runs(beyond, window.left..window.right, width);
        let clear = self.nothing()[3] < 1.0;
        let gaps = runs.iter().map(|run| run.len).sum::<usize>() < window.width();
        let mut opaque = !(gaps && clear);
        let rows = room.pixels.get_mut(..count).unwrap_or_default().chunks_mut(window.width());
        for (y, row) in (window.top..window.bottom).zip(rows) {
            let y = seen(beyond, y, height);
            if gaps || y.is_none() {
                row.fill(self.nothing());
            }
            let Some(y) = y else {
                opaque &= !clear;
                continue;
            };
            for run in &runs {
                let places = row.get_mut(run.at..run.at + run.len).unwrap_or_default();
                opaque &= self.fetch(&mut room.scratch, run, y, places);
            }
        }
        opaque
    }

    /// Makes a run of pixels of a row. Says whether all of them are opaque.
    fn fetch(&self, scratch: &mut Scratch, run: &Run, y: u32, places: &mut [[f32; 4]]) -> bool {
        let mut opaque = true;
        // Spans of a picture begin at whole vectors.
        for span in spans_between(run.from / 16 * 16..run.end, y) {
            let Some(block) = self.chain.run(span, scratch) else { continue };
            opaque &= self.lanes.is_opaque(block, span.len);
            let skipped = run.from.saturating_sub(span.x) as usize;
            let first = (span.x + skipped as u32 - run.from) as usize;
            let count = span.len - skipped;
            // SAFETY: the function was chosen for lanes that this processor has.
            let weave = |places: &mut [[f32; 4]]| unsafe { (self.lanes.woven)(block, skipped, places) };
            match run.step {
                Step::Forward => weave(places.get_mut(first..first + count).unwrap_or_default()),
                Step::Back => {
                    let end = places.len().saturating_sub(first);
                    let places = places.get_mut(end.saturating_sub(count)..end).unwrap_or_default();
                    weave(places);
                    places.reverse();
                }
                Step::None => {
                    let mut one = [[0.0; 4]];
                    weave(&mut one);
                    places.fill(one[0]);
                }
            }
        }
        opaque
    }
}

/// How source pixels follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Forward,
    Back,
    None,
}

/// Places beside each other, and the source pixels that they show.
#[derive(Debug, PartialEq)]
struct Run {
    at: usize,
    len: usize,
    from: u32,
    end: u32,
    step: Step,
}

/// The source pixel that is seen at a place, as `assets/shaders/core/border.wgsl` has it.
fn seen(beyond: Beyond, at: i32, size: u32) -> Option<u32> {
    let size = size.cast_signed();
    let seen = match beyond {
        Beyond::Transparent | Beyond::Black => return (0..size).contains(&at).then_some(at.cast_unsigned()),
        Beyond::Clamp => at.clamp(0, size - 1),
        Beyond::Mirror => {
            let inside = at.rem_euclid(2 * size);
            inside.min(2 * size - 1 - inside)
        }
        Beyond::Wrap => at.rem_euclid(size),
    };
    Some(seen.cast_unsigned())
}

/// What is seen along a direction of `size` pixels, in as few runs as there can be.
fn runs(beyond: Beyond, places: Range<i32>, size: u32) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, place) in places.enumerate() {
        let Some(pixel) = seen(beyond, place, size) else { continue };
        if let Some(run) = runs.last_mut().filter(|run| run.at + run.len == at) {
            let one = run.len == 1;
            let grown = match run.step {
                Step::Forward if pixel == run.end => Some((run.from, pixel + 1, Step::Forward)),
                Step::Forward | Step::Back if (one || run.step == Step::Back) && pixel + 1 == run.from => {
                    Some((pixel, run.end, Step::Back))
                }
                Step::Forward | Step::None if (one || run.step == Step::None) && pixel == run.from => {
                    Some((run.from, run.end, Step::None))
                }
                _ => None,
            };
            if let Some((from, end, step)) = grown {
                (run.from, run.end, run.step) = (from, end, step);
                run.len += 1;
                continue;
            }
        }
        runs.push(Run { at, len: 1, from: pixel, end: pixel + 1, step: Step::Forward });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beyond_comes_in_few_runs() {
        let run = |at, len, from, end, step| Run { at, len, from, end, step };
        assert_eq!(runs(Beyond::Clamp, 2..6, 8), [run(0, 4, 2, 6, Step::Forward)]);
        assert_eq!(
            runs(Beyond::Clamp, -3..11, 8),
            [run(0, 4, 0, 1, Step::None), run(4, 7, 1, 8, Step::Forward), run(11, 3, 7, 8, Step::None)]
        );
        assert_eq!(
            runs(Beyond::Mirror, -3..10, 8),
            [run(0, 3, 0, 3, Step::Back), run(3, 8, 0, 8, Step::Forward), run(11, 2, 6, 8, Step::Back)]
        );
        assert_eq!(
            runs(Beyond::Wrap, -2..9, 8),
            [run(0, 2, 6, 8, Step::Forward), run(2, 8, 0, 8, Step::Forward), run(10, 1, 0, 1, Step::Forward)]
        );
        assert_eq!(runs(Beyond::Black, -2..9, 8), [run(2, 8, 0, 8, Step::Forward)]);
    }
}
