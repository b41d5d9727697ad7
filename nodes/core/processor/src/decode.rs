//! A decoder's planes as colours, by the numbers of `assets/shaders/core/planes.wgsl`.

use crate::ahead::ask;
use crate::cx::{SPAN, Span};
use crate::shape::Shape;
use crate::store::foreign;
use half::f16;
use rushes_engine::{Layout, Payload, Planes, Result, Sample, Tier};
use rushes_gpu::{DevicePlanes, Storage, plane_args, subsampling, whole_planes};
use std::any::Any;
use std::array::from_fn;

/// A decoder's planes, held as they are.
pub(crate) struct HostPlanes(Planes);

impl HostPlanes {
    /// Holds planes, after they were held against the size of their picture.
    pub(crate) fn new(planes: &Planes) -> Result<Self> {
        whole_planes(planes)?;
        Ok(Self(planes.clone()))
    }
}

impl Storage for HostPlanes {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn tier(&self) -> Tier {
        Tier::Memory
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Reads planes span by span.
pub(crate) struct PlaneReader<'a> {
    pub(crate) sample: Sample,
    /// None where rows of the picture do not run along stored rows, or samples are stored as no decoder stores them: one
    /// pixel goes after the other.
    pub(crate) shape: Option<Shape>,
    pub(crate) alpha: bool,
    /// log2 of the pixels of a row a chroma sample.
    pub(crate) sub_x: u8,
    layout: Layout,
    planes: [Rows<'a>; 4],
    /// Rows of red, green and blue; the step and origin of chroma; the unit of alpha.
    pub(crate) floats: [f32; 20],
    /// `turn`, then `origin`.
    whole: [i32; 8],
}

/// The rows of a plane.
#[derive(Clone, Copy, Default)]
struct Rows<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// Bytes of a row that are samples.
    row: usize,
}

/// Where a value lies between the samples of a row or a column.
pub(crate) struct Between {
    pub(crate) low: usize,
    pub(crate) high: usize,
    /// How much of the high one is taken.
    pub(crate) part: f32,
}

impl<'a> PlaneReader<'a> {
    pub(crate) fn of(planes: &'a DevicePlanes) -> Result<Self> {
        let host: &HostPlanes = planes.storage().as_any().downcast_ref().ok_or_else(foreign)?;
        let planes = &host.0;
        let bytes = plane_args(&planes.info);
        let (mut whole, mut floats) = ([0; 8], [0.0; 20]);
        let (first, rest) = bytes.split_at_checked(32).ok_or_else(foreign)?;
        bytemuck::cast_slice_mut(&mut whole).copy_from_slice(first);
        bytemuck::cast_slice_mut(&mut floats).copy_from_slice(rest.get(..80).ok_or_else(foreign)?);
        let (layout, [along, _, down, ..]) = (planes.info.layout, whole);
        let shape = Shape::of(layout);
        let odd_floats = shape == Shape::Subsampled { paired: true } && planes.info.sample == Sample::F32;
        let shape = ((along, down) == (1, 0) && !odd_floats).then_some(shape);
        let rows: [Option<Rows<'_>>; 4] = from_fn(|plane| {
            let (bytes, stride) = planes.whole_plane(plane)?;
            Some(Rows { bytes, stride, row: planes.info.row_bytes(plane) })
        });
        let rows = rows.map(Option::unwrap_or_default);
        let alpha = layout.has_alpha();
        let (sub_x, _) = subsampling(layout);
        Ok(Self { sample: planes.info.sample, shape, alpha, sub_x, layout, planes: rows, floats, whole })
    }

