//! What a tool sees of its surroundings while it is described, planned, rendered and run.

use super::{Need, Port, Spec};
use crate::describe::ParamSet;
use crate::library::{Facts, Links};
use crate::{
    AudioDesc, Cancel, ClipDesc, Desc, Error, Key, NumberDesc, Payload, PayloadRef, Progress, Rate, Result,
};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The outside world as the engine needs it; the tools know what stands behind it.
pub trait Host: Any + Send + Sync {
    /// Computes a picture that was handed on uncomputed; `desc` says what the output is. Anything else comes back
    /// as it is.
    fn settle(&self, payload: PayloadRef, desc: &Desc, label: u64) -> Result<PayloadRef>;

    /// The bytes to keep on disk, or `None` for what is not kept there.
    fn to_disk(&self, payload: &dyn Payload) -> Option<Result<Vec<u8>>>;

    /// A payload from what [`Host::to_disk`] gave.
    fn read_disk(&self, bytes: &[u8]) -> Result<PayloadRef>;

    /// What computes here, by a name that is part of the keys on disk.
    fn executor(&self) -> String;

    /// Which device is in use: grows when one was lost and another takes its place. What lay on the lost one is gone.
    fn generation(&self) -> u64 {
        0
    }

    /// Milliseconds that the device spent since the last call, by label.
    fn take_timings(&self) -> Vec<(u64, f64)>;

    /// The host as itself.
    fn as_any(&self) -> &dyn Any;
}

/// A file that a graph names, found and allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Where it lies.
    pub path: PathBuf,
    /// What it contains.
    pub content: Key,
    /// `content` is a guess by size and time until the file has been read.
    pub provisional: bool,
}

/// Finds files and holds the rules of trust.
pub trait Files: Send + Sync {
    /// The file that `name` means in this graph.
    fn find(&self, name: &str) -> Result<FileEntry>;

    /// The names of the files in folder `name`, as the graph would name them, sorted. Subfolders are left out.
    fn list(&self, name: &str) -> Result<Vec<String>>;

    /// Where a graph may write a file called `name`.
    fn output(&self, name: &str) -> Result<PathBuf>;
}

/// Who waits for a frame; the first is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// The frame in the viewer.
    Viewer,
    /// The frame under a moving playhead.
    Scrub,
    /// Frames read ahead while playing.
    Playback,
    /// Small pictures on nodes.
    Thumbnail,
    /// A file being written.
    Export,
    /// Everything else.
    Background,
}

/// One wired input.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The port, with its number where variadic.
    pub port: Arc<str>,
    /// What it carries, after a free conversion.
    pub desc: Desc,
}

/// While being described: the inputs' descriptions and the files of the graph.
pub struct DescribeCx<'a> {
    /// The tool.
    pub spec: &'a Spec,
    /// The wired inputs in the order of the ports.
    pub inputs: &'a [Input],
    /// The outside world.
    pub host: &'a dyn Host,
    pub(crate) files: &'a dyn Files,
    pub(crate) params: &'a ParamSet,
    pub(crate) found: RefCell<Vec<(String, FileEntry)>>,
    pub(crate) listed: RefCell<Vec<(String, Vec<String>)>>,
    pub(crate) lineage: &'a BTreeSet<&'static str>,
}

