//! A decoder's planes inside a program: how they are read, and the numbers that turn codes into RGB.

use crate::program::TextureKind;
use rushes_engine::{Error, Layout, Matrix, Planes, PlanesInfo, Range, Result, Sample, Siting};
use std::fmt::Write as _;

/// The bytes of all planes, and from one row to the next.
///
/// # Errors
/// They are of a kind that no executor reads, or not whole.
pub fn whole_planes(planes: &Planes) -> Result<Vec<(&[u8], usize)>> {
    let (sub_x, sub_y) = subsampling(planes.info.layout);
    if sub_x > 2 || sub_y > 2 || !(1..=32).contains(&planes.info.bits) {
        return Err(
            Error::media(format!("pictures of {planes:?} cannot be read")).help("convert the file first")
        );
    }
    let whole = |plane: usize| {
        planes.whole_plane(plane).filter(|(_, stride)| u32::try_from(*stride).is_ok()).ok_or_else(|| {
            Error::media(format!("plane {plane} of a picture is cut short"))
                .help("the file may be damaged; decode it again")
        })
    };
    (0..planes.info.layout.planes()).map(whole).collect()
}

/// What decides the text that reads planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlaneForm {
    shape: Shape,
    alpha: bool,
    uint: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Gray,
    /// Three planes of full size: RGB, or YUV without subsampling.
    Full,
    /// Luma, and chroma interleaved, interpolated across or both ways. Planar chroma is interleaved on its way up,
    /// which halves the reads.
    Subsampled {
        across: bool,
        down: bool,
    },
    Packed,
}

impl PlaneForm {
    pub(crate) fn of(info: &PlanesInfo) -> Self {
        let shape = match info.layout {
            Layout::Gray => Shape::Gray,
            Layout::Rgb | Layout::Rgba => Shape::Full,
            Layout::PackedRgba => Shape::Packed,
            Layout::SemiPlanar => Shape::Subsampled { across: true, down: true },
            Layout::Yuv { sub_x: 0, sub_y: 0 } | Layout::Yuva { sub_x: 0, sub_y: 0 } => Shape::Full,
            Layout::Yuv { sub_x, sub_y } | Layout::Yuva { sub_x, sub_y } => {
                Shape::Subsampled { across: sub_x > 0, down: sub_y > 0 }
            }
        };
        let uint = matches!(info.sample, Sample::U8 | Sample::U16);
        Self { shape, alpha: info.layout.has_alpha(), uint }
    }

    /// How many textures it reads.
    pub(crate) fn textures(self) -> usize {
        let colour = match self.shape {
            Shape::Gray => 1,
            Shape::Packed => return 1,
            Shape::Subsampled { .. } => 2,
            Shape::Full => 3,
        };
        colour + usize::from(self.alpha)
    }

    pub(crate) fn kind(self) -> TextureKind {
        if self.uint { TextureKind::Uint } else { TextureKind::Float }
    }

    /// The function `rushes_planes<i>(a, pos) -> vec4f` over the named textures.
    pub(crate) fn wgsl(self, i: usize, textures: &[String]) -> String {
        let mut out = String::new();
        for (plane, texture) in textures.iter().enumerate() {
            writeln!(
                out,
                "fn rushes_code{i}_{plane}(p: vec2i) -> vec4f {{ return vec4f(textureLoad({texture}, p, 0)); }}"
            )
            .ok();
        }
        let (colour, alpha_plane) = match self.shape {
            Shape::Gray => (format!("vec3f(rushes_code{i}_0(p).r)"), 1),
            Shape::Packed => (format!("rushes_code{i}_0(p).rgb"), 0),
            Shape::Full => {
                (format!("vec3f(rushes_code{i}_0(p).r, rushes_code{i}_1(p).r, rushes_code{i}_2(p).r)"), 3)
            }
            Shape::Subsampled { across, down } => {
                let pair = |at: &str| format!("rushes_code{i}_1({at}).rg");
                let row = |y: &str| {
                    let left = pair(&format!("vec2i(low.x, {y})"));
                    let right = pair(&format!("vec2i(high.x, {y})"));
                    if across { format!("mix({left}, {right}, f.x)") } else { left }
                };
                let value = if down {
                    format!("mix({}, {}, f.y)", row("low.y"), row("high.y"))
                } else {
                    row("low.y")
                };
                writeln!(
                    out,
                    "fn rushes_chroma{i}(a: PlanesArgs, p: vec2i) -> vec2f {{\n    \
                     let last = a.origin.zw;\n    \
                     let at = vec2f(p) * a.chroma.xy + a.chroma.zw;\n    \
                     let whole = floor(at);\n    let f = at - whole;\n    \
                     let low = clamp(vec2i(whole), vec2i(0), last);\n    \
                     let high = clamp(vec2i(whole) + 1, vec2i(0), last);\n    return {value};\n}}"
                )
                .ok();
                (format!("vec3f(rushes_code{i}_0(p).r, rushes_chroma{i}(a, p))"), 2)
            }
        };
        let alpha = match (self.alpha, self.shape) {
            (false, _) => "1.0".to_owned(),
            (true, Shape::Packed) => format!("rushes_code{i}_0(p).a * a.alpha.x"),
            (true, _) => format!("rushes_code{i}_{alpha_plane}(p).r * a.alpha.x"),
        };
        writeln!(
            out,
            "fn rushes_planes{i}(a: PlanesArgs, pos: vec2u) -> vec4f {{\n    \
             let p = stored_position(a, pos);\n    \
             return vec4f(rgb_from_codes(a, {colour}), {alpha});\n}}"
        )
        .ok();
        out
    }
}

