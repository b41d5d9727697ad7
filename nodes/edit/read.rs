//! Reads a clip, a still, a numbered sequence (`shot_%04d.png`) or a folder of stills.
//!
//! Every frame is exact, whatever the codec and the order in which frames are asked for. With `timing` `conform` the
//! frames lie at a constant rate, `fps` or the file's own: frame N is the one on screen N / rate seconds after the
//! first, so a file of variable rate plays in true time. With `source` every stored frame is shown once, and `fps` only
//! says how fast. Stills of a sequence last 1 / `fps`, 1 / 24 by default. A still has no rate.
//!
//! `start` and `end` count frames after this. The sound comes from the same file, in step with the picture; where
//! frames do not lie at their true times it is left out, and the node says so.
//!
//! A file of sound alone can be read too: its clip is a small black still.
//!
//! Colour is read by the file's tags; untagged video counts as BT.709 above 576 lines, else as BT.601. `color`, `range`
//! and `alpha` stand in for tags that are wrong. Who made the file and how it may be used belongs in `licence`,
//! `credit` and `source_url`; a master's manifest lists them.

use crate::docs::docs;
use crate::services::Services;
use crate::{frames, picture, sound};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{
    AudioDesc, AudioPiece, ClipDesc, ColorTags, Desc, Error, Key, KeyHasher, Matrix, PayloadRef, Primaries,
    Range, Rate, Result, Transfer, ValueType,
};
use rushes_gpu::{Expr, ParamValues, Pixels, Place, PointwiseShader, Precision};
use rushes_media::{MediaInfo, MediaKind, ProbeOptions, Timing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

static ALPHA: PointwiseShader =
    PointwiseShader::new("alpha", include_str!("../../assets/shaders/edit/alpha.wgsl"), 1, &[]);

/// How stored frames become frames at a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadTiming {
    /// In true time at a constant rate: frames are repeated or left out as needed.
    #[default]
    Conform,
    /// Every stored frame once.
    Source,
}

/// What the numbers of the file mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColorOverride {
    /// As the file says.
    #[default]
    Auto,
    /// BT.709, the usual for HD video and, with sRGB, for pictures.
    Bt709,
    /// BT.601 of 525 lines (NTSC).
    Bt601Ntsc,
    /// BT.601 of 625 lines (PAL).
    Bt601Pal,
    /// BT.2020 with a standard range of brightness.
    Bt2020,
    /// BT.2020 with PQ (HDR10).
    Bt2020Pq,
    /// BT.2020 with HLG.
    Bt2020Hlg,
    /// Display P3.
    DisplayP3,
    /// Linear light of BT.709 primaries.
    Linear,
}

/// Where black and white lie among the codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RangeOverride {
    /// As the file says.
    #[default]
    Auto,
    /// From 0 to the highest code.
    Full,
    /// From 16 to 235 of 8 bits.
    Limited,
}

/// What the file's alpha channel means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlphaOverride {
    /// Straight where there is one.
    #[default]
    Auto,
    /// Colours are not multiplied by alpha.
    Straight,
    /// Colours are multiplied by alpha; this is undone.
    Premultiplied,
    /// It is left out.
    Ignore,
}

/// Parameters of [`Read`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReadParams {
    /// The file, the numbered sequence or the folder.
    #[schemars(extend("path" = "file"))]
    path: String,
    /// The first frame to show.
    #[schemars(range(min = 0), extend("soft" = [0, 240], "unit" = "frames", "fixed" = true))]
    start: i64,
    /// The frame to stop before; empty for the end of the file.
    #[schemars(range(min = 1), extend("soft" = [1, 240], "unit" = "frames", "fixed" = true))]
    end: Option<i64>,
    /// How stored frames become frames at a rate.
    #[schemars(extend("fixed" = true))]
    timing: ReadTiming,
    /// Frames a second; empty for the file's own.
    #[schemars(extend("fixed" = true))]
    fps: Option<Rate>,
    /// What the numbers of the file mean.
    #[schemars(extend("fixed" = true))]
    color: ColorOverride,
    /// Where black and white lie among the codes.
    #[schemars(extend("fixed" = true))]
    range: RangeOverride,
    /// What the alpha channel means.
    #[schemars(extend("fixed" = true))]
    alpha: AlphaOverride,
    /// How the file may be used, such as CC0 or a contract.
    #[schemars(extend("fixed" = true))]
    licence: String,
    /// Who is to be named.
    #[schemars(extend("fixed" = true))]
    credit: String,
    /// Where the file comes from.
    #[schemars(extend("fixed" = true))]
    source_url: String,
}

