//! `rushes frame`: one frame exactly as the viewer has it.

use super::args::FrameArgs;
use super::say;
use crate::session::{FrameFile, Options, Session};
use rushes_engine::{Cancel, Result};
use std::process::ExitCode;

/// Writes one frame of one node.
pub(crate) fn run(args: &FrameArgs, stop: &Cancel) -> Result<ExitCode> {
    let mut session = Session::new(Options { trust: args.open.trust, ..Options::default() })?;
    session.open_with(&args.graph, &args.open)?;
    let node = args.node.parse()?;
    let frame = session.frame(&node, args.frame, args.proxy, &stop.child())?;
    let file = FrameFile { node: &node, frame: &frame, out: &args.out, bits: args.bits };
    let (width, height) = session.write_frame(file, &stop.child())?;
    say(&format!("wrote {} ({width}×{height})", args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}
