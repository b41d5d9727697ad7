//! Looks every colour up in a `.cube` file: 3D tables by tetrahedral interpolation, 1D tables channel by channel.
//!
//! `TITLE`, `DOMAIN_MIN`, `DOMAIN_MAX` and Resolve's input ranges are read; values outside the domain take the nearest
//! entry, as everywhere. The table works on display values, in the encoding that it was made for.

use super::advice;
use super::cube::{self, Cube};
use crate::picture;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Error, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader, Table, TableKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

static LUT_CUBE: PointwiseShader = PointwiseShader::new(
    "lut",
    include_str!("../../assets/shaders/finish/lut_cube.wgsl"),
    1,
    &[("lut", TableKind::Cube)],
);
static LUT_CURVE: PointwiseShader = PointwiseShader::new(
    "lut of curves",
    include_str!("../../assets/shaders/finish/lut_curve.wgsl"),
    1,
    &[("lut", TableKind::Plane)],
);
/// Entries of a curve in one row of its table.
const ROW: usize = 4096;

/// Parameters of [`Lut`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LutParams {
    /// The `.cube` file.
    #[schemars(extend("path" = "file"))]
    pub file: String,
    /// How much of the looked up colour counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub strength: f64,
}

impl Default for LutParams {
    fn default() -> Self {
        Self { file: String::new(), strength: 1.0 }
    }
}

/// A table as the shader reads it.
#[derive(Clone)]
struct Ready {
    table: Table,
    is_3d: bool,
    count: u32,
    low: [f32; 3],
    scale: [f32; 3],
}

impl Ready {
    fn of(cube: &Cube) -> Result<Self> {
        let mut entries: Vec<[f32; 4]> = cube.entries.iter().map(|[r, g, b]| [*r, *g, *b, 1.0]).collect();
        let size = u32::try_from(cube.size).unwrap_or(u32::MAX);
        let table = if cube.is_3d {
            Table::cube(size, entries)?
        } else {
            let width = entries.len().min(ROW);
            let height = entries.len().div_ceil(width.max(1));
            entries.resize(width * height, [0.0; 4]);
            Table::plane(u32::try_from(width).unwrap_or(1), u32::try_from(height).unwrap_or(1), entries)?
        };
        let [low, high] = cube.domain;
        let scale = [0, 1, 2].map(|i| 1.0 / (high[i] - low[i]));
        Ok(Self { table, is_3d: cube.is_3d, count: size, low, scale })
    }

    fn values(&self, strength: f64) -> ParamValues {
        let values = ParamValues::new()
            .with("low", self.low)
            .with("scale", self.scale)
            .with("strength", strength as f32);
        if self.is_3d { values } else { values.with("count", self.count) }
    }

    fn shader(&self) -> &'static PointwiseShader {
        if self.is_3d { &LUT_CUBE } else { &LUT_CURVE }
    }
}

