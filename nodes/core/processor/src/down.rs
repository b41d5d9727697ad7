//! Sums along columns: of up to four rows of the result at once, which read what they share once. Written once, compiled
//! with each kind of lanes.

use crate::mixing::Windows;
use crate::tile::MIXED;
use std::ops::Range;

/// The most rows of the result that are made at once.
pub(crate) const MOST: usize = 4;

/// Which rows are summed to some rows of the result that lie below each other.
#[derive(Default)]
pub(crate) struct Sums {
    /// Rows of the result: one, two or four.
    pub(crate) count: usize,
    /// For each the first of the rows that it is made of, and the one behind the last. All have some in common.
    pub(crate) starts: [usize; MOST],
    pub(crate) ends: [usize; MOST],
    /// For each row the weights in all rows of the result.
    pub(crate) weights: Vec<f32>,
}

impl Sums {
    /// Those of the row `y` of the result and of as many behind it, up to `end`, as are made of much the same. Says which
    /// places of the source they are made of.
    pub(crate) fn set(&mut self, windows: &Windows, y: u32, end: u32) -> Range<i32> {
        let made = |i: usize| {
            let (first, weights) = windows.at(y as usize + i);
            (first, first + weights.len() as i32, weights)
        };
        let (start, behind, _) = made(0);
        let much_the_same = |count: &usize| {
            let fits = y + *count as u32 <= end;
            fits && (1..*count).all(|i| {
                let (before, now) = (made(i - 1), made(i));
                before.0 <= now.0 && before.1 <= now.1 && 2 * (now.0 - start) <= behind - start
            })
        };
        self.count = [MOST, 2].into_iter().find(much_the_same).unwrap_or(1);
        let last = made(self.count - 1).1;
        self.weights.clear();
        self.weights.resize((last - start) as usize * self.count, 0.0);
        for i in 0..self.count {
            let (first, behind, weights) = made(i);
            (self.starts[i], self.ends[i]) = ((first - start) as usize, (behind - start) as usize);
            let places = self.weights.iter_mut().skip(self.starts[i] * self.count + i).step_by(self.count);
            places.zip(weights).for_each(|(place, weight)| *place = *weight);
        }
        start..last
    }
}

/// Sums along columns of a span.
pub(crate) struct Down<'a> {
    /// Rows, four channels of each.
    pub(crate) mixed: &'a [f32],
    /// Which of them are summed.
    pub(crate) rows: &'a [usize],
    pub(crate) sums: &'a Sums,
    pub(crate) opaque: bool,
    /// Whether floats are rounded to half floats.
    pub(crate) half: bool,
    /// Pixels of the span.
    pub(crate) len: usize,
}

/// How sums of so many pixels become colours.
pub(crate) struct Finish {
    pub(crate) opaque: bool,
    /// Whether they are in linear light.
    pub(crate) linear: bool,
    /// Whether colours are rounded to half floats.
    pub(crate) half: bool,
    pub(crate) len: usize,
}

/// Some of the rows that are summed, and the weights of each.
pub(crate) struct Addends<'a, const COUNT: usize> {
    pub(crate) mixed: &'a [[f32; MIXED]],
    pub(crate) rows: &'a [usize],
    pub(crate) weights: &'a [[f32; COUNT]],
}

impl<'a> Down<'a> {
    #[inline(always)]
    pub(crate) fn addends<const COUNT: usize>(&self, rows: Range<usize>) -> Addends<'a, COUNT> {
        Addends {
            // Rows of a size that is known, so that little is asked where they are added.
            mixed: self.mixed.as_chunks().0,
            rows: self.rows.get(rows.clone()).unwrap_or_default(),
            weights: self.sums.weights.as_chunks().0.get(rows).unwrap_or_default(),
        }
    }
}

