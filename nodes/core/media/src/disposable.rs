//! Which packets no other packet leans on. Leaving such a packet out changes no other frame, so that the way from a
//! keyframe to a frame far behind it is shorter.
//!
//! Only what the bitstream itself says counts; marks that a container sets may be wrong.

use crate::ff::sys::AVCodecID;
use crate::keyframe::{nal_units, start_codes};
use crate::source::Stream;

/// What one packet says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Whether no picture of its own temporal layer or of one below leans on it.
    pub(crate) alone: bool,
    /// Its temporal layer; the packet can be left out only if the stream has none above.
    pub(crate) layer: u8,
}

/// Looks at a packet of `stream`. Codecs that are not understood give packets that are all needed.
pub(crate) fn leaf(stream: &Stream, data: &[u8]) -> Leaf {
    match stream.codec {
        AVCodecID::AV_CODEC_ID_H264 => Leaf { alone: h264(data, stream.length_size), layer: 0 },
        AVCodecID::AV_CODEC_ID_HEVC => hevc(data, stream.length_size),
        AVCodecID::AV_CODEC_ID_MPEG1VIDEO | AVCodecID::AV_CODEC_ID_MPEG2VIDEO => {
            Leaf { alone: mpeg2(data), layer: 0 }
        }
        _ => Leaf::default(),
    }
}

/// ISO/IEC 14496-10, 7.4.1: `nal_ref_idc` 0 in every slice. Parameter sets must reach the decoder.
fn h264(data: &[u8], length_size: usize) -> bool {
    let mut slices = 0;
    for &head in nal_units(data, length_size).filter_map(|unit| unit.first()) {
        match (head & 0x1f, head >> 5 & 3) {
            (1..=5, 0) => slices += 1,
            (1..=5 | 7 | 8 | 13 | 15, _) => return false,
            _ => {}
        }
    }
    slices > 0
}

/// Rec. ITU-T H.265, 7.4.2.2: pictures of even types below 16 are not referred to within their sub-layer.
fn hevc(data: &[u8], length_size: usize) -> Leaf {
    let (mut slices, mut alone, mut layer) = (0, true, 0);
    for unit in nal_units(data, length_size) {
        let &[a, b, ..] = unit else { continue };
        match a >> 1 & 0x3f {
            kind @ 0..=31 => {
                slices += 1;
                alone &= kind < 16 && kind % 2 == 0;
                layer = layer.max((b & 7).saturating_sub(1));
            }
            // Parameter sets must reach the decoder.
            32..=34 => alone = false,
            _ => {}
        }
    }
    Leaf { alone: alone && slices > 0, layer }
}

/// ISO/IEC 13818-2, 6.3.9: `picture_coding_type` 3, bidirectional, in every picture header, and no header above it.
fn mpeg2(data: &[u8]) -> bool {
    let mut pictures = 0;
    for at in start_codes(data) {
        match data.get(at..).unwrap_or(&[]) {
            [0, _, second, ..] if second >> 3 & 7 == 3 => pictures += 1,
            [0 | 0xb3 | 0xb7 | 0xb8, ..] => return false,
            _ => {}
        }
    }
    pictures > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_lean_on_is_kept() {
        assert!(h264(&[0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x01, 7, 0, 0, 1, 0x01, 9], 0));
        assert!(!h264(&[0, 0, 1, 0x01, 7, 0, 0, 1, 0x21, 9], 0));
        assert!(!h264(&[0, 0, 1, 0x68, 7, 0, 0, 1, 0x01, 9], 0));
        assert!(!h264(&[0, 0, 1, 0x06, 7], 0));
        assert!(h264(&[0, 0, 0, 2, 0x01, 7], 4));
        assert_eq!(hevc(&[0, 0, 1, 0, 1, 9], 0), Leaf { alone: true, layer: 0 });
        assert_eq!(hevc(&[0, 0, 1, 0, 3, 9], 0), Leaf { alone: true, layer: 2 });
        assert!(!hevc(&[0, 0, 1, 2, 1, 9], 0).alone);
        assert!(!hevc(&[0, 0, 1, 0x26, 1, 9], 0).alone);
        assert!(mpeg2(&[0, 0, 1, 0, 0, 0x18, 0, 0, 1, 1, 9]));
        assert!(!mpeg2(&[0, 0, 1, 0, 0, 0x10, 0, 0, 1, 1, 9]));
        assert!(!mpeg2(&[0, 0, 1, 0xb8, 0, 0, 0, 0, 1, 0, 0, 0x18]));
    }
}
