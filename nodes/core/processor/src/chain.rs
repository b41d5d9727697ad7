//! Chains of tools over a picture: each span of pixels goes through all of them before the next one.

use crate::cx::{Block, Cx, NOTHING, Picture, SPAN, Span, TableView, View};
use crate::decode::PlaneReader;
use crate::found::{Found, Tools};
use crate::lane_kind::LaneKind;
use crate::store::Host;
use rushes_engine::{Error, Result};
use rushes_gpu::{Border, Expr, Place, Precision, Stage, Table};
use std::collections::HashMap;

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
    Tool { found: Found, cx: Cx<'a> },
}

/// A picture's steps, in the order in which they are taken.
pub(crate) struct Chain<'a> {
    lanes: &'static LaneKind,
    steps: Vec<Step<'a>>,
    between: Precision,
    last: Precision,
    blocks: usize,
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
        let mut chain = Self { lanes: tools.lanes(), steps: Vec::new(), between, last, blocks: 0 };
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
                (self.tool(tools, stage)?, inputs)
            }
        };
        self.steps.push(Step { what, inputs, block: 0 });
        let at = self.steps.len() - 1;
        seen.insert(expr.id(), at);
        Ok(at)
    }

    fn tool(&self, tools: &Tools, stage: &'a Stage) -> Result<What<'a>> {
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

    /// Blocks for [`Chain::run`].
    pub(crate) fn blocks(&self) -> Vec<Option<Box<Block>>> {
        (0..self.blocks).map(|_| Some(Box::new(Block::new()))).collect()
    }

    /// The picture whose values a tool reads straight from it.
    fn own(&self, step: &Step<'a>, span: Span) -> Option<Picture<'a>> {
        match step.what {
            What::Picture(picture) if picture.is_float() => {
                (self.between == Precision::Float && span.len == SPAN).then_some(picture)
            }
            _ => None,
        }
    }

    /// What a tool sees of a step.
    fn view<'b>(&self, i: usize, span: Span, blocks: &'b [Option<Box<Block>>]) -> Option<View<'b>>
    where
        'a: 'b,
    {
        let step = self.steps.get(i)?;
        match self.own(step, span) {
            Some(picture) => picture.view(span),
            None => blocks.get(step.block)?.as_deref().map(Block::view),
        }
    }

    /// Makes a span. Says in which of the blocks it lies.
    pub(crate) fn run(&self, span: Span, blocks: &mut [Option<Box<Block>>]) -> usize {
        let mut at = 0;
        for (i, step) in self.steps.iter().enumerate() {
            let last = i + 1 == self.steps.len();
            if !last && self.own(step, span).is_some() {
                continue;
            }
            let precision = if last { self.last } else { self.between };
            at = step.block;
            // A step's block is none of its inputs': these become free after it only.
            let Some(mut out) = blocks.get_mut(at).and_then(Option::take) else { continue };
            // SAFETY: the functions were chosen for lanes that this processor has.
            match &step.what {
                What::Picture(picture) => unsafe { (self.lanes.read)(picture, span, precision, &mut out) },
                What::Planes(planes) => unsafe { (self.lanes.decode)(planes, span, precision, &mut out) },
                What::Tool { found, cx } => {
                    let view = |i: &usize| self.view(*i, span, blocks).unwrap_or(NOTHING);
                    match step.inputs.as_slice() {
                        [a] => unsafe { (found.run)(cx, span, &[view(a)], &mut out) },
                        [a, b] => unsafe { (found.run)(cx, span, &[view(a), view(b)], &mut out) },
                        all => {
                            let mut inputs = [NOTHING; MOST_INPUTS];
                            inputs.iter_mut().zip(all).for_each(|(input, i)| *input = view(i));
                            unsafe { (found.run)(cx, span, &inputs, &mut out) };
                        }
                    }
                }
            }
            if let Some(block) = blocks.get_mut(at) {
                *block = Some(out);
            }
        }
        at
    }
}