/// Size of the black still that stands for the picture of a file of sound alone.
const NO_PICTURE: (u32, u32) = (64, 36);

/// What describing found out about a file's picture; a file of sound alone has none.
struct Facts {
    timing: Timing,
    /// The rate of the output; `None` for a still.
    rate: Option<Rate>,
    color: ColorTags,
    has_alpha: bool,
}

impl ReadParams {
    fn options(&self) -> ProbeOptions {
        ProbeOptions { sequence_rate: self.fps.unwrap_or(Rate::FILM), ..ProbeOptions::default() }
    }

    /// The file's tags with what stands in for them.
    fn tags(&self, own: ColorTags) -> ColorTags {
        // Files of RGB have no matrix, whatever is said of their colours.
        let matrix = |m| if own.matrix == Matrix::Rgb { Matrix::Rgb } else { m };
        let told = |primaries, transfer, m| ColorTags {
            primaries,
            transfer,
            matrix: matrix(m),
            guessed: false,
            ..own
        };
        let mut tags = match self.color {
            ColorOverride::Auto => own,
            ColorOverride::Bt709 => told(Primaries::Bt709, Transfer::Sdr, Matrix::Bt709),
            ColorOverride::Bt601Ntsc => told(Primaries::Bt601_525, Transfer::Sdr, Matrix::Bt601),
            ColorOverride::Bt601Pal => told(Primaries::Bt601_625, Transfer::Sdr, Matrix::Bt601),
            ColorOverride::Bt2020 => told(Primaries::Bt2020, Transfer::Sdr, Matrix::Bt2020),
            ColorOverride::Bt2020Pq => told(Primaries::Bt2020, Transfer::Pq, Matrix::Bt2020),
            ColorOverride::Bt2020Hlg => told(Primaries::Bt2020, Transfer::Hlg, Matrix::Bt2020),
            ColorOverride::DisplayP3 => told(Primaries::DisplayP3, Transfer::Sdr, Matrix::Bt709),
            ColorOverride::Linear => told(Primaries::Bt709, Transfer::Linear, Matrix::Bt709),
        };
        match self.range {
            RangeOverride::Auto => {}
            RangeOverride::Full => tags.range = Range::Full,
            RangeOverride::Limited => tags.range = Range::Limited,
        }
        tags
    }

    /// Where the file comes from, as far as it is said.
    fn origin(&self) -> Vec<String> {
        let said = [("licence", &self.licence), ("credit", &self.credit), ("source", &self.source_url)];
        let said = said.into_iter().filter(|(_, text)| !text.trim().is_empty());
        said.map(|(name, text)| format!("{name}: {}", text.trim())).collect()
    }

    /// A file without a picture. `start` and `end` count frames at `fps`, 24 by default.
    fn sound_alone(&self, info: &MediaInfo, path: PathBuf) -> Result<Described> {
        let none = || Error::media("the file holds neither picture nor sound").at(&self.path);
        let sound = sound_of(info, path).ok_or_else(none)?;
        let rate = self.fps.unwrap_or(Rate::FILM);
        let (frames, word) = self.cut((sound.seconds() * rate.as_f64()).ceil() as u64)?;
        let length_s = rate.seconds_of(i64::try_from(frames).unwrap_or(i64::MAX));
        let left_s = sound.seconds() - rate.seconds_of(self.start);
        let sound = sound::cut(&sound, rate.seconds_of(self.start), length_s.min(left_s));
        let mut words =
            vec![info.format.clone(), "the file holds no picture: clip is a black still".to_owned()];
        words.extend(word);
        words.extend(self.origin());
        let (width, height) = NO_PICTURE;
        let outputs = vec![Desc::Clip(ClipDesc::still(width, height)), Desc::Audio((*sound).clone())];
        Ok(Described { outputs, words, ..Described::default() })
    }

