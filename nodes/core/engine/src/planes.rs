//! A picture in main memory as a decoder gives it and an encoder takes it: planes of samples.

use crate::{ColorTags, Payload, Siting, Tier};
use std::any::Any;
use std::sync::Arc;

/// How one sample is stored. Sixteen-bit samples and floats are in the machine's own byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sample {
    /// One byte.
    U8,
    /// Two bytes; the value lies in the low `bits`.
    U16,
    /// IEEE half float, 1.0 is white.
    F16,
    /// IEEE float, 1.0 is white.
    F32,
}

impl Sample {
    /// Bytes a sample.
    pub fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::F16 => 2,
            Self::F32 => 4,
        }
    }
}

/// Which channel lies where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One plane.
    Gray,
    /// Three planes Y, U, V; chroma is `1 << sub_x` by `1 << sub_y` times smaller, rounded up.
    Yuv {
        /// log2 of the horizontal subsampling.
        sub_x: u8,
        /// log2 of the vertical subsampling.
        sub_y: u8,
    },
    /// [`Layout::Yuv`] with a fourth plane, alpha, at full size.
    Yuva {
        /// log2 of the horizontal subsampling.
        sub_x: u8,
        /// log2 of the vertical subsampling.
        sub_y: u8,
    },
    /// Two planes: Y, and U and V interleaved, subsampled by two both ways (NV12, P010).
    SemiPlanar,
    /// Three planes R, G, B, in this order.
    Rgb,
    /// Four planes R, G, B, A, in this order.
    Rgba,
    /// One plane of interleaved R, G, B, A.
    PackedRgba,
}

impl Layout {
    /// How many planes there are.
    pub fn planes(self) -> usize {
        match self {
            Self::Gray | Self::PackedRgba => 1,
            Self::SemiPlanar => 2,
            Self::Yuv { .. } | Self::Rgb => 3,
            Self::Yuva { .. } | Self::Rgba => 4,
        }
    }

    /// Width in stored samples (interleaved ones counted each) and height of plane `plane` of a `width` by `height` picture.
    pub fn plane_size(self, plane: usize, width: u32, height: u32) -> (u32, u32) {
        match self {
            Self::Yuv { sub_x, sub_y } | Self::Yuva { sub_x, sub_y } if plane == 1 || plane == 2 => {
                (width.div_ceil(1 << sub_x), height.div_ceil(1 << sub_y))
            }
            Self::SemiPlanar if plane == 1 => (width.div_ceil(2) * 2, height.div_ceil(2)),
            Self::PackedRgba => (width * 4, height),
            _ => (width, height),
        }
    }

    /// Whether there is an alpha channel.
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::Yuva { .. } | Self::Rgba | Self::PackedRgba)
    }

    /// Whether the channels are luma and chroma.
    pub fn is_yuv(self) -> bool {
        matches!(self, Self::Gray | Self::Yuv { .. } | Self::Yuva { .. } | Self::SemiPlanar)
    }
}

/// How a stored picture must be turned to stand upright: first mirrored, then turned clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// Quarter turns clockwise, 0 to 3.
    pub quarter_turns: u8,
    /// Mirrored left to right before the turn.
    pub mirrored: bool,
}

impl Orientation {
    /// The size of an upright picture that is stored as `width` by `height`.
    pub fn upright(self, width: u32, height: u32) -> (u32, u32) {
        if self.quarter_turns % 2 == 1 { (height, width) } else { (width, height) }
    }
}

/// Owner of the bytes of planes: a decoder's frame, or plain vectors.
pub trait PlaneStore: Send + Sync {
    /// The bytes of plane `plane`, `stride × rows` long at least (the last row may be cut after its samples).
    fn plane(&self, plane: usize) -> &[u8];
}

impl PlaneStore for Vec<Vec<u8>> {
    fn plane(&self, plane: usize) -> &[u8] {
        self.get(plane).map_or(&[], Vec::as_slice)
    }
}

