//! Which lanes this processor has, and what is compiled with them.

use crate::chroma_rows::ChromaRows;
use crate::cx::{Block, Picture, SPAN, Span, Translated};
use crate::decode::PlaneReader;
use crate::down::{Down, Finish};
use crate::encode::{Encoder, SpanRows};
use crate::mixing::Across;
use crate::near::Near;
use crate::out_rows::OutRows;
use crate::view::Out;
use crate::warping::{Looking, Part, Sources, Window};
use rushes_gpu::Precision;

/// What is compiled once for each kind of lanes. Its functions may be called where [`LaneKind::best`] gave it.
pub(crate) struct LaneKind {
    /// For people.
    pub(crate) name: &'static str,
    /// How many pixels go at once.
    pub(crate) count: usize,
    pub(crate) tools: &'static [Translated],
    /// Whether alpha is 1 in the first so many pixels.
    opaque: unsafe fn(&[f32; SPAN], usize) -> bool,
    /// Colours of a picture, rounded as working pixels of a precision are.
    pub(crate) read: unsafe fn(&Picture<'_>, Span, Precision, &mut Block),
    /// Colours of a decoder's planes, rounded as working pixels of a precision are.
    pub(crate) decode: unsafe fn(&PlaneReader<'_>, Span, Precision, &mut Block),
    /// Channels of so many pixels to rows of half floats, as many as there are rows; past the caches if told,
    /// and then [`crate::past::settle`] comes before anybody reads them.
    pub(crate) write_half: unsafe fn(&[[f32; SPAN]], usize, bool, &mut [&mut [u16]]),
    /// The same to rows of floats.
    pub(crate) write_float: unsafe fn(&[[f32; SPAN]], usize, bool, &mut [&mut [f32]]),
    /// Colours to an encoder's codes.
    pub(crate) encode: unsafe fn(&Encoder, Span, &Block, &mut SpanRows<'_>),
    /// A row of smaller chroma from chroma at full size to an encoder's codes.
    pub(crate) chroma: unsafe fn(&Encoder, u32, &mut ChromaRows, [&mut [u8]; 2]),
    /// How many rows [`Self::across`] makes at once.
    pub(crate) rows: usize,
    /// Sums along rows.
    pub(crate) across: unsafe fn(&Across<'_>, &mut [f32], &mut [f32]),
    /// Whether lanes are picked as fast from two registers as from one.
    pub(crate) picks_far: bool,
    /// Sums along one row, where neighbours of the result are made of neighbours.
    pub(crate) near: unsafe fn(&Near<'_>, &mut [f32]),
    /// Sums along columns, of as many rows of the result as are made.
    pub(crate) down: unsafe fn(&Down<'_>, &mut OutRows<'_>),
    /// Such sums as colours.
    pub(crate) finish: unsafe fn(&Finish, &Block, Out<'_>),
    /// How many values of a row sums along columns put one after the other.
    pub(crate) in_line: usize,
    /// What some pixels of a warp look at, and whether each of them sees anything.
    pub(crate) looked_at: unsafe fn(&Looking<'_>, &Part) -> (Window, bool),
    /// The pixels of a span of a warp, from what they look at; those that see nothing as told.
    pub(crate) warped: unsafe fn(&Looking<'_>, &Sources<'_>, Span, [f32; 4], &mut [[f32; 4]]),
    /// Colours from a pixel of a block on, the channels of each beside each other.
    pub(crate) woven: unsafe fn(&Block, usize, &mut [[f32; 4]]),
    /// Pixels of a warp as colours of the result.
    pub(crate) warp_finished: unsafe fn(&[[f32; 4]; SPAN], &Finish, Out<'_>),
}

/// The functions of a module of lanes, sums along rows from another.
macro_rules! kind {
    ($name:literal, $lanes:ident, $across:ident) => {
        LaneKind {
            name: $name,
            count: crate::$lanes::LANES,
            tools: crate::$lanes::TOOLS,
            opaque: crate::$lanes::opaque,
            read: crate::$lanes::read,
            decode: crate::$lanes::decode,
            write_half: crate::$lanes::write_half,
            write_float: crate::$lanes::write_float,
            encode: crate::$lanes::encode,
            chroma: crate::$lanes::chroma,
            rows: crate::$across::LANES,
            across: crate::$across::across,
            picks_far: crate::$lanes::PICKS_FAR,
            near: crate::$lanes::near,
            down: crate::$lanes::down,
            finish: crate::$lanes::finish,
            in_line: crate::$lanes::IN_LINE,
            looked_at: crate::$lanes::looked_at,
            warped: crate::$lanes::warped,
            woven: crate::$lanes::woven,
            warp_finished: crate::$lanes::warp_finished,
        }
    };
}

static PORTABLE: LaneKind = kind!("4 lanes", portable, portable);
#[cfg(target_arch = "x86_64")]
static AVX2: LaneKind = kind!("8 lanes of AVX2", avx2, avx2);
// Sums of 16 rows at once are more than there are registers.
#[cfg(target_arch = "x86_64")]
static AVX512: LaneKind = kind!("16 lanes of AVX-512", avx512, avx2);
#[cfg(target_arch = "aarch64")]
static NEON: LaneKind = kind!("4 lanes of NEON", neon, neon);

impl LaneKind {
    /// Those that this processor has, the narrowest first.
    pub(crate) fn all() -> Vec<&'static Self> {
        #[allow(unused_mut, reason = "some processors have no others")]
        let mut all = vec![&PORTABLE];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(crate::avx2::is_there().then_some(&AVX2));
            all.extend(crate::avx512::is_there().then_some(&AVX512));
        }
        #[cfg(target_arch = "aarch64")]
        all.push(&NEON);
        all
    }

    /// Whether alpha is 1 in the first `len` pixels.
    pub(crate) fn is_opaque(&self, block: &Block, len: usize) -> bool {
        // SAFETY: lanes are given out where this processor has them.
        unsafe { (self.opaque)(&block.0[3], len) }
    }

    /// The widest lanes that this processor has.
    pub(crate) fn best() -> &'static Self {
        Self::all().last().copied().unwrap_or(&PORTABLE)
    }
}
