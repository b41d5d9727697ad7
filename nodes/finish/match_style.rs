//! Moves a shot's colours to those of a mood board, by optimal transport in Oklab.
//!
//! Lightness follows the board's tone curve: the quantiles of the clip are carried to those of the board, never steeper
//! than 3 nor flatter than 0.3. Chroma follows by the linear map that is optimal between the two spreads of a and b,
//! stretched threefold at most. Skin keeps its colour: hues from 15° to 90° of moderate chroma take a quarter of the
//! move in colour, and all of the move in light.
//!
//! The clip's own colours are counted over five frames spread evenly over it, the same for every frame, so that nothing
//! flickers. `luma` and `chroma` say how much of each move counts, `strength` how much of both.

use super::advice;
use super::mode::check_display;
use super::transport::Transport;
use crate::picture;
use crate::plan::style_stats::StyleStats;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Cancel, ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Result, Transfer, ValueType};
use rushes_gpu::{Border, Expr, Kernel, ParamValues, PointwiseShader, Precision, Table, TableKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

static MATCH: PointwiseShader = PointwiseShader::new(
    "match",
    include_str!("../../assets/shaders/finish/match.wgsl"),
    1,
    &[("lightness", TableKind::Plane)],
);
/// Pixels at the middles of equal cells: a picture small enough to be counted.
static SAMPLES: Kernel =
    Kernel::new("samples", include_str!("../../assets/shaders/finish/samples.wgsl"), 1, &[], Border::Clamp);
/// The frames of a clip that are counted.
const FRAMES: i64 = 5;
/// The longer side of what is counted of a frame.
const SIDE: u32 = 128;

/// Parameters of [`Match`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MatchParams {
    /// How far the shot moves to the board.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub strength: f64,
    /// How much of the move in light counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub luma: f64,
    /// How much of the move in colour counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub chroma: f64,
}

impl Default for MatchParams {
    fn default() -> Self {
        Self { strength: 1.0, luma: 1.0, chroma: 1.0 }
    }
}

/// The statistics last counted, and the frames they were counted over. A node's frames share them.
#[derive(Default)]
struct Counted(Mutex<Vec<(Vec<PayloadRef>, Arc<StyleStats>)>>);

impl Counted {
    /// Proxies and the full picture have frames of their own.
    const KEPT: usize = 3;

    fn find(&self, frames: &[PayloadRef]) -> Option<Arc<StyleStats>> {
        let kept = self.0.lock().ok()?;
        let same = |of: &[PayloadRef]| {
            of.len() == frames.len() && of.iter().zip(frames).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        kept.iter().find(|(of, _)| same(of)).map(|(_, stats)| stats.clone())
    }

    fn keep(&self, frames: Vec<PayloadRef>, stats: &Arc<StyleStats>) {
        if let Ok(mut kept) = self.0.lock() {
            kept.truncate(Self::KEPT - 1);
            kept.insert(0, (frames, stats.clone()));
        }
    }
}

/// The frames that are counted of a clip of `count`.
fn counted_frames(count: u64) -> Vec<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
    if count <= FRAMES {
        return (0..count).collect();
    }
    (0..FRAMES).map(|i| (count * (2 * i + 1)) / (2 * FRAMES)).collect()
}

/// The statistics of pictures.
fn count(work: &Work<'_>, cancel: &Cancel, frames: &[Expr], display: Transfer) -> Result<StyleStats> {
    let mut pixels = Vec::new();
    let precise = Work { precision: Precision::Float, ..*work };
    for frame in frames {
        let image = work.made(frame)?;
        let longer = image.width().max(image.height());
        let small = |side: u32| {
            (u64::from(side) * u64::from(SIDE.min(longer)) / u64::from(longer.max(1))).max(1) as u32
        };
        let size = (small(image.width()), small(image.height()));
        let sampled = precise.kernel(&SAMPLES, &[&image], &ParamValues::new(), size)?;
        pixels.extend(work.executor.read(&sampled, cancel)?.rgba);
    }
    let encoded = |v: f32| if display == Transfer::Linear { v.signum() * v.abs().powf(1.0 / 2.4) } else { v };
    Ok(StyleStats::of_pixels(pixels.iter().filter(|p| p[3] > 0.5).map(|p| [p[0], p[1], p[2]].map(encoded))))
}

