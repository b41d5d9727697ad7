//! A decoder's planes as colours, by the numbers of `assets/shaders/core/planes.wgsl`.

use crate::cx::{Block, SPAN, Span};
use crate::store::foreign;
use half::f16;
use rushes_engine::{Error, Layout, Planes, Result, Sample, Tier};
use rushes_gpu::{DevicePlanes, PlanesInfo, Storage, plane_args, subsampling};
use std::any::Any;

/// A decoder's planes, held as they are.
pub(crate) struct HostPlanes(Planes);

impl HostPlanes {
    /// Holds planes, after they were held against the size of their picture.
    pub(crate) fn new(planes: &Planes) -> Result<Self> {
        let (sub_x, sub_y) = subsampling(planes.layout);
        if sub_x > 2 || sub_y > 2 || !(1..=32).contains(&planes.bits) {
            return Err(
                Error::media(format!("pictures of {planes:?} cannot be read")).help("convert the file first")
            );
        }
        for plane in 0..planes.layout.planes() {
            let (samples, height) = planes.layout.plane_size(plane, planes.width, planes.height);
            let stride = planes.strides.get(plane).copied().unwrap_or(0);
            let row = samples as usize * planes.sample.size();
            let needed = stride.saturating_mul((height as usize).saturating_sub(1)).saturating_add(row);
            if stride < row || planes.plane(plane).len() < needed {
                return Err(Error::media(format!("plane {plane} of a picture is cut short"))
                    .help("the file may be damaged; decode it again"));
            }
        }
        Ok(Self(planes.clone()))
    }
}

impl Storage for HostPlanes {
    fn bytes(&self) -> u64 {
        (0..self.0.layout.planes()).map(|p| self.0.plane(p).len() as u64).sum()
    }