    /// The stored frame behind an output frame.
    fn stored(&self, facts: &Facts, frame: i64) -> u64 {
        let at = self.start.saturating_add(frame).max(0);
        match (facts.rate, self.timing) {
            (None, _) => 0,
            (Some(rate), ReadTiming::Conform) => facts.timing.conform_index(rate, at),
            (Some(_), ReadTiming::Source) => at.unsigned_abs(),
        }
    }

    /// The frames that are left of `there` between start and end.
    fn cut(&self, there: u64) -> Result<(u64, Option<String>)> {
        let there = i64::try_from(there).unwrap_or(i64::MAX);
        let end = self.end.unwrap_or(there).min(there);
        if self.start >= there {
            return Err(Error::usage(format!("the file has {there} frames, none from {} on", self.start))
                .at("start")
                .help(format!("start at frame {} or before", there.saturating_sub(1).max(0))));
        }
        if end <= self.start {
            return Err(Error::usage(format!("nothing is left from frame {} to frame {end}", self.start))
                .at("end")
                .help(format!("set end to {} or more", self.start + 1)));
        }
        let cut_short = self.end.filter(|asked| *asked > there);
        let word = cut_short.map(|_| format!("the file ends at frame {there}"));
        Ok(((end - self.start).unsigned_abs(), word))
    }
}

/// The sound of a file on the time of its picture, from its first frame on.
fn sound_of(info: &MediaInfo, path: PathBuf) -> Option<AudioDesc> {
    let audio = info.audio.as_ref()?;
    let length_s = audio.samples as f64 / f64::from(audio.sample_rate.max(1));
    let piece = AudioPiece { path, start_s: 0.0, length_s, at_s: audio.offset_s };
    Some(AudioDesc {
        sample_rate: audio.sample_rate,
        channels: audio.channels,
        samples: audio.samples,
        pieces: vec![piece],
    })
}

/// What a person should know of a file.
fn remarks(info: &MediaInfo, path: &Path, tags: ColorTags) -> Vec<String> {
    let mut words = vec![super::coding::words(info, path)];
    let Some(picture) = &info.picture else { return words };
    if tags.guessed {
        words.push(format!(
            "the file does not say its colours: taken as {}",
            tags.to_string().trim_end_matches('?')
        ));
    }
    if picture.timing.is_variable() {
        words.push("its frames last differently long".to_owned());
    }
    if picture.interlaced {
        words.push("its frames are two fields each (interlaced); they are shown as they are".to_owned());
    }
    if picture.sample_aspect.0 != picture.sample_aspect.1 {
        let (w, h) = picture.sample_aspect;
        words.push(format!("its pixels are {w}:{h} wide; they are shown square"));
    }
    if picture.missing > 0 {
        words.push(format!("the file is cut off: its last {} frames are not there", picture.missing));
    }
    words
}

/// The tool.
pub struct Read;

impl Tool for Read {
    type Params = ReadParams;

