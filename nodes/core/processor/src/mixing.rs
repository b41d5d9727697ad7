//! Sums along rows and columns: what they are made of, and how lanes make them, written once and compiled with each kind.

use rushes_gpu::{Taps, Weights};
use std::ops::Range;
use std::sync::Arc;

/// What each place of the result is the sum of along one direction.
pub(crate) struct Windows {
    own: Option<Arc<Weights>>,
    /// The weights of all places, where they are the same.
    same: Vec<f32>,
    /// Whether weights add up to 1.
    pub(crate) whole: bool,
}

/// Source places from one on; beyond the edge a bell sees the nearest pixel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach {
    pub(crate) start: i32,
    pub(crate) end: i32,
}

impl Reach {
    /// The source pixels that are needed of a row or column of `size`.
    pub(crate) fn inside(&self, size: u32) -> Range<u32> {
        let last = size.max(1) as i32 - 1;
        self.start.clamp(0, last) as u32
            ..self.end.clamp(1, last + 1).max(self.start.clamp(0, last) + 1) as u32
    }
}

impl Windows {
    /// Along a direction of `source` pixels; without taps everything stays where it is.
    pub(crate) fn of(taps: Option<&Taps>, source: u32) -> Self {
        let own = match taps {
            Some(Taps::Each(weights)) => Some(weights.clone()),
            Some(Taps::Blocks(factor)) => Some(Arc::new(Weights::blocks(source, *factor))),
            Some(Taps::Bell(_)) | None => None,
        };
        let same = match taps {
            Some(Taps::Bell(bell)) => {
                bell.sides.iter().rev().chain([&bell.centre]).chain(&bell.sides).copied().collect()
            }
            _ => vec![1.0],
        };
        let whole = own.as_ref().is_none_or(|weights| weights.is_whole());
        Self { own, same, whole }
    }

    /// The first source place and the weights from there on.
    #[inline(always)]
    pub(crate) fn at(&self, place: usize) -> (i32, &[f32]) {
        match &self.own {
            Some(weights) => {
                let (first, weights) = weights.row(place);
                (first as i32, weights)
            }
            None => (place as i32 - (self.same.len() / 2) as i32, &self.same),
        }
    }

    /// The source places of one place of the result.
    pub(crate) fn taps(&self) -> u32 {
        self.own.as_ref().map_or(self.same.len(), |weights| weights.taps()) as u32
    }

    /// How far the next place of the result begins behind a place, where both are made of much the same.
    pub(crate) fn lag(&self, place: u32) -> Option<usize> {
        let ((first, weights), (behind, _)) = (self.at(place as usize), self.at(place as usize + 1));
        usize::try_from(behind - first).ok().filter(|lag| 2 * lag <= weights.len())
    }

    /// How many source places, of `size`, lie between the first and the last that are needed at a time when some places
    /// of the result are made one after the other, or two by two.
    pub(crate) fn needed(&self, places: &Range<u32>, size: u32) -> usize {
        let under = |places: Range<u32>| self.reach(&places).inside(size);
        // From here on no place before the first is needed.
        let mut firsts: Vec<u32> = places.clone().map(|place| under(place..place + 1).start).collect();
        let mut first = u32::MAX;
        for start in firsts.iter_mut().rev() {
            first = first.min(*start);
            *start = first;
        }
        let mut end = 0;
        let needed = places.clone().zip(&firsts).map(|(place, first)| {
            end = end.max(under(place..places.end.min(place + 2)).end);
            (end - first) as usize
        });
        needed.max().unwrap_or_default()
    }

    /// All source places that some places of the result are made of. Each is asked: weights that are 0 are left out, so
    /// that a place may begin behind the next one.
    pub(crate) fn reach(&self, places: &Range<u32>) -> Reach {
        let ends = places.clone().map(|place| {
            let (first, weights) = self.at(place as usize);
            (first, first + weights.len() as i32)
        });
        let all = ends.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)));
        let (start, end) = all.unwrap_or_default();
        Reach { start, end }
    }
}

/// A sum along rows: as many at once as its lanes are.
pub(crate) struct Across<'a> {
    /// Four channels of each row, `row_width` values each.
    pub(crate) rows: &'a [f32],
    pub(crate) row_width: usize,
    /// The column of a row's first value.
    pub(crate) left: i32,
    /// The columns that there are.
    pub(crate) inside: Range<i32>,
    /// The columns that the sums are made of.
    pub(crate) reach: Reach,
    pub(crate) windows: &'a Windows,
    /// The places that are made.
    pub(crate) xs: Range<usize>,
    /// Whether alpha is 1 everywhere, and stays so.
    pub(crate) opaque: bool,
}

