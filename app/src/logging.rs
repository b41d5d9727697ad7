//! What the program tells its developers: lines on standard error, as many as `RUSHES_LOG` asks for.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::io::Write;

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Other crates speak only where they are in trouble.
        metadata.target().starts_with("rushes") || metadata.level() <= Level::Warn
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
    let level = std::env::var("RUSHES_LOG").ok().and_then(|l| l.parse().ok()).unwrap_or(LevelFilter::Error);
    if log::set_boxed_logger(Box::new(Stderr)).is_ok() {
        log::set_max_level(level);
    }
}
