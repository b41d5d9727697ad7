//! The stills of an image set in the viewer, and which of them a pick takes.

use super::eye::Want;
use super::screen::image_of;
use super::{Editor, Message};
use crate::editor::panels::stills::{StillView, StillsView};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::evaluate::{Frame, Wish};
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{Desc, Error, ImageDesc, ImageSetDesc, Result};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// The tool that takes one still of a set.
const PICK: &str = "generate/pick";
/// Pixels across a still in the sheet, at least where it has them.
const ACROSS: u32 = 480;
/// Stills asked for at once.
const AT_ONCE: usize = 3;

/// The sheet that is shown: of which node and graph, and what came of each still.
#[derive(Default)]
pub(super) struct Sheet {
    of: Option<Want>,
    came: HashMap<usize, Option<String>>,
    coming: Vec<usize>,
}

impl Sheet {
    /// Whether nothing is on its way.
    pub(super) fn is_settled(&self) -> bool {
        self.coming.is_empty()
    }
}

/// The name of a still's picture among those of nodes; no node can have it.
fn name(node: &NodeId, at: usize) -> String {
    format!("still:{node}:{at}")
}

/// The node whose still a small picture is of, where it is one.
pub(super) fn node_of(name: &str) -> Option<NodeId> {
    super::inside::evaluated(name.strip_prefix("still:")?.rsplit_once(':')?.0)
}

fn scale(still: &ImageDesc) -> u32 {
    let mut proxy = 1;
    while still.still.width / (proxy * 2) >= ACROSS {
        proxy *= 2;
    }
    proxy
}

impl Editor {
    /// The stills that a node gives.
    pub(super) fn stills_of(&self, id: &NodeId) -> Option<&ImageSetDesc> {
        let slot = self.facts.as_ref()?.described.slot(id).ok()?;
        match slot.state.outcome.as_ref().ok()?.outputs.first()? {
            Desc::ImageSet(set) => Some(set),
            _ => None,
        }
    }

    /// The node that takes one of the stills of a set.
    fn pick_of(&self, id: &NodeId) -> Option<NodeId> {
        let graph = self.session.document.graph().level_of(id)?;
        let mut all: Vec<NodeId> = graph
            .links_from(&id.local())
            .map(|(to, _)| &to.node)
            .filter(|to| graph.nodes.get(to).is_some_and(|n| &*n.kind == PICK))
            .map(|to| id.beside(to))
            .collect();
        all.sort();
        // Of several the selected one is meant.
        let chosen = all.iter().find(|to| self.chosen_nodes().any(|s| s == **to));
        chosen.or(all.first()).cloned()
    }

    /// The sheet of a set.
    pub(super) fn stills_view(&self, id: &NodeId, set: &ImageSetDesc) -> StillsView {
        let graph = self.session.document.graph();
        let pick = self.pick_of(id).and_then(|pick| graph.find(&pick).ok().cloned());
        let taken = pick.as_ref().and_then(|pick| rushes_nodes::picked_still(&pick.params, set));
        let still = |(at, image): (usize, &ImageDesc)| {
            let seed = image.seed.map(|seed| format!("seed {seed}"));
            let words = [Some(image.name.clone()), seed, image.engine.clone()].into_iter().flatten();
            let picture = self.pictures.as_ref().and_then(|p| p.shaped(&name(id, at)));
            let aspect = image.still.width as f32 / image.still.height.max(1) as f32;
            StillView {
                texture: picture.map(|(texture, _)| texture),
                aspect: picture.map_or(aspect, |(_, aspect)| aspect),
                words: words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · "),
                wrong: self.sheet.came.get(&at).cloned().flatten().filter(|_| picture.is_none()),
                picked: taken == Some(at),
            }
        };
        StillsView { stills: set.images.iter().enumerate().map(still).collect(), can_pick: pick.is_some() }
    }

    /// Asks for the stills of the viewed set that are not there.
    pub(super) fn ask_for_stills(&mut self) {
        let set = self.viewed().and_then(|id| self.stills_of(&id).map(|set| (id.clone(), set.clone())));
        let Some(((id, set), facts)) = set.zip(self.facts.as_ref()) else {
            self.sheet = Sheet::default();
            return;
        };
        let graph = Arc::clone(&facts.described);
        let want = Want::of_set(Arc::clone(&graph), id.clone());
        if self.sheet.of.as_ref() != Some(&want) {
            self.sheet = Sheet { of: Some(want), ..Sheet::default() };
        }
        for (at, still) in set.images.iter().enumerate() {
            let known = self.sheet.came.contains_key(&at) || self.sheet.coming.contains(&at);
            if known || self.sheet.coming.len() >= AT_ONCE {
                continue;
            }
            self.sheet.coming.push(at);
            let frame = i64::try_from(at).unwrap_or(i64::MAX);
            let request = Request::frame(id.clone(), frame).proxy(scale(still));
            let want = Want { request: request.clone(), ..Want::of_set(Arc::clone(&graph), id.clone()) };
            let (tell, screen) = (self.tell.clone(), self.screen.clone());
            let wish = Wish::of(Lane::Thumbnail);
            let finish = move |frame| screen.settled(frame);
            self.scheduler.ask_and(&graph, request, wish, 0, finish, move |made| {
                tell.say(Message::Still(want, at, made));
            });
        }
    }

    /// Takes a still that came.
    pub(super) fn still_came(&mut self, want: &Want, at: usize, result: Result<Frame>) {
        let same = self.sheet.of.as_ref().is_some_and(|of| of.is_of_graph(want));
        if !same {
            return;
        }
        self.sheet.coming.retain(|coming| *coming != at);
        let drawn = result.and_then(|frame| {
            let image = image_of(&frame.payload).ok_or_else(|| Error::usage("it is no picture"))?;
            let pictures = self.pictures.as_mut().ok_or_else(|| Error::system("nothing can be drawn"))?;
            pictures.thumb_of_width(&name(&want.request.node, at).into(), &image, ACROSS)
        });
        self.sheet.came.insert(at, drawn.err().map(|e| e.to_string()));
    }

    /// Lets the pick after the viewed set take a still.
    pub(super) fn pick_still(&mut self, at: usize) {
        let done = self.try_pick(at);
        self.told(done);
    }

    fn try_pick(&mut self, at: usize) -> Result<()> {
        let none = || {
            Error::usage("no node takes one of these stills").help("connect a Pick node, then choose again")
        };
        let set = self.viewed().ok_or_else(none)?;
        let pick = self.pick_of(&set).ok_or_else(none)?;
        let image = self.stills_of(&set).and_then(|set| set.images.get(at)).ok_or_else(none)?;
        let ordered = self.session.document.graph().find(&pick).ok();
        let ordered = ordered.and_then(|n| n.params.get("order")?.as_array().map(|o| !o.is_empty()));
        // Where the person put the stills into an order, a place would be one in that order.
        let value = match ordered {
            Some(true) if !image.hash.is_empty() => json!(image.hash),
            _ => json!(at),
        };
        let set = |node| Edit::Set { node, param: "choice".into(), value };
        self.edit_node(&pick, set, Some("Pick a still"))
    }
}
