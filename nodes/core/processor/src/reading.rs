//! How translated tools read colours, tables and pictures: written once, compiled with each kind of lanes.

/// Defines the readers over the `lanes` of the module it stands in, with an attribute before those that are called
/// rather than inlined.
macro_rules! reading {
    ($(#[$attribute:meta])*) => {
        use crate::cx::{Block, Channels, Picture, SPAN, Span, TableView};
        pub(crate) use lanes::LANES;
        use lanes::{F, I, M, transposed};
        use rushes_gpu::{Border, Precision};

        /// The colours of some pixels of an input.
        #[inline(always)]
        fn colour(inputs: &[&Block], input: usize, i: usize) -> (F, F, F, F) {
            let Some(block) = inputs.get(input) else {
                return (F::splat(0.0), F::splat(0.0), F::splat(0.0), F::splat(0.0));
            };
            let channel = |c: &[f32; SPAN]| {
                F::from_array(c.get(i..).and_then(|c| c.first_chunk()).copied().unwrap_or_default())
            };
            let [r, g, b, a] = &block.0;
            (channel(r), channel(g), channel(b), channel(a))
        }

        /// Puts the colours of some pixels where they belong.
        #[inline(always)]
        fn put(out: &mut Block, i: usize, half: bool, c: (F, F, F, F)) {
            let c = if half { (c.0.half(), c.1.half(), c.2.half(), c.3.half()) } else { c };
            for (channel, value) in out.0.iter_mut().zip([c.0, c.1, c.2, c.3]) {
                if let Some(place) = channel.get_mut(i..).and_then(|c| c.first_chunk_mut()) {
                    *place = value.to_array();
                }
            }
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
            let mut i = 0;
            while i < span.len {
                put(out, i, precision == Precision::Half, in_a_line(picture, start + i));
                i += LANES;
            }
        }

        $(#[$attribute])*
        pub(crate) fn write_half(block: &Block, len: usize, out: &mut [&mut [u16]]) {
            for (channel, out) in block.0.iter().zip(out) {
                let (places, _) = out.as_chunks_mut::<LANES>();
                let (values, _) = channel.as_chunks::<LANES>();
                for (place, value) in places.iter_mut().zip(values).take(len.div_ceil(LANES)) {
                    *place = F::from_array(*value).to_half();
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
