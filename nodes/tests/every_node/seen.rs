//! What a person can see of a node as it is set: what it says, its pictures, the files it writes.

use crate::setting::Settings;
use crate::world::{State, World};
use rushes_engine::param::ParamTime;
use rushes_engine::tool::Class;
use rushes_engine::{Desc, Result};
use rushes_gpu::Pixels;
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::path::PathBuf;

/// Less than this is no difference that anybody sees.
const LEAST: f32 = 1.0 / 1024.0;

/// The weakest way in which a setting is seen.
pub const WORDS: &str = "words";

/// An output, its frame, and the picture, if it is one.
pub type Look = (usize, i64, Option<Pixels>);
type Written = (Vec<String>, Vec<(PathBuf, Vec<u8>)>);

/// What a node says of itself.
#[derive(Debug, PartialEq)]
pub struct Said {
    outputs: Vec<String>,
    words: Vec<String>,
    after_run: Option<Vec<(&'static str, Value)>>,
}

/// A node as it is set, and what is seen of it.
pub struct Seen<'a> {
    world: &'a World,
    settings: Settings,
    pub state: State,
    said: OnceCell<Option<Said>>,
    pictures: OnceCell<Result<Vec<Look>>>,
    written: OnceCell<Result<Written>>,
}

impl<'a> Seen<'a> {
    pub fn new(world: &'a World, settings: &Settings) -> Self {
        Self {
            world,
            settings: settings.clone(),
            state: world.state(settings),
            said: OnceCell::new(),
            pictures: OnceCell::new(),
            written: OnceCell::new(),
        }
    }

    pub fn is_job(&self) -> bool {
        self.state.outcome().is_ok_and(|o| o.class == Class::Job)
    }

    /// What it says; nothing where it is wrongly set.
    pub fn said(&self) -> Option<&Said> {
        let say = || {
            let outcome = self.state.outcome().ok()?;
            let folder = self.world.folder.path().to_string_lossy().into_owned();
            let outputs = outcome.outputs.iter().map(|d| told(d).replace(&folder, "")).collect();
            Some(Said { outputs, words: outcome.words.clone(), after_run: self.after_run() })
        };
        self.said.get_or_init(say).as_ref()
    }

    fn after_run(&self) -> Option<Vec<(&'static str, Value)>> {
        let tool = self.world.tool();
        let defaults = tool.params().iter().map(|p| (p.name.clone(), p.default.clone()));
        let mut all: Map<_, _> = defaults.collect();
        all.extend(self.settings.params.clone());
        tool.parse(all).ok().map(|typed| tool.after_run(&typed))
    }

    /// The first, a middle and the last frame of each output.
    pub fn pictures(&self) -> Result<&[Look]> {
        let look = || {
            let mut all = Vec::new();
            for (output, frames) in self.state.looks() {
                let pixels = self.world.frames(&self.state, output, &frames)?;
                all.extend(frames.iter().zip(pixels).map(|(frame, p)| (output, *frame, p)));
            }
            Ok(all)
        };
        self.pictures.get_or_init(look).as_deref().map_err(Clone::clone)
    }

    /// What its job writes.
    pub fn written(&self) -> Result<&Written> {
        let write = || self.world.job(&self.settings).map(|(result, files)| (result.words, files));
        self.written.get_or_init(write).as_ref().map_err(Clone::clone)
    }

    /// Whether it can be used as it is set.
    pub fn works(&self) -> Result<()> {
        self.state.outcome().map_err(Clone::clone)?;
        if self.is_job() { self.written().map(drop) } else { self.pictures().map(drop) }
    }

    /// The keys of all that is looked at.
    pub fn keys(&self) -> Result<Vec<(usize, i64, rushes_engine::Key)>> {
        let looks = self.state.looks();
        let each = looks.iter().flat_map(|(output, frames)| frames.iter().map(|f| (*output, *f)));
        each.map(|(output, frame)| Ok((output, frame, self.state.key(output, frame)?))).collect()
    }

    /// What is seen otherwise in `other`, if anything. Settings that are wrong show nothing.
    pub fn differs(&self, other: &Self) -> Option<&'static str> {
        let (said, theirs) = (self.said()?, other.said()?);
        if said.outputs != theirs.outputs {
            return Some("outputs");
        }
        if self.is_job() {
            if matches!((self.written(), other.written()), (Ok(a), Ok(b)) if a != b) {
                return Some("files");
            }
        } else if self.keys() != other.keys()
            && let (Ok(a), Ok(b)) = (self.pictures(), other.pictures())
            && a.iter().zip(b).any(|(a, b)| apart(a, b))
        {
            return Some("pictures");
        }
        if said.words != theirs.words {
            return Some(WORDS);
        }
        (said.after_run != theirs.after_run).then_some("what becomes of it after a run")
    }
}

/// Whether two looks show what a person can tell apart.
fn apart((.., a): &Look, (.., b): &Look) -> bool {
    matches!((a, b), (Some(a), Some(b)) if farthest(a, b) > LEAST)
}

/// A description in full; a number that changes at a few of its times.
fn told(desc: &Desc) -> String {
    match desc {
        Desc::Number(number) => {
            let at = |frame: i64| number.at(ParamTime { frame, seconds: frame as f64 / 24.0, frames: 12 });
            format!("{:?}", [0, 1, 5].map(at))
        }
        desc => format!("{desc:?}"),
    }
}

/// The largest difference of any channel of any pixel.
pub fn farthest(a: &Pixels, b: &Pixels) -> f32 {
    if (a.width, a.height) != (b.width, b.height) {
        return f32::INFINITY;
    }
    let apart = |(a, b): (&f32, &f32)| match (a.is_nan(), b.is_nan()) {
        (true, true) => 0.0,
        (false, false) if a == b => 0.0,
        (false, false) => (a - b).abs(),
        _ => f32::INFINITY,
    };
    a.rgba.iter().flatten().zip(b.rgba.iter().flatten()).map(apart).fold(0.0, f32::max)
}
