//! Chains of tools over a picture: each span of pixels goes through all of them before the next one.

use crate::band::Band;
use crate::cx::{Block, Cx, Picture, SPAN, Span, TableView};
use crate::decode::PlaneReader;
use crate::found::{Found, Tools};
use crate::lane_kind::LaneKind;
use crate::separable::Mix;
use crate::store::Host;
use crate::tile::Room;
use crate::view::{NOTHING, Out, View};
use rushes_engine::{Error, Result};
use rushes_gpu::{Border, Expr, Mixed, Place, Precision, Stage, Table};
use std::collections::HashMap;
use std::ops::Range;

/// The most pictures that a tool is made of.
const MOST_INPUTS: usize = 8;

/// One step of a chain, and the blocks that it reads and writes.
pub(crate) struct Step<'a> {
    pub(crate) what: What<'a>,
    inputs: Vec<usize>,
    block: usize,
}

pub(crate) enum What<'a> {
    Picture(Picture<'a>),
    Planes(PlaneReader<'a>),
    Tool {
        found: Found,
        cx: Cx<'a>,
    },
    /// And which of the rooms is its own.
    Mix {
        mix: Box<Mix<'a>>,
        room: usize,
    },
}

/// A picture's steps, in the order in which they are taken.
pub(crate) struct Chain<'a> {
    lanes: &'static LaneKind,
    steps: Vec<Step<'a>>,
    between: Precision,
    last: Precision,
    blocks: usize,
    mixes: usize,
}

/// What a core runs a chain in.
pub(crate) struct Scratch {
    blocks: Vec<Option<Box<Block>>>,
    rooms: Vec<Room>,
}

/// The context of a tool at a place.
pub(crate) fn context<'a>(
    found: &Found,
    place: Place,
    params: &'a [u8],
    tables: &'a [Table],
    pictures: Vec<Picture<'a>>,
    half: bool,
) -> Cx<'a> {
    let view = |at: &usize| tables.get(*at).and_then(|t| TableView::new(t.entries(), t.size()));
    Cx {
        width: place.width,
        height: place.height,
        frame: place.frame,
        seed: place.seed,
        scale: place.scale,
        half,
        params,
        counts: found.counts.clone(),
        tables: found.tables.iter().filter_map(view).collect(),
        pictures,
    }
}

impl<'a> Chain<'a> {
    /// The steps that make a picture. Values between tools are rounded as `between`, the last ones as `last`.
    pub(crate) fn of(tools: &Tools, expr: &'a Expr, between: Precision, last: Precision) -> Result<Self> {
        let lanes = tools.lanes();
        let mut chain = Self { lanes, steps: Vec::new(), between, last, blocks: 0, mixes: 0 };
        chain.add(tools, expr, &mut HashMap::new())?;
        chain.share_blocks();
        Ok(chain)
    }

    fn add(&mut self, tools: &Tools, expr: &'a Expr, seen: &mut HashMap<*const (), usize>) -> Result<usize> {
        if let Some(at) = seen.get(&expr.id()) {
            return Ok(*at);
        }
        let (what, inputs) = match expr {
            Expr::Image(image) => (What::Picture(Host::picture(image, Border::Clamp)?), Vec::new()),
            Expr::Planes(planes) => (What::Planes(PlaneReader::of(planes)?), Vec::new()),
            Expr::Stage(stage) => {
                let inputs =
                    stage.inputs().iter().map(|i| self.add(tools, i, seen)).collect::<Result<Vec<_>>>()?;
                (self.stage(tools, stage)?, inputs)
            }
            Expr::Mixed(mixed) => (self.mix(tools, mixed)?, Vec::new()),
        };
        self.steps.push(Step { what, inputs, block: 0 });
        let at = self.steps.len() - 1;
        seen.insert(expr.id(), at);
        Ok(at)
    }