impl DescribeCx<'_> {
    /// The description on input `port`, if wired.
    pub fn input(&self, port: &str) -> Option<&Desc> {
        find(self.inputs, port)
    }

    /// The frames on input `port`, or an error that says it is open.
    pub fn frames(&self, port: &str) -> Result<&ClipDesc> {
        self.input(port).and_then(Desc::frames).ok_or_else(|| open_input(port))
    }

    /// The frames on input `port`, if wired.
    pub fn maybe_frames(&self, port: &str) -> Option<&ClipDesc> {
        self.input(port).and_then(Desc::frames)
    }

    /// The sound on input `port`, if wired.
    pub fn audio(&self, port: &str) -> Option<&AudioDesc> {
        match self.input(port) {
            Some(Desc::Audio(audio)) => Some(audio),
            _ => None,
        }
    }

    /// The text on input `port`, if wired.
    pub fn text(&self, port: &str) -> Option<&str> {
        match self.input(port) {
            Some(Desc::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The wired inputs of variadic port `name`, in the order of their numbers.
    pub fn variadic(&self, name: &str) -> Vec<&Input> {
        let answers = |p: &&Port| p.name == name;
        let Some(port) = self.spec.inputs.iter().find(answers) else { return Vec::new() };
        self.inputs.iter().filter(|i| port.answers_to(&i.port)).collect()
    }

    /// Whether a node of `kind` lies anywhere before this one.
    pub fn comes_after(&self, kind: &str) -> bool {
        self.lineage.contains(kind)
    }

    /// A file that the graph names; its content becomes part of the node's keys.
    pub fn file(&self, name: &str) -> Result<FileEntry> {
        let entry = self.files.find(name)?;
        self.found.borrow_mut().push((name.to_owned(), entry.clone()));
        Ok(entry)
    }

    /// The names of the files in a folder of the graph. They are no part of the node's keys; the node is described
    /// again when they change.
    pub fn folder(&self, name: &str) -> Result<Vec<String>> {
        let names = self.files.list(name)?;
        self.listed.borrow_mut().push((name.to_owned(), names.clone()));
        Ok(names)
    }

    /// The content of a file that is looked at only to advise on it; it is no part of the node's keys.
    pub fn peek(&self, name: &str) -> Result<FileEntry> {
        self.files.find(name)
    }

    /// Parameter `name` as a number over time, keyframes, expression and wire included.
    pub fn number(&self, name: &str) -> Option<NumberDesc> {
        self.params.number(name)
    }

    /// Where this graph may write `name`.
    pub fn output_path(&self, name: &str) -> Result<PathBuf> {
        self.files.output(name)
    }
}

/// Says that a required input has no wire.
pub(crate) fn open_input(port: &str) -> Error {
    Error::usage(format!("input “{port}” is not connected"))
        .at(port)
        .help(format!("wire something into {port}"))
}

fn find<'a>(inputs: &'a [Input], port: &str) -> Option<&'a Desc> {
    inputs.iter().find(|i| &*i.port == port).map(|i| &i.desc)
}

/// While being planned: one output frame at one scale.
pub struct FrameCx<'a> {
    /// The tool.
    pub spec: &'a Spec,
    /// The wired inputs in the order of the ports.
    pub inputs: &'a [Input],
    /// What the node outputs, in the order of the ports.
    pub outputs: &'a [Desc],
    /// Which output is asked for.
    pub output: usize,
    /// The frame of that output, within its length.
    pub frame: i64,
    /// One pixel of the answer stands for `proxy` pixels each way.
    pub proxy: u32,
    /// What the tool found out when it was described.
    pub facts: Option<&'a Arc<dyn Any + Send + Sync>>,
}

impl FrameCx<'_> {
    /// What [`Described::fact`](super::Described::fact) kept, if it was a `T`.
    pub fn fact<T: 'static>(&self) -> Option<&T> {
        self.facts.and_then(|f| (**f).downcast_ref())
    }

    /// The description on input `port`, if wired.
    pub fn input(&self, port: &str) -> Option<&Desc> {
        find(self.inputs, port)
    }

    /// The frames on input `port`, if wired.
    pub fn frames(&self, port: &str) -> Option<&ClipDesc> {
        self.input(port).and_then(Desc::frames)
    }

    /// The rate of the output, if it has time.
    pub fn rate(&self) -> Option<Rate> {
        self.outputs.get(self.output).and_then(Desc::frames).and_then(|d| d.rate)
    }

    /// The frame of input `port` that is shown at the time of our frame; of a still 0.
    pub fn timed(&self, port: &str) -> i64 {
        match (self.frames(port).and_then(|d| d.rate), self.rate()) {
            (Some(theirs), Some(ours)) => ours.nearest_in(theirs, self.frame),
            (Some(_), None) => self.frame,
            (None, _) => 0,
        }
    }

    /// The scale at which to ask for an input that is to grow by `growth`, so that a proxy of the answer shows as much of
    /// it as the full picture would. Never coarser than the answer.
    pub fn finer(&self, growth: f64) -> u32 {
        let finer = (f64::from(self.proxy) / growth.max(1.0)).floor();
        if finer >= 1.0 { finer as u32 } else { 1 }
    }

    /// Every wired input that carries frames, at our frame's time.
    pub fn same_time(&self) -> Vec<Need> {
        let framed = self.inputs.iter().filter(|i| i.desc.frames().is_some());
        framed.map(|i| Need { port: i.port.clone(), frame: self.timed(&i.port), proxy: None }).collect()
    }
}

/// While rendering one frame.
pub struct RenderCx<'a> {
    /// Which output, which frame, which scale.
    pub at: FrameCx<'a>,
    /// The tool's kind, for messages.
    pub kind: &'static str,
    /// The needs, each with what came.
    pub fed: &'a [(Need, PayloadRef)],
    /// The outside world.
    pub host: &'a dyn Host,
    /// Who waits.
    pub lane: Lane,
    /// Set when nobody waits any more.
    pub cancel: &'a Cancel,
    /// The account that device time is booked to.
    pub label: u64,
    /// The files found when the node was described, by the names that the graph has for them.
    pub files: &'a [(String, FileEntry)],
}

