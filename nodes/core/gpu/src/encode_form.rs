//! An encoder's planes as the output of a program: what it writes, and the numbers that turn RGB into codes.

use crate::image::Precision;
use crate::plane_form::{chroma_origin, code_range, luma_weights, subsampling};
use rushes_engine::{ColorTags, Error, Layout, Orientation, PlanesInfo, Result, Sample, Siting};
use std::fmt::Write as _;

/// What an encoder takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EncodeFormat {
    /// Which channel goes where.
    pub layout: Layout,
    /// How one sample is stored.
    pub sample: Sample,
    /// Significant bits of an integer sample: 8 with [`Sample::U8`], 9 to 16 with [`Sample::U16`].
    pub bits: u8,
    /// Matrix and range to encode with, kept as tags of the planes. Primaries and transfer are not converted.
    pub color: ColorTags,
    /// Where chroma samples are to lie.
    pub siting: Siting,
    /// Whether to dither integer samples of up to 10 bits; more bits are rounded.
    pub dither: bool,
}

/// What decides the text that writes planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EncodeForm {
    /// The precision of the values between tools.
    pub(crate) precision: Precision,
    shape: Shape,
    alpha: bool,
    uint: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Gray,
    Full,
    /// Luma in codes, chroma at full size for a second pass.
    Subsampled,
    Packed,
}

impl Default for EncodeFormat {
    /// What most encoders take: 4:2:0 in 8 bits.
    fn default() -> Self {
        Self {
            layout: Layout::Yuv { sub_x: 1, sub_y: 1 },
            sample: Sample::U8,
            bits: 8,
            color: ColorTags::default(),
            siting: Siting::Left,
            dither: true,
        }
    }
}

impl EncodeFormat {
    /// Refuses formats that contradict themselves.
    ///
    /// # Errors
    /// What contradicts what.
    pub fn check(&self) -> Result<()> {
        let wrong =
            |what: String| Err(Error::usage(what).help("choose a pixel format that an encoder takes"));
        match (self.sample, self.bits) {
            (Sample::U8, 1..=8) | (Sample::U16, 1..=16) | (Sample::F16 | Sample::F32, _) => {}
            (sample, bits) => return wrong(format!("{bits} bits do not fit a sample of {sample:?}")),
        }
        if self.layout.is_yuv() && matches!(self.sample, Sample::F16 | Sample::F32) {
            return wrong(format!("{:?} is not written as floats", self.layout));
        }
        let (sub_x, sub_y) = subsampling(self.layout);
        if sub_x > 2 || sub_y > 2 {
            return wrong(format!(
                "chroma subsampled by {}×{} is not written",
                1_u32 << sub_x.min(8),
                1_u32 << sub_y.min(8)
            ));
        }
        Ok(())
    }

    pub(crate) fn form(&self, precision: Precision) -> EncodeForm {
        let shape = match self.layout {
            Layout::Gray => Shape::Gray,
            Layout::PackedRgba => Shape::Packed,
            _ if self.is_subsampled() => Shape::Subsampled,
            _ => Shape::Full,
        };
        let uint = matches!(self.sample, Sample::U8 | Sample::U16);
        EncodeForm { precision, shape, alpha: self.layout.has_alpha(), uint }
    }

    /// What is known of a picture made in it.
    pub fn info(&self, width: u32, height: u32) -> PlanesInfo {
        let Self { layout, sample, bits, color, siting, .. } = *self;
        PlanesInfo { width, height, layout, sample, bits, color, siting, orientation: Orientation::default() }
    }

    /// Whether chroma needs a pass of its own.
    pub fn is_subsampled(&self) -> bool {
        subsampling(self.layout) != (0, 0)
    }

    /// The bytes of `EncodeArgs` in `assets/shaders/core/encode.wgsl`: 16 floats, then 4 integers.
    pub fn args(&self, frame: u32) -> Vec<u8> {
        let [(luma, luma_off), (chroma, chroma_off), (alpha, _)] =
            code_range(self.sample, self.bits, self.color.range);
        let rows: [[f64; 4]; 3] = if self.layout.is_yuv() {
            let (kr, kb) = luma_weights(self.color.matrix);
            let y = [kr, 1.0 - kr - kb, kb];
            let difference = |axis: usize, k: f64| {
                let mut row = [0.0, 0.0, 0.0, chroma_off];
                for (i, weight) in y.iter().enumerate() {
                    let own = if i == axis { 1.0 } else { 0.0 };
                    row[i] = (own - weight) / (2.0 * (1.0 - k)) * chroma;
                }
                row
            };
            [[y[0] * luma, y[1] * luma, y[2] * luma, luma_off], difference(2, kb), difference(0, kr)]
        } else {
            [[luma, 0.0, 0.0, luma_off], [0.0, luma, 0.0, luma_off], [0.0, 0.0, luma, luma_off]]
        };
        let dither = self.dither && self.bits <= 10 && matches!(self.sample, Sample::U8 | Sample::U16);
        let max = code_range(self.sample, self.bits, rushes_engine::Range::Full)[0].0;
        let mut floats: Vec<f32> = rows.iter().flatten().map(|v| *v as f32).collect();
        floats.extend([alpha as f32, max as f32, f32::from(u8::from(dither)), 0.0]);
        let mut out = bytemuck::cast_slice(&floats).to_vec();
        out.extend_from_slice(bytemuck::bytes_of(&[frame, 0, 0, 0]));
        out
    }

