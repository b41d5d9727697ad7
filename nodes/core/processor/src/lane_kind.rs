//! Which lanes this processor has, and what is compiled with them.

use crate::chroma_rows::ChromaRows;
use crate::cx::{Block, Picture, SPAN, Span, Translated};
use crate::decode::PlaneReader;
use crate::encode::{Encoder, SpanRows};
use crate::mixing::{Across, Down};
use crate::portable;
use crate::warping::{Looking, Sources, Window};
use rushes_gpu::Precision;

/// What is compiled once for each kind of lanes. Its functions may be called where [`LaneKind::best`] gave it.
pub(crate) struct LaneKind {
    /// For people.
    pub(crate) name: &'static str,
    /// How many pixels go at once.
    pub(crate) count: usize,
    pub(crate) tools: &'static [Translated],
    /// Colours of a picture, rounded as working pixels of a precision are.
    pub(crate) read: unsafe fn(&Picture<'_>, Span, Precision, &mut Block),
    /// Colours of a decoder's planes, rounded as working pixels of a precision are.
    pub(crate) decode: unsafe fn(&PlaneReader<'_>, Span, Precision, &mut Block),
    /// Colours to rows of half floats, as many channels as there are rows.
    pub(crate) write_half: unsafe fn(&Block, usize, &mut [&mut [u16]]),
    /// Colours to an encoder's codes.
    pub(crate) encode: unsafe fn(&Encoder, Span, &Block, &mut SpanRows<'_>),
    /// A row of smaller chroma from chroma at full size to an encoder's codes.
    pub(crate) chroma: unsafe fn(&Encoder, u32, &mut ChromaRows, [&mut [u8]; 2]),
    /// Sums along as many rows as there are lanes.
    pub(crate) across: unsafe fn(&Across<'_>, &mut [f32], &mut [f32]),
    /// Sums along columns, as colours of the result.
    pub(crate) down: unsafe fn(&Down<'_>, &mut Block),
    /// What a span of a warp looks at, and whether each of its pixels sees anything.
    pub(crate) looked_at: unsafe fn(&Looking<'_>, Span) -> (Window, bool),
    /// The pixels of a span of a warp, from what they look at; those that see nothing as told.
    pub(crate) warped: unsafe fn(&Looking<'_>, &Sources<'_>, Span, [f32; 4], &mut [[f32; 4]]),
    /// Pixels of a warp as colours of the result: whether they are opaque, and in linear light.
    pub(crate) warp_finished: unsafe fn(&[[f32; 4]; SPAN], bool, bool, &mut Block),
}

static PORTABLE: LaneKind = LaneKind {
    name: "4 lanes",
    count: portable::LANES,
    tools: portable::TOOLS,
    read: portable::read,
    decode: portable::decode,
    write_half: portable::write_half,
    encode: portable::encode,
    chroma: portable::chroma,
    across: portable::across,
    down: portable::down,
    looked_at: portable::looked_at,
    warped: portable::warped,
    warp_finished: portable::warp_finished,
};

#[cfg(target_arch = "x86_64")]
static AVX2: LaneKind = LaneKind {
    name: "8 lanes of AVX2",
    count: crate::avx2::LANES,
    tools: crate::avx2::TOOLS,
    read: crate::avx2::read,
    decode: crate::avx2::decode,
    write_half: crate::avx2::write_half,
    encode: crate::avx2::encode,
    chroma: crate::avx2::chroma,
    across: crate::avx2::across,
    down: crate::avx2::down,
    looked_at: crate::avx2::looked_at,
    warped: crate::avx2::warped,
    warp_finished: crate::avx2::warp_finished,
};

impl LaneKind {
    /// The widest lanes that this processor has.
    pub(crate) fn best() -> &'static Self {
        #[cfg(target_arch = "x86_64")]
        if crate::avx2::is_there() {
            return &AVX2;
        }
        &PORTABLE
    }

    /// Lanes that every processor has.
    pub(crate) fn portable() -> &'static Self {
        &PORTABLE
    }
}