/// Sums along columns of a span of a row, and of the next one.
pub(crate) struct Down<'a> {
    /// Rows, four channels of each.
    pub(crate) mixed: &'a [f32],
    /// Which of them are summed.
    pub(crate) rows: &'a [usize],
    /// The weight of each.
    pub(crate) weights: &'a [f32],
    /// How much further down the next row's sum begins, with its weights, where that is made too: `rows` are then those
    /// of both.
    pub(crate) next: Option<(usize, &'a [f32])>,
    /// The column of the span's first pixel in a row.
    pub(crate) x: usize,
    pub(crate) opaque: bool,
    pub(crate) linear: bool,
}

/// Defines the sums over the `lanes` of the module it stands in, with an attribute before those that are called rather
/// than inlined.
macro_rules! across {
    ($(#[$attribute:meta])*) => {
        use crate::mixing::Across;
        use lanes::transpose;

        $(#[$attribute])*
        pub(crate) fn across(run: &Across<'_>, columns: &mut [f32], mixed: &mut [f32]) {
            if run.opaque {
                across_of::<3>(run, columns, mixed);
                for row in mixed.chunks_mut(MIXED).take(LANES) {
                    row.iter_mut().skip(3 * TILE).take(TILE).for_each(|alpha| *alpha = 1.0);
                }
            } else {
                across_of::<4>(run, columns, mixed);
            }
        }

        #[inline(always)]
        fn across_of<const CHANNELS: usize>(run: &Across<'_>, columns: &mut [f32], mixed: &mut [f32]) {
            let (columns, _) = columns.as_chunks_mut::<{ 4 * LANES }>();
            turn::<CHANNELS>(run, columns);
            let count = run.xs.len();
            let mut x = 0;
            while x < count {
                let mut sums = [[F::splat(0.0); LANES]; CHANNELS];
                for lane in 0..LANES {
                    let (first, weights) = run.windows.at(run.xs.start + (x + lane).min(count - 1));
                    let window = columns.get((first - run.reach.start) as usize..).unwrap_or_default();
                    let mut sum = [F::splat(0.0); CHANNELS];
                    for (weight, column) in weights.iter().zip(window) {
                        let weight = F::splat(*weight);
                        for (sum, values) in sum.iter_mut().zip(column.as_chunks::<LANES>().0) {
                            *sum = weight.vfma(F::from_array(*values), *sum);
                        }
                    }
                    for (sums, sum) in sums.iter_mut().zip(sum) {
                        sums[lane] = sum;
                    }
                }
                for (channel, sums) in sums.into_iter().enumerate() {
                    let mut at = channel * TILE + x;
                    for row in transpose(sums) {
                        if let Some(place) = mixed.get_mut(at..).and_then(|m| m.first_chunk_mut()) {
                            *place = row.to_array();
                        }
                        at += MIXED;
                    }
                }
                x += LANES;
            }
        }

        /// Rows to columns of lanes, with those beyond the edges.
        #[inline(always)]
        fn turn<const CHANNELS: usize>(run: &Across<'_>, columns: &mut [[f32; 4 * LANES]]) {
            let first = (run.inside.start - run.reach.start).max(0) as usize;
            let count = run.inside.len();
            let from = (run.inside.start - run.left) as usize;
            let mut x = 0;
            while x < count {
                for channel in 0..CHANNELS {
                    let mut rows = [F::splat(0.0); LANES];
                    let mut at = channel * run.row_width + from + x;
                    for row in &mut rows {
                        let values = run.rows.get(at..).and_then(|r| r.first_chunk());
                        *row = F::from_array(values.copied().unwrap_or_default());
                        at += 4 * run.row_width;
                    }
                    let turned = transpose(rows);
                    let places = columns.get_mut(first + x..).unwrap_or_default();
                    for (column, values) in places.iter_mut().zip(turned) {
                        if let Some(place) = column.as_chunks_mut().0.get_mut(channel) {
                            *place = values.to_array();
                        }
                    }
                }
                x += LANES;
            }
            let (before, rest) = columns.split_at_mut(first);
            if let Some(edge) = rest.first() {
                before.fill(*edge);
            }
            let (inside, after) = rest.split_at_mut(count.min(rest.len()));
            if let Some(edge) = inside.last() {
                after.fill(*edge);
            }
        }
    };
}
pub(crate) use across;

/// Defines the sums along columns, in the same way.
macro_rules! down {
    ($(#[$attribute:meta])*) => {
        use crate::mixing::Down;

        /// Sums that are made at once, so that one does not wait for the last.
        const AT_ONCE: usize = 8;

        $(#[$attribute])*
        pub(crate) fn down(run: &Down<'_>, out: &mut [Block; 2]) {
            let channels = if run.opaque { 3 } else { 4 };
            let [out, behind] = out;
            for channel in 0..channels {
                match run.next {
                    None => summed(run, channel, &mut out.0[channel]),
                    Some(next) => summed_both(run, next, channel, [&mut out.0[channel], &mut behind.0[channel]]),
                }
            }
            for out in [out, behind] {
                if run.opaque {
                    out.0[3].fill(1.0);
                }
                finish(run.opaque, run.linear, out);
                if run.next.is_none() {
                    break;
                }
            }
        }

        /// Some vectors of a mixed row.
        #[inline(always)]
        fn vectors_of<const COUNT: usize>(run: &Down<'_>, row: usize, place: usize) -> [F; COUNT] {
            let mut out = [F::splat(0.0); COUNT];
            let at = row * MIXED + place;
            let values = run.mixed.get(at..at + COUNT * LANES).unwrap_or_default();
            for (out, values) in out.iter_mut().zip(values.as_chunks::<LANES>().0) {
                *out = F::from_array(*values);
            }
            out
        }

        #[inline(always)]
        fn add<const COUNT: usize>(sums: &mut [F; COUNT], values: &[F; COUNT], weight: f32) {
            let weight = F::splat(weight);
            for (sum, values) in sums.iter_mut().zip(values) {
                *sum = weight.vfma(*values, *sum);
            }
        }

        #[inline(always)]
        fn put_all<const COUNT: usize>(sums: &[F; COUNT], line: &mut [f32; SPAN], at: usize) {
            let places = line.get_mut(at..).unwrap_or_default();
            for (place, sum) in places.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
                *place = sum.to_array();
            }
        }

        /// A channel of a row.
        #[inline(always)]
        fn summed(run: &Down<'_>, channel: usize, line: &mut [f32; SPAN]) {
            for at in (0..SPAN).step_by(AT_ONCE * LANES) {
                let place = channel * TILE + run.x + at;
                let mut sums = [F::splat(0.0); AT_ONCE];
                for (row, weight) in run.rows.iter().zip(run.weights) {
                    add(&mut sums, &vectors_of(run, *row, place), *weight);
                }
                put_all(&sums, line, at);
            }
        }

        /// A channel of two rows, which read what they share once.
        #[inline(always)]
        fn summed_both(
            run: &Down<'_>,
            (lag, next): (usize, &[f32]),
            channel: usize,
            [line, line_behind]: [&mut [f32; SPAN]; 2],
        ) {
            let (first, shared) = run.weights.split_at(lag.min(run.weights.len()));
            let (next_shared, last) = next.split_at(shared.len().min(next.len()));
            for at in (0..SPAN).step_by(AT_ONCE / 2 * LANES) {
                let place = channel * TILE + run.x + at;
                let mut sums = [F::splat(0.0); AT_ONCE / 2];
                let mut sums_behind = sums;
                let mut rows = run.rows.iter();
                for (weight, row) in first.iter().zip(&mut rows) {
                    add(&mut sums, &vectors_of(run, *row, place), *weight);
                }
                for ((weight, next), row) in shared.iter().zip(next_shared).zip(&mut rows) {
                    let values = vectors_of(run, *row, place);
                    add(&mut sums, &values, *weight);
                    add(&mut sums_behind, &values, *next);
                }
                for (weight, row) in last.iter().zip(&mut rows) {
                    add(&mut sums_behind, &vectors_of(run, *row, place), *weight);
                }
                put_all(&sums, line, at);
                put_all(&sums_behind, line_behind, at);
            }
        }

        /// Straight alpha again, and display values, as `assets/shaders/core/finish.wgsl` has it.
        #[inline(always)]
        fn finish(opaque: bool, linear: bool, out: &mut Block) {
            if opaque && !linear {
                return;
            }
            let mut i = 0;
            while i < SPAN {
                let (mut r, mut g, mut b, mut a) = colour(&[out.view()], 0, i);
                if !opaque {
                    a = a.vsaturate();
                    (r, g, b) = (straight(r, a), straight(g, a), straight(b, a));
                }
                if linear {
                    (r, g, b) = (displayed(r), displayed(g), displayed(b));
                }
                put(out, i, false, (r, g, b, a));
                i += LANES;
            }
        }

        #[inline(always)]
        fn straight(v: F, alpha: F) -> F {
            alpha.vgt(F::splat(1e-5)).pick(v.vdiv(alpha), F::splat(0.0))
        }

        #[inline(always)]
        fn displayed(v: F) -> F {
            let size = v.vabs().vpow(F::splat(1.0 / 2.4));
            v.vlt(F::splat(0.0)).pick(size.vneg(), size)
        }
    };
}
pub(crate) use down;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_is_held_to_the_picture() {
        assert_eq!(Reach { start: -3, end: 5 }.inside(10), 0..5);
        assert_eq!(Reach { start: 8, end: 14 }.inside(10), 8..10);
        assert_eq!(Reach { start: 12, end: 14 }.inside(10), 9..10);
        assert_eq!(Reach { start: -9, end: -4 }.inside(10), 0..1);
    }
}
