//! What the command line takes.

mod bench;

pub(crate) use bench::{BenchKind, CompareArgs, FramesArgs, KernelDevice, KernelsArgs, StartArgs, X264};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ops::Range;
use std::path::PathBuf;

/// A node-graph editor for AI video. Without a command it opens the editor.
#[derive(Parser)]
#[command(name = "rushes", version, about, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Graphs or media to open in the editor.
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Evaluate a graph and write what it delivers.
    Render(RenderArgs),
    /// One frame exactly as the viewer has it.
    Frame(FrameArgs),
    /// Drive the document and the evaluator by JSON on standard input and output, an object a line.
    Drive(DriveArgs),
    /// Say what is wrong in graphs, and what would be better.
    Check(CheckArgs),
    /// Say what a render would do, node by node.
    Plan(PlanArgs),
    /// The catalogue of nodes.
    Nodes(NodesArgs),
    /// What a media file holds.
    Probe(ProbeArgs),
    /// Measure this machine.
    Bench(BenchArgs),
    /// Say what this machine offers and what is in use.
    Doctor(DoctorArgs),
    /// Bring a graph file into its canonical form.
    Fmt(FmtArgs),
    /// Pack a graph and all that it names into one zip that opens elsewhere.
    Bundle(BundleArgs),
    /// Say what changed from one graph to another.
    Diff(DiffArgs),
    /// The JSON Schema of a graph file.
    Schema,
    /// Keys of remote engines.
    Keys {
        #[command(subcommand)]
        kind: KeysKind,
    },
    /// What was ordered from remote engines.
    Jobs {
        #[command(subcommand)]
        kind: JobsKind,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeysKind {
    /// Say which keys there are and where they are kept. Never the keys.
    List,
    /// Keep a key, read from standard input, in the system's key store.
    Set {
        /// The provider, such as fal.
        provider: String,
        /// Keep it in a file that only you may read, where the system has no key store.
        #[arg(long)]
        file: bool,
        /// Ask the provider whether it knows the key. Costs nothing.
        #[arg(long)]
        check: bool,
    },
    /// Ask a provider whether it knows the key. Costs nothing.
    Check {
        /// The provider, such as fal.
        provider: String,
    },
    /// Remove a key from the key store and from the file.
    Remove {
        /// The provider, such as fal.
        provider: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum JobsKind {
    /// What is under way, or of unknown outcome.
    List {
        /// Also what has ended.
        #[arg(long)]
        all: bool,
        /// Tell in JSON, an object a line.
        #[arg(long)]
        json: bool,
    },
    /// Wait for what is under way and put it into the library.
    Resume {
        /// The order; all that are under way without it.
        id: Option<String>,
    },
    /// Ask the provider to stop.
    Cancel {
        /// The order.
        id: String,
    },
    /// Let the same be ordered again, where it is not known whether the provider took it.
    Forget {
        /// The order.
        id: String,
    },
}

/// How a graph is opened.
#[derive(Args, Clone, Default)]
pub(crate) struct OpenArgs {
    /// Allow the graph to read files outside its folder.
    #[arg(long)]
    pub(crate) trust: bool,
    /// Set a parameter: node.param=value, in JSON; bare words are text.
    #[arg(long = "set", value_name = "NODE.PARAM=VALUE")]
    pub(crate) sets: Vec<String>,
    /// Give a reader another file: node=path.
    #[arg(long = "input", value_name = "NODE=PATH")]
    pub(crate) inputs: Vec<String>,
}

#[derive(Args)]
pub(crate) struct RenderArgs {
    /// The graph.
    pub(crate) graph: PathBuf,
    /// The file to write, or the folder where the graph delivers several.
    #[arg(short, long)]
    pub(crate) out: Option<PathBuf>,
    /// The node to write; without it every deliver node.
    #[arg(long)]
    pub(crate) node: Option<String>,
    /// The frames to write, from 0, half open: A..B.
    #[arg(long, value_parser = frames)]
    pub(crate) frames: Option<Range<i64>>,
    #[command(flatten)]
    pub(crate) open: OpenArgs,
    /// Work at 1/N of the size.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) proxy: u32,
    /// The most that paid steps may cost, in US dollars.
    #[arg(long, value_name = "USD")]
    pub(crate) max_cost: Option<f64>,
    /// Run paid steps without asking.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write the account of the run to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// How to show progress.
    #[arg(long, value_enum, default_value_t = ProgressKind::Auto)]
    pub(crate) progress: ProgressKind,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A bar on a terminal, nothing elsewhere.
    Auto,
    /// A bar.
    Bar,
    /// A JSON object a line on standard error.
    Json,
    /// Nothing.
    None,
}

#[derive(Args)]
pub(crate) struct FrameArgs {
    /// The graph.
    pub(crate) graph: PathBuf,
    /// The node to look at.
    #[arg(long)]
    pub(crate) node: String,
    /// The frame, from 0.
    #[arg(long)]
    pub(crate) frame: i64,
    /// The picture to write: .png or .exr.
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Bits a channel of a PNG.
    #[arg(long, default_value_t = 8)]
    pub(crate) bits: u8,
    /// Work at 1/N of the size.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) proxy: u32,
    #[command(flatten)]
    pub(crate) open: OpenArgs,
}

#[derive(Args)]
pub(crate) struct DriveArgs {
    /// The graph to begin with; an empty one without it.
    pub(crate) graph: Option<PathBuf>,
    /// Allow graphs to read files outside their folder.
    #[arg(long)]
    pub(crate) trust: bool,
    /// The most that paid steps may cost, in US dollars.
    #[arg(long, value_name = "USD")]
    pub(crate) max_cost: Option<f64>,
    /// Run paid steps without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The graphs.
    #[arg(required = true)]
    pub(crate) graphs: Vec<PathBuf>,
    /// End with 3 where there is advice.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Tell in JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Allow the graphs to read files outside their folder.
    #[arg(long)]
    pub(crate) trust: bool,
}

#[derive(Args)]
pub(crate) struct PlanArgs {
    /// The graph.
    pub(crate) graph: PathBuf,
    /// Tell in JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) open: OpenArgs,
}

#[derive(Args)]
pub(crate) struct NodesArgs {
    /// One kind, such as finish/blend; all without it.
    pub(crate) kind: Option<String>,
    /// Tell in JSON.
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Tell as the reference page.
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Args)]
pub(crate) struct ProbeArgs {
    /// The file.
    pub(crate) media: PathBuf,
    /// One MD5 of the decoded planes a frame, in presentation order.
    #[arg(long)]
    pub(crate) hashes: bool,
}

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// What to measure; without it `compare`.
    #[command(subcommand)]
    pub(crate) what: Option<BenchKind>,
}

#[derive(Args)]
pub(crate) struct DoctorArgs {
    /// Tell in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct FmtArgs {
    /// The graphs.
    #[arg(required = true)]
    pub(crate) graphs: Vec<PathBuf>,
    /// Change nothing; end with 3 where a file would change.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args)]
pub(crate) struct BundleArgs {
    /// The graph.
    pub(crate) graph: PathBuf,
    /// The zip to write.
    #[arg(short, long)]
    pub(crate) out: PathBuf,
    /// Pack files outside the graph's folder too.
    #[arg(long)]
    pub(crate) trust: bool,
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The graph before.
    pub(crate) before: PathBuf,
    /// The graph after.
    pub(crate) after: PathBuf,
    /// Tell in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `A..B`, half open, from 0.
fn frames(text: &str) -> Result<Range<i64>, String> {
    let parse = |n: &str| n.trim().parse::<i64>().ok().filter(|n| *n >= 0);
    match text.split_once("..").map(|(a, b)| (parse(a), parse(b))) {
        Some((Some(a), Some(b))) if a < b => Ok(a..b),
        _ => Err("write frames as A..B, such as 0..24: from 0, the second not included".to_owned()),
    }
}