    fn stage(&self, tools: &Tools, stage: &'a Stage) -> Result<What<'a>> {
        let found = tools.pointwise(stage.shader())?;
        if stage.inputs().len() > MOST_INPUTS {
            return Err(Error::usage(format!("a tool is made of more than {MOST_INPUTS} pictures"))
                .at(stage.shader().name())
                .help("make it of fewer, one after the other"));
        }
        let half = self.between == Precision::Half;
        let cx = context(&found, stage.place(), stage.params(), stage.tables(), Vec::new(), half);
        Ok(What::Tool { found, cx })
    }

    fn mix(&mut self, tools: &Tools, mixed: &'a Mixed) -> Result<What<'a>> {
        // Its rows would begin where no tile of the inner one does.
        if mixed.source().has_mixes() {
            return Err(Error::system("a mix was to be made within another"));
        }
        let half = mixed.precision() == Precision::Half || self.between == Precision::Half;
        let mix = Box::new(Mix::of(tools, mixed, half)?);
        self.mixes += 1;
        Ok(What::Mix { mix, room: self.mixes - 1 })
    }

    /// Gives each step a block that no later step still reads.
    fn share_blocks(&mut self) {
        let mut last_use: Vec<usize> = (0..self.steps.len()).collect();
        for (i, step) in self.steps.iter().enumerate() {
            for input in &step.inputs {
                if let Some(last) = last_use.get_mut(*input) {
                    *last = i;
                }
            }
        }
        let mut free: Vec<usize> = Vec::new();
        for i in 0..self.steps.len() {
            let block = free.pop().unwrap_or_else(|| {
                self.blocks += 1;
                self.blocks - 1
            });
            let mut freed = Vec::new();
            for (before, last) in last_use.iter().enumerate().take(i) {
                if *last == i
                    && let Some(step) = self.steps.get(before)
                {
                    freed.push(step.block);
                }
            }
            free.extend(freed);
            let count = self.steps.len();
            let last = self.last;
            if let Some(step) = self.steps.get_mut(i) {
                step.block = block;
                if let (true, What::Tool { cx, .. }) = (i + 1 == count, &mut step.what) {
                    cx.half = last == Precision::Half;
                }
            }
        }
    }

    /// For [`Chain::run`].
    pub(crate) fn scratch(&self) -> Scratch {
        Scratch {
            blocks: (0..self.blocks).map(|_| Some(Box::new(Block::new()))).collect(),
            rooms: self.all_mixes().map(|(mix, _)| mix.room()).collect(),
        }
    }

    /// The mixes, and which of the rooms is each one's own.
    fn all_mixes(&self) -> impl Iterator<Item = (&Mix<'a>, usize)> {
        self.steps.iter().filter_map(|step| match &step.what {
            What::Mix { mix, room, .. } => Some((&**mix, *room)),
            _ => None,
        })
    }

    /// Whether some of it is mixed: then it is made tile by tile, each from its first row on.
    pub(crate) fn has_mixes(&self) -> bool {
        self.mixes > 0
    }

    /// Rows that a core makes before it asks for more, `usual` where nothing is mixed.
    pub(crate) fn band(&self, usual: u32) -> u32 {
        self.all_mixes().map(|(mix, _)| mix.band()).max().unwrap_or(usual)
    }

    /// The columns of a picture of `width` that are made before the next ones.
    pub(crate) fn tiles(&self, width: u32) -> impl Iterator<Item = Range<u32>> + use<> {
        let tile = if self.has_mixes() { SPAN as u32 } else { width.max(1) };
        (0..width).step_by(tile as usize).map(move |x| x..width.min(x + tile))
    }

    /// Begins a tile of some rows.
    pub(crate) fn begin(&self, xs: &Range<u32>, ys: &Range<u32>, scratch: &mut Scratch) {
        for (mix, room) in self.all_mixes() {
            if let Some(room) = scratch.rooms.get_mut(room) {
                mix.begin(room, xs, ys);
            }
        }
    }

    /// Has what a span is made of brought near.
    pub(crate) fn ask(&self, span: Span) {
        for step in &self.steps {
            match &step.what {
                What::Picture(picture) => picture.ask(span),
                What::Planes(planes) => planes.ask(span),
                What::Tool { .. } | What::Mix { .. } => {}
            }
        }
    }

    /// What a tool reads straight from a picture: values that need no rounding.
    fn own(&self, step: &Step<'a>, span: Span) -> Option<View<'a>> {
        match step.what {
            What::Picture(picture) if self.between == Precision::Float || !picture.is_float() => {
                picture.view(span)
            }
            _ => None,
        }
    }

    /// What a tool sees of a step.
    fn view<'b>(
        &self,
        i: usize,
        span: Span,
        blocks: &'b [Option<Box<Block>>],
        rooms: &'b [Room],
    ) -> Option<View<'b>>
    where
        'a: 'b,
    {
        let step = self.steps.get(i)?;
        match (&step.what, self.own(step, span)) {
            (_, Some(own)) => Some(own),
            (What::Mix { room, .. }, None) => rooms.get(*room)?.row(span.y).map(Block::view),
            (_, None) => blocks.get(step.block)?.as_deref().map(Block::view),
        }
    }

    /// Makes a span, where something is mixed of the tile that was begun.
    pub(crate) fn run<'b>(&self, span: Span, scratch: &'b mut Scratch) -> Option<&'b Block> {
        let (last, before) = self.steps.split_last()?;
        self.run_before(before, span, scratch);
        self.step(last, self.last, span, scratch);
        match &last.what {
            What::Mix { room, .. } => scratch.rooms.get(*room)?.row(span.y),
            _ => scratch.blocks.get(last.block)?.as_deref(),
        }
    }

