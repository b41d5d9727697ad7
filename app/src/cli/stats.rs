//! The account of a run as `--stats` and the verb `stats` tell it.

use crate::session::Session;
use rushes_engine::{Error, Result};
use serde_json::{Value, json};
use std::path::Path;

/// The account of a session since it was cleared.
pub(crate) fn account(session: &Session) -> Value {
    let tally = session.tally();
    let (seconds, frames) = (tally.since.elapsed().as_secs_f64(), tally.frames);
    json!({
        "wall_s": seconds,
        "frames": frames,
        "fps": if seconds > 0.0 { frames as f64 / seconds } else { 0.0 },
        "peak_rss_bytes": peak_rss_bytes(),
        "device": session.device_name(),
        "nodes": session.evaluator().account.nodes().into_iter().map(|(id, a)| (id.to_string(), json!(a))).collect::<serde_json::Map<_, _>>(),
    })
}

/// Writes an account to a file, whole or not at all.
pub(crate) fn write(path: &Path, account: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(account).unwrap_or_default() + "\n";
    std::fs::write(path, text).map_err(|e| {
        Error::system(format!("the statistics cannot be written: {e}"))
            .at(path.display())
            .help("write them elsewhere")
    })
}

/// The most memory that this process has held, in bytes; 0 where the system does not tell.
pub(crate) fn peak_rss_bytes() -> u64 {
    #[cfg(unix)]
    {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: getrusage fills the structure that it is given, and a zeroed one is a valid one if it fails.
        let usage = unsafe {
            libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
            usage.assume_init()
        };
        let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
        u64::try_from(usage.ru_maxrss).unwrap_or(0) * unit
    }
    #[cfg(not(unix))]
    {
        0
    }
}
