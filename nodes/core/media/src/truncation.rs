//! Whether a file is shorter than its own head says.

use crate::ff::sys;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Whether a Matroska file's segment is longer than the file (RFC 8794 and RFC 9559).
pub(crate) fn matroska_is_cut(path: &Path) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let Ok(length) = file.metadata().map(|m| m.len()) else { return false };
    let mut head = vec![0; 4096];
    let Ok(read) = file.read(&mut head) else { return false };
    head.truncate(read);
    matroska_end(&head).is_some_and(|end| end > length)
}

/// Whether a still ends before its picture does, where its decoder would say nothing.
pub(crate) fn still_is_cut(codec: sys::AVCodecID, data: &[u8]) -> bool {
    match codec {
        sys::AVCodecID::AV_CODEC_ID_MJPEG => jpeg_is_cut(data),
        sys::AVCodecID::AV_CODEC_ID_EXR => exr_is_cut(data),
        _ => false,
    }
}

/// Whether a JPEG's last scan has no end (ISO/IEC 10918-1, B.1.1): the decoder fills the rest with gray and says nothing.
fn jpeg_is_cut(data: &[u8]) -> bool {
    let last = |marker: u8| data.windows(2).rposition(|w| w == [0xff, marker]);
    match (last(0xda), last(0xd9)) {
        (Some(scan), Some(end)) => end < scan,
        _ => true,
    }
}

/// Whether chunks of an OpenEXR file lie behind its end ("OpenEXR file layout", version 2): the decoder leaves them black and
/// says nothing. Files of several parts or with lines not from the top down are not looked at.
fn exr_is_cut(data: &[u8]) -> bool {
    exr_end(data).is_some_and(|end| end > data.len() as u64)
}

/// Where the last chunk of an OpenEXR file ends.
fn exr_end(data: &[u8]) -> Option<u64> {
    let word =
        |at: usize| data.get(at..at.checked_add(4)?).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let version = word(4)?;
    if word(0)? != 20_000_630 || version & 0x1000 != 0 {
        return None;
    }
    let mut at = 8;
    let text = |at: &mut usize| {
        let rest = data.get(*at..)?;
        let length = rest.iter().position(|&b| b == 0)?;
        *at += length + 1;
        rest.get(..length)
    };
    loop {
        let name = text(&mut at)?;
        if name.is_empty() {
            break;
        }
        text(&mut at)?;
        let size = word(at)? as usize;
        if name == b"lineOrder" && *data.get(at + 4)? != 0 {
            return None;
        }
        at = at.checked_add(4)?.checked_add(size)?;
    }
    // The table of offsets ends where the first chunk begins.
    let offset = |at: usize| Some(u64::from(word(at)?) | u64::from(word(at + 4)?) << 32);
    let first = usize::try_from(offset(at)?).ok()?;
    let count = first.checked_sub(at)? / 8;
    let last = (0..count).map(|i| offset(at + 8 * i)).collect::<Option<Vec<u64>>>();
    // A table that is cut itself is certainly a cut file.
    let Some(last) = last.and_then(|l| l.into_iter().max()) else { return Some(u64::MAX) };
    let head = if version & 0x200 != 0 { 16 } else { 4 };
    let Some(size) = usize::try_from(last).ok().and_then(|l| word(l.checked_add(head)?)) else {
        return Some(u64::MAX);
    };
    Some(last + head as u64 + 4 + u64::from(size))
}

/// Where the segment ends, from the first bytes of the file; `None` where it does not say.
fn matroska_end(head: &[u8]) -> Option<u64> {
    let rest = head.strip_prefix(&[0x1a, 0x45, 0xdf, 0xa3])?;
    let (size, width) = vint(rest)?;
    let segment = 4 + width + usize::try_from(size?).ok()?;
    let rest = head.get(segment..)?.strip_prefix(&[0x18, 0x53, 0x80, 0x67])?;
    let (size, width) = vint(rest)?;
    Some((segment + 4 + width) as u64 + size?)
}

/// A variable-size integer and its width; a value of all ones is "unknown".
fn vint(data: &[u8]) -> Option<(Option<u64>, usize)> {
    let first = *data.first()?;
    let width = first.leading_zeros() as usize + 1;
    let bytes = data.get(..width).filter(|_| width <= 8)?;
    let value = bytes.iter().fold(0_u64, |n, &b| n << 8 | u64::from(b)) & ((1 << (7 * width)) - 1);
    Some(((value != (1 << (7 * width)) - 1).then_some(value), width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_ends_with_its_end() {
        assert!(!jpeg_is_cut(&[0xff, 0xd8, 0xff, 0xda, 1, 2, 0xff, 0xd9, 0, 0]));
        assert!(jpeg_is_cut(&[0xff, 0xd8, 0xff, 0xd9, 0xff, 0xda, 1, 2]));
    }

    #[test]
    fn the_end_of_a_segment_is_read_from_its_head() {
        let head = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2, 0x18, 0x53, 0x80, 0x67, 0x40, 0x0a];
        assert_eq!(matroska_end(&head), Some(13 + 10));
        let endless = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2, 0x18, 0x53, 0x80, 0x67, 0xff];
        assert_eq!(matroska_end(&endless), None);
        assert_eq!(matroska_end(b"text"), None);
    }
}
