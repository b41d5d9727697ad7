//! FFmpeg's pixel formats and our layouts. Planar frames are shared without a copy; all others are unpacked, losslessly.

use crate::ff::{Frame, sys};
use rushes_engine::{
    ColorTags, Error, Layout, Orientation, PlaneStore, Planes, PlanesInfo, Result, Sample, Siting,
};
use std::ffi::{CStr, c_int};
use std::sync::Arc;

/// What a pixel format becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) layout: Layout,
    pub(crate) sample: Sample,
    pub(crate) bits: u8,
    /// FFmpeg's plane of each of ours where they can be shared as they are.
    shared: Option<[usize; 4]>,
    /// Whether the numbers are red, green and blue (gray with alpha is made so).
    pub(crate) rgb: bool,
    pub(crate) alpha: bool,
}

fn flag(descriptor: &sys::AVPixFmtDescriptor, flag: u64) -> bool {
    descriptor.flags & flag != 0
}

// Values of AV_PIX_FMT_FLAG_*, whose integer type differs between FFmpeg's versions.
const BIG_ENDIAN: u64 = 1;
const PALETTE: u64 = 1 << 1;
const BITSTREAM: u64 = 1 << 2;
const HARDWARE: u64 = 1 << 3;
const RGB: u64 = 1 << 5;
const ALPHA: u64 = 1 << 7;
const BAYER: u64 = 1 << 8;
const FLOAT: u64 = 1 << 9;
const XYZ: u64 = 1 << 10;

pub(crate) fn descriptor(format: c_int) -> Option<&'static sys::AVPixFmtDescriptor> {
    // SAFETY: descriptors are static; walking them gives null at the end. No integer is turned into an enum.
    unsafe {
        let mut at = std::ptr::null();
        loop {
            at = sys::av_pix_fmt_desc_next(at);
            let descriptor: &'static sys::AVPixFmtDescriptor = at.as_ref()?;
            if sys::av_pix_fmt_desc_get_id(at) as c_int == format {
                return Some(descriptor);
            }
        }
    }
}

/// FFmpeg's name of a pixel format.
pub(crate) fn name(format: c_int) -> String {
    // SAFETY: names are static C strings.
    descriptor(format)
        .map_or_else(String::new, |d| unsafe { CStr::from_ptr(d.name) }.to_string_lossy().into_owned())
}

/// What pictures of this pixel format become, or an error that names it.
pub(crate) fn form(format: c_int) -> Result<Form> {
    let refuse = || {
        Error::media(format!("pictures in the pixel format “{}” are not read", name(format)))
            .help("convert the file with FFmpeg to a usual format such as yuv420p, yuv422p10 or rgba first")
    };
    let d = descriptor(format).ok_or_else(refuse)?;
    let comps = d.comp.get(..usize::from(d.nb_components)).ok_or_else(refuse)?;
    if comps.is_empty() || flag(d, HARDWARE) || flag(d, BAYER) || flag(d, XYZ) {
        return Err(refuse());
    }
    let (rgb, alpha) = (flag(d, RGB) || flag(d, PALETTE), flag(d, ALPHA));
    let (sub_x, sub_y) = (d.log2_chroma_w, d.log2_chroma_h);
    let deepest = comps.iter().map(|c| c.depth).max().unwrap_or(8);
    let even = comps.iter().all(|c| c.depth == deepest);
    let (sample, bits) = match deepest {
        16 if flag(d, FLOAT) => (Sample::F16, 16),
        32 if flag(d, FLOAT) => (Sample::F32, 32),
        1..=8 => (Sample::U8, 8),
        9..=16 if even => (Sample::U16, deepest as u8),
        9..=16 => (Sample::U16, 16),
        _ => return Err(refuse()),
    };
    let layout = match (comps.len(), rgb) {
        _ if flag(d, PALETTE) => Layout::Rgba,
        (1, _) => Layout::Gray,
        (2, _) | (4, true) => Layout::Rgba,
        (3, true) => Layout::Rgb,
        (3, false) => Layout::Yuv { sub_x, sub_y },
        (4, false) => Layout::Yuva { sub_x, sub_y },
        _ => return Err(refuse()),
    };
    let mut form = Form { layout, sample, bits, shared: None, rgb: rgb || comps.len() == 2, alpha };
    let foreign_order = flag(d, BIG_ENDIAN) != cfg!(target_endian = "big") && sample.size() > 1;
    if flag(d, PALETTE) || flag(d, BITSTREAM) || foreign_order || comps.len() == 2 {
        return Ok(form);
    }
    let size = sample.size() as c_int;
    let whole = |c: &sys::AVComponentDescriptor| c.shift == 0 && c.depth == c_int::from(bits);
    if !comps.iter().all(whole) {
        return Ok(form);
    }
    let planar = comps.iter().all(|c| c.step == size && c.offset == 0);
    let at = |i: usize| comps.get(i).map_or(0, |c| c.plane as usize);
    if planar {
        form.shared = Some([at(0), at(1), at(2), at(3)]);
    } else if matches!(comps, [y, u, v] if y.step == size && u.plane == 1 && v.plane == 1 && u.step == 2 * size && u.offset == 0)
        && (sub_x, sub_y) == (1, 1)
        && !rgb
    {
        form.layout = Layout::SemiPlanar;
        form.shared = Some([0, 1, 0, 0]);
    } else if rgb
        && comps.len() == 4
        && comps
            .iter()
            .enumerate()
            .all(|(i, c)| c.plane == 0 && c.step == 4 * size && c.offset == i as c_int * size)
    {
        form.layout = Layout::PackedRgba;
        form.shared = Some([0; 4]);
    }
    Ok(form)
}

