//! How codes lie in planes, as far as reading and writing them differ.

use rushes_engine::Layout;
use rushes_gpu::subsampling;

/// Where the codes of a pixel lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Gray,
    /// Each in its plane.
    Full,
    /// Luma in its plane; chroma, which is smaller, in one plane or two.
    Subsampled {
        paired: bool,
    },
    Packed,
}

impl Shape {
    pub(crate) fn of(layout: Layout) -> Self {
        match layout {
            Layout::Gray => Self::Gray,
            Layout::PackedRgba => Self::Packed,
            _ if subsampling(layout) != (0, 0) => Self::Subsampled { paired: layout == Layout::SemiPlanar },
            _ => Self::Full,
        }
    }
}