/// Defines the sums over the `lanes` of the module it stands in, with an attribute before those that are called rather
/// than inlined.
macro_rules! down {
    ($(#[$attribute:meta])*) => {
        use crate::down::{Addends, Down, Finish};
        use crate::out_rows::{ChannelRows, OutRows};

        /// Sums of three channels where all is opaque, else of four.
        $(#[$attribute])*
        pub(crate) fn down(run: &Down<'_>, lines: &mut OutRows<'_>) {
            let channels = if run.opaque { 3 } else { 4 };
            for channel in 0..channels {
                match run.sums.count {
                    1 => one(run, channel, lines),
                    2 => two(run, channel, lines),
                    _ => four(run, channel, lines),
                }
            }
        }

        /// Vectors of each row that are summed at once, of two rows and of four: half of the registers hold them, and they
        /// are eight at least, so that none waits for the one before.
        const TWO: usize = lanes::REGISTERS / 4;
        const FOUR: usize = lanes::REGISTERS / 8;
        /// Values of a row that are put one after the other, at least.
        pub(crate) const IN_LINE: usize = FOUR * LANES;

        #[inline(always)]
        fn one(run: &Down<'_>, channel: usize, lines: &mut OutRows<'_>) {
            let all = run.addends::<1>(0..run.sums.ends[0]);
            for at in (0..run.len.min(SPAN)).step_by(8 * LANES) {
                let place = channel * TILE + at;
                let mut sums = [[F::splat(0.0); 8]; 1];
                add::<1, 8, 0, 1>(&all, &mut sums, place);
                put_sums(run, &sums, lines, channel, at);
            }
        }

        #[inline(always)]
        fn two(run: &Down<'_>, channel: usize, lines: &mut OutRows<'_>) {
            let (starts, ends) = (run.sums.starts, run.sums.ends);
            let parts = [0..starts[1], starts[1]..ends[0], ends[0]..ends[1]];
            let [first, both, last] = parts.map(|rows| run.addends::<2>(rows));
            for at in (0..run.len.min(SPAN)).step_by(TWO * LANES) {
                let place = channel * TILE + at;
                let mut sums = [[F::splat(0.0); TWO]; 2];
                add::<2, TWO, 0, 1>(&first, &mut sums, place);
                add::<2, TWO, 0, 2>(&both, &mut sums, place);
                add::<2, TWO, 1, 2>(&last, &mut sums, place);
                put_sums(run, &sums, lines, channel, at);
            }
        }

        #[inline(always)]
        fn four(run: &Down<'_>, channel: usize, lines: &mut OutRows<'_>) {
            let (starts, ends) = (run.sums.starts, run.sums.ends);
            let before = [0..starts[1], starts[1]..starts[2], starts[2]..starts[3]];
            let [one, two, three] = before.map(|rows| run.addends::<4>(rows));
            let all = run.addends::<4>(starts[3]..ends[0]);
            let behind = [ends[0]..ends[1], ends[1]..ends[2], ends[2]..ends[3]];
            let [last_three, last_two, last] = behind.map(|rows| run.addends::<4>(rows));
            for at in (0..run.len.min(SPAN)).step_by(FOUR * LANES) {
                let place = channel * TILE + at;
                let mut sums = [[F::splat(0.0); FOUR]; 4];
                add::<4, FOUR, 0, 1>(&one, &mut sums, place);
                add::<4, FOUR, 0, 2>(&two, &mut sums, place);
                add::<4, FOUR, 0, 3>(&three, &mut sums, place);
                add::<4, FOUR, 0, 4>(&all, &mut sums, place);
                add::<4, FOUR, 1, 4>(&last_three, &mut sums, place);
                add::<4, FOUR, 2, 4>(&last_two, &mut sums, place);
                add::<4, FOUR, 3, 4>(&last, &mut sums, place);
                put_sums(run, &sums, lines, channel, at);
            }
        }

        /// Adds some rows to the sums from `LOW` to `HIGH`.
        #[inline(always)]
        fn add<const COUNT: usize, const VECTORS: usize, const LOW: usize, const HIGH: usize>(
            addends: &Addends<'_, COUNT>,
            sums: &mut [[F; VECTORS]; COUNT],
            place: usize,
        ) {
            for (row, weights) in addends.rows.iter().zip(addends.weights) {
                let values = addends.mixed.get(*row).and_then(|row| row.get(place..place + VECTORS * LANES));
                let Some(values) = values else { return };
                let mut vectors = [F::splat(0.0); VECTORS];
                for (vector, values) in vectors.iter_mut().zip(values.as_chunks::<LANES>().0) {
                    *vector = F::from_array(*values);
                }
                for i in LOW..HIGH {
                    let weight = F::splat(weights[i]);
                    for (sum, values) in sums[i].iter_mut().zip(&vectors) {
                        *sum = weight.vfma(*values, *sum);
                    }
                }
            }
        }

        #[inline(always)]
        fn put_sums<const COUNT: usize, const VECTORS: usize>(
            run: &Down<'_>,
            sums: &[[F; VECTORS]; COUNT],
            lines: &mut OutRows<'_>,
            channel: usize,
            at: usize,
        ) {
            match lines {
                OutRows::Half(rows) => put_rows(sums, rows, channel, at, |[sum], place: &mut [_; LANES]| {
                    *place = sum.to_half();
                }),
                OutRows::HalfPast(rows) => {
                    put_rows(sums, rows, channel, at, |[sum, behind], place: &mut [_; 2 * LANES]| {
                        sum.put_halves_past(behind, place);
                    });
                }
                OutRows::Float(rows) => put_rows(sums, rows, channel, at, |[sum], place: &mut [_; LANES]| {
                    *place = rounded(run.half, sum).to_array();
                }),
                OutRows::FloatPast(rows) => put_rows(sums, rows, channel, at, |[sum], place: &mut [_; LANES]| {
                    rounded(run.half, sum).put_past(place);
                }),
            }
        }

        #[inline(always)]
        fn put_rows<T, const COUNT: usize, const VECTORS: usize, const EACH: usize, const LONG: usize>(
            sums: &[[F; VECTORS]; COUNT],
            rows: &mut ChannelRows<'_, T>,
            channel: usize,
            at: usize,
            store: impl Fn([F; EACH], &mut [T; LONG]),
        ) {
            for (sums, row) in sums.iter().zip(rows) {
                let places = row[channel].get_mut(at..).unwrap_or_default();
                let (places, _) = places.as_chunks_mut::<LONG>();
                // As often as is known, so that sums stay in registers.
                for (i, sums) in sums.as_chunks::<EACH>().0.iter().enumerate() {
                    if let Some(place) = places.get_mut(i) {
                        store(*sums, place);
                    }
                }
            }
        }

        $(#[$attribute])*
        pub(crate) fn finish(run: &Finish, sums: &Block, mut out: Out<'_>) {
            for i in (0..run.len.min(SPAN)).step_by(LANES) {
                put(&mut out, i, run.half, finished(run, colour(&sums.view(), i)));
            }
        }

        /// Straight alpha again, and display values, as `assets/shaders/core/finish.wgsl` has it.
        #[inline(always)]
        fn finished(run: &Finish, (mut r, mut g, mut b, mut a): (F, F, F, F)) -> (F, F, F, F) {
            if run.opaque {
                a = F::splat(1.0);
            } else {
                a = a.vsaturate();
                (r, g, b) = (straight(r, a), straight(g, a), straight(b, a));
            }
            if run.linear {
                (r, g, b) = (displayed(r), displayed(g), displayed(b));
            }
            (r, g, b, a)
        }

        #[inline(always)]
        fn straight(v: F, alpha: F) -> F {
            alpha.vgt(F::splat(1e-5)).pick(v.vdiv(alpha), F::splat(0.0))
        }

        #[inline(always)]
        fn displayed(v: F) -> F {
            let sign = v.as_i().vand(I::splat(i32::MIN));
            v.vabs().vpow(F::splat(1.0 / 2.4)).as_i().vor(sign).as_f()
        }
    };
}
pub(crate) use down;

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_gpu::{Bell, Taps, Weights};
    use std::sync::Arc;

    /// The weight of each source place in each row of the result, from the windows.
    fn held(sums: &Sums, places: &Range<i32>, windows: &Windows, y: u32) {
        for i in 0..sums.count {
            let (first, weights) = windows.at(y as usize + i);
            for (row, place) in places.clone().enumerate() {
                let inside = (sums.starts[i]..sums.ends[i]).contains(&row);
                let want = usize::try_from(place - first).ok().and_then(|tap| weights.get(tap).copied());
                assert_eq!(inside, want.is_some(), "row {row} of {i}");
                assert_eq!(sums.weights[row * sums.count + i], want.unwrap_or_default());
            }
        }
    }

    #[test]
    fn rows_that_share_much_are_made_together() {
        let bell = Arc::new(Bell { centre: 0.4, sides: vec![0.1, 0.1, 0.1] });
        let bell = Windows::of(Some(&Taps::Bell(bell)), 9);
        let half = Windows::of(Some(&Taps::Each(Arc::new(Weights::blocks(9, 4)))), 9);
        let mut sums = Sums::default();
        for (windows, y, end, count) in
            [(&bell, 0, 9, 4), (&bell, 4, 9, 4), (&bell, 6, 9, 2), (&bell, 8, 9, 1), (&half, 0, 3, 1)]
        {
            let places = sums.set(windows, y, end);
            assert_eq!(sums.count, count, "from {y}");
            held(&sums, &places, windows, y);
        }
    }
}
