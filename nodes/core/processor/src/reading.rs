//! How translated tools read colours, tables and pictures: written once, compiled with each kind of lanes.

/// Defines the readers over the `lanes` of the module it stands in, with an attribute before those that are called
/// rather than inlined.
macro_rules! reading {
    ($(#[$attribute:meta])*) => {
        use crate::cx::{Block, Channels, Picture, SPAN, Span, TableView};
        use crate::view::{Out, Places, View};
        pub(crate) use lanes::{LANES, PICKS_FAR};
        use lanes::{F, I, M, transposed, weighted};
        use rushes_gpu::{Border, Precision};

        /// How many times lanes fill a span of so many pixels.
        #[inline(always)]
        fn vectors(len: usize) -> usize {
            len.min(SPAN).div_ceil(LANES)
        }

        /// Whether alpha is 1 in the first `len` pixels.
        $(#[$attribute])*
        pub(crate) fn opaque(alpha: &[f32; SPAN], len: usize) -> bool {
            let (whole, rest) = alpha.get(..len.min(SPAN)).unwrap_or_default().as_chunks::<LANES>();
            let one = F::splat(1.0);
            let mut all = M::splat(true);
            for values in whole {
                all = all.vand(F::from_array(*values).veq(one));
            }
            all.all() && rest.iter().all(|alpha| *alpha == 1.0)
        }

        /// The colours of some pixels of an input.
        #[inline(always)]
        fn colour(view: &View<'_>, i: usize) -> (F, F, F, F) {
            match view {
                View::Half([r, g, b, a]) => {
                    let channel = |c: &[u16; SPAN]| {
                        F::load_half(c.get(i..).and_then(|c| c.first_chunk()).unwrap_or(&[0; LANES]))
                    };
                    (channel(r), channel(g), channel(b), channel(a))
                }
                View::Float([r, g, b, a]) => {
                    let channel = |c: &[f32; SPAN]| {
                        F::from_array(c.get(i..).and_then(|c| c.first_chunk()).copied().unwrap_or_default())
                    };
                    (channel(r), channel(g), channel(b), channel(a))
                }
            }
        }

        /// Puts the colours of some pixels where they belong.
        #[inline(always)]
        fn put(out: &mut Out<'_>, i: usize, half: bool, c: (F, F, F, F)) {
            let colours = [c.0, c.1, c.2];
            match &mut out.colours {
                Places::Half(all) => put_each(all, i, colours, |value, place| *place = value.to_half()),
                Places::HalfPast(all) => put_each(all, i, colours, F::put_half_past),
                Places::Float(all) => {
                    put_each(all, i, colours, |value, place| *place = rounded(half, value).to_array());
                }
                Places::FloatPast(all) => {
                    put_each(all, i, colours, |value, place| rounded(half, value).put_past(place));
                }
            }
            if let Some(place) = place(out.alpha, i) {
                *place = rounded(half, c.3).to_array();
            }
        }

        /// Rounded to a half float if told.
        #[inline(always)]
        fn rounded(half: bool, value: F) -> F {
            if half { value.half() } else { value }
        }

        #[inline(always)]
        fn put_each<T>(
            channels: &mut [&mut [T; SPAN]; 3],
            i: usize,
            colours: [F; 3],
            store: impl Fn(F, &mut [T; LANES]),
        ) {
            for (channel, value) in channels.iter_mut().zip(colours) {
                if let Some(place) = place(channel, i) {
                    store(value, place);
                }
            }
        }

        /// Where the values of some pixels lie.
        #[inline(always)]
        fn place<T>(channel: &mut [T; SPAN], i: usize) -> Option<&mut [T; LANES]> {
            channel.get_mut(i..).and_then(|c| c.first_chunk_mut())
        }

        /// The entries of a table at some places, the nearest ones beyond its edges.
        #[inline(always)]
        fn texels(table: &TableView<'_>, x: I, y: I, z: I) -> (F, F, F, F) {
            let zero = I::splat(0);
            let place = |i: I, n: u32| i.vclamp(zero, I::splat(n as i32 - 1));
            let [width, height, depth] = table.size();
            let row = place(z, depth).vmul(I::splat(height as i32)).vadd(place(y, height));
            let at = row.vmul(I::splat(width as i32)).vadd(place(x, width)).to_array();
            // SAFETY: each coordinate was held below its side.
            transposed(at.map(|i| unsafe { table.entry(i as usize) }))
        }

        /// Along an axis of so many entries: the one below a value from 0 to 1, whether there is one above, as 1 or 0, and
        /// how much of that is taken.
        #[inline(always)]
        fn between(v: F, size: u32) -> (I, I, F) {
            let last = I::splat(size as i32 - 1);
            let at = v.vsaturate().vmul(F::splat(size as f32 - 1.0));
            let low = at.to_i().vclamp(I::splat(0), last);
            (low, low.vlt(last).to_i(), at.vsub(low.to_f()))
        }

        /// What `table_3d` of `assets/shaders/core/table.wgsl` does. Entries are four channels that lie together, so they
        /// are added up pixel by pixel and become lanes only then.
        #[inline(always)]
        fn cube(table: &TableView<'_>, r: F, g: F, b: F) -> (F, F, F, F) {
            let [width, height, depth] = table.size();
            let (r, g, b) = (between(r, width), between(g, height), between(b, depth));
            let (row, layer) = (I::splat(width as i32), I::splat((width * height) as i32));
            let first = b.0.vmul(layer).vadd(g.0.vmul(row)).vadd(r.0);
            let (to_r, to_g, to_b) = (r.1, g.1.vmul(row), b.1.vmul(layer));
            let (r, g, b) = (r.2, g.2, b.2);
            let all = to_r.vadd(to_g).vadd(to_b);
            let largest = r.vge(g).vand(r.vge(b)).pick(to_r, g.vge(b).pick(to_g, to_b));
            let smallest = r.vlt(g).vand(r.vlt(b)).pick(to_r, g.vlt(b).pick(to_g, to_b));
            let (low, high) = (r.vmin(g), r.vmax(g));
            let (high, middle, low) = (high.vmax(b), low.vmax(high.vmin(b)), low.vmin(b));
            let c0 = first.to_array();
            let c1 = first.vadd(largest).to_array();
            let c2 = first.vadd(all.vsub(smallest)).to_array();
            let c3 = first.vadd(all).to_array();
            let w0 = F::splat(1.0).vsub(high).to_array();
            let w1 = high.vsub(middle).to_array();
            let w2 = middle.vsub(low).to_array();
            let w3 = low.to_array();
            let mut sums = [[0.0; 4]; LANES];
            for (lane, sum) in sums.iter_mut().enumerate() {
                // SAFETY: along each axis a place lies at most one behind the low one, and where it does not, at it.
                let entry = |at: i32| unsafe { table.entry(at as usize) };
                let entries = [entry(c0[lane]), entry(c1[lane]), entry(c2[lane]), entry(c3[lane])];
                *sum = weighted(entries, [w0[lane], w1[lane], w2[lane], w3[lane]]);
            }
            transposed(sums.each_ref())
        }

        /// The pixels at some places of one row.
        $(#[$attribute])*
        #[inline]
        fn load_row(picture: &Picture<'_>, x: I, y: i32) -> (F, F, F, F) {
            let first = x.to_array()[0];
            let in_line = first >= 0
                && first as usize + LANES <= picture.width as usize
                && (y as u32) < picture.height
                && x.veq(I::iota(first)).all();
            if in_line {
                return in_a_line(picture, y as usize * picture.stride + first as usize);
            }
            anywhere(picture, x, I::splat(y))
        }

        /// The pixels at some places.
        $(#[$attribute])*
        #[inline]
        fn load(picture: &Picture<'_>, x: I, y: I) -> (F, F, F, F) {
            let row = y.to_array()[0];
            if y.veq(I::splat(row)).all() {
                return load_row(picture, x, row);
            }
            anywhere(picture, x, y)
        }

        #[inline(always)]
        fn in_a_line(picture: &Picture<'_>, at: usize) -> (F, F, F, F) {
            match &picture.channels {
                Channels::Half([r, g, b, a]) => {
                    let read = |c: &[u16]| {
                        F::load_half(c.get(at..).and_then(|c| c.first_chunk()).unwrap_or(&[0; LANES]))
                    };
                    (read(r), read(g), read(b), if a.is_empty() { F::splat(1.0) } else { read(a) })
                }
                Channels::Float([r, g, b, a]) => {
                    let read = |c: &[f32]| {
                        F::from_array(c.get(at..).and_then(|c| c.first_chunk()).copied().unwrap_or_default())
                    };
                    (read(r), read(g), read(b), if a.is_empty() { F::splat(1.0) } else { read(a) })
                }
            }
        }

        /// A place along one axis brought back inside.
        #[inline(always)]
        fn inside(border: Border, at: I, size: u32) -> I {
            let (zero, size) = (I::splat(0), I::splat(size as i32));
            let last = size.vsub(I::splat(1));
            let held = at.vclamp(zero, last);
            if held.veq(at).all() {
                return at;
            }
            match border {
                Border::Mirror => {
                    let period = size.vadd(size);
                    let turned = at.vrem(period).vadd(period).vrem(period);
                    turned.vmin(period.vsub(I::splat(1)).vsub(turned))
                }
                Border::Wrap => at.vrem(size).vadd(size).vrem(size),
                Border::Clamp | Border::Transparent | Border::Inside => held,
            }
        }

        $(#[$attribute])*
        pub(crate) fn read(picture: &Picture<'_>, span: Span, precision: Precision, out: &mut Block) {
            let start = span.y as usize * picture.stride + span.x as usize;
            let rounds = precision == Precision::Half && matches!(picture.channels, Channels::Float(_));
            let mut out = out.out();
            for n in 0..vectors(span.len) {
                let i = n * LANES;
                put(&mut out, i, rounds, in_a_line(picture, start + i));
            }
        }

        $(#[$attribute])*
        pub(crate) fn write_half(channels: &[[f32; SPAN]], len: usize, past: bool, out: &mut [&mut [u16]]) {
            for (channel, out) in channels.iter().zip(out) {
                let (places, _) = out.as_chunks_mut::<LANES>();
                let (values, _) = channel.as_chunks::<LANES>();
                let past = past && places.as_ptr().addr().is_multiple_of(2 * LANES);
                for (place, value) in places.iter_mut().zip(values).take(vectors(len)) {
                    let value = F::from_array(*value);
                    if past {
                        value.put_half_past(place);
                    } else {
                        *place = value.to_half();
                    }
                }
            }
        }

        $(#[$attribute])*
        pub(crate) fn write_float(channels: &[[f32; SPAN]], len: usize, past: bool, out: &mut [&mut [f32]]) {
            for (channel, out) in channels.iter().zip(out) {
                let (places, _) = out.as_chunks_mut::<LANES>();
                let (values, _) = channel.as_chunks::<LANES>();
                let past = past && places.as_ptr().addr().is_multiple_of(4 * LANES);
                for (place, value) in places.iter_mut().zip(values).take(vectors(len)) {
                    if past {
                        F::from_array(*value).put_past(place);
                    } else {
                        *place = *value;
                    }
                }
            }
        }

        $(#[$attribute])*
        pub(crate) fn decode(
            planes: &crate::decode::PlaneReader<'_>,
            span: Span,
            precision: Precision,
            out: &mut Block,
        ) {
            decode_lanes::read(planes, span, precision == Precision::Half, out);
        }

        $(#[$attribute])*
        pub(crate) fn encode(
            encoder: &crate::encode::Encoder,
            span: Span,
            block: &Block,
            out: &mut crate::encode::SpanRows<'_>,
        ) {
            encode_lanes::span(encoder, span, block, out);
        }

        $(#[$attribute])*
        pub(crate) fn chroma(
            encoder: &crate::encode::Encoder,
            y: u32,
            rows: &mut crate::chroma_rows::ChromaRows,
            out: [&mut [u8]; 2],
        ) {
            encode_chroma::chroma(encoder, y, rows, out);
        }

        $(#[$attribute])*
        #[inline(never)]
        fn anywhere(picture: &Picture<'_>, x: I, y: I) -> (F, F, F, F) {
            let column = inside(picture.border, x, picture.width);
            let row = inside(picture.border, y, picture.height);
            let at = row.vmul(I::splat(picture.stride as i32)).vadd(column).to_array();
            let (r, g, b, a) = match &picture.channels {
                Channels::Half([r, g, b, a]) => {
                    let read = |c: &[u16]| {
                        F::load_half(&at.map(|i| c.get(i as usize).copied().unwrap_or_default()))
                    };
                    (read(r), read(g), read(b), if a.is_empty() { F::splat(1.0) } else { read(a) })
                }
                Channels::Float([r, g, b, a]) => {
                    let read = |c: &[f32]| {
                        F::from_array(at.map(|i| c.get(i as usize).copied().unwrap_or_default()))
                    };
                    (read(r), read(g), read(b), if a.is_empty() { F::splat(1.0) } else { read(a) })
                }
            };
            if picture.border != Border::Transparent {
                return (r, g, b, a);
            }
            let seen: M = column.veq(x).vand(row.veq(y));
            let shown = |v: F| seen.pick(v, F::splat(0.0));
            (shown(r), shown(g), shown(b), shown(a))
        }
    };
}
pub(crate) use reading;
