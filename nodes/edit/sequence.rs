//! Puts shots one after the other.
//!
//! Size, rate and colour are those of `clip1`, and the node says what it does to the others: a shot of another size is
//! scaled to lie whole in the picture, one of another rate shows the frames nearest in time, a still lasts one frame
//! (`time/hold` makes it longer).
//!
//! `dissolves` says, cut by cut, for how many frames two shots overlap: 0, or nothing, is a cut. In frame k of n the
//! second shot weighs (k + 1) / (n + 1), on encoded values. An overlap makes the whole shorter by its length; a shot
//! must be as long as its overlaps. The sound of each shot comes with it and changes over in the middle of a dissolve.

use super::fit;
use crate::docs::docs;
use crate::finish::mode::display_help;
use crate::{picture, sound};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Input, Need, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Rate, Result, Transfer, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

static DISSOLVE: PointwiseShader =
    PointwiseShader::new("dissolve", include_str!("../../assets/shaders/edit/dissolve.wgsl"), 2, &[]);

/// Parameters of [`Sequence`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SequenceParams {
    /// For each cut the frames of overlap; 0 is a cut.
    #[schemars(extend("fixed" = true, "unit" = "frames"))]
    dissolves: Vec<u32>,
}

/// One shot in its place.
#[derive(Clone, Debug, PartialEq)]
struct Shot {
    port: Arc<str>,
    /// Its first and its last frame plus one, in frames of the sequence.
    start: i64,
    end: i64,
    /// Frames that it shares with the shot before it.
    overlap: i64,
    rate: Option<Rate>,
    /// It needs no fitting.
    same: bool,
}

/// The shots in their order, as describing found them.
struct Cuts(Vec<Shot>);

impl Cuts {
    /// The shots that are seen at `frame`, first the earlier one.
    fn seen(&self, frame: i64) -> Vec<&Shot> {
        self.0.iter().filter(|shot| (shot.start..shot.end).contains(&frame)).take(2).collect()
    }
}

impl Shot {
    fn need(&self, rate: Option<Rate>, frame: i64) -> Need {
        let own = frame - self.start;
        let frame = match (rate, self.rate) {
            (Some(ours), Some(theirs)) => ours.nearest_in(theirs, own),
            _ => 0,
        };
        Need::new(&self.port, frame)
    }
}

/// Lays the shots out. Lengths are in frames of the sequence.
fn lay_out(lengths: &[u64], dissolves: &[u32]) -> Result<Vec<(i64, i64, i64)>> {
    let cuts = lengths.len().saturating_sub(1);
    if let Some(extra) = dissolves.iter().skip(cuts).position(|d| *d > 0) {
        return Err(Error::usage(format!("there is no cut {} to dissolve at", cuts + extra))
            .at("dissolves")
            .help(format!("{} shots have {cuts} cuts: give as many numbers", lengths.len())));
    }
    let overlap = |cut: usize| dissolves.get(cut).copied().filter(|_| cut < cuts).map_or(0, i64::from);
    let mut laid = Vec::with_capacity(lengths.len());
    let mut at = 0_i64;
    for (i, length) in lengths.iter().enumerate() {
        let length = i64::try_from(*length).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
        let before = if i == 0 { 0 } else { overlap(i - 1) };
        if before + overlap(i) > length {
            return Err(Error::usage(format!(
                "shot {} has {length} frames, its dissolves take {}",
                i + 1,
                before + overlap(i)
            ))
            .at("dissolves")
            .help("make the dissolves shorter, or the shot longer"));
        }
        let start = at - before;
        at = start.saturating_add(length);
        laid.push((start, at, before));
    }
    Ok(laid)
}

/// The shots that were made under another mood board than the first that has one, with that first.
fn other_looks<'a>(shots: &[(&'a Input, &ClipDesc)]) -> Vec<&'a str> {
    let styled: Vec<_> = shots.iter().filter_map(|(s, d)| Some((&*s.port, d.style.as_deref()?))).collect();
    let Some((first, look)) = styled.first() else { return Vec::new() };
    let others: Vec<_> =
        styled.iter().filter(|(_, s)| !s.is_same_look(look)).map(|(port, _)| *port).collect();
    if others.is_empty() { others } else { std::iter::once(*first).chain(others).collect() }
}