/// Luma weights of red and blue.
pub fn luma_weights(matrix: Matrix) -> (f64, f64) {
    match matrix {
        // YUV planes tagged as RGB contradict themselves; BT.709 is what players assume then.
        Matrix::Bt709 | Matrix::Rgb => (0.2126, 0.0722),
        Matrix::Bt601 => (0.299, 0.114),
        Matrix::Bt2020 => (0.2627, 0.0593),
    }
}

/// Scale and offset of codes: `code = value × scale + offset`, for luma or RGB, for chroma, and for alpha.
pub fn code_range(sample: Sample, bits: u8, range: Range) -> [(f64, f64); 3] {
    if matches!(sample, Sample::F16 | Sample::F32) {
        return [(1.0, 0.0); 3];
    }
    let max = (1_u32 << u32::from(bits.clamp(1, 16))) as f64 - 1.0;
    let unit = (max + 1.0) / 256.0;
    match range {
        Range::Full => [(max, 0.0), (max, 128.0 * unit), (max, 0.0)],
        Range::Limited => [(219.0 * unit, 16.0 * unit), (224.0 * unit, 128.0 * unit), (max, 0.0)],
    }
}

/// The position of chroma sample 0 in luma samples, across and down.
pub(crate) fn chroma_origin(siting: Siting, sub_x: u8, sub_y: u8) -> (f64, f64) {
    let middle = |sub: u8| f64::from((1_u32 << sub.min(4)) - 1) / 2.0;
    match siting {
        Siting::Left => (0.0, middle(sub_y)),
        Siting::Center => (middle(sub_x), middle(sub_y)),
        Siting::TopLeft => (0.0, 0.0),
    }
}

/// log2 of the chroma subsampling of a layout.
pub fn subsampling(layout: Layout) -> (u8, u8) {
    match layout {
        Layout::Yuv { sub_x, sub_y } | Layout::Yuva { sub_x, sub_y } => (sub_x, sub_y),
        Layout::SemiPlanar => (1, 1),
        _ => (0, 0),
    }
}

/// The bytes of `PlanesArgs` in `assets/shaders/core/planes.wgsl`: 8 integers, then 20 floats.
pub fn args(info: &PlanesInfo) -> Vec<u8> {
    let [(luma, luma_off), (chroma, chroma_off), (alpha, _)] =
        code_range(info.sample, info.bits, info.color.range);
    // Rows over (value 0, value 1, value 2), before codes come in.
    let (rows, scales): ([[f64; 3]; 3], [(f64, f64); 3]) = match info.layout {
        Layout::Gray => ([[1.0, 0.0, 0.0]; 3], [(luma, luma_off); 3]),
        layout if layout.is_yuv() => {
            let (kr, kb) = luma_weights(info.color.matrix);
            let kg = 1.0 - kr - kb;
            let (r_v, b_u) = (2.0 * (1.0 - kr), 2.0 * (1.0 - kb));
            let rows = [[1.0, 0.0, r_v], [1.0, -b_u * kb / kg, -r_v * kr / kg], [1.0, b_u, 0.0]];
            (rows, [(luma, luma_off), (chroma, chroma_off), (chroma, chroma_off)])
        }
        _ => ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [(luma, luma_off); 3]),
    };
    let mut floats: Vec<f32> = Vec::with_capacity(20);
    for row in rows {
        let mut constant = 0.0;
        for (weight, (scale, offset)) in row.iter().zip(scales) {
            floats.push((weight / scale) as f32);
            constant -= weight * offset / scale;
        }
        floats.push(constant as f32);
    }
    let (sub_x, sub_y) = subsampling(info.layout);
    let (x0, y0) = chroma_origin(info.siting, sub_x, sub_y);
    let (step_x, step_y) = (1.0 / f64::from(1_u32 << sub_x.min(4)), 1.0 / f64::from(1_u32 << sub_y.min(4)));
    floats.extend([step_x, step_y, -x0 * step_x, -y0 * step_y].map(|v| v as f32));
    floats.extend([(1.0 / alpha) as f32, 0.0, 0.0, 0.0]);
    let (turn, origin) = turn(info);
    let mut out = Vec::with_capacity(112);
    out.extend_from_slice(bytemuck::bytes_of(&turn));
    out.extend_from_slice(bytemuck::bytes_of(&origin));
    out.extend_from_slice(bytemuck::cast_slice(&floats));
    out
}

/// From upright to stored positions: a matrix by rows, and an origin followed by the last chroma position.
fn turn(info: &PlanesInfo) -> ([i32; 4], [i32; 4]) {
    let (w, h) = (info.width as i32 - 1, info.height as i32 - 1);
    // Undoing a clockwise turn, then the mirror.
    let (sub_x, sub_y) = subsampling(info.layout);
    let chroma = [(w >> sub_x.min(4)), (h >> sub_y.min(4))];
    let (mut m, mut o) = match info.orientation.quarter_turns % 4 {
        0 => ([1, 0, 0, 1], [0, 0]),
        1 => ([0, 1, -1, 0], [0, h]),
        2 => ([-1, 0, 0, -1], [w, h]),
        _ => ([0, -1, 1, 0], [w, 0]),
    };
    if info.orientation.mirrored {
        m[0] = -m[0];
        m[1] = -m[1];
        o[0] = w - o[0];
    }
    (m, [o[0], o[1], chroma[0], chroma[1]])
}
