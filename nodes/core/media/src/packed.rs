//! An index as bytes.
//!
//! All numbers are LEB128 of the zigzag of their difference from the same number one before (as Protocol Buffers write
//! `sint64`), so that a packet takes about ten bytes: seekable, missing frames, samples, samples in all and one; how many
//! packets, of each position, presentation time, its distance to the decoding time, duration, size and marks; how many
//! frames, and of each the packet.

use crate::index::{Entry, Index};
use crate::source::Stream;

const KEY: i64 = 1;
const SHOWN: i64 = 2;
const CORRUPT: i64 = 4;
const DISPOSABLE: i64 = 8;

/// What an index knows that does not follow from the rest of it.
pub(crate) fn pack(index: &Index) -> Vec<u8> {
    let mut out = Vec::with_capacity(index.packets.len() * 12);
    let heard = index.heard.map_or(0, |heard| heard.wrapping_add(1) as i64);
    for number in [i64::from(index.seekable), index.missing as i64, index.samples, heard] {
        push(&mut out, number);
    }
    push(&mut out, index.packets.len() as i64);
    let mut before = [0; 3];
    for e in &index.packets {
        let now = [e.pos, e.pts, e.duration];
        let [pos, pts, duration] = std::array::from_fn(|i| now[i].wrapping_sub(before[i]));
        let mark = |on: bool, mark: i64| if on { mark } else { 0 };
        let marks = mark(e.key, KEY)
            | mark(e.shown, SHOWN)
            | mark(e.corrupt, CORRUPT)
            | mark(e.disposable, DISPOSABLE);
        for number in [pos, pts, e.dts.wrapping_sub(e.pts), duration, i64::from(e.size), marks] {
            push(&mut out, number);
        }
        before = now;
    }
    push(&mut out, index.order.len() as i64);
    let mut last = 0;
    for &ordinal in &index.order {
        push(&mut out, i64::from(ordinal) - last);
        last = i64::from(ordinal);
    }
    out
}

/// The index of `stream`; `None` where the bytes are not one.
pub(crate) fn unpack(bytes: &[u8], stream: &Stream) -> Option<Index> {
    let mut at = Bytes(bytes);
    let [seekable, missing, samples, heard] = [at.number()?, at.number()?, at.number()?, at.number()?];
    let mut index = Index {
        seekable: seekable == 1,
        missing: u64::try_from(missing).ok()?,
        samples,
        heard: (heard as u64).checked_sub(1),
        ..Index::default()
    };
    let count = at.count(6)?;
    index.packets.reserve_exact(count);
    let (mut pos, mut pts, mut duration) = (0_i64, 0_i64, 0_i64);
    for _ in 0..count {
        pos = pos.wrapping_add(at.number()?);
        pts = pts.wrapping_add(at.number()?);
        let dts = pts.wrapping_add(at.number()?);
        duration = duration.wrapping_add(at.number()?);
        let size = i32::try_from(at.number()?).ok()?;
        let marks = at.number()?;
        let is = |mark| marks & mark != 0;
        let (key, shown, corrupt, disposable) = (is(KEY), is(SHOWN), is(CORRUPT), is(DISPOSABLE));
        index.packets.push(Entry { pos, pts, dts, duration, size, key, shown, corrupt, disposable });
    }
    let frames = at.count(1)?;
    index.order.reserve_exact(frames);
    let mut last = 0_i64;
    for _ in 0..frames {
        last = last.checked_add(at.number()?)?;
        index.order.push(u32::try_from(last).ok().filter(|&o| (o as usize) < count)?);
    }
    if index.order.is_empty() || !at.0.is_empty() {
        return None;
    }
    index.conclude(stream);
    Some(index)
}

fn push(out: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn number(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        None
    }

    /// A count of things of at least `least` bytes each, no more than there is room for.
    fn count(&mut self, least: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|n| *n <= self.0.len() / least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        let numbers = [0, 1, -1, 63, 64, -65, 1 << 40, i64::MAX, i64::MIN, i64::MIN + 1];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|n| push(&mut bytes, *n));
        let mut at = Bytes(&bytes);
        assert!(numbers.iter().all(|n| at.number() == Some(*n)));
        assert_eq!(at.number(), None);
        assert_eq!(Bytes(&[0xff; 12]).number(), None);
        assert_eq!(Bytes(&[20, 0, 0]).count(1), None);
    }
}
