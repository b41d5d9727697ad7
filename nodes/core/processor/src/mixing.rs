//! Sums along rows and columns: what they are made of, and how lanes make those along rows, written once and compiled
//! with each kind.

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
#[derive(Clone, Debug, Default, PartialEq)]
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

    /// How many source places, of `size`, lie between the first and the last that are needed at a time when some places
    /// of the result are made one after the other, or up to `most` of them together.
    pub(crate) fn needed(&self, places: &Range<u32>, most: u32, size: u32) -> usize {
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
            end = end.max(under(place..places.end.min(place + most)).end);
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

/// Defines the sums over the `lanes` of the module it stands in, with an attribute before those that are called rather
/// than inlined.
macro_rules! across {
    ($(#[$attribute:meta])*) => {
        use crate::mixing::Across;
        use crate::tile::MIXED;
        use lanes::transpose;

        $(#[$attribute])*
        pub(crate) fn across(run: &Across<'_>, columns: &mut [f32], mixed: &mut [f32]) {
            if run.opaque {
                across_of::<3>(run, columns, mixed);
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