    /// The same as a span of the row `row` of a band.
    pub(crate) fn write(
        &self,
        span: Span,
        scratch: &mut Scratch,
        band: &mut Band<'_>,
        row: usize,
        stride: usize,
    ) {
        let Some((Step { what: What::Tool { found, cx }, inputs, block }, before)) = self.steps.split_last()
        else {
            if let Some(block) = self.run(span, scratch) {
                band.write(self.lanes, span, row, stride, block);
            }
            return;
        };
        self.run_before(before, span, scratch);
        let Scratch { blocks, rooms } = scratch;
        let Some(mut made) = blocks.get_mut(*block).and_then(Option::take) else { return };
        band.make(self.lanes, span, row, stride, &mut made, |out| {
            self.tool((found, cx), inputs, span, (blocks, rooms), out);
        });
        if let Some(block) = blocks.get_mut(*block) {
            *block = Some(made);
        }
    }

    /// Takes the steps before the last one, but for those that tools read where they lie.
    fn run_before(&self, steps: &[Step<'a>], span: Span, scratch: &mut Scratch) {
        for step in steps {
            if self.own(step, span).is_none() {
                self.step(step, self.between, span, scratch);
            }
        }
    }

    fn step(&self, step: &Step<'a>, precision: Precision, span: Span, scratch: &mut Scratch) {
        let Scratch { blocks, rooms } = scratch;
        // A step's block is none of its inputs': these become free after it only.
        let Some(mut out) = blocks.get_mut(step.block).and_then(Option::take) else { return };
        // SAFETY: the functions were chosen for lanes that this processor has.
        match &step.what {
            What::Picture(picture) => unsafe { (self.lanes.read)(picture, span, precision, &mut out) },
            What::Planes(planes) => unsafe { (self.lanes.decode)(planes, span, precision, &mut out) },
            What::Mix { mix, room } => {
                if let Some(room) = rooms.get_mut(*room) {
                    mix.reach(room, span.y);
                }
            }
            What::Tool { found, cx } => {
                self.tool((found, cx), &step.inputs, span, (blocks, rooms), out.out());
            }
        }
        if let Some(block) = blocks.get_mut(step.block) {
            *block = Some(out);
        }
    }

    fn tool(
        &self,
        (found, cx): (&Found, &Cx<'a>),
        inputs: &[usize],
        span: Span,
        (blocks, rooms): (&[Option<Box<Block>>], &[Room]),
        out: Out<'_>,
    ) {
        let view = |i: &usize| self.view(*i, span, blocks, rooms).unwrap_or(NOTHING);
        // SAFETY: the function was chosen for lanes that this processor has.
        match inputs {
            [a] => unsafe { (found.run)(cx, span, &[view(a)], out) },
            [a, b] => unsafe { (found.run)(cx, span, &[view(a), view(b)], out) },
            all => {
                let mut inputs = [NOTHING; MOST_INPUTS];
                inputs.iter_mut().zip(all).for_each(|(input, i)| *input = view(i));
                unsafe { (found.run)(cx, span, &inputs, out) };
            }
        }
    }
}
