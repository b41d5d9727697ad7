//! Where pixels of a warp look and what they mix, by the numbers of `assets/shaders/core/warp.wgsl`: written once and
//! compiled with each kind of lanes.

use rushes_gpu::{WARP_REACH, Warp};
use std::ops::Range;

/// The most pixels along one direction that are mixed.
pub(crate) const MOST_TAPS: usize = 2 * WARP_REACH as usize + 1;

/// As many pixels along one direction as are mixed at once.
pub(crate) const AT_ONCE: usize = 8;

/// What a warp's pixels look at.
pub(crate) struct Looking<'a> {
    pub(crate) warp: &'a Warp,
    /// Width and height of the source.
    pub(crate) source: (u32, u32),
}

/// Pixels of the result.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) xs: Range<u32>,
    pub(crate) ys: Range<u32>,
}

/// Places of the source, beyond its edges as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) left: i32,
    pub(crate) top: i32,
    /// Behind the last column.
    pub(crate) right: i32,
    /// Behind the last row.
    pub(crate) bottom: i32,
}

impl Window {
    pub(crate) const NONE: Self = Self { left: i32::MAX, top: i32::MAX, right: i32::MIN, bottom: i32::MIN };

    pub(crate) fn is_empty(&self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    pub(crate) fn width(&self) -> usize {
        if self.is_empty() { 0 } else { (self.right - self.left) as usize }
    }

    pub(crate) fn height(&self) -> usize {
        if self.is_empty() { 0 } else { (self.bottom - self.top) as usize }
    }
}

/// Pixels of the source, ready for mixing.
pub(crate) struct Sources<'a> {
    pub(crate) pixels: &'a [[f32; 4]],
    pub(crate) window: Window,
}

