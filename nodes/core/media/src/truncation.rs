//! Whether a file is shorter than its own head says.

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
    fn the_end_of_a_segment_is_read_from_its_head() {
        let head = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2, 0x18, 0x53, 0x80, 0x67, 0x40, 0x0a];
        assert_eq!(matroska_end(&head), Some(13 + 10));
        let endless = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2, 0x18, 0x53, 0x80, 0x67, 0xff];
        assert_eq!(matroska_end(&endless), None);
        assert_eq!(matroska_end(b"text"), None);
    }
}
