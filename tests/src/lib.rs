//! What the end-to-end tests share: the program, its `drive` protocol, the oracles and a screen.
//!
//! The tests come through the program's own doors, the command line and the window.
//! They must not know any crate of the house from within: what cannot be seen from outside is not tested here.

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
