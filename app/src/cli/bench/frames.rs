//! Frames of a node made one after the other, in the lane of a render, and not written: what a render takes without
//! its encoder.

use super::fence;
use crate::cli::args::FramesArgs;
use crate::cli::{say, stats};
use crate::session::{Options, Session};
use cpu_time::ProcessTime;
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::Wish;
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{Cancel, Desc, Error, Result};
use std::time::Instant;

/// Frames that a device may be behind, as in a render.
const BEHIND: i64 = 4;

/// Makes the frames and tells what one took.
pub(super) fn run(args: &FramesArgs, stop: &Cancel) -> Result<()> {
    let mut session = Session::new(Options { trust: args.open.trust, ..Options::default() })?;
    session.open_with(&args.graph, &args.open)?;
    let node: NodeId = args.node.parse()?;
    let described = session.described();
    let slot = described.slot(&node)?;
    let outcome = slot.state.outcome.as_ref().map_err(|e| e.clone().at(node.place()))?;
    let length = outcome.outputs.iter().find_map(Desc::frames).map_or(1, |clip| clip.frames);
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let frames = args.frames.clone().unwrap_or(0..length);
    if frames.end > length {
        return Err(Error::usage(format!("frames {}..{} are not there", frames.start, frames.end))
            .at(node.place())
            .help(format!("there are frames 0..{length}")));
    }
    let count = (frames.end - frames.start).max(1) as f64;
    let services = std::sync::Arc::clone(session.services());
    let executor = services.executor()?.as_ref();
    let cancel = stop.child();
    let (wall, processor) = (Instant::now(), ProcessTime::now());
    for frame in frames {
        let request = Request::frame(node.clone(), frame);
        session.evaluator().frame(&described, &request, Wish::of(Lane::Export), &cancel)?;
        if frame % BEHIND == 0 {
            fence::finish(executor, &cancel)?;
        }
    }
    fence::finish(executor, &cancel)?;
    let (wall, processor) = (wall.elapsed().as_secs_f64(), processor.elapsed().as_secs_f64());
    say(&format!(
        "{count} frames in {wall:.1} s on {}: {:.2} ms a frame, {:.2} ms of processors, {:.0} MB at most",
        session.device_name(),
        wall * 1e3 / count,
        processor * 1e3 / count,
        stats::peak_rss_bytes() as f64 / 1e6
    ))
}
