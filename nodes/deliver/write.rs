//! Writes the finished clip to a file.
//!
//! The file appears under its name only when it is whole: a stop, a full disk or an error leave what was there before.
//! Colour is tagged as it is, 8 bits are dithered, sound is copied where it can be and encoded where it must.
//! The graph rides along inside the file, so that dropping the file on the canvas brings it back.

use super::pump::{Width, pump};
use super::sound::{Mix, copied};
use crate::docs;
use crate::{picture, services::Services};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, JobResult, Port, RunCx, Spec, Tool};
use rushes_engine::{
    AudioDesc, ClipDesc, ColorTags, Desc, Error, Matrix, Primaries, Rate, Result, ValueType,
};
use rushes_gpu::{EncodeFormat, Executor, Expr, Filter, Light, PendingPlanes, Precision, Resize, resize};
use rushes_media::{AudioTrack, EncodeSettings, Encoder, Preset as Codec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The tool.
pub(crate) struct Write;

/// What to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Preset {
    /// H.264 for a 4K master: constant quality 18; advises when the clip is smaller than 4K.
    #[default]
    H264_4k,
    /// H.264 at any size, constant quality 18.
    H264,
    /// H.265, 8 bits, constant quality 20.
    H265,
    /// H.265, 10 bits, constant quality 20.
    #[serde(rename = "h265_10bit")]
    H265TenBit,
    /// Apple ProRes 422 HQ, for editing.
    #[serde(rename = "prores_422_hq")]
    Prores422Hq,
    /// Apple ProRes 4444, with alpha.
    #[serde(rename = "prores_4444")]
    Prores4444,
    /// PNG of 8 bits: one picture, or a sequence with %04d in the name.
    Png,
    /// PNG of 16 bits.
    Png16,
    /// OpenEXR of half floats: one picture, or a sequence with %04d in the name.
    Exr,
    /// OpenEXR of full floats.
    ExrFloat,
}

/// The speed of the H.264 and H.265 encoders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Speed {
    /// The quickest, and the largest file.
    Ultrafast,
    /// Quicker than veryfast.
    Superfast,
    /// Quick, for drafts.
    Veryfast,
    /// Quicker than fast.
    Faster,
    /// Somewhat quicker than medium.
    Fast,
    /// The usual balance.
    #[default]
    Medium,
    /// Slower, a smaller file.
    Slow,
    /// Slower still.
    Slower,
    /// The slowest, and the smallest file.
    Veryslow,
}

/// What rides along inside the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Embed {
    /// The graph, with files named without their folders.
    #[default]
    Graph,
    /// Nothing.
    None,
}

/// Parameters of the tool.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Params {
    /// The file to write, relative to the graph. A sequence has %04d where the frame number goes.
    #[schemars(extend("path" = "file"))]
    path: String,
    /// The codec and its settings.
    #[schemars(extend("fixed" = true))]
    preset: Preset,
    /// Frames a second; the clip's own where empty. Frames are repeated or left out, not blended.
    #[schemars(extend("fixed" = true))]
    fps: Option<Rate>,
    /// Constant rate factor of H.264 and H.265, 0 is best; the preset's own where empty.
    #[schemars(range(min = 0, max = 51), extend("fixed" = true, "soft" = [10, 30]))]
    quality: Option<u8>,
    /// Megabits a second instead of constant quality.
    #[schemars(range(min = 0.05, max = 2000.0), extend("fixed" = true, "unit" = "Mb/s"))]
    bitrate_mbps: Option<f64>,
    /// The speed of the H.264 and H.265 encoders.
    #[schemars(extend("fixed" = true))]
    encoder_preset: Speed,
    /// Hides steps in smooth gradients when 8 or 10 bits are written.
    #[schemars(extend("fixed" = true))]
    dither: bool,
    /// Integrated loudness to bring the sound to, after EBU R 128; as it is where empty.
    #[schemars(range(min = -70.0, max = -5.0), extend("fixed" = true, "unit" = "LUFS", "soft" = [-27.0, -14.0]))]
    loudness: Option<f64>,
    /// What rides along inside the file.
    #[schemars(extend("fixed" = true))]
    embed: Embed,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            path: String::new(),
            preset: Preset::H264_4k,
            fps: None,
            quality: None,
            bitrate_mbps: None,
            encoder_preset: Speed::Medium,
            dither: true,
            loudness: None,
            embed: Embed::Graph,
        }
    }
}