    fn tier(&self) -> Tier {
        Tier::Memory
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Reads planes span by span.
pub(crate) struct PlaneReader {
    planes: Planes,
    /// `turn`, then `origin`.
    whole: [i32; 8],
    /// Rows of red, green and blue; the step and origin of chroma; the unit of alpha.
    floats: [f32; 20],
}

/// One value a pixel of a span.
type Line = [f32; SPAN];

impl PlaneReader {
    pub(crate) fn of(planes: &DevicePlanes) -> Result<Self> {
        let host: &HostPlanes = planes.storage().as_any().downcast_ref().ok_or_else(foreign)?;
        let bytes = plane_args(&PlanesInfo::from(&host.0));
        let (whole, floats) = bytes.split_at_checked(32).ok_or_else(foreign)?;
        let mut out = Self { planes: host.0.clone(), whole: [0; 8], floats: [0.0; 20] };
        bytemuck::cast_slice_mut(&mut out.whole).copy_from_slice(whole);
        let floats = floats.get(..80).ok_or_else(foreign)?;
        bytemuck::cast_slice_mut(&mut out.floats).copy_from_slice(floats);
        Ok(out)
    }

    /// The colours of a span.
    #[inline(always)]
    pub(crate) fn read(&self, span: Span, out: &mut Block) {
        let mut codes = [[0.0; SPAN]; 4];
        let alpha_plane = self.codes(span, &mut codes);
        let [a, b, c, alpha] = &codes;
        for (channel, row) in out.0.iter_mut().zip(self.floats.as_chunks::<4>().0).take(3) {
            let [x, y, z, w] = *row;
            for (((value, a), b), c) in channel.iter_mut().zip(a).zip(b).zip(c) {
                *value = x * a + y * b + z * c + w;
            }
        }
        let unit = self.floats[16];
        for (value, code) in out.0[3].iter_mut().zip(alpha) {
            *value = if alpha_plane { code * unit } else { 1.0 };
        }
    }

    /// The three codes of a span and that of alpha. Says whether there is alpha.
    #[inline(always)]
    fn codes(&self, span: Span, codes: &mut [Line; 4]) -> bool {
        let layout = self.planes.layout;
        let [first, second, third, alpha] = codes;
        match layout {
            Layout::Gray => {
                self.line(0, 1, 0, span, first);
                *second = *first;
                *third = *first;
            }
            Layout::PackedRgba => {
                self.line(0, 4, 0, span, first);
                self.line(0, 4, 1, span, second);
                self.line(0, 4, 2, span, third);
                self.line(0, 4, 3, span, alpha);
                return true;
            }
            _ => {
                self.line(0, 1, 0, span, first);
                if subsampling(layout) == (0, 0) {
                    self.line(1, 1, 0, span, second);
                    self.line(2, 1, 0, span, third);
                } else {
                    self.chroma(span, second, third);
                }
                if layout.has_alpha() {
                    self.line(3, 1, 0, span, alpha);
                    return true;
                }
            }
        }
        false
    }

    /// Where a span's pixels are stored: the first one, and the step from one to the next.
    #[inline(always)]
    fn stored(&self, span: Span) -> ([i32; 2], [i32; 2]) {
        let [xx, xy, yx, yy, ox, oy, ..] = self.whole;
        let (x, y) = (span.x as i32, span.y as i32);
        ([xx * x + xy * y + ox, yx * x + yy * y + oy], [xx, yx])
    }

    /// A plane's codes at a span's own places; `count` samples lie together, of which one is taken.
    #[inline(always)]
    fn line(&self, plane: usize, count: usize, take: usize, span: Span, out: &mut Line) {
        let ([x, y], [dx, dy]) = self.stored(span);
        let size = self.planes.sample.size();
        if (dx, dy, count) == (1, 0, 1) {
            let row = self.planes.row(plane, y.max(0) as u32);
            let bytes = row.get(x.max(0) as usize * size..).unwrap_or_default();
            self.convert(bytes, out.get_mut(..span.len).unwrap_or_default());
            return;
        }
        for (i, value) in (0..).zip(out.iter_mut().take(span.len)) {
            let (x, y) = (x + dx * i, y + dy * i);
            *value = self.sample(plane, x.max(0) as usize * count + take, y.max(0) as u32);
        }
    }

    /// One sample.
    #[inline(always)]
    fn sample(&self, plane: usize, at: usize, y: u32) -> f32 {
        let mut out = [0.0];
        let size = self.planes.sample.size();
        self.convert(self.planes.row(plane, y).get(at * size..).unwrap_or_default(), &mut out);
        out[0]
    }

    /// Samples that lie one after the other.
    #[inline(always)]
    fn convert(&self, bytes: &[u8], out: &mut [f32]) {
        match self.planes.sample {
            Sample::U8 => out.iter_mut().zip(bytes).for_each(|(v, b)| *v = f32::from(*b)),
            Sample::U16 => {
                let words = bytes.as_chunks::<2>().0;
                out.iter_mut().zip(words).for_each(|(v, b)| *v = f32::from(u16::from_ne_bytes(*b)));
            }
            Sample::F16 => {
                let words = bytes.as_chunks::<2>().0;
                out.iter_mut().zip(words).for_each(|(v, b)| *v = f16::from_ne_bytes(*b).to_f32());
            }
            Sample::F32 => {
                let words = bytes.as_chunks::<4>().0;
                out.iter_mut().zip(words).for_each(|(v, b)| *v = f32::from_ne_bytes(*b));
            }
        }
    }

    /// Both chroma codes, interpolated to where the luma lies.
    #[inline(always)]
    fn chroma(&self, span: Span, u: &mut Line, v: &mut Line) {
        let ([x, y], [dx, dy]) = self.stored(span);
        let [sx, sy, ox, oy] = [self.floats[12], self.floats[13], self.floats[14], self.floats[15]];
        let last = [self.whole[6], self.whole[7]];
        let place = |p: i32, step: f32, origin: f32, last: i32| {
            let at = p as f32 * step + origin;
            let whole = at.floor();
            let low = whole as i32;
            (low.clamp(0, last) as usize, (low + 1).clamp(0, last) as usize, at - whole)
        };
        let paired = self.planes.layout == Layout::SemiPlanar;
        if (dx, dy) != (1, 0) {
            for (i, (u, v)) in (0..).zip(u.iter_mut().zip(v.iter_mut()).take(span.len)) {
                let (left, right, fx) = place(x + dx * i, sx, ox, last[0]);
                let (top, bottom, fy) = place(y + dy * i, sy, oy, last[1]);
                for (second, value) in [(0, u), (1, v)] {
                    let (plane, at) = if paired {
                        (1, [2 * left + second, 2 * right + second])
                    } else {
                        (1 + second, [left, right])
                    };
                    let row = |y: usize| {
                        let (a, b) =
                            (self.sample(plane, at[0], y as u32), self.sample(plane, at[1], y as u32));
                        a + (b - a) * fx
                    };
                    let (a, b) = (row(top), row(bottom));
                    *value = a + (b - a) * fy;
                }
            }
            return;
        }
        let (top, bottom, fy) = place(y, sy, oy, last[1]);
        let (first, ..) = place(x, sx, ox, last[0]);
        let (_, end, _) = place(x + span.len as i32 - 1, sx, ox, last[0]);
        let count = (end + 1).saturating_sub(first).min(SPAN + 1);
        // The samples under the span, mixed down the picture.
        let mut mixed = [[0.0_f32; SPAN + 1]; 2];
        let mut rows = [[0.0_f32; 2 * SPAN + 2]; 2];
        let size = self.planes.sample.size();
        let each = if paired { 2 } else { 1 };
        for plane in 0..(if paired { 1 } else { 2 }) {
            for (row, y) in rows.iter_mut().zip([top, bottom]) {
                let bytes =
                    self.planes.row(1 + plane, y as u32).get(first * each * size..).unwrap_or_default();
                self.convert(bytes, row.get_mut(..count * each).unwrap_or_default());
            }
            let [high, low] = &rows;
            if paired {
                let pairs =
                    high.as_chunks::<2>().0.iter().zip(low.as_chunks::<2>().0).enumerate().take(count);
                for (i, (a, b)) in pairs {
                    mixed[0][i] = a[0] + (b[0] - a[0]) * fy;
                    mixed[1][i] = a[1] + (b[1] - a[1]) * fy;
                }
            } else {
                let pairs = high.iter().zip(low).take(count);
                mixed[plane].iter_mut().zip(pairs).for_each(|(m, (a, b))| *m = a + (b - a) * fy);
            }
        }
        let [mixed_u, mixed_v] = &mixed;
        for (i, (u, v)) in (0..).zip(u.iter_mut().zip(v.iter_mut()).take(span.len)) {
            let (left, right, fx) = place(x + i, sx, ox, last[0]);
            let (l, r) = ((left - first).min(SPAN), (right - first).min(SPAN));
            *u = mixed_u[l] + (mixed_u[r] - mixed_u[l]) * fx;
            *v = mixed_v[l] + (mixed_v[r] - mixed_v[l]) * fx;
        }
    }
}