    /// The samples of a stored row; nothing where there is no such plane.
    pub(crate) fn row(&self, plane: usize, y: usize) -> &'a [u8] {
        let rows = self.planes.get(plane).copied().unwrap_or_default();
        let start = rows.stride * y;
        rows.bytes.get(start..start + rows.row).unwrap_or_default()
    }

    /// Has what a span reads brought near.
    pub(crate) fn ask(&self, span: Span) {
        let [x, y] = self.stored(span.x, span.y);
        let size = self.sample.size();
        let part = |plane: usize, y: usize, xs: std::ops::Range<usize>| {
            let row = self.row(plane, y);
            ask(row.get(xs.start * size..row.len().min(xs.end * size)).unwrap_or_default());
        };
        let xs = x..x + span.len;
        match self.shape {
            None => {}
            Some(Shape::Packed) => part(0, y, 4 * xs.start..4 * xs.end),
            Some(Shape::Gray) => part(0, y, xs),
            Some(Shape::Full) => (0..4).for_each(|plane| part(plane, y, xs.clone())),
            Some(Shape::Subsampled { paired }) => {
                let together = if paired { 2 } else { 1 };
                let under = together * (x >> self.sub_x)..together * (xs.end >> self.sub_x);
                let below = self.between(1, y).high;
                part(0, y, xs.clone());
                part(1, below, under.clone());
                part(2, below, under);
                part(3, y, xs);
            }
        }
    }

    /// Where a pixel is stored.
    pub(crate) fn stored(&self, x: u32, y: u32) -> [usize; 2] {
        let [xx, xy, yx, yy, ox, oy, ..] = self.whole;
        let (x, y) = (x as i32, y as i32);
        [xx * x + xy * y + ox, yx * x + yy * y + oy].map(|at| at.max(0) as usize)
    }

    /// The last places of chroma, across and down.
    pub(crate) fn last(&self) -> [usize; 2] {
        [self.whole[6], self.whole[7]].map(|last| last.max(0) as usize)
    }

    /// Where the chroma of a stored place lies along an axis.
    pub(crate) fn between(&self, axis: usize, place: usize) -> Between {
        let at = place as f32 * self.floats[12 + axis] + self.floats[14 + axis];
        let whole = at.floor();
        let inside = |place: i32| (place.max(0) as usize).min(self.last()[axis]);
        Between { low: inside(whole as i32), high: inside(whole as i32 + 1), part: at - whole }
    }

    /// The four codes of the pixels of a span, one after the other; that of alpha too where there is none.
    pub(crate) fn one_by_one(&self, span: Span, codes: &mut [[f32; SPAN]; 4]) {
        let [first, second, third, alpha] = codes;
        let lines = first.iter_mut().zip(second).zip(third.iter_mut().zip(alpha));
        for (x, ((first, second), (third, alpha))) in (span.x..).zip(lines.take(span.len)) {
            let [x, y] = self.stored(x, span.y);
            let at = |plane, x| self.sample(plane, x, y);
            [*first, *second, *third, *alpha] = match self.layout {
                Layout::Gray => [at(0, x); 4],
                Layout::PackedRgba => [0, 1, 2, 3].map(|i| at(0, 4 * x + i)),
                layout if subsampling(layout) != (0, 0) => {
                    let [u, v] = [0, 1].map(|second| self.chroma(x, y, second));
                    [at(0, x), u, v, at(3, x)]
                }
                _ => [0, 1, 2, 3].map(|plane| at(plane, x)),
            };
        }
    }

    /// U or V at a stored place.
    fn chroma(&self, x: usize, y: usize, second: usize) -> f32 {
        let (across, down) = (self.between(0, x), self.between(1, y));
        let paired = self.layout == Layout::SemiPlanar;
        let at = |x: usize, y: usize| {
            if paired { self.sample(1, 2 * x + second, y) } else { self.sample(1 + second, x, y) }
        };
        let row = |y: usize| {
            let (left, right) = (at(across.low, y), at(across.high, y));
            left + (right - left) * across.part
        };
        let (top, bottom) = (row(down.low), row(down.high));
        top + (bottom - top) * down.part
    }

    /// One sample; 0 where there is no such plane.
    fn sample(&self, plane: usize, at: usize, y: usize) -> f32 {
        let bytes = self.row(plane, y).get(at * self.sample.size()..).unwrap_or_default();
        let word = bytes.first_chunk().copied().unwrap_or_default();
        match self.sample {
            Sample::U8 => bytes.first().copied().unwrap_or_default().into(),
            Sample::U16 => u16::from_ne_bytes(word).into(),
            Sample::F16 => f16::from_ne_bytes(word).to_f32(),
            Sample::F32 => f32::from_ne_bytes(bytes.first_chunk().copied().unwrap_or_default()),
        }
    }
}