    fn spec() -> Spec {
        Spec::new("edit/read", 1, "Read", docs!())
            .search(&[
                "open", "import", "load", "file", "video", "image", "footage", "media", "sequence", "source",
            ])
            .output(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Audio))
    }

    fn describe(p: &ReadParams, cx: &DescribeCx<'_>) -> Result<Described> {
        if p.path.is_empty() {
            return Err(Error::usage("no file is chosen").at("path").help("choose a file"));
        }
        let entry = cx.file(&p.path)?;
        let media = Services::behind(cx.host)?.media();
        let info = media.probe(&entry.path, &p.options()).map_err(|e| e.at(&p.path))?;
        if info.picture.is_none() {
            return p.sound_alone(&info, entry.path);
        }
        let own = info.clip()?;
        let timing = info.picture()?.timing.clone();
        let tags = p.tags(own.color);
        let mut words = remarks(&info, &entry.path, tags);
        words.extend(p.origin());
        let rate = own.rate.map(|own| p.fps.unwrap_or(own));
        let there = match (rate, p.timing) {
            (None, _) => 1,
            (Some(rate), ReadTiming::Conform) => timing.conform_len(rate),
            (Some(_), ReadTiming::Source) => own.frames,
        };
        let frames = match rate {
            None => 1,
            Some(_) => {
                let (frames, word) = p.cut(there)?;
                words.extend(word);
                frames
            }
        };
        let in_time = p.timing == ReadTiming::Conform || (rate == own.rate && !timing.is_variable());
        let own_sound = sound_of(&info, entry.path.clone()).filter(|_| rate.is_some());
        if own_sound.is_some() && !in_time {
            words.push("its sound is left out: the frames do not lie at their true times".to_owned());
        }
        let span = |rate: Rate| {
            (rate.seconds_of(p.start), rate.seconds_of(i64::try_from(frames).unwrap_or(i64::MAX)))
        };
        let (start_s, length_s) = rate.map_or((0.0, 0.0), span);
        let audio = own_sound.filter(|_| in_time).map(|sound| sound::cut(&sound, start_s, length_s));
        if info.audio.is_none() && rate.is_some() {
            words.push("the file has no sound".to_owned());
        }
        let heard = audio.as_deref().cloned().unwrap_or_else(|| sound::silence(length_s));
        let clip = ClipDesc {
            rate,
            frames,
            color: tags,
            alpha: own.alpha && p.alpha != AlphaOverride::Ignore,
            audio,
            ..own
        };
        let facts = Facts { timing, rate, color: tags, has_alpha: own.alpha };
        let outputs = vec![Desc::Clip(clip), Desc::Audio(heard)];
        let sequence = matches!(info.kind, MediaKind::Sequence);
        if sequence && p.fps.is_none() {
            words.push(format!("stills have no rate: they are shown at {} frames a second", Rate::FILM));
        }
        Ok(Described { outputs, words, facts: Some(Arc::new(facts)), ..Described::default() })
    }

    fn idle(_: &ReadParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["start", "end", "timing", "fps", "licence", "credit", "source_url"]
    }

    fn reads(p: &ReadParams, cx: &FrameCx<'_>) -> Reads {
        let stored = cx.fact::<Facts>().map_or(0, |facts| p.stored(facts, cx.frame));
        Reads { time: i64::try_from(stored).ok(), files: None }
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("edit/read");
        hasher.key(frames::code()).key(ALPHA.hash());
        Some(hasher.finish())
    }

    fn render(p: &ReadParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let Some(facts) = cx.at.fact::<Facts>() else {
            let (width, height) = cx.clip()?.size_at(cx.at.proxy);
            let rgba = vec![[0.0, 0.0, 0.0, 1.0]; width as usize * height as usize];
            let black = picture::executor(cx)?.image(&Pixels { width, height, rgba }, Precision::Half)?;
            return picture::hand_on(black);
        };
        let path = &cx.file(&p.path)?.path;
        let desc = cx.clip()?;
        let stored = p.stored(facts, cx.at.frame);
        if let Some(seen) = frames::by_proxy(cx, path, &p.options(), stored, facts.color)? {
            return picture::hand_on(seen);
        }
        let full = frames::decoded(cx, path, &p.options(), stored, Some(facts.color))?;
        let meaning = match p.alpha {
            AlphaOverride::Auto | AlphaOverride::Straight => 1,
            AlphaOverride::Premultiplied => 2,
            AlphaOverride::Ignore => 0_u32,
        };
        let full = if facts.has_alpha && meaning != 1 {
            let params = ParamValues::new().with("meaning", meaning);
            let (width, height) = full.size();
            Expr::stage(&ALPHA, &params, Vec::new(), vec![full], Place::of_size(width, height))?
        } else {
            full
        };
        picture::hand_on(frames::at_scale(cx, &full, desc)?)
    }

    fn lint(p: &ReadParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        let ships = p.path.starts_with("asset:");
        if ships || !p.licence.trim().is_empty() || p.path.is_empty() {
            return Vec::new();
        }
        vec![Advice::new(
            "licence_unknown",
            "nothing is said of how this file may be used",
            "a master can only be cleared where the licence of every source is known; write it into licence",
        )]
    }
}
