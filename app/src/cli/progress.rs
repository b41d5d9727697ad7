//! Progress of long work on standard error.

use super::args::ProgressKind;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rushes_engine::Progress;
use std::io::{IsTerminal, Write};

/// Shows progress as it was asked for; the bar goes away with the guard.
pub(crate) struct Shown {
    /// Where the work reports.
    pub(crate) progress: Progress,
    bar: Option<ProgressBar>,
}

/// Steps of the bar: fine enough to move on every frame of a long clip.
const STEPS: u64 = 10_000;

impl Shown {
    /// Starts showing.
    pub(crate) fn new(kind: ProgressKind) -> Self {
        let terminal = std::io::stderr().is_terminal();
        match kind {
            ProgressKind::Json => Self { progress: Progress::new(json_line), bar: None },
            ProgressKind::Bar => Self::bar(),
            ProgressKind::Auto if terminal => Self::bar(),
            ProgressKind::Auto | ProgressKind::None => Self { progress: Progress::silent(), bar: None },
        }
    }

    fn bar() -> Self {
        let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}  {eta} left") {
            bar.set_style(style);
        }
        let shared = bar.clone();
        let progress = Progress::new(move |share, message| {
            shared.set_position((f64::from(share) * STEPS as f64) as u64);
            shared.set_message(message.to_owned());
        });
        Self { progress, bar: Some(bar) }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn json_line(share: f32, message: &str) {
    let line = serde_json::json!({ "progress": share, "message": message });
    if writeln!(std::io::stderr().lock(), "{line}").is_err() {
        log::debug!("nobody reads standard error");
    }
}