/// A decoder's frame as the owner of planes.
struct Shared {
    frame: Arc<Frame>,
    map: [usize; 4],
    /// Rows, and bytes of a row without padding, a plane each.
    sizes: [(u32, usize); 4],
}

impl PlaneStore for Shared {
    fn plane(&self, plane: usize) -> &[u8] {
        match (self.map.get(plane), self.sizes.get(plane)) {
            (Some(&from), Some(&(rows, row_bytes))) => self.frame.plane(from, rows, row_bytes),
            _ => &[],
        }
    }
}

/// The frame as planes; its own memory where its layout is one of ours.
pub(crate) fn planes(
    frame: &Arc<Frame>,
    color: ColorTags,
    siting: Siting,
    orientation: Orientation,
) -> Result<Planes> {
    let raw = frame.raw();
    let form = form(raw.format)?;
    let (width, height) = (raw.width.max(0) as u32, raw.height.max(0) as u32);
    let (sample, bits) = (form.sample, form.bits);
    let info = |layout| PlanesInfo { width, height, layout, sample, bits, color, siting, orientation };
    let shared = info(form.layout);
    let count = form.layout.planes();
    if let Some(map) = form.shared
        && map.iter().take(count).all(|&p| raw.linesize.get(p).is_some_and(|&s| s > 0))
    {
        let mut sizes = [(0, 0); 4];
        for (plane, size) in sizes.iter_mut().enumerate().take(count) {
            *size = (shared.plane_size(plane).1, shared.row_bytes(plane));
        }
        let strides =
            map.iter().take(count).filter_map(|&p| raw.linesize.get(p)).map(|&s| s as usize).collect();
        let store = Arc::new(Shared { frame: frame.clone(), map, sizes });
        return Ok(Planes { info: shared, strides, store });
    }
    let info = info(planar(form.layout));
    let store = Arc::new(unpack(frame, form, info.layout));
    let strides = (0..info.layout.planes()).map(|plane| info.row_bytes(plane)).collect();
    Ok(Planes { info, strides, store })
}

/// The planar layout that holds what a packed one does.
fn planar(layout: Layout) -> Layout {
    match layout {
        Layout::SemiPlanar => Layout::Yuv { sub_x: 1, sub_y: 1 },
        Layout::PackedRgba => Layout::Rgba,
        other => other,
    }
}

fn unpack(frame: &Frame, form: Form, layout: Layout) -> Vec<Vec<u8>> {
    let raw = frame.raw();
    let (width, height) = (raw.width.max(0) as u32, raw.height.max(0) as u32);
    let Some(d) = descriptor(raw.format) else { return Vec::new() };
    let size = form.sample.size();
    if flag(d, PALETTE) {
        return (0..4).map(|plane| looked_up(frame, plane, width, height)).collect();
    }
    let inverted = raw.format == sys::AVPixelFormat::AV_PIX_FMT_MONOWHITE as c_int;
    (0..layout.planes())
        .map(|plane| {
            let (w, h) = layout.plane_size(plane, width, height);
            // Gray with alpha: gray three times, then alpha.
            let component = match plane {
                plane if d.nb_components == 2 => plane / 3,
                plane => plane,
            };
            let depth = match d.comp.get(component) {
                Some(c) => c.depth,
                None => return Vec::new(),
            };
            let mut out = vec![0_u8; w as usize * h as usize * size];
            if let Some(quick) = Quick::of(d, raw, component, size, depth, form) {
                quick.copy(frame, &mut out, w as usize, h, size);
                return out;
            }
            let mut line = vec![0_u32; w as usize];
            for (y, row) in out.chunks_exact_mut((w as usize * size).max(1)).enumerate() {
                // SAFETY: `line` takes `w` elements of four bytes; the frame has rows `y` < `h` of this component.
                unsafe {
                    sys::av_read_image_line2(
                        line.as_mut_ptr().cast(),
                        raw.data.as_ptr().cast::<*const u8>().cast_mut(),
                        raw.linesize.as_ptr(),
                        d,
                        0,
                        y as c_int,
                        component as c_int,
                        w as c_int,
                        0,
                        4,
                    );
                }
                for (value, bytes) in line.iter().zip(row.chunks_exact_mut(size)) {
                    let value = widen(if inverted { 1 - (value & 1) } else { *value }, depth as u32, form);
                    match size {
                        1 => bytes[0] = value as u8,
                        2 => bytes.copy_from_slice(&(value as u16).to_ne_bytes()),
                        _ => bytes.copy_from_slice(&value.to_ne_bytes()),
                    }
                }
            }
            out
        })
        .collect()
}