fn read(path: &Path) -> Result<Cube> {
    let failed = |e: std::io::Error| {
        Error::missing(format!("the LUT cannot be read: {e}")).help("choose another file")
    };
    if std::fs::metadata(path).map_err(failed)?.len() > cube::MOST_BYTES {
        return Err(Error::media("the file is too long for a LUT").help("choose a .cube file"));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    cube::parse(&String::from_utf8_lossy(&bytes))
}

/// `finish/lut`.
pub struct Lut;

impl Tool for Lut {
    type Params = LutParams;

    fn spec() -> Spec {
        Spec::new("finish/lut", 1, "LUT", crate::docs::docs!())
            .search(&["cube", "look", "film emulation", "3d lut", "1d lut", "table"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &LutParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let described = Described::one(Desc::Clip(cx.frames("clip")?.clone()));
        if p.file.is_empty() {
            return Ok(described.word("no file is chosen: the picture passes"));
        }
        let entry = cx.file(&p.file)?;
        let cube = read(&entry.path).map_err(|e| e.at(&p.file))?;
        let form =
            if cube.is_3d { format!("{0}×{0}×{0}", cube.size) } else { format!("{} entries", cube.size) };
        let word = if cube.title.is_empty() { form } else { format!("{} · {form}", cube.title) };
        Ok(described.word(word).fact(Ready::of(&cube)?))
    }

    fn identity(p: &LutParams, cx: &FrameCx<'_>) -> Option<Need> {
        (p.file.is_empty() || p.strength == 0.0).then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        Some(KeyHasher::new("lut").key(LUT_CUBE.hash()).key(LUT_CURVE.hash()).finish())
    }

    fn render(p: &LutParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let found = cx.at.fact::<Ready>();
        let ready = found
            .ok_or_else(|| Error::missing("the LUT was not read").at(&p.file).help("open the graph again"))?;
        let inputs = vec![picture::expr(cx, "clip")?];
        picture::stage(cx, ready.shader(), &ready.values(p.strength), vec![ready.table.clone()], inputs, 0)
    }

    fn lint(_: &LutParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        advice::before_grain(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::*;
    use crate::bench::filtered;
    use rushes_gpu::{Pixels, Place};
    use std::fmt::Write as _;

    /// A table that bends and mixes its channels, as text.
    fn cube_text(size: usize) -> String {
        let mut text = format!("TITLE \"test\"\nLUT_3D_SIZE {size}\n");
        let last = (size - 1) as f64;
        for b in 0..size {
            for g in 0..size {
                for r in 0..size {
                    let [r, g, b] = [r, g, b].map(|v| v as f64 / last);
                    let out = [
                        r.powf(0.7) * 0.9 + 0.1 * b,
                        (0.8 * g + 0.2 * r * b).sqrt(),
                        (1.0 - r) * 0.3 + 0.7 * b * b,
                    ];
                    writeln!(text, "{:.7} {:.7} {:.7}", out[0], out[1], out[2]).unwrap();
                }
            }
        }
        text
    }

    fn picture() -> Pixels {
        let mut state = 7_u32;
        let values: Vec<f32> = (0..48 * 48 * 3)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 24) as f32
            })
            .collect();
        pixels(48, 48, |x, y| {
            let i = 3 * (y * 48 + x) as usize;
            [values[i], values[i + 1], values[i + 2], 1.0]
        })
    }

    fn ours(text: &str, strength: f64, picture: &Pixels) -> Pixels {
        let ready = Ready::of(&cube::parse(text).unwrap()).unwrap();
        let place = Place::of_size(picture.width, picture.height);
        run(&gpu(), ready.shader(), &ready.values(strength), vec![ready.table.clone()], &[picture], place)
    }

    fn check_against_ffmpeg(text: &str, filter: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.cube");
        std::fs::write(&path, text).unwrap();
        let picture = picture();
        let theirs = filtered(&[&picture], &format!("{filter}:file={}", path.display()), 48, 48);
        let ours = ours(text, 1.0, &picture);
        for ((from, a), b) in picture.rgba.iter().zip(&ours.rgba).zip(&theirs.rgba) {
            assert!((0..3).all(|i| (a[i] - b[i]).abs() < 1.0 / 1024.0), "{from:?}: ours {a:?}, FFmpeg {b:?}");
        }
    }

    #[test]
    fn a_cube_agrees_with_ffmpeg() {
        check_against_ffmpeg(&cube_text(9), "lut3d=interp=tetrahedral");
        check_against_ffmpeg(&cube_text(33), "lut3d=interp=tetrahedral");
    }

    #[test]
    fn curves_agree_with_ffmpeg() {
        let mut text = String::from("LUT_1D_SIZE 5000\n");
        for i in 0..5000 {
            let v = f64::from(i) / 4999.0;
            writeln!(text, "{:.7} {:.7} {:.7}", v.sqrt(), v * v, 1.0 - v).unwrap();
        }
        check_against_ffmpeg(&text, "lut1d=interp=linear");
    }

    #[test]
    fn domain_and_strength_follow_their_formula() {
        let text = "LUT_1D_SIZE 2\nDOMAIN_MIN -1 0 0.5\nDOMAIN_MAX 1 2 1\n0 0 0\n1 1 1\n";
        let picture = picture();
        let out = ours(text, 0.5, &picture);
        for (from, to) in picture.rgba.iter().zip(&out.rgba) {
            let looked = [(from[0] + 1.0) / 2.0, from[1] / 2.0, ((from[2] - 0.5) * 2.0).clamp(0.0, 1.0)];
            assert!((0..3).all(|i| (to[i] - 0.5 * (from[i] + looked[i])).abs() < 1e-5), "{from:?} {to:?}");
        }
    }
}