/// Defines the sums over the `lanes` of the module it stands in, with an attribute before those that are called rather
/// than inlined.
macro_rules! warping {
    ($(#[$attribute:meta])*) => {
        use crate::warping::{AT_ONCE, Looking, Part, Sources, Window};
        use rushes_gpu::Beyond;

        /// A row of a map at some pixels: added up and divided as the translated kernel does, so that both look at the same
        /// place to the last bit.
        #[inline(always)]
        fn along(row: [f32; 3], x: F, y: F) -> F {
            F::splat(row[1]).vfma(y, F::splat(row[0]).vmul(x)).vadd(F::splat(row[2]))
        }

        /// How far a place moves along a direction with one pixel to the right and one down.
        #[inline(always)]
        fn moved(row: [f32; 3], ahead: [f32; 3], at: F, over: F) -> (F, F) {
            let right = at.vfnma(F::splat(ahead[0]), F::splat(row[0])).vmul(over);
            (right, at.vfnma(F::splat(ahead[1]), F::splat(row[1])).vmul(over))
        }

        /// Where as many pixels look as there are lanes, and which of them see anything.
        #[inline(always)]
        fn looked(run: &Looking<'_>, x: I, y: I) -> (Seen, Seen, M) {
            let [across, down, ahead] = run.warp.to_source;
            let half = F::splat(0.5);
            let (px, py) = (x.to_f().vadd(half), y.to_f().vadd(half));
            let depth = along(ahead, px, py);
            let over = F::splat(1.0).vdiv(depth);
            let (sx, sy) = (along(across, px, py).vdiv(depth), along(down, px, py).vdiv(depth));
            let sampling = run.warp.sampling;
            let (columns, rows) =
                (Seen::of(sx, moved(across, ahead, sx, over), sampling), Seen::of(sy, moved(down, ahead, sy, over), sampling));
            let far = F::splat(1e6);
            let mut sees = depth.vgt(F::splat(1e-6)).vand(sx.vabs().vle(far)).vand(sy.vabs().vle(far));
            if matches!(run.warp.beyond, Beyond::Transparent | Beyond::Black) {
                sees = sees.vand(columns.touches(run.source.0)).vand(rows.touches(run.source.1));
            }
            (columns, rows, sees)
        }

        /// The smallest window around all places.
        #[inline(always)]
        fn around(left: F, top: F, right: F, bottom: F) -> Window {
            let least = |values: F| values.to_array().into_iter().fold(f32::MAX, f32::min);
            let most = |values: F| values.to_array().into_iter().fold(f32::MIN, f32::max);
            if least(left) > most(right) {
                return Window::NONE;
            }
            Window {
                left: least(left) as i32,
                top: least(top) as i32,
                right: most(right) as i32 + 1,
                bottom: most(bottom) as i32 + 1,
            }
        }

        /// All that some pixels look at, and whether each of them sees anything.
        $(#[$attribute])*
        pub(crate) fn looked_at(run: &Looking<'_>, part: &Part) -> (Window, bool) {
            // Where nothing tilts, places rise or fall from one edge to the other, rounded ones as well: what is seen
            // between the corners lies between what these see.
            if run.warp.to_source[2][..2] == [0.0; 2] {
                let corner = |first: u32, end: u32, step: usize| {
                    I::from_array(std::array::from_fn(|lane| if lane & step == 0 { first } else { end - 1 } as i32))
                };
                let (xs, ys) = (corner(part.xs.start, part.xs.end, 1), corner(part.ys.start, part.ys.end, 2));
                let (columns, rows, sees) = looked(run, xs, ys);
                if sees.all() {
                    return (around(columns.low, rows.low, columns.high, rows.high), true);
                }
            }
            let high = F::splat(f32::MAX);
            let (mut left, mut top, mut right, mut bottom) = (high, high, high.vneg(), high.vneg());
            let mut all = M::splat(true);
            for y in part.ys.clone() {
                for x in part.xs.clone().step_by(LANES) {
                    let xs = I::iota(x as i32);
                    let (columns, rows, sees) = looked(run, xs, I::splat(y as i32));
                    let inside = xs.vlt(I::splat(part.xs.end as i32));
                    let counts = sees.vand(inside);
                    all = all.vand(sees.vor(inside.vnot()));
                    left = counts.pick(left.vmin(columns.low), left);
                    top = counts.pick(top.vmin(rows.low), top);
                    right = counts.pick(right.vmax(columns.high), right);
                    bottom = counts.pick(bottom.vmax(rows.high), bottom);
                }
            }
            (around(left, top, right, bottom), all.all())
        }

        /// Pixels whose colours fill a vector.
        const SIDE_BY_SIDE: usize = LANES / 4;

        /// The pixels of a span, from what they look at. Those that see nothing become `nothing`.
        $(#[$attribute])*
        pub(crate) fn warped(
            run: &Looking<'_>,
            sources: &Sources<'_>,
            span: Span,
            nothing: [f32; 4],
            out: &mut [[f32; 4]],
        ) {
            let sampling = run.warp.sampling;
            let table = Phases::of(sampling);
            let mut made: Option<[Taps; 2]> = None;
            let xs = (span.x as i32..).step_by(LANES);
            for (x, out) in xs.zip(out.chunks_mut(LANES)) {
                let (columns, rows, sees) = looked(run, I::iota(x), I::splat(span.y as i32));
                match table {
                    Some(table) if columns.is_plain(sees) && rows.is_plain(sees) => {
                        let weights = (&columns.kept(table, sampling), &rows.kept(table, sampling));
                        let seen = (columns, rows, sees);
                        match table.taps {
                            2 => mix::<_, 2>(sources, seen, weights, nothing, out),
                            4 => mix::<_, 4>(sources, seen, weights, nothing, out),
                            _ => mix::<_, 6>(sources, seen, weights, nothing, out),
                        }
                    }
                    _ => {
                        let [across, down] = made.get_or_insert_with(|| [[[[0.0; 4]; LANES]; FOURS]; 2]);
                        let (across, down) = (columns.made(sampling, sees, across), rows.made(sampling, sees, down));
                        mix::<_, 0>(sources, (columns, rows, sees), (&across, &down), nothing, out);
                    }
                }
            }
        }

        /// As many pixels as there are lanes, or fewer at a span's end, each of so many places along both directions; 0
        /// where that is another for each.
        #[inline(always)]
        fn mix<W: Weighing, const ALL: usize>(
            sources: &Sources<'_>,
            (columns, rows, sees): (Seen, Seen, M),
            (across, down): (&W, &W),
            nothing: [f32; 4],
            out: &mut [[f32; 4]],
        ) {
            let window = &sources.window;
            let distance = window.width();
            let row = rows.low.to_i().vsub(I::splat(window.top)).vmul(I::splat(distance as i32));
            let first = columns.low.to_i().vsub(I::splat(window.left)).vadd(row).to_array();
            let sees = sees.pick(I::splat(1), I::splat(0)).to_array();
            for (lane, out) in out.iter_mut().take(LANES).enumerate() {
                if sees[lane] == 0 {
                    *out = nothing;
                    continue;
                }
                let rows = (sources.pixels.get(first[lane] as usize..).unwrap_or_default(), distance);
                let [wide, high] = if ALL > 0 { [ALL; 2] } else { [across.count(lane), down.count(lane)] };
                // The usual filters' widths are known here, so that nothing is asked while they are added up.
                *out = match wide {
                    2 => summed(rows, [2, high], (across, down), lane),
                    4 => summed(rows, [4, high], (across, down), lane),
                    6 => summed(rows, [6, high], (across, down), lane),
                    7 => summed(rows, [7, high], (across, down), lane),
                    8 => summed(rows, [8, high], (across, down), lane),
                    wide => summed(rows, [wide, high], (across, down), lane),
                };
            }
        }

        /// The sum of the first so many pixels of so many rows, which follow each other at a distance: down the rows first,
        /// which takes a weight a row, then along what is left.
        #[inline(always)]
        fn summed<W: Weighing>(
            (pixels, distance): (&[[f32; 4]], usize),
            [wide, high]: [usize; 2],
            (across, down): (&W, &W),
            lane: usize,
        ) -> [f32; 4] {
            let pixels = match high.checked_sub(1) {
                Some(last) => pixels.get(..last * distance + wide),
                None => None,
            };
            let Some(pixels) = pixels else { return [0.0; 4] };
            let mut sum = F::splat(0.0);
            for start in (0..wide).step_by(AT_ONCE) {
                let count = (wide - start).min(AT_ONCE);
                let mut sums = [F::splat(0.0); AT_ONCE / SIDE_BY_SIDE];
                for top in (0..high).step_by(AT_ONCE) {
                    let weights = down.weights(lane, top);
                    for (y, weight) in (top..high).zip(weights) {
                        let first = y * distance + start;
                        // SAFETY: the last of them lies before the end of the last row, which is there.
                        let row = unsafe { pixels.get_unchecked(first..first + count) };
                        for (sum, entries) in sums.iter_mut().zip(row.chunks(SIDE_BY_SIDE)) {
                            *sum = F::splat(weight).vfma(F::from_entries(entries), *sum);
                        }
                    }
                }
                let weights = across.weights(lane, start);
                for (vector, part) in sums.into_iter().take(count.div_ceil(SIDE_BY_SIDE)).enumerate() {
                    sum = each_fourfold(&weights, vector * SIDE_BY_SIDE).vfma(part, sum);
                }
            }
            sum.sum_of_fours()
        }

        /// The weights of as many pixels as fill a vector, from one of them on, for each of their channels.
        #[inline(always)]
        fn each_fourfold(weights: &[f32; AT_ONCE], first: usize) -> F {
            if SIDE_BY_SIDE == 1 {
                return F::splat(weights[first]);
            }
            let four = F::from_four(weights.as_chunks::<4>().0[first / 4]);
            four.permuted(I::from_array(std::array::from_fn(|lane| (first % 4 + lane / 4) as i32)))
        }

        /// Colours of a block from the `first` pixel on, the channels of each beside each other.
        $(#[$attribute])*
        pub(crate) fn woven(block: &Block, first: usize, out: &mut [[f32; 4]]) {
            let (whole, rest) = out.as_chunks_mut::<LANES>();
            let rest_at = first + whole.len() * LANES;
            for (i, out) in whole.iter_mut().enumerate() {
                let (r, g, b, a) = colour(&block.view(), first + i * LANES);
                let (vectors, _) = out.as_flattened_mut().as_chunks_mut::<LANES>();
                for (vector, lanes) in vectors.iter_mut().zip(in_turns([r, g, b, a])) {
                    *vector = lanes.to_array();
                }
            }
            for (i, out) in rest.iter_mut().enumerate() {
                *out = block.0.each_ref().map(|channel| channel.get(rest_at + i).copied().unwrap_or_default());
            }
        }

        /// Mixed pixels as straight, encoded colours.
        $(#[$attribute])*
        pub(crate) fn warp_finished(mixed: &[[f32; 4]; SPAN], run: &Finish, mut out: Out<'_>) {
            for (n, entries) in mixed.as_chunks::<LANES>().0.iter().enumerate().take(vectors(run.len)) {
                let colour = finished(run, transposed(entries.each_ref()));
                put(&mut out, n * LANES, run.half, colour);
            }
        }
    };
}
pub(crate) use warping;