impl Params {
    fn settings(&self, clip: &ClipDesc, proxy: u32) -> EncodeSettings {
        let (codec, crf) = match self.preset {
            Preset::H264_4k | Preset::H264 => (Codec::H264, 18),
            Preset::H265 => (Codec::H265, 20),
            Preset::H265TenBit => (Codec::H265TenBit, 20),
            Preset::Prores422Hq => (Codec::ProRes422Hq, 0),
            Preset::Prores4444 => (Codec::ProRes4444, 0),
            Preset::Png => (Codec::Png8, 0),
            Preset::Png16 => (Codec::Png16, 0),
            Preset::Exr => (Codec::ExrHalf, 0),
            Preset::ExrFloat => (Codec::ExrFloat, 0),
        };
        let (width, height) = self.even(codec, clip.size_at(proxy));
        let mut settings = EncodeSettings::new(codec, width, height, Some(self.rate(clip)));
        settings.crf = Some(self.quality.unwrap_or(crf));
        settings.bit_rate = self.bitrate_mbps.map(|mbps| (mbps * 1e6) as u64);
        settings.speed = format!("{:?}", self.encoder_preset).to_lowercase();
        settings.alpha = clip.alpha;
        settings.color = tags(clip);
        settings
    }

    /// The size of the file: subsampled chroma has an even number of pixels, so a last odd column or row is left out.
    fn even(&self, codec: Codec, (width, height): (u32, u32)) -> (u32, u32) {
        let (wide, high) = match codec {
            Codec::H264 | Codec::H265 | Codec::H265TenBit => (2, 2),
            Codec::ProRes422Hq => (2, 1),
            _ => (1, 1),
        };
        ((width / wide * wide).max(wide), (height / high * high).max(high))
    }

    /// The rate of the file: as asked for, else the clip's, else the cinema's for a still.
    fn rate(&self, clip: &ClipDesc) -> Rate {
        self.fps.or(clip.rate).unwrap_or(Rate::FILM)
    }
}

/// Bytes of pictures that wait for the encoder: enough that neither waits for the other, however large they are.
const WAITING: usize = 64 << 20;

/// How many pictures may be on their way to the encoder.
fn in_flight(format: &EncodeFormat, (width, height): (u32, u32)) -> usize {
    (WAITING / format.info(width, height).bytes().max(1)).clamp(2, 8)
}

/// The tags of the file. Working frames are RGB, so the matrix is the writer's choice: what stands for high
/// definition is written as BT.709, however its sources were stored.
fn tags(clip: &ClipDesc) -> ColorTags {
    let small = clip.height <= 576 && clip.width <= 1024;
    let matrix = match clip.color.primaries {
        Primaries::Bt709 | Primaries::DisplayP3 => Matrix::Bt709,
        Primaries::Bt601_525 | Primaries::Bt601_625 if small => Matrix::Bt601,
        Primaries::Bt601_525 | Primaries::Bt601_625 => Matrix::Bt709,
        Primaries::Bt2020 => Matrix::Bt2020,
    };
    ColorTags { matrix, guessed: false, ..clip.color }
}

/// A picture without what does not fit into the file: its upper left part, pixel for pixel.
fn within(
    executor: &dyn Executor,
    expr: Expr,
    (width, height): (u32, u32),
    precision: Precision,
    label: u64,
) -> Result<Expr> {
    if expr.size() == (width, height) {
        return Ok(expr);
    }
    let part = Resize {
        source: Some([0.0, 0.0, f64::from(width), f64::from(height)]),
        filter: Filter::Bilinear,
        light: Light::Encoded,
        ..Resize::to(width, height)
    };
    resize(executor, &expr, &part, precision, label)
}

/// The sound that is wired, else the clip's own.
fn sound<'a>(cx: &'a RunCx<'_>, clip: &'a ClipDesc) -> Option<&'a AudioDesc> {
    match cx.input("audio") {
        Some(Desc::Audio(audio)) => Some(audio),
        _ => clip.audio.as_deref(),
    }
    .filter(|audio| !audio.pieces.is_empty())
}

impl Tool for Write {
    type Params = Params;

    fn spec() -> Spec {
        Spec::new("deliver/write", 1, "Write", docs!())
            .search(&["export", "save", "render", "output", "mp4", "mov", "prores", "encode"])
            .input(Port::of(ValueType::Clip).lazy())
            .input(Port::of(ValueType::Audio).optional())
            .output(Port::of(ValueType::File))
            .delivers()
    }

    fn describe(params: &Params, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let path = match params.path.as_str() {
            "" => PathBuf::new(),
            path => cx.output_path(path)?,
        };
        let settings = params.settings(clip, 1);
        let mut described = Described::one(Desc::File(path));
        described = described.word(format!(
            "{:?}, {}×{}, {} frames a second",
            settings.preset,
            settings.width,
            settings.height,
            params.rate(clip)
        ));
        if let Some(target) = params.loudness {
            described = described.word(match cx.audio("audio") {
                Some(_) => format!("sound brought to {target} LUFS"),
                None if clip.audio.is_some() => format!("the clip's own sound brought to {target} LUFS"),
                None => "loudness counts where there is sound".to_owned(),
            });
        }
        Ok(described)
    }

