//! `rushes doctor`: what this machine offers and what is in use.

use super::{args::DoctorArgs, say};
use crate::session::{Options, Session};
use rushes_engine::Result;
use serde_json::json;
use std::process::ExitCode;

/// Tells it, and ends with 1 where frames cannot be made.
pub(crate) fn run(args: &DoctorArgs) -> Result<ExitCode> {
    let session = Session::new(Options::default())?;
    let device = session.services().report();
    let media = rushes_media::version();
    let budget = session.evaluator().budget();
    let code = ExitCode::from(u8::from(device.is_err()));
    if args.json {
        let told = match device {
            Ok(d) => json!({
                "name": d.name, "backend": d.backend, "driver": d.driver, "software": d.software,
                "max_side": d.max_side, "max_buffer_bytes": d.max_buffer_bytes, "timestamps": d.timestamps, "why": d.why,
            }),
            Err(e) => json!({ "error": e.to_string(), "help": e.help_text() }),
        };
        let all = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "device": told,
            "media": media,
            "home": session.home().library().parent(),
            "frames_bytes": budget.all,
            "frames_in_memory_bytes": budget.memory,
        });
        say(&serde_json::to_string_pretty(&all).unwrap_or_default())?;
        return Ok(code);
    }
    say(&format!("Rushes {}", env!("CARGO_PKG_VERSION")))?;
    match device {
        Ok(device) => {
            say(&format!("device   {} ({}, {})", device.name, device.backend, device.driver))?;
            say(&format!("         {}; pictures up to {} a side", device.why, device.max_side))?;
        }
        Err(e) => {
            say(&format!("device   none: {e}"))?;
            say(&format!("         {}", e.help_text()))?;
        }
    }
    say(&format!("media    FFmpeg {media}"))?;
    let (all, memory) = (budget.all as f64 / 1e9, budget.memory as f64 / 1e9);
    say(&format!(
        "frames   up to {all:.1} GB are kept, of these {memory:.1} GB in memory, the rest on disk"
    ))?;
    say(&format!(
        "home     {}",
        session.home().library().parent().unwrap_or(&session.home().library()).display()
    ))?;
    Ok(code)
}