    /// The weights that make one chroma sample: for each direction, the first luma offset and the taps.
    ///
    /// A sample on a luma column takes ¼ ½ ¼ around it; one between two columns takes ½ ½; four-fold
    /// subsampling takes the triangle of twice that width.
    pub fn chroma_taps(&self) -> [(i32, Vec<f32>); 2] {
        let (sub_x, sub_y) = subsampling(self.layout);
        let (x0, y0) = chroma_origin(self.siting, sub_x, sub_y);
        [(sub_x, x0), (sub_y, y0)].map(|(sub, origin)| {
            let step = f64::from(1_u32 << sub.min(2));
            if sub == 0 {
                return (0, vec![1.0]);
            }
            if origin.fract() != 0.0 {
                let n = 1_usize << sub.min(2);
                return (0, vec![1.0 / n as f32; n]);
            }
            let reach = step as i32 - 1;
            let taps =
                (-reach..=reach).map(|i| ((step - f64::from(i.abs())) / (step * step)) as f32).collect();
            (-reach + origin as i32, taps)
        })
    }
}

impl EncodeForm {
    /// Whether channel `i` of the outputs is written, and as how many components; in order of location.
    pub(crate) fn outputs(self) -> Vec<Target> {
        let mut out = match self.shape {
            Shape::Gray => vec![Target::Plane(1)],
            Shape::Packed => return vec![Target::Plane(4)],
            Shape::Full => vec![Target::Plane(1); 3],
            Shape::Subsampled => vec![Target::Plane(1), Target::Chroma],
        };
        if self.alpha {
            out.push(Target::Plane(1));
        }
        out
    }

    /// The entry point over `lines`, which define `v<last>`.
    pub(crate) fn entry(self, lines: &str, last: usize) -> String {
        let scalar = if self.uint { "u32" } else { "f32" };
        let mut fields = String::new();
        let mut values = Vec::new();
        let (codes, alpha) = if self.uint {
            ("encode_codes(args.encode, channels, pos, 0u)", "encode_alpha(args.encode, value.a)")
        } else {
            ("channels", "value.a")
        };
        match self.shape {
            Shape::Gray => values.push((scalar.to_owned(), "codes.x".to_owned())),
            Shape::Packed => {
                values.push((format!("vec4<{scalar}>"), format!("vec4<{scalar}>(codes, {alpha})")));
            }
            Shape::Full => {
                for c in ["x", "y", "z"] {
                    values.push((scalar.to_owned(), format!("codes.{c}")));
                }
            }
            Shape::Subsampled => {
                values.push((scalar.to_owned(), "codes.x".to_owned()));
                // Chroma in codes about 0, so that half floats are finest where most of it is.
                values.push((
                    "vec2f".to_owned(),
                    "channels.yz - vec2f(args.encode.second.w, args.encode.third.w)".to_owned(),
                ));
            }
        }
        if self.alpha && self.shape != Shape::Packed {
            values.push((scalar.to_owned(), alpha.to_owned()));
        }
        for (i, (ty, _)) in values.iter().enumerate() {
            writeln!(fields, "    @location({i}) p{i}: {ty},").ok();
        }
        let arguments: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
        format!(
            "struct RushesPlanes {{\n{fields}}}\n\
             @fragment fn rushes_fragment(@builtin(position) position: vec4f) -> RushesPlanes {{\n    \
             let pos = vec2u(position.xy);\n{lines}    let value = v{last};\n    \
             let channels = encode_channels(args.encode, value.rgb);\n    let codes = {codes};\n    \
             return RushesPlanes({});\n}}\n",
            arguments.join(", ")
        )
    }
}

/// One texture that an encoding pass writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A plane as the encoder takes it, of so many interleaved channels.
    Plane(u8),
    /// Chroma at full size, two channels.
    Chroma,
}

/// The module that makes subsampled chroma from chroma at full size.
pub(crate) fn chroma_pass(interleaved: bool) -> String {
    let (fields, value) = if interleaved {
        ("@location(0) uv: vec2u", "codes.xy")
    } else {
        ("@location(0) u: u32, @location(1) v: u32", "codes.x, codes.y")
    };
    format!(
        "struct RushesChroma {{ {fields} }}\n\
         @fragment fn rushes_fragment(@builtin(position) position: vec4f) -> RushesChroma {{\n    \
         let pos = vec2u(position.xy);\n    \
         let last = bitcast<vec2i>(args.counts.zw);\n    \
         let base = vec2i(pos * args.steps.xy) + bitcast<vec2i>(args.steps.zw);\n    \
         var sum = vec2f(0.0);\n    \
         for (var y = 0u; y < args.counts.y; y++) {{\n        \
         var line = vec2f(0.0);\n        \
         for (var x = 0u; x < args.counts.x; x++) {{\n            \
         let at = clamp(base + vec2i(vec2u(x, y)), vec2i(0), last);\n            \
         line += textureLoad(rushes_chroma, at, 0).rg * args.across[x].x;\n        }}\n        \
         sum += line * args.down[y].x;\n    }}\n    \
         let codes = encode_codes(args.encode, vec3f(sum + vec2f(args.encode.second.w, args.encode.third.w), 0.0), pos, 1u);\n    \
         return RushesChroma({value});\n}}\n"
    )
}

/// Taps of each direction that [`chroma_pass`] has room for.
pub(crate) const MAX_TAPS: usize = 8;
