//! Which packets marked as keyframes give an exact picture at once.
//!
//! H.264 may refresh its picture step by step: a *recovery point* then says after how many frames it is whole, and
//! containers mark it as a keyframe all the same. Decoding from there is not exact.

/// Whether an H.264 packet that is marked as a keyframe is whole at once. `length_size` is that of the NAL units' length
/// fields, or 0 where start codes part them (ISO/IEC 14496-10, annex B).
pub(crate) fn h264_is_whole(data: &[u8], length_size: usize) -> bool {
    !nal_units(data, length_size).any(|unit| match unit.first().map(|b| b & 0x1f) {
        // Supplemental information.
        Some(6) => recovery_frames(unit.get(1..).unwrap_or(&[])).is_some_and(|frames| frames > 0),
        _ => false,
    })
}

/// The size of the length fields from an H.265 stream's extradata, or 0 for start codes (ISO/IEC 14496-15, 8.3.3.1).
pub(crate) fn hevc_length_size(extradata: &[u8]) -> usize {
    match extradata {
        [1, ..] => extradata.get(21).map_or(0, |sizes| usize::from(sizes & 3) + 1),
        _ => 0,
    }
}

/// The size of the length fields from an H.264 stream's extradata, or 0 for start codes.
pub(crate) fn h264_length_size(extradata: &[u8]) -> usize {
    match extradata {
        [1, _, _, _, sizes, ..] => usize::from(sizes & 3) + 1,
        _ => 0,
    }
}

/// The NAL units of a packet; where start codes part them, each with all that follows it.
pub(crate) fn nal_units(mut data: &[u8], length_size: usize) -> Box<dyn Iterator<Item = &[u8]> + '_> {
    if length_size == 0 {
        let starts = start_codes(data);
        return Box::new(starts.into_iter().filter_map(move |at| data.get(at..)));
    }
    Box::new(std::iter::from_fn(move || {
        let (length, rest) = data.split_at_checked(length_size)?;
        let length = length.iter().fold(0_usize, |n, &b| n << 8 | usize::from(b));
        let (unit, rest) = rest.split_at_checked(length)?;
        data = rest;
        Some(unit)
    }))
}

/// Where units begin, behind their start codes.
pub(crate) fn start_codes(data: &[u8]) -> Vec<usize> {
    let (mut starts, mut at) = (Vec::new(), 0);
    // A byte above 1 is in no start code, so that most are never looked at.
    while let Some(&[a, b, c]) = data.get(at..at + 3) {
        if (a, b, c) == (0, 0, 1) {
            starts.push(at + 3);
        }
        at += if c == 0 { 1 } else { 3 };
    }
    starts
}

/// `recovery_frame_cnt` of a recovery point message (ISO/IEC 14496-10, D.1.8), if the unit holds one.
fn recovery_frames(mut sei: &[u8]) -> Option<u32> {
    loop {
        let (kind, rest) = sum_of_ff(sei)?;
        let (size, rest) = sum_of_ff(rest)?;
        if kind == 6 {
            return exp_golomb(rest);
        }
        sei = rest.get(size..)?;
        // Trailing bits, or the next start code.
        if sei.len() < 2 || sei.starts_with(&[0x80]) || sei.starts_with(&[0, 0]) {
            return None;
        }
    }
}

fn sum_of_ff(data: &[u8]) -> Option<(usize, &[u8])> {
    let more = data.iter().take_while(|&&b| b == 0xff).count();
    let last = *data.get(more)?;
    Some((more * 255 + usize::from(last), data.get(more + 1..)?))
}

fn exp_golomb(data: &[u8]) -> Option<u32> {
    let bit = |i: usize| data.get(i / 8).map(|b| u32::from(b >> (7 - i % 8) & 1));
    let mut zeros = 0;
    while bit(zeros)? == 0 {
        zeros += 1;
        if zeros > 16 {
            return None;
        }
    }
    (0..=zeros).try_fold(0, |n, i| Some(n << 1 | bit(zeros + i)?)).map(|n: u32| n - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_refresh_is_no_keyframe() {
        // Recovery point with recovery_frame_cnt 0 (`1`) and 4 (`00101`), after a message of another kind.
        let at_once = [0, 0, 1, 6, 5, 2, 9, 9, 6, 1, 0b1000_0000, 0x80];
        let slow = [0, 0, 0, 1, 6, 5, 2, 9, 9, 6, 1, 0b0010_1000, 0x80];
        assert!(h264_is_whole(&at_once, 0));
        assert!(!h264_is_whole(&slow, 0));
        let mut lengths = vec![0, 0, 0, 9];
        lengths.extend(&slow[4..]);
        assert!(!h264_is_whole(&lengths, 4));
        assert!(h264_is_whole(&[0, 0, 1, 0x65, 1, 2], 0));
        assert_eq!(h264_length_size(&[1, 100, 0, 30, 0xff, 0xe1]), 4);
    }
}
