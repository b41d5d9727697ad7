//! What the program tells its developers: lines on standard error, as many as `RUSHES_LOG` asks for.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::io::Write;

/// Whether somebody asked to be told.
struct Stderr(bool);

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Other crates speak where a developer listens: what a driver lacks is no news to anybody else.
        metadata.target().starts_with("rushes") || (self.0 && metadata.level() <= Level::Warn)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!(
                "{}: {}: {}\n",
                record.level().as_str().to_lowercase(),
                record.target(),
                record.args()
            );
            if std::io::stderr().lock().write_all(line.as_bytes()).is_err() {
                // Nobody listens; there is no other place to say so.
            }
        }
    }

    fn flush(&self) {}
}

/// Starts telling. Without `RUSHES_LOG` only errors are told, for a command says itself what went wrong.
pub fn start() {
    let asked: Option<LevelFilter> = std::env::var("RUSHES_LOG").ok().and_then(|l| l.parse().ok());
    if log::set_boxed_logger(Box::new(Stderr(asked.is_some()))).is_ok() {
        log::set_max_level(asked.unwrap_or(LevelFilter::Error));
    }
}
