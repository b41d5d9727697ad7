//! What the end-to-end tests share: the program, its `drive` protocol, the oracles and a screen.
//!
//! The tests come through the program's own doors, the command line and the window.
//! They must not know any crate of the house from within: what cannot be seen from outside is not tested here.

mod drive;
mod house;
mod kill;
mod oracle;
mod picture;
mod program;
mod screen;
mod work;

use std::path::{Path, PathBuf};

pub use drive::{Drive, Refusal};
pub use house::{files, is_media, texts};
pub use kill::survive_kills;
pub use oracle::{clip, ffmpeg, ffprobe, luma_frames, python, raw_frames};
pub use picture::Picture;
pub use program::{Home, Outcome, Running, program};
pub use screen::Screen;
pub use work::{Held, work};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A graph that ships, by its file name without the ending.
pub fn graph(name: &str) -> PathBuf {
    root().join("graphs").join(format!("{name}.json"))
}
