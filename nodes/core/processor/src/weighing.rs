//! What each pixel of a warp mixes along one direction, and by which weights, by the numbers of
//! `assets/shaders/core/warp.wgsl`: written once and compiled with each kind of lanes.

/// Defines it over the `lanes` of the module it stands in.
macro_rules! weighing {
    () => {
        use crate::phases::{PHASES, Phases};
        use crate::warping::MOST_TAPS;
        use lanes::U;
        use rushes_gpu::{Sampling, WARP_REACH};

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
                let (reach, most) =
                    (widened.vmul(F::splat(sampling.support() as f32)), F::splat(WARP_REACH as f32));
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

            /// What the pixels mix, from the table of their filter.
            #[inline(always)]
            fn kept<'a>(&self, table: &'a Phases, sampling: Sampling) -> Kept<'a> {
                let behind =
                    self.low.vadd(F::splat(sampling.support() as f32 + 0.5)).vsub(self.at).vsaturate();
                let place = behind.vmul(F::splat(PHASES as f32));
                let phase = place.vfloor().vmin(F::splat(PHASES as f32 - 1.0));
                Kept { table, phases: phase.to_i().to_array(), parts: place.vsub(phase).to_array() }
            }

            /// What the pixels that see something mix, worked out.
            #[inline(always)]
            fn made<'a>(&self, sampling: Sampling, sees: M, taps: &'a mut Taps) -> Made<'a> {
                let wide = self.high.vsub(self.low).vadd(F::splat(1.0)).vmax(F::splat(0.0));
                let counts =
                    sees.pick(wide.to_i(), I::splat(0)).to_array().map(|n| (n as usize).min(MOST_TAPS));
                let most = counts.iter().fold(0, |most, n| (*n).max(most));
                let mut total = F::splat(0.0);
                let mut place = self.low;
                for (first, taps) in (0..most.next_multiple_of(AT_ONCE)).step_by(4).zip(taps.iter_mut()) {
                    let mut four = [F::splat(0.0); 4];
                    for weights in four.iter_mut().take(most.saturating_sub(first)) {
                        let away = place.vadd(F::splat(0.5)).vsub(self.at).vmul(self.narrowed);
                        let value = match sampling {
                            Sampling::Nearest => F::splat(1.0),
                            Sampling::Bilinear => F::splat(1.0).vsub(away.vabs()).vmax(F::splat(0.0)),
                            Sampling::Bicubic => catmull_rom(away.vabs()),
                            Sampling::Lanczos => lanczos(away.vabs()),
                        };
                        *weights = place.vle(self.high).pick(value, F::splat(0.0));
                        total = total.vadd(*weights);
                        place = place.vadd(F::splat(1.0));
                    }
                    let (vectors, _) = taps.as_flattened_mut().as_chunks_mut::<LANES>();
                    vectors.iter_mut().zip(in_turns(four)).for_each(|(to, lanes)| *to = lanes.to_array());
                }
                Made { taps, counts, over: F::splat(1.0).vdiv(total).to_array() }
            }
        }

        /// Four weights of each lane, four more of each, and so on.
        type Taps = [[[f32; 4]; LANES]; FOURS];
        const FOURS: usize = MOST_TAPS.next_multiple_of(AT_ONCE) / 4;

        /// The weights of as many pixels as there are lanes, along one direction.
        trait Weighing {
            /// How many places a pixel mixes.
            fn count(&self, lane: usize) -> usize;

            /// The weights of a pixel from one place on; behind the last one 0.
            fn weights(&self, lane: usize, first: usize) -> [f32; AT_ONCE];
        }

        /// Phases of a table, and the parts of a step behind them.
        struct Kept<'a> {
            table: &'a Phases,
            phases: [i32; LANES],
            parts: [f32; LANES],
        }

        impl Weighing for Kept<'_> {
            #[inline(always)]
            fn count(&self, _: usize) -> usize {
                self.table.taps
            }

            #[inline(always)]
            fn weights(&self, lane: usize, _: usize) -> [f32; AT_ONCE] {
                let [now, next] = self.table.around(self.phases[lane] as usize);
                let mut weights = [0.0; AT_ONCE];
                let part = F::splat(self.parts[lane]);
                let rows = now.chunks(SIDE_BY_SIDE).zip(next.chunks(SIDE_BY_SIDE));
                for (to, (now, next)) in weights.chunks_mut(LANES).zip(rows) {
                    let now = F::from_entries(now);
                    let mixed = part.vfma(F::from_entries(next).vsub(now), now).to_array();
                    to.iter_mut().zip(mixed).for_each(|(to, weight)| *to = weight);
                }
                weights
            }
        }

        /// Weights of each pixel, how many places it mixes, and what the weights are times to add up to 1.
        struct Made<'a> {
            taps: &'a Taps,
            counts: [usize; LANES],
            over: [f32; LANES],
        }

        impl Weighing for Made<'_> {
            #[inline(always)]
            fn count(&self, lane: usize) -> usize {
                self.counts[lane]
            }

            #[inline(always)]
            fn weights(&self, lane: usize, first: usize) -> [f32; AT_ONCE] {
                let mut weights = [0.0; AT_ONCE];
                let fours = self.taps.iter().skip(first / 4);
                for (to, four) in weights.as_chunks_mut::<4>().0.iter_mut().zip(fours) {
                    *to = four[lane].map(|weight| weight * self.over[lane]);
                }
                weights
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
    };
}
pub(crate) use weighing;