impl RenderCx<'_> {
    /// What came on input `port`: its first frame where several were asked for.
    pub fn payload(&self, port: &str) -> Option<&PayloadRef> {
        self.fed.iter().find(|(need, _)| &*need.port == port).map(|(_, payload)| payload)
    }

    /// The scale of what came on input `port`.
    pub fn proxy_of(&self, port: &str) -> u32 {
        let need = self.fed.iter().find(|(need, _)| &*need.port == port);
        need.and_then(|(need, _)| need.proxy).unwrap_or(self.at.proxy)
    }

    /// The file that the graph calls `name`, as it was found when the node was described.
    pub fn file(&self, name: &str) -> Result<&FileEntry> {
        let entry = self.files.iter().find(|(n, _)| n == name).map(|(_, entry)| entry);
        entry
            .ok_or_else(|| Error::missing("the file was not looked up").at(name).help("open the graph again"))
    }

    /// What came on a required input.
    pub fn required(&self, port: &str) -> Result<&PayloadRef> {
        self.payload(port).ok_or_else(|| open_input(port))
    }

    /// What the node outputs here.
    pub fn clip(&self) -> Result<&ClipDesc> {
        let desc = self.at.outputs.get(self.at.output).and_then(Desc::frames);
        desc.ok_or_else(|| Error::usage(format!("{} outputs no frames here", self.kind)))
    }
}

/// While running a job.
pub struct RunCx<'a> {
    /// The tool's kind, for messages.
    pub kind: &'static str,
    /// The wired inputs in the order of the ports.
    pub inputs: &'a [Input],
    /// What the node outputs.
    pub outputs: &'a [Desc],
    /// The frames to write, half open, in the first clip's numbers.
    pub frames: std::ops::Range<i64>,
    /// One pixel of the file stands for `proxy` pixels each way.
    pub proxy: u32,
    /// The file to write, where the caller chose it; the folder to work in for a job that makes a take.
    pub out: Option<&'a Path>,
    /// The graph, to be carried inside what is made; with files named without folders.
    pub graph_json: &'a str,
    /// The outside world.
    pub host: &'a dyn Host,
    /// The rules for files.
    pub files: &'a dyn Files,
    /// Set when the work is to stop.
    pub cancel: &'a Cancel,
    /// How far it is.
    pub progress: &'a Progress,
    /// The account that device time is booked to.
    pub label: u64,
    /// What a take of this job is found by later, for work that may end in another run of the program.
    pub links: &'a Links,
    pub(crate) pull: &'a (dyn Fn(&str, i64) -> Result<PayloadRef> + Sync),
    pub(crate) input_files: &'a [PathBuf],
    pub(crate) known: &'a (dyn Fn(Key) -> bool + Sync),
}

impl RunCx<'_> {
    /// The description on input `port`, if wired.
    pub fn input(&self, port: &str) -> Option<&Desc> {
        find(self.inputs, port)
    }

    /// Frame `frame` of input `port`, evaluated now. May be called from several threads.
    pub fn pull(&self, port: &str, frame: i64) -> Result<PayloadRef> {
        self.cancel.check()?;
        (self.pull)(port, frame)
    }

    /// Whether the result of an exact request, pixels and samples as they would be sent, is in the library. The job then
    /// ends with [`JobResult::known`] and spends nothing.
    pub fn is_known(&self, content: Key) -> bool {
        (self.known)(content)
    }

    /// Refuses to write onto a file that the graph reads.
    pub fn check_not_input(&self, path: &Path) -> Result<()> {
        let real = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_owned());
        let target = real(path);
        if self.input_files.iter().any(|p| real(p) == target) {
            return Err(Error::usage("the output would overwrite a file that the graph reads")
                .at(path.display())
                .help("write to another name"));
        }
        Ok(())
    }
}

/// What a job made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobResult {
    /// The files, finished and under their final names.
    pub files: Vec<PathBuf>,
    /// What a person should know.
    pub words: Vec<String>,
    /// Frames written.
    pub frames: u64,
    /// Milliseconds of work of its own, such as encoding, apart from waiting for its input.
    pub busy_ms: f64,
    /// The key of the exact request, for a job that makes a take.
    pub content: Option<Key>,
    /// How the take came to be, for a job that makes one.
    pub facts: Facts,
    /// The line of the ledger that waits until the take is in the library, for a job that was paid for.
    pub row: Option<String>,
}

impl JobResult {
    /// Says that the take of an exact request is in the library.
    pub fn known(content: Key) -> Self {
        Self { content: Some(content), ..Self::default() }
    }
}