fn values(p: &MatchParams, transport: &Transport, transfer: Transfer) -> ParamValues {
    ParamValues::new()
        .with("before", transport.from)
        .with("after", transport.onto)
        .with("spread", transport.spread)
        .with("luma", (p.strength * p.luma) as f32)
        .with("chroma", (p.strength * p.chroma) as f32)
        .with("light", transfer == Transfer::Linear)
}

fn table(transport: &Transport) -> Result<Table> {
    Table::curve(transport.lightness.iter().map(|v| [*v, 0.0, 0.0, 0.0]).collect())
}

/// `finish/match`.
pub struct Match;

impl Tool for Match {
    type Params = MatchParams;

    fn spec() -> Spec {
        Spec::new("finish/match", 1, "Match", crate::docs::docs!())
            .search(&["mood board", "color match", "colour transfer", "look", "reference", "palette"])
            .input(Port::of(ValueType::Clip))
            .input(Port::of(ValueType::Style))
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(_: &MatchParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        check_display(clip, "clip", "match")?;
        let Some(Desc::Style(style)) = cx.input("style") else {
            return Err(Error::usage("input “style” is not connected")
                .at("style")
                .help("wire a mood board into style"));
        };
        let words = if clip.is_still() {
            String::new()
        } else {
            format!("counted over {} frames", counted_frames(clip.frames).len())
        };
        let clip = ClipDesc { style: Some(Arc::new(style.clone())), ..clip.clone() };
        let described = Described::one(Desc::Clip(clip)).fact(Counted::default());
        Ok(if words.is_empty() { described } else { described.word(words) })
    }

    fn needs(_: &MatchParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let mut needs = vec![Need::new("clip", cx.timed("clip")), Need::new("style", 0)];
        if let Some(clip) = cx.frames("clip").filter(|c| !c.is_still()) {
            needs.extend(counted_frames(clip.frames).into_iter().map(|frame| Need::new("clip", frame)));
        }
        needs
    }

    fn identity(p: &MatchParams, cx: &FrameCx<'_>) -> Option<Need> {
        let none = p.strength == 0.0 || (p.luma == 0.0 && p.chroma == 0.0);
        none.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        Some(KeyHasher::new("match").key(MATCH.hash()).key(SAMPLES.hash()).finish())
    }

    fn render(p: &MatchParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let transfer = cx.clip()?.color.transfer;
        let style = cx.required("style")?.as_any().downcast_ref::<StyleStats>();
        let board = style.ok_or_else(|| Error::usage("this wire carries no mood board").at("style"))?;
        let all: Vec<PayloadRef> =
            cx.fed.iter().filter(|(need, _)| &*need.port == "clip").map(|(_, p)| p.clone()).collect();
        let frames = if all.len() > 1 { all.get(1..).unwrap_or(&[]).to_vec() } else { all };
        let known = cx.at.fact::<Counted>();
        let stats = match known.and_then(|k| k.find(&frames)) {
            Some(stats) => stats,
            None => {
                let pictures = frames.iter().map(picture::as_expr).collect::<Result<Vec<_>>>()?;
                let stats = Arc::new(count(&Work::of(cx, 0)?, cx.cancel, &pictures, transfer)?);
                if let Some(known) = known {
                    known.keep(frames, &stats);
                }
                stats
            }
        };
        let transport = Transport::between(&stats, board);
        let inputs = vec![picture::expr(cx, "clip")?];
        picture::stage(cx, &MATCH, &values(p, &transport, transfer), vec![table(&transport)?], inputs, 0)
    }

    fn lint(_: &MatchParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        advice::before_grain(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::super::transport::distance;
    use super::*;
    use crate::plan::style_stats::oklab_from_encoded;
    use rushes_gpu::{Executor, Pixels, Place};

    /// A cool, dark shot with many hues.
    fn shot() -> Pixels {
        pixels(64, 48, |x, y| {
            let (x, y) = (x as f32 / 63.0, y as f32 / 47.0);
            [0.15 + 0.35 * x * y, 0.2 + 0.3 * x, 0.3 + 0.35 * y + 0.1 * (9.0 * x).sin(), 1.0]
        })
    }

    /// A warm, bright board.
    fn board() -> StyleStats {
        let picture = pixels(64, 48, |x, y| {
            let (x, y) = (x as f32 / 63.0, y as f32 / 47.0);
            [0.55 + 0.4 * x, 0.4 + 0.35 * x * x + 0.1 * y, 0.25 + 0.4 * y * x, 1.0]
        });
        stats(&picture)
    }

    fn stats(picture: &Pixels) -> StyleStats {
        StyleStats::of_pixels(picture.rgba.iter().map(|p| [p[0], p[1], p[2]]))
    }

    fn matched(p: &MatchParams, picture: &Pixels, transport: &Transport) -> Pixels {
        let values = values(p, transport, Transfer::Sdr);
        let place = Place::of_size(picture.width, picture.height);
        run(&gpu(), &MATCH, &values, vec![table(transport).unwrap()], &[picture], place)
    }

    #[test]
    fn the_distance_to_the_board_falls() {
        let (shot, board) = (shot(), board());
        let from = stats(&shot);
        let transport = Transport::between(&from, &board);
        let at = |p: &MatchParams| distance(&stats(&matched(p, &shot, &transport)), &board);
        let before = distance(&from, &board);
        let whole = at(&MatchParams::default());
        let half = at(&MatchParams { strength: 0.5, ..MatchParams::default() });
        assert!(whole < 0.35 * before, "{before} {whole}");
        assert!(whole < half && half < before, "{before} {half} {whole}");
        for one in [
            MatchParams { luma: 0.0, ..MatchParams::default() },
            MatchParams { chroma: 0.0, ..MatchParams::default() },
        ] {
            let got = at(&one);
            assert!(got < before && got > whole, "{before} {got} {whole}");
        }
    }

    #[test]
    fn skin_keeps_its_colour() {
        let transport = Transport::between(&stats(&shot()), &board());
        // Skin from light to dark beside patches of the same lightness and another hue.
        let skins = [[0.95, 0.78, 0.68], [0.82, 0.6, 0.48], [0.6, 0.4, 0.3], [0.36, 0.23, 0.17]];
        let picture = pixels(4, 2, |x, y| {
            let [r, g, b] = skins[x as usize];
            if y == 0 { [r, g, b, 1.0] } else { [b, g, r, 1.0] }
        });
        let p = MatchParams { luma: 0.0, ..MatchParams::default() };
        let out = matched(&p, &picture, &transport);
        let moved = |i: usize| {
            let lab = |p: [f32; 4]| oklab_from_encoded([p[0], p[1], p[2]]);
            let (a, b) = (lab(picture.rgba[i]), lab(out.rgba[i]));
            (a[1] - b[1]).hypot(a[2] - b[2])
        };
        let full = |i: usize| {
            let lab = oklab_from_encoded([picture.rgba[i][0], picture.rgba[i][1], picture.rgba[i][2]]);
            let off = [lab[1] - transport.from[0], lab[2] - transport.from[1]];
            let s = transport.spread;
            let to = [
                transport.onto[0] + s[0] * off[0] + s[1] * off[1],
                transport.onto[1] + s[2] * off[0] + s[3] * off[1],
            ];
            (to[0] - lab[1]).hypot(to[1] - lab[2])
        };
        for i in 0..4 {
            assert!(moved(i) < 0.3 * full(i) + 1e-3, "skin {i}: {} of {}", moved(i), full(i));
            assert!(moved(i + 4) > 0.9 * full(i + 4), "other {i}: {} of {}", moved(i + 4), full(i + 4));
        }
    }

    #[test]
    fn counting_on_the_device_is_counting_the_pixels() {
        let gpu = gpu();
        let shot = shot();
        let image = gpu.image(&shot, Precision::Float).unwrap();
        let work =
            Work { executor: &gpu, precision: Precision::Float, label: 0, place: Place::of_size(64, 48) };
        let counted = count(&work, &Cancel::new(), &[image.into()], Transfer::Sdr).unwrap();
        assert!(distance(&counted, &stats(&shot)) < 1e-3);
    }

    #[test]
    fn the_counted_frames_are_spread_over_the_clip() {
        assert_eq!(counted_frames(3), [0, 1, 2]);
        assert_eq!(counted_frames(100), [10, 30, 50, 70, 90]);
    }

    #[test]
    fn the_shaders_are_valid() {
        MATCH.validate().unwrap();
        SAMPLES.validate().unwrap();
    }
}