    fn run(params: &Params, cx: &RunCx<'_>) -> Result<JobResult> {
        let clip = cx
            .input("clip")
            .and_then(Desc::frames)
            .ok_or_else(|| Error::usage("there is no clip to write"))?;
        let path = match cx.out {
            Some(path) => path.to_owned(),
            None => cx.files.output(&params.path).map_err(|e| e.at("path"))?,
        };
        cx.check_not_input(&path)?;
        let own_rate = clip.rate.unwrap_or(Rate::FILM);
        let rate = params.rate(clip);
        let source_frames = u64::try_from(cx.frames.end - cx.frames.start).unwrap_or(0);
        let frames = if clip.is_still() { source_frames } else { own_rate.length_in(rate, source_frames) };
        let (start_s, length_s) =
            (own_rate.seconds_of(cx.frames.start), own_rate.seconds_of(cx.frames.end - cx.frames.start));
        let mut settings = params.settings(clip, cx.proxy);
        settings.graph = (params.embed == Embed::Graph).then(|| cx.graph_json.to_owned());
        settings.first_number = u64::try_from(cx.frames.start).unwrap_or(0);
        let mut words = Vec::new();
        let mut mix = None;
        if let (Some(audio), false) = (sound(cx, clip), settings.preset.is_still()) {
            match (copied(audio, start_s), params.loudness) {
                (Some(file), None) => settings.audio = AudioTrack::File(file),
                (_, target) => {
                    let mut sound = Mix::open(audio, start_s, length_s)?;
                    if let Some(target) = target {
                        words.push(sound.normalise(target, cx.cancel)?);
                    }
                    settings.audio = sound.track();
                    mix = Some(sound);
                }
            }
        }
        let mut encoder = Encoder::create(&path, &settings)?;
        let wants = encoder.wants();
        let format = picture::encode_format(&wants, params.dither);
        let executor = Services::behind(cx.host)?.executor()?;
        let precision = Precision::for_bits(clip.depth);
        let make = |frame: i64| -> Result<PendingPlanes> {
            let source = if clip.is_still() { 0 } else { cx.frames.start + rate.nearest_in(own_rate, frame) };
            let payload = cx.pull("clip", source.min(cx.frames.end - 1))?;
            let expr = within(
                executor.as_ref(),
                picture::as_expr(&payload)?,
                (wants.width, wants.height),
                precision,
                cx.label,
            )?;
            executor.to_planes(&expr, &format, precision, u32::try_from(frame).unwrap_or(0), cx.label)
        };
        let (mut heard, mut busy) = (0, Duration::ZERO);
        let mut take = |frame: i64, pending: PendingPlanes| -> Result<()> {
            let planes = pending.wait(cx.cancel)?;
            let started = Instant::now();
            encoder.write(&planes)?;
            busy += started.elapsed();
            if let Some(mix) = &mut mix {
                // Sound keeps step with the picture, so that neither is held back in the file.
                let until = (rate.seconds_of(frame + 1) * f64::from(mix.rate())).round() as u64;
                let samples = mix.read(heard, until.saturating_sub(heard))?;
                heard = until;
                encoder.write_audio(&samples)?;
            }
            let done = frame + 1;
            cx.progress.report(done as f32 / frames.max(1) as f32, &format!("{done} of {frames} frames"));
            Ok(())
        };
        // One thread asks for frames in their order, as a decoder likes it: the device and the encoder work beside it
        // anyway, and a second one doubles the pictures that are alive.
        let width = Width { workers: 1, in_flight: in_flight(&format, (wants.width, wants.height)) };
        pump(0..i64::try_from(frames).unwrap_or(i64::MAX), width, cx.cancel, make, &mut take)?;
        let finishing = Instant::now();
        let written = encoder.finish()?;
        let busy_ms = (busy + finishing.elapsed()).as_secs_f64() * 1e3;
        Ok(JobResult { files: written.files, words, frames: written.frames, busy_ms, ..JobResult::default() })
    }

    fn lint(params: &Params, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let Some(clip) = cx.maybe_frames("clip") else { return Vec::new() };
        let long = clip.width.max(clip.height);
        if params.preset == Preset::H264_4k && long < 3840 {
            return vec![
                Advice::new(
                    "master_below_4k",
                    format!("The preset is for 4K, the clip is {}×{}", clip.width, clip.height),
                    "A 4K master begins with an upscale of the video; a smaller file has presets of its own.",
                )
                .set("preset", "h264"),
            ];
        }
        Vec::new()
    }
}