/// The wired shots that carry frames.
fn shots<'a>(cx: &'a DescribeCx<'_>) -> Vec<(&'a Input, &'a ClipDesc)> {
    cx.variadic("clip").into_iter().filter_map(|i| Some((i, i.desc.frames()?))).collect()
}

/// Where the shots of a sequence lie: the port of each, and its frames. `inputs` are the wired ones in their order.
/// Nothing where the dissolves do not fit.
pub fn shot_frames(inputs: &[Input], dissolves: &[u32]) -> Vec<(Arc<str>, std::ops::Range<i64>)> {
    let shots: Vec<_> = inputs.iter().filter_map(|i| Some((i, i.desc.frames()?))).collect();
    let rate = shots.iter().find_map(|(_, d)| d.rate).unwrap_or(Rate::FILM);
    let lengths: Vec<u64> = shots.iter().map(|(_, d)| length(d, rate)).collect();
    let laid = lay_out(&lengths, dissolves).unwrap_or_default();
    shots.iter().zip(laid).map(|((input, _), (start, end, _))| (input.port.clone(), start..end)).collect()
}

/// Frames that a shot takes in a sequence.
fn length(shot: &ClipDesc, rate: Rate) -> u64 {
    shot.rate.map_or(1, |own| own.length_in(rate, shot.frames))
}

/// The tool.
pub struct Sequence;

impl Sequence {
    fn words(shot: &Input, desc: &ClipDesc, out: &ClipDesc, rate: Rate) -> Vec<String> {
        let mut words = Vec::new();
        let port = &shot.port;
        if (desc.width, desc.height) != (out.width, out.height) {
            let (w, h, to_w, to_h) = (desc.width, desc.height, out.width, out.height);
            words.push(format!("{port} is {w}×{h}: it is fitted into {to_w}×{to_h}"));
        }
        match desc.rate {
            None => words.push(format!("{port} is a still: it lasts one frame, time/hold makes it longer")),
            Some(own) if own != rate => {
                words.push(format!("{port} runs at {own}: the frames nearest in time are shown at {rate}"));
            }
            Some(_) => {}
        }
        if desc.color.primaries != out.color.primaries {
            words.push(format!("{port} is {}: its colours are converted to {}", desc.color, out.color));
        }
        words
    }
}

impl Tool for Sequence {
    type Params = SequenceParams;