/// Red, green, blue or alpha of a picture of palette indices. Its entries are words of alpha, red, green and blue.
fn looked_up(frame: &Frame, channel: usize, width: u32, height: u32) -> Vec<u8> {
    let entries: Vec<u8> = frame
        .plane(1, 1, 256 * 4)
        .chunks_exact(4)
        .map(|entry| entry.try_into().map_or(0, u32::from_ne_bytes).to_be_bytes())
        .map(|[a, r, g, b]| [r, g, b, a][channel.min(3)])
        .collect();
    let stride = frame.raw().linesize.first().map_or(0, |&s| s.max(1) as usize);
    let rows = frame.plane(0, height, width as usize).chunks(stride.max(1));
    let pixels = rows.flat_map(|row| row.iter().take(width as usize));
    pixels.map(|&index| entries.get(usize::from(index)).copied().unwrap_or(0)).collect()
}

/// A value of `depth` bits over the whole range of the form's bits.
fn widen(value: u32, depth: u32, form: Form) -> u32 {
    let bits = u32::from(form.bits);
    if depth >= bits || matches!(form.sample, Sample::F16 | Sample::F32) {
        return value;
    }
    let (from, to) = ((1_u64 << depth) - 1, (1_u64 << bits) - 1);
    ((u64::from(value) * to + from / 2) / from) as u32
}

/// Components of whole bytes at even steps, which are most packed formats, copied without FFmpeg's general reader.
struct Quick {
    plane: usize,
    offset: usize,
    step: usize,
    swap: bool,
}

impl Quick {
    fn of(
        d: &sys::AVPixFmtDescriptor,
        raw: &sys::AVFrame,
        component: usize,
        size: usize,
        depth: c_int,
        form: Form,
    ) -> Option<Self> {
        let c = d.comp.get(component)?;
        let simple =
            !flag(d, PALETTE) && !flag(d, BITSTREAM) && c.shift == 0 && depth == c_int::from(form.bits);
        let stride = raw.linesize.get(c.plane as usize)?;
        (simple && *stride > 0).then_some(Self {
            plane: c.plane as usize,
            offset: c.offset as usize,
            step: c.step as usize,
            swap: size > 1 && flag(d, BIG_ENDIAN) != cfg!(target_endian = "big"),
        })
    }

    fn copy(&self, frame: &Frame, out: &mut [u8], width: usize, rows: u32, size: usize) {
        let stride = frame.raw().linesize.get(self.plane).map_or(0, |&s| s as usize);
        let used = self.offset + self.step * width.saturating_sub(1) + size;
        let data = frame.plane(self.plane, rows, used);
        for (row, from) in out.chunks_exact_mut((width * size).max(1)).zip(data.chunks(stride.max(1))) {
            let from = from.get(self.offset..).unwrap_or(&[]);
            for (to, from) in row.chunks_exact_mut(size).zip(from.chunks(self.step)) {
                if let Some(from) = from.get(..size) {
                    to.copy_from_slice(from);
                    if self.swap {
                        to.reverse();
                    }
                }
            }
        }
    }
}

/// FFmpeg's enum value of a format number.
pub(crate) fn known_format(format: c_int) -> Option<sys::AVPixelFormat> {
    // SAFETY: the pointer comes from FFmpeg's own table.
    descriptor(format).map(|d| unsafe { sys::av_pix_fmt_desc_get_id(d) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_in_high_bits_come_down() {
        let mut frame = Frame::video(5, 3, sys::AVPixelFormat::AV_PIX_FMT_P010LE as c_int).unwrap();
        for (plane, rows, samples) in [(0, 3, 5_u16), (1, 2, 6)] {
            let (data, stride) = (frame.raw_mut().data[plane], frame.raw().linesize[plane] as usize);
            for y in 0..rows {
                for x in 0..samples {
                    let value = (plane as u16 * 512 + y * 16 + x) << 6;
                    // SAFETY: inside the plane that was just allocated.
                    unsafe {
                        data.add(usize::from(y) * stride)
                            .cast::<u16>()
                            .add(usize::from(x))
                            .write_unaligned(value);
                    }
                }
            }
        }
        let planes =
            planes(&Arc::new(frame), ColorTags::BT709, Siting::Left, Orientation::default()).unwrap();
        assert_eq!((planes.info.layout, planes.info.bits), (Layout::Yuv { sub_x: 1, sub_y: 1 }, 10));
        let row = |plane, y| -> Vec<u16> {
            planes.row(plane, y).chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect()
        };
        assert_eq!(row(0, 2), [32, 33, 34, 35, 36]);
        assert_eq!((row(1, 1), row(2, 0)), (vec![528, 530, 532], vec![513, 515, 517]));
    }

    #[test]
    fn fewer_than_eight_bits_fill_the_whole_range() {
        let form = form(sys::AVPixelFormat::AV_PIX_FMT_RGB565LE as c_int).unwrap();
        assert_eq!((form.layout, form.bits), (Layout::Rgb, 8));
        assert_eq!((widen(31, 5, form), widen(0, 5, form), widen(16, 5, form)), (255, 0, 132));
    }
}
