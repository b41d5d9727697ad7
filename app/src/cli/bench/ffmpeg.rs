//! The `ffmpeg` program.

use super::child;
use rushes_engine::Result;
use std::process::Command;

/// Its version.
pub(super) fn version() -> Result<String> {
    let told = child::told(Command::new("ffmpeg").arg("-version"))?;
    Ok(version_in(&told))
}

fn version_in(told: &str) -> String {
    let line = told.lines().next().unwrap_or_default();
    line.strip_prefix("ffmpeg version ")
        .and_then(|rest| rest.split(' ').next())
        .unwrap_or("unknown")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_its_second_word() {
        assert_eq!(version_in("ffmpeg version 5.1.6-0+deb12u1 Copyright (c) 2000\nbuilt"), "5.1.6-0+deb12u1");
        assert_eq!(version_in(""), "unknown");
    }
}