    fn spec() -> Spec {
        Spec::new("edit/sequence", 1, "Sequence", docs!())
            .search(&["cut", "edit", "timeline", "concatenate", "join", "dissolve", "crossfade", "shots"])
            .input(Port::of(ValueType::Clip).variadic())
            .output(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Audio))
            .pointwise()
    }

    fn describe(p: &SequenceParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let shots = shots(cx);
        let Some((_, first)) = shots.first() else {
            return Err(Error::usage("there are no shots").help("wire a shot into clip1"));
        };
        let rate = shots.iter().find_map(|(_, d)| d.rate).unwrap_or(Rate::FILM);
        let mut out = ClipDesc { rate: Some(rate), audio: None, ..(*first).clone() };
        if !other_looks(&shots).is_empty() {
            out.style = None;
        }
        let mut words = Vec::new();
        for (shot, desc) in &shots {
            if desc.color.transfer != out.color.transfer {
                return Err(Error::usage(format!(
                    "{} is {}, the sequence is {}",
                    shot.port, desc.color, out.color
                ))
                .at(&*shot.port)
                .help(display_help(if desc.color.transfer == Transfer::Sdr {
                    &out
                } else {
                    desc
                })));
            }
            out.depth = out.depth.max(desc.depth);
            out.alpha |= desc.alpha;
            words.extend(Self::words(shot, desc, &out, rate));
        }
        let lengths: Vec<u64> = shots.iter().map(|(_, d)| length(d, rate)).collect();
        let laid = lay_out(&lengths, &p.dissolves)?;
        let place = |((shot, desc), (start, end, overlap)): (&(&Input, &ClipDesc), &(i64, i64, i64))| Shot {
            port: shot.port.clone(),
            start: *start,
            end: *end,
            overlap: *overlap,
            rate: desc.rate,
            same: fit::same(desc, &out),
        };
        let cuts: Vec<Shot> = shots.iter().zip(&laid).map(place).collect();
        let end = cuts.last().map_or(0, |shot| shot.end);
        out.frames = end.unsigned_abs();
        let after = cuts.iter().skip(1).map(|shot| shot.overlap).chain([0]);
        let half = |frames: i64| rate.seconds_of(frames) / 2.0;
        let parts: Vec<_> = cuts
            .iter()
            .zip(after)
            .zip(&shots)
            .map(|((shot, after), (_, desc))| {
                let from_s = half(shot.overlap);
                let length_s = rate.seconds_of(shot.end - shot.start) - from_s - half(after);
                let audio = desc.audio.as_ref().map(|a| sound::cut(a, from_s, length_s));
                (rate.seconds_of(shot.start) + from_s, length_s, audio)
            })
            .collect();
        let joined = sound::join(&parts);
        out.audio = shots.iter().any(|(_, d)| d.audio.is_some()).then(|| joined.clone());
        let outputs = vec![Desc::Clip(out), Desc::Audio((*joined).clone())];
        Ok(Described { outputs, words, facts: Some(Arc::new(Cuts(cuts))), ..Described::default() })
    }

    fn identity(_: &SequenceParams, cx: &FrameCx<'_>) -> Option<Need> {
        match cx.fact::<Cuts>()?.seen(cx.frame).as_slice() {
            [shot] if shot.same => Some(shot.need(cx.rate(), cx.frame)),
            _ => None,
        }
    }

    fn needs(_: &SequenceParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let seen = cx.fact::<Cuts>().map(|cuts| cuts.seen(cx.frame)).unwrap_or_default();
        seen.iter().map(|shot| shot.need(cx.rate(), cx.frame)).collect()
    }

    fn idle(_: &SequenceParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["dissolves"]
    }

    fn reads(_: &SequenceParams, cx: &FrameCx<'_>) -> Reads {
        // Where in its dissolve a frame is decides it: the step, and of how many.
        let seen = cx.fact::<Cuts>().map(|cuts| cuts.seen(cx.frame)).unwrap_or_default();
        let time = match seen.as_slice() {
            [_, next] => Some(((cx.frame - next.start) << 32) | next.overlap),
            _ => None,
        };
        Reads { time, files: None }
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("edit/sequence");
        hasher.key(DISSOLVE.hash()).key(fit::code());
        Some(hasher.finish())
    }

    fn render(_: &SequenceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let out = cx.clip()?;
        let mut pictures = Vec::with_capacity(2);
        for (need, payload) in cx.fed {
            let desc = cx.at.frames(&need.port).unwrap_or(out);
            pictures.push(fit::fitted(cx, picture::as_expr(payload)?, desc, out)?);
        }
        if pictures.len() < 2 {
            let none = || Error::usage(format!("there is no shot at frame {}", cx.at.frame));
            return picture::hand_on(pictures.pop().ok_or_else(none)?);
        }
        let next = cx.at.fact::<Cuts>().map(|cuts| cuts.seen(cx.at.frame)).unwrap_or_default();
        let amount =
            next.get(1).map_or(1.0, |next| (cx.at.frame - next.start + 1) as f64 / (next.overlap + 1) as f64);
        let params = ParamValues::new().with("amount", amount as f32);
        picture::stage(cx, &DISSOLVE, &params, Vec::new(), pictures, 0)
    }

    fn lint(_: &SequenceParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let others = other_looks(&shots(cx));
        let Some((last, before)) = others.split_last() else { return Vec::new() };
        let what = format!("{} and {last} were made under different mood boards", before.join(", "));
        let why = "one board for all shots is what makes them one film; another look shows at every cut";
        vec![Advice::new("one_mood_board", what, why)]
    }
}
