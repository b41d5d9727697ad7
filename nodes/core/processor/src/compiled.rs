//! What is compiled with each kind of lanes.

/// Defines it over the `lanes` of the module it stands in and what is `shared` there. The tools come from a text that
/// the translator wrote; the attribute, as in that text, stands before what is called rather than inlined.
macro_rules! compiled {
    ($tools:literal $(, #[$attribute:meta])*) => {
        use crate::tile::TILE;
        use shared::{decode_lanes, encode_chroma, encode_lanes};

        crate::reading::reading!($(#[$attribute])*);
        crate::down::down!($(#[$attribute])*);
        crate::near::near!($(#[$attribute])*);
        crate::weighing::weighing!();
        crate::warping::warping!($(#[$attribute])*);

        #[allow(clippy::all, clippy::pedantic, unused, reason = "what the translator writes is not for reading")]
        mod tools {
            use super::lanes::{F, I, LANES, M, U};
            use super::{colour, cube, load, load_row, put, texels, vectors};
            use crate::cx::{Cx, Span, Translated, texel};
            use crate::scalar::{BoolLines, FloatLines, FloatOps, IntLines, UintLines};
            use crate::view::{NOTHING, Out, View};

            include!(concat!(env!("OUT_DIR"), $tools));
        }

        pub(crate) use tools::TOOLS;
    };
}
pub(crate) use compiled;
