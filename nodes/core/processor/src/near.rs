//! Sums along rows whose neighbours are made of neighbours: a row at a time, many places of the result at once. Where
//! they are made alike again and again each tap is a run of the row; elsewhere a register or two of the row hold all that
//! lanes of the result are made of, and each tap is picked from there. Written once, compiled with each kind of lanes.

use crate::mixing::Windows;
use std::array::from_fn;
use std::ops::Range;

/// Vectors of lanes that are made together.
pub(crate) const TOGETHER: usize = 4;
/// The most lanes that there are.
pub(crate) const MOST_LANES: usize = 16;

/// How the places of a row are made.
pub(crate) struct Places {
    turns: Option<Turns>,
    picks: Option<Picks>,
}

/// Places that are made alike again and again: in each turn as many as [`Self::count`], with the same weights as in the
/// turn before over sources one further.
pub(crate) struct Turns {
    pub(crate) count: usize,
    /// Places of whole turns.
    xs: Range<usize>,
    /// The source column of the first tap of the first turn.
    first: i32,
    /// The first tap's weight for each place of a turn, the second tap's, and so on.
    pub(crate) weights: Vec<f32>,
}

/// What the lanes of a row's result are picked from.
struct Picks {
    taps: usize,
    /// Whether they are picked from two registers rather than from one.
    wide: bool,
    /// The source column that a register begins with, for lanes after lanes of the result.
    firsts: Vec<i32>,
    /// From there to the first tap, for each place of the result.
    places: Vec<i32>,
    /// The weights of the first taps of lanes, of their second taps, and so on.
    weights: Vec<f32>,
}

/// What lanes of the result are made of.
pub(crate) struct Pick<'a> {
    pub(crate) first: i32,
    pub(crate) places: &'a [i32],
    pub(crate) weights: &'a [f32],
}

impl Turns {
    fn of(windows: &Windows, width: usize, count: usize) -> Option<Self> {
        let turn = |number: usize| {
            let places: [(i32, &[f32]); TOGETHER] =
                from_fn(|i| windows.at(number * count + i.min(count - 1)));
            let first = places.iter().map(|(first, _)| *first).min().unwrap_or_default();
            (first, places.map(|(own, weights)| (own - first, weights)))
        };
        let total = width.div_ceil(count);
        let middle = total / 2;
        let (first, usual) = turn(middle);
        let alike = |number: &usize| turn(*number) == (first + *number as i32 - middle as i32, usual);
        let start = middle - (0..middle).rev().take_while(alike).count();
        let end = middle + (middle..total).take_while(alike).count();
        let reach = usual.iter().map(|(at, weights)| *at as usize + weights.len()).max()?;
        let weight = |tap: usize, place: usize| {
            let (at, weights) = usual.get(place)?;
            weights.get(tap.checked_sub(*at as usize)?).copied()
        };
        let weights = (0..reach * count).map(|i| weight(i / count, i % count).unwrap_or_default()).collect();
        let first = first + start as i32 - middle as i32;
        (end > start).then_some(Self { count, xs: start * count..end * count, first, weights })
    }

    /// The source column of the first tap of the turn that begins at a place, if so many places from there on are whole
    /// turns.
    #[inline(always)]
    pub(crate) fn first(&self, x: usize, places: usize) -> Option<i32> {
        let inside = self.xs.start <= x && x + places <= self.xs.end;
        inside.then(|| self.first + ((x - self.xs.start) / self.count) as i32)
    }
}