/// What is known of a picture of planes beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanesInfo {
    /// Stored width, before orientation.
    pub width: u32,
    /// Stored height, before orientation.
    pub height: u32,
    /// Which channel lies where.
    pub layout: Layout,
    /// How one sample is stored.
    pub sample: Sample,
    /// Significant bits of an integer sample: 8, 10, 12, 16. For floats 16 or 32.
    pub bits: u8,
    /// What the numbers mean.
    pub color: ColorTags,
    /// Where chroma samples lie.
    pub siting: Siting,
    /// How to stand it upright.
    pub orientation: Orientation,
}

impl PlanesInfo {
    /// Samples of a row, and rows, of plane `plane`.
    pub fn plane_size(&self, plane: usize) -> (u32, u32) {
        self.layout.plane_size(plane, self.width, self.height)
    }

    /// Bytes of a row of plane `plane`, without the padding behind it.
    pub fn row_bytes(&self, plane: usize) -> usize {
        self.plane_size(plane).0 as usize * self.sample.size()
    }

    /// Bytes of all planes, without padding.
    pub fn bytes(&self) -> usize {
        (0..self.layout.planes()).map(|plane| self.row_bytes(plane) * self.plane_size(plane).1 as usize).sum()
    }
}

/// A picture of planes in main memory.
#[derive(Clone)]
pub struct Planes {
    /// What is known of them beside their bytes.
    pub info: PlanesInfo,
    /// Bytes from one row to the next, a plane each.
    pub strides: Vec<usize>,
    /// The bytes.
    pub store: Arc<dyn PlaneStore>,
}

impl Planes {
    /// The bytes of plane `plane`.
    pub fn plane(&self, plane: usize) -> &[u8] {
        self.store.plane(plane)
    }

    /// The bytes of plane `plane` and those from one of its rows to the next; `None` where rows are missing.
    pub fn whole_plane(&self, plane: usize) -> Option<(&[u8], usize)> {
        let (bytes, row) = (self.plane(plane), self.info.row_bytes(plane));
        let stride = *self.strides.get(plane)?;
        let before = stride.checked_mul((self.info.plane_size(plane).1 as usize).saturating_sub(1))?;
        (stride >= row && bytes.len() >= before.checked_add(row)?).then_some((bytes, stride))
    }

    /// Row `y` of plane `plane`, without the padding behind it; empty if there is no such row.
    pub fn row(&self, plane: usize, y: u32) -> &[u8] {
        let stride = self.strides.get(plane).copied().unwrap_or(0);
        let start = stride * y as usize;
        let end = start + self.info.row_bytes(plane);
        if y < self.info.plane_size(plane).1 { self.plane(plane).get(start..end).unwrap_or(&[]) } else { &[] }
    }
}

impl Payload for Planes {
    fn bytes(&self) -> u64 {
        (0..self.info.layout.planes()).map(|p| self.plane(p).len() as u64).sum()
    }

    fn tier(&self) -> Tier {
        Tier::Memory
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for Planes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let PlanesInfo { width, height, layout, sample, bits, .. } = self.info;
        write!(f, "Planes({width}×{height} {layout:?} {sample:?} {bits}-bit)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up_and_rows_leave_padding_out() {
        let layout = Layout::Yuv { sub_x: 1, sub_y: 1 };
        assert_eq!(layout.plane_size(1, 5, 3), (3, 2));
        let picture = Planes {
            info: PlanesInfo {
                width: 5,
                height: 3,
                layout,
                sample: Sample::U8,
                bits: 8,
                color: ColorTags::BT709,
                siting: Siting::Left,
                orientation: Orientation { quarter_turns: 1, mirrored: false },
            },
            strides: vec![8, 4, 4],
            store: Arc::new(vec![(0..24).collect::<Vec<u8>>(), vec![0; 8], vec![0; 8]]),
        };
        assert_eq!(picture.row(0, 1), [8, 9, 10, 11, 12]);
        assert!(picture.row(0, 3).is_empty());
        assert_eq!(picture.bytes(), 40);
        assert_eq!(picture.info.orientation.upright(5, 3), (3, 5));
    }
}
