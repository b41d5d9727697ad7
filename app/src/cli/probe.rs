//! `rushes probe`: what a media file holds, or the hashes of its decoded frames.

use super::{args::ProbeArgs, say};
use rushes_engine::{Cancel, Result};
use rushes_media::{Media, MediaOptions, Order, ProbeOptions, hashes};
use serde_json::json;
use std::process::ExitCode;

/// Tells it in JSON, or one MD5 a line.
pub(crate) fn run(args: &ProbeArgs, stop: &Cancel) -> Result<ExitCode> {
    let media = Media::new(MediaOptions::default());
    if args.hashes {
        say(&hashes(&media, &args.media, Order::Forward, stop)?.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = ProbeOptions { cancel: stop.child(), ..ProbeOptions::default() };
    let info = media.probe(&args.media, &options)?;
    let picture = info.picture.as_ref().map(|p| {
        json!({
            "codec": p.codec, "pixel_format": p.pixel_format, "size": [p.width, p.height],
            "quarter_turns": p.orientation.quarter_turns, "mirrored": p.orientation.mirrored,
            "bits": p.bits, "alpha": p.alpha, "color": p.color, "interlaced": p.interlaced,
            "sample_aspect": [p.sample_aspect.0, p.sample_aspect.1],
            "frames": p.frames, "missing": p.missing,
            "rate": p.timing.rate().map(|r| r.to_string()), "variable": p.timing.is_variable(),
        })
    });
    let audio = info.audio.as_ref().map(|a| {
        json!({ "codec": a.codec, "sample_rate": a.sample_rate, "channels": a.channels, "layout": a.layout, "samples": a.samples, "offset_s": a.offset_s })
    });
    let told = json!({
        "path": info.path, "kind": format!("{:?}", info.kind).to_lowercase(), "format": info.format,
        "picture": picture, "audio": audio, "has_graph": info.graph.is_some(),
    });
    say(&serde_json::to_string_pretty(&told).unwrap_or_default())?;
    Ok(ExitCode::SUCCESS)
}