impl Picks {
    /// For the lanes of rows of `width` that `turns` leave; none where some are made of more than two registers.
    fn of(windows: &Windows, width: usize, lanes: usize, turns: Option<&Turns>) -> Option<Self> {
        let together = TOGETHER * lanes;
        let taps = windows.taps() as usize;
        let mut made =
            Self { taps, wide: false, firsts: Vec::new(), places: Vec::new(), weights: Vec::new() };
        for start in (0..width).step_by(lanes) {
            if turns.and_then(|turns| turns.first(start / together * together, together)).is_some() {
                made.firsts.push(0);
                made.places.resize(made.firsts.len() * lanes, 0);
                made.weights.resize(made.firsts.len() * lanes * taps, 0.0);
                continue;
            }
            let all: [_; MOST_LANES] = from_fn(|lane| windows.at((start + lane).min(width - 1)));
            let all = all.get(..lanes)?;
            let low = all.iter().map(|(first, _)| *first).min()?;
            let reach = all.iter().map(|(first, _)| (first - low) as usize + taps).max()?;
            if reach > 2 * lanes {
                return None;
            }
            made.wide |= reach > lanes;
            made.firsts.push(low);
            made.places.extend(all.iter().map(|(first, _)| first - low));
            for tap in 0..taps {
                let weights = all.iter().map(|(_, weights)| weights.get(tap).copied().unwrap_or_default());
                made.weights.extend(weights);
            }
        }
        Some(made)
    }
}

impl Places {
    /// For rows of `width`. None where another way is faster: `far` says whether lanes are picked as fast from two
    /// registers as from one.
    pub(crate) fn of(windows: &Windows, width: u32, lanes: usize, far: bool) -> Option<Self> {
        let width = width as usize;
        // Beyond the last place some more are made, so that lanes are whole.
        let room = width.next_multiple_of(TOGETHER * lanes);
        let turns = [1, 2, 4]
            .into_iter()
            .find_map(|count| Turns::of(windows, room, count).filter(|turns| 2 * turns.xs.len() > width));
        if turns.as_ref().is_some_and(|turns| turns.xs == (0..room)) {
            return Some(Self { turns, picks: None });
        }
        let picks = Picks::of(windows, width, lanes, turns.as_ref())?;
        (turns.is_some() || far || !picks.wide).then_some(Self { turns, picks: Some(picks) })
    }

    pub(crate) fn turns(&self) -> Option<&Turns> {
        self.turns.as_ref()
    }

    /// Whether lanes are picked from two registers rather than from one.
    pub(crate) fn is_wide(&self) -> bool {
        self.picks.as_ref().is_some_and(|picks| picks.wide)
    }

    /// For the lanes of the place `x` and those behind it.
    #[inline(always)]
    pub(crate) fn pick(&self, x: usize, lanes: usize) -> Option<Pick<'_>> {
        let picks = self.picks.as_ref()?;
        let (at, each) = (x / lanes, picks.taps * lanes);
        Some(Pick {
            first: *picks.firsts.get(at)?,
            places: picks.places.get(at * lanes..(at + 1) * lanes)?,
            weights: picks.weights.get(at * each..(at + 1) * each)?,
        })
    }
}

/// A sum along one row.
pub(crate) struct Near<'a> {
    /// Four channels of the row, `row_width` values each: behind what is summed, as many as are made together.
    pub(crate) row: &'a [f32],
    pub(crate) row_width: usize,
    /// The column of its first value.
    pub(crate) left: i32,
    pub(crate) places: &'a Places,
    /// The places that are made, from where lanes that are made together begin.
    pub(crate) xs: Range<usize>,
    /// Whether alpha is 1 everywhere, and stays so.
    pub(crate) opaque: bool,
}

