//! Tools measured as graphs have them: the evaluator makes a node's frame again and again from kept pictures.

use super::inputs;
use super::list::{self, Kernel};
use crate::cli::bench::{fence, median, write};
use crate::home::Home;
use crate::session::{FrameFile, Options, Session};
use cpu_time::ProcessTime;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::evaluate::Wish;
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::{EncodeFormat, Executor, Expr, Precision};
use rushes_nodes::Services;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A run is repeated until it takes as long, so that waiting for a device counts for little.
const LONG_ENOUGH: f64 = 0.02;
/// Pictures that are asked for before one waits.
const MOST: f64 = 8.0;

/// Milliseconds of one picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) wall: f64,
    pub(super) processor: f64,
}

/// A graph of tools on an executor.
pub(super) struct Stand {
    session: Session,
    described: Arc<DescribedGraph>,
    services: Arc<Services>,
    cancel: Cancel,
}

impl Stand {
    /// The tools at a size, on what is behind `services`.
    pub(super) fn new(
        folder: &Path,
        services: &Arc<Services>,
        size: (u32, u32),
        stop: &Cancel,
    ) -> Result<Self> {
        let cancel = stop.child();
        let options = Options {
            home: Some(Home::at(&folder.join("home"))?),
            services: Some(Arc::clone(services)),
            ..Options::default()
        };
        let mut session = Session::new(options)?;
        let path = folder.join("tools.json");
        write(&path, &list::graph(size).to_string())?;
        write(&folder.join(inputs::LOOK), &inputs::cube())?;
        write(&folder.join(inputs::PLANES), &inputs::planes(size))?;
        session.open(&path)?;
        let noise = "half".parse()?;
        for number in 0..2 {
            let frame = session.frame(&noise, number, 1, &cancel)?;
            let out = folder.join(inputs::FLOATS.replace("%04d", &format!("{number:04}")));
            session.write_frame(FrameFile { node: &noise, frame: &frame, out: &out, bits: 16 }, &cancel)?;
        }
        let described = session.describe_again();
        Ok(Self { session, described, services: Arc::clone(services), cancel })
    }

    fn executor(&self) -> Result<&dyn Executor> {
        self.services.executor().map(AsRef::as_ref)
    }

    /// The first frame of a node. The lane of a render keeps nothing of a clip's frames.
    fn frame(&self, node: &str, wish: Wish) -> Result<Expr> {
        let request = Request::frame(node.parse()?, 0);
        let frame = self.session.evaluator().frame(&self.described, &request, wish, &self.cancel)?;
        let picture = frame.payload.as_any().downcast_ref::<Expr>().cloned();
        picture.ok_or_else(|| Error::system("a tool gave no picture").at(node))
    }

    /// Makes the two pictures that all tools of a kind read, and keeps them; gives the first.
    pub(super) fn keep(&self, mark: &str) -> Result<Expr> {
        self.frame(&format!("{mark}_b"), Wish::of(Lane::Viewer))?;
        self.frame(&format!("{mark}_a"), Wish::of(Lane::Viewer))
    }

    /// Measures a tool.
    pub(super) fn tool(&self, kernel: &Kernel, runs: u32) -> Result<Time> {
        self.time(runs, || self.frame(&kernel.node, Wish::of(Lane::Export)).map(drop))
    }

    /// Measures a picture on its way to an encoder's planes of 4:2:0 in 8 bits, and back from there.
    pub(super) fn planes(&self, picture: &Expr, precision: Precision, runs: u32) -> Result<[Time; 2]> {
        let format = EncodeFormat::default();
        let executor = self.executor()?;
        let planes = || executor.to_planes(picture, &format, precision, 0, 0)?.wait(&self.cancel);
        let there = self.time(runs, || planes().map(drop))?;
        let read = Expr::Planes(executor.upload(&planes()?)?);
        let back = self.time(runs, || executor.materialise(&read, precision, 0).map(drop))?;
        Ok([there, back])
    }

    /// Measures three tools between planes and planes: what a render does to a frame beside its codecs.
    pub(super) fn through(&self, runs: u32) -> Result<Time> {
        let (executor, wish) = (self.executor()?, Wish { lane: Lane::Export, lazy: true });
        self.time(runs, || {
            let picture = self.frame(list::THROUGH, wish)?;
            executor
                .to_planes(&picture, &EncodeFormat::default(), Precision::Half, 0, 0)?
                .wait(&self.cancel)
                .map(drop)
        })
    }

    /// The medians of `runs`, of one picture each.
    fn time(&self, runs: u32, mut work: impl FnMut() -> Result<()>) -> Result<Time> {
        let executor = self.executor()?;
        let mut timed = |times: u32| {
            let (wall, processor) = (Instant::now(), ProcessTime::now());
            for _ in 0..times {
                work()?;
            }
            fence::finish(executor, &self.cancel)?;
            let ms = 1e3 / f64::from(times);
            Ok::<_, Error>((wall.elapsed().as_secs_f64() * ms, processor.elapsed().as_secs_f64() * ms))
        };
        // The first one compiles.
        timed(1)?;
        let once = timed(1)?.0 / 1e3;
        let times = (LONG_ENOUGH / once.max(1e-6)).ceil().clamp(1.0, MOST) as u32;
        let all = (0..runs).map(|_| timed(times)).collect::<Result<Vec<_>>>()?;
        let (walls, processors): (Vec<f64>, Vec<f64>) = all.into_iter().unzip();
        Ok(Time { wall: median(&walls), processor: median(&processors) })
    }
}
