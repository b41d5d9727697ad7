//! One MD5 a frame, as FFmpeg's `framemd5` prints them.

use crate::ff::{Frame, sys};
use crate::info::ProbeOptions;
use crate::media::Media;
use rushes_engine::{Cancel, Error, Result};
use std::path::Path;

/// In which order frames are read; the answer is always in presentation order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// First to last.
    Forward,
    /// Last to first.
    Reverse,
    /// In an order drawn from this seed.
    Shuffled(u64),
}

/// One MD5 in hex for each stored frame in presentation order, over the bytes of its decoded planes without padding, as
/// `ffmpeg -noautorotate -i F -map 0:v:0 -fps_mode passthrough -f framemd5 -` prints.
///
/// # Errors
/// As [`crate::Reader::frame`]; the first frame that fails ends it.
pub fn hashes(media: &Media, path: &Path, order: Order, cancel: &Cancel) -> Result<Vec<String>> {
    let options = ProbeOptions { cancel: cancel.clone(), ..ProbeOptions::default() };
    let mut reader = media.own_reader(path, &options)?;
    let frames = reader.info().picture()?.frames;
    let mut numbers: Vec<u64> = (0..frames).collect();
    match order {
        Order::Forward => {}
        Order::Reverse => numbers.reverse(),
        Order::Shuffled(seed) => shuffle(&mut numbers, seed),
    }
    let mut out = vec![String::new(); numbers.len()];
    for n in numbers {
        let frame = reader.native(n, cancel)?;
        if let Some(place) = usize::try_from(n).ok().and_then(|n| out.get_mut(n)) {
            *place = md5(&frame).map_err(|e| e.at(path.display()))?;
        }
    }
    Ok(out)
}

fn md5(frame: &Frame) -> Result<String> {
    let raw = frame.raw();
    let failed = || Error::media("a decoded frame could not be copied");
    let pixel = crate::pixel::known_format(raw.format).ok_or_else(failed)?;
    let mut digest = [0_u8; 16];
    // SAFETY: size, format and planes are the frame's own; the buffer is as long as FFmpeg asks for.
    unsafe {
        let size = sys::av_image_get_buffer_size(pixel, raw.width, raw.height, 1);
        let mut bytes = vec![0_u8; usize::try_from(size).map_err(|_| failed())?];
        let done = sys::av_image_copy_to_buffer(
            bytes.as_mut_ptr(),
            size,
            raw.data.as_ptr().cast(),
            raw.linesize.as_ptr(),
            pixel,
            raw.width,
            raw.height,
            1,
        );
        if done < 0 {
            return Err(failed());
        }
        sys::av_md5_sum(digest.as_mut_ptr(), bytes.as_ptr(), bytes.len() as _);
    }
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
}

/// Fisher-Yates with splitmix64.
fn shuffle(numbers: &mut [u64], seed: u64) {
    let mut state = seed;
    for i in (1..numbers.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        numbers.swap(i, ((z ^ z >> 31) % (i as u64 + 1)) as usize);
    }
}