/// Defines the sums over the `lanes` of the module it stands in, with an attribute before those that are called rather
/// than inlined.
macro_rules! near {
    ($(#[$attribute:meta])*) => {
        use crate::near::{Near, Pick, TOGETHER, Turns};

        /// A tile's row: three channels where all is opaque, else four.
        $(#[$attribute])*
        pub(crate) fn near(run: &Near<'_>, mixed: &mut [f32]) {
            match (run.opaque, run.places.is_wide()) {
                (true, false) => near_of::<3, false>(run, mixed),
                (true, true) => near_of::<3, true>(run, mixed),
                (false, false) => near_of::<4, false>(run, mixed),
                (false, true) => near_of::<4, true>(run, mixed),
            }
        }

        #[inline(always)]
        fn near_of<const CHANNELS: usize, const WIDE: bool>(run: &Near<'_>, mixed: &mut [f32]) {
            for x in run.xs.clone().step_by(TOGETHER * LANES) {
                let at = x - run.xs.start;
                let turns = run.places.turns();
                if let Some((turns, first)) = turns.and_then(|t| Some((t, t.first(x, TOGETHER * LANES)?))) {
                    let start = (first - run.left) as usize;
                    match turns.count {
                        1 => turned::<CHANNELS, 1, 4>(run, turns, start, mixed, at),
                        2 => turned::<CHANNELS, 2, 2>(run, turns, start, mixed, at),
                        _ => turned::<CHANNELS, 4, 1>(run, turns, start, mixed, at),
                    }
                    continue;
                }
                for i in 0..TOGETHER {
                    if let Some(pick) = run.places.pick(x + i * LANES, LANES) {
                        picked::<CHANNELS, WIDE>(run, &pick, mixed, at + i * LANES);
                    }
                }
            }
        }

        /// Lanes of turns of `COUNT` places, `VECTORS` times. Channels go together where registers allow, for a sum that
        /// waits for itself alone uses a quarter of what the core can do.
        #[inline(always)]
        fn turned<const CHANNELS: usize, const COUNT: usize, const VECTORS: usize>(
            run: &Near<'_>,
            turns: &Turns,
            start: usize,
            mixed: &mut [f32],
            at: usize,
        ) {
            if CHANNELS == 3 {
                turned_together::<3, COUNT, VECTORS>(run, turns, 0, start, mixed, at);
            } else {
                turned_together::<2, COUNT, VECTORS>(run, turns, 0, start, mixed, at);
                turned_together::<2, COUNT, VECTORS>(run, turns, 2, start, mixed, at);
            }
        }

        /// `CHANNELS` channels from `channel` on.
        #[inline(always)]
        fn turned_together<const CHANNELS: usize, const COUNT: usize, const VECTORS: usize>(
            run: &Near<'_>,
            turns: &Turns,
            channel: usize,
            start: usize,
            mixed: &mut [f32],
            at: usize,
        ) {
            let (weights, _) = turns.weights.as_chunks::<COUNT>();
            let mut rows: [_; CHANNELS] = std::array::from_fn(|i| {
                let row = run.row.get((channel + i) * run.row_width + start..).unwrap_or_default();
                row.windows(VECTORS * LANES)
            });
            let mut sums = [[[F::splat(0.0); COUNT]; VECTORS]; CHANNELS];
            for weights in weights {
                let mut each = [F::splat(0.0); COUNT];
                for (each, weight) in each.iter_mut().zip(weights) {
                    *each = F::splat(*weight);
                }
                for (sums, row) in sums.iter_mut().zip(&mut rows) {
                    let Some(values) = row.next() else { return };
                    for (sums, values) in sums.iter_mut().zip(values.as_chunks::<LANES>().0) {
                        let values = F::from_array(*values);
                        for (sum, weight) in sums.iter_mut().zip(&each) {
                            *sum = weight.vfma(values, *sum);
                        }
                    }
                }
            }
            for (i, sums) in sums.iter().enumerate() {
                let places = mixed.get_mut((channel + i) * TILE + at..).and_then(<[f32]>::first_chunk_mut);
                if let Some(places) = places {
                    put_turns(sums, places);
                }
            }
        }

        /// Turns' sums in the order of the places.
        #[inline(always)]
        fn put_turns<const COUNT: usize, const VECTORS: usize>(
            sums: &[[F; COUNT]; VECTORS],
            places: &mut [f32; TOGETHER * LANES],
        ) {
            let (places, _) = places.as_chunks_mut::<LANES>();
            for (sums, places) in sums.iter().zip(places.chunks_exact_mut(COUNT)) {
                if COUNT == 1 {
                    places[0] = sums[0].to_array();
                } else if COUNT == 2 {
                    let (first, behind) = sums[0].zipped(sums[1]);
                    places[0] = first.to_array();
                    places[1] = behind.to_array();
                } else {
                    let all = in_turns([sums[0], sums[1], sums[2], sums[3]]);
                    places.iter_mut().zip(all).for_each(|(place, lanes)| *place = lanes.to_array());
                }
            }
        }

        /// Lanes of four by turns: a quarter of each after the other.
        #[inline(always)]
        fn in_turns([a, b, c, d]: [F; 4]) -> [F; 4] {
            let (evens, evens_behind) = a.zipped(c);
            let (odds, odds_behind) = b.zipped(d);
            let ((a, b), (c, d)) = (evens.zipped(odds), evens_behind.zipped(odds_behind));
            [a, b, c, d]
        }

        /// Lanes that are picked.
        #[inline(always)]
        fn picked<const CHANNELS: usize, const WIDE: bool>(
            run: &Near<'_>,
            pick: &Pick<'_>,
            mixed: &mut [f32],
            place: usize,
        ) {
            let mut at = I::from_array(pick.places.first_chunk().copied().unwrap_or_default());
            let start = (pick.first - run.left) as usize;
            let mut low = [F::splat(0.0); CHANNELS];
            let mut high = low;
            for (channel, (low, high)) in low.iter_mut().zip(&mut high).enumerate() {
                let values = run.row.get(channel * run.row_width + start..).unwrap_or_default();
                if let Some(values) = values.first_chunk::<{ 2 * LANES }>() {
                    let (values, _) = values.as_chunks::<LANES>();
                    *low = F::from_array(values[0]);
                    if WIDE {
                        *high = F::from_array(values[1]);
                    }
                }
            }
            let mut sums = [F::splat(0.0); CHANNELS];
            for weights in pick.weights.as_chunks::<LANES>().0 {
                let weights = F::from_array(*weights);
                for (sum, (low, high)) in sums.iter_mut().zip(low.iter().zip(&high)) {
                    let values = if WIDE { low.permuted_of_both(*high, at) } else { low.permuted(at) };
                    *sum = weights.vfma(values, *sum);
                }
                at = at.vadd(I::splat(1));
            }
            for (channel, sum) in sums.into_iter().enumerate() {
                let place = mixed.get_mut(channel * TILE + place..);
                if let Some(place) = place.and_then(<[f32]>::first_chunk_mut) {
                    *place = sum.to_array();
                }
            }
        }
    };
}
pub(crate) use near;

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_gpu::{Bell, Taps, Weights};
    use std::sync::Arc;

    #[test]
    fn a_bell_is_one_turn_after_the_other() {
        let bell = Arc::new(Bell { centre: 0.5, sides: vec![0.2, 0.05] });
        let places = Places::of(&Windows::of(Some(&Taps::Bell(bell)), 21), 21, 4, false).unwrap();
        let turns = places.turns().unwrap();
        assert_eq!((turns.count, turns.weights.as_slice()), (1, &[0.05, 0.2, 0.5, 0.2, 0.05][..]));
        assert_eq!(
            [turns.first(0, 16), turns.first(16, 16), turns.first(32, 16)],
            [Some(-2), Some(14), None]
        );
        assert!(places.pick(0, 4).is_none(), "turns go beyond the last place");
    }

    #[test]
    fn picks_are_the_windows_lane_by_lane() {
        let windows = Windows::of(Some(&Taps::Blocks(3)), 61);
        for lanes in [8, 16] {
            assert!(Places::of(&windows, 21, lanes, true).is_none(), "lanes reach over three registers");
        }
        let windows = Windows::of(Some(&Taps::Each(Arc::new(Weights::blocks(41, 2)))), 41);
        assert!(Places::of(&windows, 21, 8, false).is_none(), "two registers are slow");
        for lanes in [4, 8, 16] {
            let places = Places::of(&windows, 21, lanes, true).unwrap();
            assert!(places.is_wide() && places.turns().is_none());
            for x in (0..21).step_by(lanes) {
                let pick = places.pick(x, lanes).unwrap();
                for lane in 0..lanes {
                    let (first, weights) = windows.at((x + lane).min(20));
                    assert_eq!(pick.first + pick.places[lane], first);
                    let own: Vec<f32> = pick.weights.iter().skip(lane).step_by(lanes).copied().collect();
                    assert_eq!(own, weights);
                }
            }
        }
    }
}
