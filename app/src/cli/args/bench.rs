//! What `rushes bench` takes.

use super::OpenArgs;
use clap::{Args, Subcommand, ValueEnum};
use std::ops::Range;
use std::path::PathBuf;

/// A Python that has a package, where nobody names one.
const PYTHON: &str = "python3";

#[derive(Clone, Subcommand)]
pub(crate) enum BenchKind {
    /// The same work by Rushes and by its peers that are there, one after the other: ffmpeg, VapourSynth, ComfyUI.
    Compare(CompareArgs),
    /// Single tools over pictures in memory, on each executor, beside the machine's memory and beside peers.
    Kernels(KernelsArgs),
    /// From the start of the program to the window that can be used; what it holds and does when left alone.
    Start(StartArgs),
    /// Frames of a node made as a render makes them, and not written.
    Frames(FramesArgs),
    /// The window's own work a frame while a graph of 1,000 nodes is panned and a node dragged.
    Editor {
        /// Frames of each movement.
        #[arg(long, default_value_t = 48, value_parser = clap::value_parser!(u32).range(2..=10_000))]
        frames: u32,
    },
    /// From an edit of one parameter to the picture that shows it, and back by undo, at 1080p and 4K
    Edit {
        /// Runs; the medians are told.
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=500))]
        runs: u32,
    },
    /// Planning, editing, loading and saving a chain of 500 nodes; planning again after an edit up to 10,000
    Graph {
        /// Runs; the medians are told.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
        runs: u32,
        /// Does once what is counted, with a chain of so many nodes.
        #[arg(long, hide = true, value_parser = clap::value_parser!(u32).range(4..=100_000))]
        counted: Option<u32>,
    },
    /// Frames of a clip by their number, beside PyAV: at random, again, step by step forwards and backwards.
    Scrub {
        /// The clip; without it one of 100 s with long groups of pictures is made.
        clip: Option<PathBuf>,
        /// Random frames.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        visits: u32,
        /// Places from which up to 96 steps are taken in each direction.
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        places: u32,
        /// Which frames; the same seed gives the same.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Milliseconds to wait before each step, as a hand does: a key that is held down repeats every 33 or so.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=10_000))]
        pace: u64,
        /// A Python that has PyAV.
        #[arg(long, default_value = PYTHON)]
        python: PathBuf,
    },
    /// Touches free memory, before something is measured that wants it.
    #[command(hide = true)]
    Touch {
        /// How much of it, in bytes.
        bytes: usize,
    },
    /// A session of work by a random hand: what held the window longest.
    Session {
        /// How long it lasts.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
        seconds: u64,
        /// What the hand does; the same seed does the same.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Tell in JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Clone)]
pub(crate) struct CompareArgs {
    /// Runs of each side, of which the medians are told; one before them is not counted.
    #[arg(long, default_value_t = CompareArgs::RUNS, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(crate) runs: u32,
    /// Frames of each run, as far as the clips go.
    #[arg(long, default_value_t = CompareArgs::FRAMES, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub(crate) frames: u32,
    /// The clip; without it one of 1920×1080 is made.
    #[arg(long)]
    pub(crate) clip: Option<PathBuf>,
    /// What is laid over it, of the same size; without it grain is made.
    #[arg(long)]
    pub(crate) grain: Option<PathBuf>,
    /// A Python that has VapourSynth; where it has none, `vspipe` is looked for.
    #[arg(long, default_value = PYTHON)]
    pub(crate) python: PathBuf,
    /// How much work the encoder of what is written does.
    #[arg(long, value_name = "PRESET", value_enum, default_value_t = X264::Veryfast)]
    pub(crate) x264: X264,
    /// Only that work whose name holds these words.
    #[arg(long, value_name = "WORDS")]
    pub(crate) only: Option<String>,
    /// The address of a ComfyUI server, such as 127.0.0.1:8188, which then works too. It is given both clips.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) comfyui: Option<String>,
}

impl CompareArgs {
    const RUNS: u32 = 5;
    const FRAMES: u32 = 48;
}

impl Default for CompareArgs {
    fn default() -> Self {
        Self {
            runs: Self::RUNS,
            frames: Self::FRAMES,
            clip: None,
            grain: None,
            python: PYTHON.into(),
            x264: X264::Veryfast,
            only: None,
            comfyui: None,
        }
    }
}

/// The presets of x264, as it names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum X264 {
    Ultrafast,
    Superfast,
    Veryfast,
    Faster,
    Fast,
    Medium,
    Slow,
    Slower,
    Veryslow,
}

impl X264 {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ultrafast => "ultrafast",
            Self::Superfast => "superfast",
            Self::Veryfast => "veryfast",
            Self::Faster => "faster",
            Self::Fast => "fast",
            Self::Medium => "medium",
            Self::Slow => "slow",
            Self::Slower => "slower",
            Self::Veryslow => "veryslow",
        }
    }
}

#[derive(Args, Clone)]
pub(crate) struct KernelsArgs {
    /// Runs of each; the medians are told.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) runs: u32,
    /// What makes the pictures, several times if wanted; without it the graphics device where there is one, and the
    /// processor with its best and with plain lanes.
    #[arg(long, value_enum)]
    pub(crate) device: Vec<KernelDevice>,
    /// Sizes of the pictures, several times if wanted.
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size, default_values = ["1920x1080", "3840x2160"])]
    pub(crate) size: Vec<(u32, u32)>,
    /// Only those tools whose names hold these words, on our executors alone.
    #[arg(long, value_name = "WORDS")]
    pub(crate) only: Option<String>,
    /// A Python that has VapourSynth.
    #[arg(long, default_value = PYTHON)]
    pub(crate) python: PathBuf,
}

/// What makes the pictures of `bench kernels`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KernelDevice {
    /// A graphics device.
    Gpu,
    /// The processor with its widest lanes.
    Processor,
    /// The processor with lanes that every processor has.
    Portable,
    /// The processor with eight lanes of AVX2, where it has wider ones too.
    Avx2,
    /// A rasteriser.
    Software,
}

#[derive(Args, Clone)]
pub(crate) struct StartArgs {
    /// The graph to open; without it a small one of what people use most.
    pub(crate) graph: Option<PathBuf>,
    /// Starts; the medians are told.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(crate) runs: u32,
    /// How long the window is left alone and watched, in seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) seconds: u64,
}

#[derive(Args, Clone)]
pub(crate) struct FramesArgs {
    /// The graph.
    pub(crate) graph: PathBuf,
    /// The node whose frames are made.
    #[arg(long)]
    pub(crate) node: String,
    /// The frames to make, from 0, half open: A..B; without it all.
    #[arg(long, value_parser = super::frames)]
    pub(crate) frames: Option<Range<i64>>,
    #[command(flatten)]
    pub(crate) open: OpenArgs,
}

/// `WIDTHxHEIGHT`, both even as 4:2:0 wants them.
fn size(text: &str) -> Result<(u32, u32), String> {
    let side = |n: &str| n.trim().parse::<u32>().ok().filter(|n| (16..=8192).contains(n) && n % 2 == 0);
    match text.split_once('x').map(|(a, b)| (side(a), side(b))) {
        Some((Some(width), Some(height))) => Ok((width, height)),
        _ => Err("write a size as WIDTHxHEIGHT, such as 1920x1080: even numbers from 16 to 8192".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read() {
        assert_eq!(size("1920x1080"), Ok((1920, 1080)));
        for wrong in ["1920", "x", "1921x1080", "0x0", "1920x-2", "99999x2"] {
            assert!(size(wrong).unwrap_err().contains("WIDTHxHEIGHT"), "{wrong}");
        }
    }
}
