//! How much is kept of what was made: by this machine's memory, or as a person said.

use rushes_engine::cache::FrameBudget;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Gibibytes that are kept where nobody said otherwise.
const ALL: f64 = 20.0;
/// The least and most of memory, in gibibytes.
const MEMORY: (f64, f64) = (0.5, 8.0);
/// What a person may say, in gibibytes.
pub const RANGE: (f64, f64) = (0.25, 4096.0);

/// The table `[frames]` of `config.toml`: what a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Gibibytes of frames in memory and on disk together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_gib: Option<f64>,
    /// Gibibytes of these in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_gib: Option<f64>,
}

/// As much of the file as is read here; the rest is the window's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    frames: Limits,
}

impl Limits {
    /// What the settings say; nothing where there are none, or they cannot be read.
    pub fn load(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        toml::from_str::<File>(&text).unwrap_or_default().frames
    }

    /// In bytes; what a person did not choose follows from the machine.
    pub fn budget(self) -> FrameBudget {
        let within = |gib: f64| if gib.is_finite() { gib.clamp(RANGE.0, RANGE.1) } else { RANGE.0 };
        let all = within(self.all_gib.unwrap_or(ALL));
        let memory = within(self.memory_gib.unwrap_or_else(quarter)).min(all);
        let bytes = |gib: f64| (gib * (1u64 << 30) as f64) as u64;
        FrameBudget { all: bytes(all), memory: bytes(memory) }
    }
}

/// A quarter of this machine's memory, within bounds.
fn quarter() -> f64 {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = crate::proc::bytes_of(&told, "MemTotal:");
    total.map_or(2.0, |bytes| bytes / (1 << 30) as f64 / 4.0).clamp(MEMORY.0, MEMORY.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_said_counts_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Limits::load(&path).budget()
        };
        assert_eq!(read("[frames]\nall_gib = 4.0\nmemory_gib = 1.5").all, 4 << 30);
        assert_eq!(read("[frames]\nall_gib = 4.0\nmemory_gib = 1.5").memory, 3 << 29);
        assert_eq!(read("[frames]\nall_gib = 1.0\nmemory_gib = 9.0").memory, 1 << 30, "never more than all");
        assert_eq!(read("[frames]\nall_gib = nan").all, 1 << 28);
        assert_eq!(read("[frames").all, 20 << 30, "a damaged file counts as none");
        assert_eq!(read("theme = \"light\"").all, 20 << 30);
    }
}
