//! Where pixels of a warp look and what they mix, by the numbers of `assets/shaders/core/warp.wgsl`: written once and
//! compiled with each kind of lanes.

use rushes_gpu::{WARP_REACH, Warp};

/// The most pixels along one direction that are mixed.
pub(crate) const MOST_TAPS: usize = 2 * WARP_REACH as usize + 1;

/// What a warp's pixels look at.
pub(crate) struct Looking<'a> {
    pub(crate) warp: &'a Warp,
    /// Width and height of the source.
    pub(crate) source: (u32, u32),
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

    /// The smallest window around both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
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
        use crate::warping::{Looking, MOST_TAPS, Sources, Window};
        use crate::phases::{PHASES, Phases, TAPS};
        use lanes::U;
        use rushes_gpu::{Beyond, Sampling, WARP_REACH};

        /// What some pixels of a row look at, along one direction.
        #[derive(Clone, Copy)]
        struct Seen {
            at: F,
            /// One over how much the filter is widened.
            narrowed: F,
            /// The first and the last place that is mixed.
            low: F,
            high: F,
        }

        impl Seen {
            #[inline(always)]
            fn of(at: F, moved: (F, F), sampling: Sampling) -> Self {
                let own = at.vfloor();
                let one = F::splat(1.0);
                if sampling == Sampling::Nearest {
                    return Self { at, narrowed: one, low: own, high: own };
                }
                // How far the source moves with one pixel of the result: where the picture shrinks, the filter is
                // widened by it.
                let widened = moved.0.vfma(moved.0, moved.1.vmul(moved.1)).vsqrt().vmax(one);
                let (reach, most) = (widened.vmul(F::splat(sampling.support() as f32)), F::splat(WARP_REACH as f32));
                let centre = at.vsub(F::splat(0.5));
                Self {
                    at,
                    narrowed: one.vdiv(widened),
                    low: centre.vsub(reach).vceil().vmax(own.vsub(most)),
                    high: centre.vadd(reach).vfloor().vmin(own.vadd(most)),
                }
            }

            /// Whether any of it lies within a picture.
            #[inline(always)]
            fn touches(&self, size: u32) -> M {
                self.high.vge(F::splat(0.0)).vand(self.low.vlt(F::splat(size as f32)))
            }

            /// Whether the filter is as wide as where a picture keeps its size, for all pixels that see something.
            #[inline(always)]
            fn is_plain(&self, sees: M) -> bool {
                self.narrowed.vge(F::splat(0.999_999)).vor(sees.vnot()).all()
            }

            /// The phase of such a filter, and how far it lies behind it.
            #[inline(always)]
            fn phases(&self) -> ([i32; LANES], [f32; LANES]) {
                let behind = self.low.vadd(F::splat(3.5)).vsub(self.at).vsaturate();
                let place = behind.vmul(F::splat(PHASES as f32));
                let phase = place.vfloor().vmin(F::splat(PHASES as f32 - 1.0));
                (phase.to_i().to_array(), place.vsub(phase).to_array())
            }

            /// The weights of the places from the first one on, and one over their sum.
            #[inline(always)]
            fn weights(&self, sampling: Sampling, count: usize, weights: &mut [[f32; LANES]]) -> F {
                let mut total = F::splat(0.0);
                let mut place = self.low;
                for weights in weights.iter_mut().take(count) {
                    let away = place.vadd(F::splat(0.5)).vsub(self.at).vmul(self.narrowed);
                    let weight = match sampling {
                        Sampling::Nearest => F::splat(1.0),
                        Sampling::Bilinear => F::splat(1.0).vsub(away.vabs()).vmax(F::splat(0.0)),
                        Sampling::Bicubic => catmull_rom(away.vabs()),
                        Sampling::Lanczos => lanczos(away.vabs()),
                    };
                    let weight = place.vle(self.high).pick(weight, F::splat(0.0));
                    total = total.vadd(weight);
                    *weights = weight.to_array();
                    place = place.vadd(F::splat(1.0));
                }
                F::splat(1.0).vdiv(total)
            }
        }

        #[inline(always)]
        fn catmull_rom(x: F) -> F {
            let near = F::splat(1.5).vfma(x, F::splat(-2.5)).vmul(x).vfma(x, F::splat(1.0));
            let far = F::splat(-0.5).vfma(x, F::splat(2.5)).vfma(x, F::splat(-4.0)).vfma(x, F::splat(2.0));
            x.vlt(F::splat(1.0)).pick(near, x.vlt(F::splat(2.0)).pick(far, F::splat(0.0)))
        }

        #[inline(always)]
        fn lanczos(x: F) -> F {
            let turned = x.vmul(F::splat(core::f32::consts::PI));
            let bell = sine_of_turns(x).vmul(sine_of_turns(x.vmul(F::splat(1.0 / 3.0)))).vmul(F::splat(3.0));
            let weight = bell.vdiv(turned.vmul(turned));
            let weight = x.vlt(F::splat(1e-4)).pick(F::splat(1.0), weight);
            x.vlt(F::splat(3.0)).pick(weight, F::splat(0.0))
        }

        /// The sine of π times a number from 0 on: of what it is away from a whole one, by the sine's own series, whose
        /// next term is below 6e-8.
        #[inline(always)]
        fn sine_of_turns(x: F) -> F {
            let whole = x.vround();
            let t = x.vsub(whole).vmul(F::splat(core::f32::consts::PI));
            let square = t.vmul(t);
            let series = F::splat(-2.505_210_8e-8)
                .vfma(square, F::splat(2.755_731_9e-6))
                .vfma(square, F::splat(-1.984_127e-4))
                .vfma(square, F::splat(8.333_333e-3))
                .vfma(square, F::splat(-1.666_666_7e-1))
                .vfma(square, F::splat(1.0))
                .vmul(t);
            let odd = whole.to_i().vshl(U::splat(31));
            series.as_i().vxor(odd).as_f()
        }

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
        fn looked(run: &Looking<'_>, x: u32, y: u32) -> (Seen, Seen, M) {
            let [across, down, ahead] = run.warp.to_source;
            let half = F::splat(0.5);
            let (px, py) = (I::iota(x as i32).to_f().vadd(half), F::splat(y as f32 + 0.5));
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

        /// All that a span looks at, and whether each of its pixels sees anything.
        $(#[$attribute])*
        pub(crate) fn looked_at(run: &Looking<'_>, span: Span) -> (Window, bool) {
            let high = F::splat(f32::MAX);
            let (mut left, mut top, mut right, mut bottom) = (high, high, high.vneg(), high.vneg());
            let mut all = M::splat(true);
            let mut i = 0;
            while i < span.len {
                let (columns, rows, sees) = looked(run, span.x + i as u32, span.y);
                let inside = I::iota(i as i32).vlt(I::splat(span.len as i32));
                let counts = sees.vand(inside);
                all = all.vand(sees.vor(inside.vnot()));
                left = counts.pick(left.vmin(columns.low), left);
                top = counts.pick(top.vmin(rows.low), top);
                right = counts.pick(right.vmax(columns.high), right);
                bottom = counts.pick(bottom.vmax(rows.high), bottom);
                i += LANES;
            }
            let (left, top, right, bottom) = (left.to_array(), top.to_array(), right.to_array(), bottom.to_array());
            let least = |values: [f32; LANES]| values.into_iter().fold(f32::MAX, f32::min);
            let most = |values: [f32; LANES]| values.into_iter().fold(f32::MIN, f32::max);
            if least(left) > most(right) {
                return (Window::NONE, all.all());
            }
            let window = Window {
                left: least(left) as i32,
                top: least(top) as i32,
                right: most(right) as i32 + 1,
                bottom: most(bottom) as i32 + 1,
            };
            (window, all.all())
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
            let window = &sources.window;
            let mut across = [[0.0; LANES]; MOST_TAPS];
            let mut down = [[0.0; LANES]; MOST_TAPS];
            let table = Phases::lanczos();
            let mut i = 0;
            while i < span.len {
                let (columns, rows, sees) = looked(run, span.x + i as u32, span.y);
                let plain = sampling == Sampling::Lanczos && columns.is_plain(sees) && rows.is_plain(sees);
                let sees = sees.pick(I::splat(1), I::splat(0)).to_array();
                let (left, right) = (columns.low.to_i().to_array(), columns.high.to_i().to_array());
                let (top, bottom) = (rows.low.to_i().to_array(), rows.high.to_i().to_array());
                let place = |lane: usize| (top[lane] - window.top) as usize * window.width() + (left[lane] - window.left) as usize;
                let places = out.iter_mut().skip(i).take(LANES.min(span.len - i)).enumerate();
                i += LANES;
                if plain {
                    let ((phases_x, parts_x), (phases_y, parts_y)) = (columns.phases(), rows.phases());
                    for (lane, out) in places {
                        if sees[lane] == 0 {
                            *out = nothing;
                            continue;
                        }
                        let across = table.at(phases_x[lane] as usize, parts_x[lane]);
                        let down = table.at(phases_y[lane] as usize, parts_y[lane]);
                        let weights = side_by_side::<TAPS>(across.iter().copied());
                        let sum = summed::<TAPS>(sources, place(lane), &weights, down.into_iter().take(TAPS));
                        *out = in_all(sum, 1.0);
                    }
                    continue;
                }
                let counts = |first: [i32; LANES], last: [i32; LANES]| -> [usize; LANES] {
                    std::array::from_fn(|l| if sees[l] == 0 { 0 } else { (last[l] - first[l] + 1).max(0) as usize })
                };
                let (wide, high) = (counts(left, right), counts(top, bottom));
                let most = |counts: &[usize; LANES]| counts.iter().fold(0, |most, n| (*n).max(most)).min(MOST_TAPS);
                let whole_x = columns.weights(sampling, most(&wide), &mut across);
                let whole_y = rows.weights(sampling, most(&high), &mut down);
                let whole = whole_x.vmul(whole_y).to_array();
                for (lane, out) in places {
                    if sees[lane] == 0 {
                        *out = nothing;
                        continue;
                    }
                    let of_lane = |weights: &[f32; LANES]| weights[lane];
                    let across = across[..wide[lane].min(MOST_TAPS)].iter().map(of_lane);
                    let down = down[..high[lane].min(MOST_TAPS)].iter().map(of_lane);
                    let start = place(lane);
                    // The usual filters' widths are known here, so that nothing is asked while they are added up.
                    let sum = match across.len() {
                        2 => summed::<2>(sources, start, &side_by_side::<2>(across), down),
                        4 => summed::<4>(sources, start, &side_by_side::<4>(across), down),
                        6 => summed::<6>(sources, start, &side_by_side::<6>(across), down),
                        7 => summed::<7>(sources, start, &side_by_side::<7>(across), down),
                        8 => summed::<8>(sources, start, &side_by_side::<8>(across), down),
                        _ => summed_widely(sources, start, across, down),
                    };
                    *out = in_all(sum, whole[lane]);
                }
            }
        }

        /// The most columns whose number is known where they are summed.
        const KNOWN: usize = 8;

        /// So many weights, each once for each channel.
        #[inline(always)]
        fn side_by_side<const WIDE: usize>(mut across: impl Iterator<Item = f32>) -> [F; KNOWN] {
            let mut each = [0.0; KNOWN + LANES];
            each.iter_mut().take(WIDE).for_each(|each| *each = across.next().unwrap_or_default());
            let mut weights = [F::splat(0.0); KNOWN];
            for (number, weights) in weights.iter_mut().enumerate().take(WIDE.div_ceil(SIDE_BY_SIDE)) {
                *weights = F::from_array(std::array::from_fn(|at| each[number * SIDE_BY_SIDE + at / 4]));
            }
            weights
        }

        /// The sum of rows of so many columns from one pixel on, by parts of a vector.
        #[inline(always)]
        fn summed<const WIDE: usize>(
            sources: &Sources<'_>,
            start: usize,
            across: &[F; KNOWN],
            down: impl Iterator<Item = f32>,
        ) -> F {
            let mut sum = F::splat(0.0);
            let mut at = start;
            for weight in down {
                let Some(row) = sources.pixels.get(at..).and_then(|row| row.first_chunk::<WIDE>()) else { break };
                sum = F::splat(weight).vfma(along_row(row.as_flattened(), across), sum);
                at += sources.window.width();
            }
            sum
        }

        /// The same of any number of columns.
        #[inline(always)]
        fn summed_widely(
            sources: &Sources<'_>,
            start: usize,
            across: impl ExactSizeIterator<Item = f32>,
            down: impl Iterator<Item = f32>,
        ) -> F {
            let wide = across.len();
            let mut each = [[0.0; LANES]; MOST_TAPS.div_ceil(SIDE_BY_SIDE)];
            for (place, weight) in each.as_flattened_mut().chunks_exact_mut(4).zip(across) {
                place.fill(weight);
            }
            let mut weights = [F::splat(0.0); MOST_TAPS.div_ceil(SIDE_BY_SIDE)];
            for (weights, each) in weights.iter_mut().zip(&each).take(wide.div_ceil(SIDE_BY_SIDE)) {
                *weights = F::from_array(*each);
            }
            let mut sum = F::splat(0.0);
            let mut at = start;
            for weight in down {
                let row = sources.pixels.get(at..at + wide).unwrap_or_default();
                sum = F::splat(weight).vfma(along_row(row.as_flattened(), &weights), sum);
                at += sources.window.width();
            }
            sum
        }

        /// The sum along a row.
        #[inline(always)]
        fn along_row(row: &[f32], weights: &[F]) -> F {
            let (vectors, rest) = row.as_chunks::<LANES>();
            let mut along = F::splat(0.0);
            for (values, weight) in vectors.iter().zip(weights) {
                along = weight.vfma(F::from_array(*values), along);
            }
            if let (false, Some(weight)) = (rest.is_empty(), weights.get(vectors.len())) {
                let values = F::from_array(std::array::from_fn(|i| rest.get(i).copied().unwrap_or(0.0)));
                along = weight.vfma(values, along);
            }
            along
        }

        /// What a sum by parts of a vector is in all.
        #[inline(always)]
        fn in_all(sum: F, whole: f32) -> [f32; 4] {
            let mut colour = [0.0; 4];
            for part in sum.to_array().as_chunks::<4>().0 {
                colour.iter_mut().zip(part).for_each(|(colour, part)| *colour += part * whole);
            }
            colour
        }

        /// Mixed pixels as straight, encoded colours.
        $(#[$attribute])*
        pub(crate) fn warp_finished(mixed: &[[f32; 4]; SPAN], opaque: bool, linear: bool, out: &mut Block) {
            for (i, entries) in mixed.as_chunks::<LANES>().0.iter().enumerate() {
                put(out, i * LANES, false, transposed(entries.each_ref()));
            }
            if opaque {
                out.0[3].fill(1.0);
            }
            finish(opaque, linear, false, out);
        }
    };
}
pub(crate) use warping;
