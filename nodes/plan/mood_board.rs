//! A mood board: pictures that say how a film should look.
//!
//! From the pictures it takes a palette (k-means in Oklab), the tone curve and the spread of colours; `finish/match`
//! moves a shot to them. Engines that take style references get the pictures themselves, and `midjourney_codes`, such
//! as `--sref 123456` or the code of a mood board, go into the lines for Midjourney. A set of pictures wired into
//! `board` counts with the others; every picture counts the same, whatever its size.
//!
//! Stills made under a board, and shots made of them, remember which: `edit/sequence` advises where shots of one sequence
//! do not share theirs.

use super::style_stats::StyleStats;
use crate::docs::docs;
use crate::services::Services;
use crate::{frames, picture};
use rushes_engine::tool::{Class, DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Error, Key, PayloadRef, Result, StyleDesc, ValueType};
use rushes_gpu::{Expr, Precision};
use rushes_media::ProbeOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Pixels of each picture that count, evenly spread.
const SAMPLES: usize = 16_384;

/// Parameters of [`MoodBoard`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MoodBoardParams {
    /// The pictures.
    #[schemars(extend("keyless" = true, "fixed" = true))]
    images: Vec<String>,
    /// How strongly it counts: 1 is usual; Midjourney's --sw is a hundred times as much.
    #[schemars(range(min = 0.0, max = 10.0), extend("soft" = [0.0, 2.0], "fixed" = true))]
    weight: f64,
    /// Midjourney style codes and parameters, such as 123456 or --sref 123456 --p.
    #[schemars(extend("fixed" = true))]
    midjourney_codes: String,
}

impl Default for MoodBoardParams {
    fn default() -> Self {
        Self { images: Vec::new(), weight: 1.0, midjourney_codes: String::new() }
    }
}

/// The tool.
pub struct MoodBoard;

impl Tool for MoodBoard {
    type Params = MoodBoardParams;

    fn spec() -> Spec {
        Spec::new("plan/mood_board", 1, "Mood board", docs!())
            .search(&["style", "reference", "palette", "look", "sref", "colours", "colors"])
            .input(Port::named("board", ValueType::ImageSet).optional())
            .output(Port::of(ValueType::Style))
            .class(Class::Frames)
    }

    fn describe(p: &MoodBoardParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let wired = match cx.input("board") {
            Some(Desc::ImageSet(set)) => set.images.as_slice(),
            _ => &[],
        };
        let found = p.images.iter().map(|name| cx.file(name).map(|e| e.path).map_err(|e| e.at("images")));
        let mut references = found.collect::<Result<Vec<_>>>()?;
        references.extend(wired.iter().filter_map(|image| image.file.clone()));
        let style = StyleDesc { references, weight: p.weight, codes: p.midjourney_codes.trim().to_owned() };
        let mut described = Described::one(Desc::Style(style));
        if p.images.is_empty() && wired.is_empty() {
            described = described.word(match p.midjourney_codes.trim() {
                "" => "the board is empty: drop pictures on it",
                _ => "codes alone say nothing of colour: drop pictures on it for finish/match",
            });
        }
        Ok(described)
    }

    fn needs(_: &MoodBoardParams, cx: &FrameCx<'_>) -> Vec<Need> {
        match cx.input("board") {
            Some(Desc::ImageSet(set)) => (0..set.images.len())
                .filter_map(|i| i64::try_from(i).ok())
                .map(|i| Need::new("board", i))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn idle(_: &MoodBoardParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["weight", "midjourney_codes"]
    }

    fn code() -> Option<Key> {
        Some(frames::code())
    }

    fn render(p: &MoodBoardParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let mut pixels = Vec::new();
        for name in &p.images {
            let path = &cx.file(name)?.path;
            let media = Services::behind(cx.host)?.media();
            let info = media.probe(path, &ProbeOptions::default()).map_err(|e| e.at(name))?;
            let desc = info.clip().map_err(|e| e.at(name))?;
            let full =
                frames::decoded(cx, path, &ProbeOptions::default(), 0, None).map_err(|e| e.at(name))?;
            pixels.extend(samples(cx, &full, Precision::for_bits(desc.depth))?);
        }
        for (_, payload) in cx.fed {
            pixels.extend(samples(cx, &picture::as_expr(payload)?, Precision::Half)?);
        }
        if pixels.is_empty() {
            return Err(Error::usage("the mood board has no pictures")
                .at("images")
                .help("drop pictures on it"));
        }
        Ok(Arc::new(StyleStats::of_pixels(pixels.into_iter())))
    }
}

/// Pixels of a picture, evenly spread over it; those that cannot be seen are left out.
fn samples(cx: &RenderCx<'_>, expr: &Expr, precision: Precision) -> Result<Vec<[f32; 3]>> {
    let executor = picture::executor(cx)?;
    let image = executor.materialise(expr, precision, cx.label)?;
    let rgba = executor.read(&image, cx.cancel)?.rgba;
    let at = |i: usize| rgba.get(i * rgba.len() / SAMPLES);
    Ok((0..SAMPLES).filter_map(at).filter(|c| c[3] > 0.5).map(|c| [c[0], c[1], c[2]]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, png};
    use crate::plan::style_stats::oklab_from_encoded;
    use serde_json::json;

    #[test]
    fn every_picture_counts_the_same_and_the_wired_board_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        png(&path("red.png"), 64, 64, [200, 30, 20]);
        png(&path("blue.png"), 8, 4, [20, 30, 200]);
        png(&path("grey.png"), 16, 16, [90, 90, 90]);
        let nodes = [
            ("words", "plan/text", json!({"value": "x"})),
            ("set", "generate/still", json!({"images": [{"file": path("grey.png")}]})),
            ("board", "plan/mood_board", json!({"images": [path("red.png"), path("blue.png")]})),
        ];
        let bench = Bench::new(&nodes, &["words.text set.text", "set.images board.board"]);
        let payload = bench.payload("board", 0, 1);
        let stats = payload.as_any().downcast_ref::<StyleStats>().unwrap();
        assert_eq!(stats.palette.len(), 3);
        for (colour, weight) in stats.palette.iter().zip(&stats.weights) {
            assert!((weight - 1.0 / 3.0).abs() < 1e-3, "{weight}");
            let known = [[200.0, 30.0, 20.0], [20.0, 30.0, 200.0], [90.0, 90.0, 90.0]];
            let near = |rgb: [f32; 3]| {
                let lab = oklab_from_encoded(rgb.map(|v| v / 255.0));
                lab.iter().zip(colour).all(|(a, b)| (a - b).abs() < 2e-3)
            };
            assert!(known.into_iter().any(near), "{colour:?}");
        }
        assert_eq!(bench.set("board", "weight", json!(0.5)).key("board", 0), bench.key("board", 0));
        assert_ne!(
            bench.set("board", "images", json!([path("red.png")])).key("board", 0),
            bench.key("board", 0)
        );
    }
}
