//! What the canvas shows: plain data, made anew when the document or a state changes.

use egui::{Color32, Pos2, Rect, TextureId, Vec2, pos2};
use rushes_engine::ValueType;
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A node's, group's or note's id in the document, or a port's name.
pub type Id = Arc<str>;

/// One end of a wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRef {
    /// The node.
    pub node: Id,
    /// The port's name.
    pub port: Id,
}

impl PortRef {
    /// The port `port` of `node`.
    pub fn new(node: impl Into<Id>, port: impl Into<Id>) -> Self {
        Self { node: node.into(), port: port.into() }
    }
}

/// Which side of a node a port is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Left.
    In,
    /// Right.
    Out,
}

/// A port.
#[derive(Clone, Debug, PartialEq)]
pub struct PortView {
    /// Its name in the document.
    pub name: Id,
    /// Its name for a person.
    pub label: String,
    /// What it takes or gives.
    pub ty: ValueType,
    /// It has no type yet and takes that of its first wire.
    pub any: bool,
    /// Whether a wire ends here.
    pub linked: bool,
    /// Whether the node needs it.
    pub required: bool,
}

/// A parameter shown on the node.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamRow {
    /// Its label.
    pub label: String,
    /// Its value with unit.
    pub value: String,
    /// Where a number stands in its soft range, 0 to 1.
    pub fraction: Option<f32>,
}

/// A live picture of the node's output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thumb {
    /// The picture, if there is one yet.
    pub texture: Option<TextureId>,
    /// Width over height of the picture.
    pub aspect: f32,
    /// There is none because making it is slow, and nobody has asked for it.
    pub slow: bool,
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the words are the ones the window shows")]
pub enum NodeState {
    Cached,
    Live,
    Stale,
    WillRun,
    WillCost,
    Waiting,
    /// Done so far, 0 to 1.
    Running(f32),
    Error,
    Bypassed,
    Muted,
    /// A kind that this program does not know.
    Missing,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Its top left corner.
    pub at: Pos2,
    /// Its picture, where it has one.
    pub thumb: Option<Thumb>,
    /// All else. A thousand nodes that are moved keep it.
    pub face: Arc<NodeFace>,
}

/// What a node shows wherever it stands, its picture apart.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeFace {
    /// Its id in the document.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its tool's icon.
    pub icon: &'static str,
    /// A word at the right of the header.
    pub short: String,
    /// Its width; heights follow from what it shows.
    pub width: f32,
    /// Inputs, top to bottom.
    pub inputs: Vec<PortView>,
    /// Outputs, top to bottom.
    pub outputs: Vec<PortView>,
    /// Words in its body: what it says, or what is wrong.
    pub body: String,
    /// Its main parameters.
    pub params: Vec<ParamRow>,
    /// A caption on the picture.
    pub caption: String,
    /// How it stands.
    pub state: NodeState,
    /// How it stands in words.
    pub state_words: String,
    /// Time, memory or price.
    pub footer: String,
    /// Whether there is advice.
    pub advice: bool,
    /// Only the header is shown.
    pub collapsed: bool,
    /// It is a point on a wire.
    pub dot: bool,
    /// It keeps its place.
    pub pinned: bool,
    /// A colour that a person gave it.
    pub color: Option<Color32>,
    /// The viewer keys that show it, 1 to 9.
    pub viewer_slot: Option<u8>,
    /// The verb of what mends it where it is wrong, or empty.
    pub mend: String,
}

impl Deref for NodeView {
    type Target = NodeFace;

    fn deref(&self) -> &NodeFace {
        &self.face
    }
}

impl DerefMut for NodeView {
    fn deref_mut(&mut self) -> &mut NodeFace {
        Arc::make_mut(&mut self.face)
    }
}

impl NodeFace {
    /// A node that shows its title and nothing else yet.
    pub fn new(id: impl Into<Id>, title: impl Into<String>, icon: &'static str) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            icon,
            short: String::new(),
            width: 0.0,
            inputs: Vec::new(),
            outputs: Vec::new(),
            body: String::new(),
            params: Vec::new(),
            caption: String::new(),
            state: NodeState::Cached,
            state_words: String::new(),
            footer: String::new(),
            advice: false,
            collapsed: false,
            dot: false,
            pinned: false,
            color: None,
            viewer_slot: None,
            mend: String::new(),
        }
    }

    /// The node at a place, without a picture.
    pub fn at(self, at: Pos2) -> NodeView {
        NodeView { at, thumb: None, face: Arc::new(self) }
    }

    /// The port of that name and its row on its side.
    pub fn port(&self, side: Side, name: &str) -> Option<(usize, &PortView)> {
        self.ports(side).iter().enumerate().find(|(_, p)| &*p.name == name)
    }

    /// The ports of one side.
    pub fn ports(&self, side: Side) -> &[PortView] {
        match side {
            Side::In => &self.inputs,
            Side::Out => &self.outputs,
        }
    }
}

/// How a wire stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WireState {
    /// Its value is known.
    #[default]
    Ready,
    /// Something before it must run first.
    Waits,
    /// Something before it is wrong.
    Broken,
}

/// A wire.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkView {
    /// The output that it comes from.
    pub from: PortRef,
    /// The input that it ends on; an input has one wire, so this names the wire.
    pub to: PortRef,
    /// What it carries.
    pub ty: ValueType,
    /// How it stands.
    pub state: WireState,
    /// The name of the free conversion on it, or empty.
    pub conversion: String,
    /// What it carries, in words.
    pub description: String,
}

/// A frame around nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    /// Its id in the document.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// The colour of its square.
    pub color: Color32,
    /// The nodes it holds.
    pub nodes: Vec<Id>,
}

/// A note.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteView {
    /// Its id in the document.
    pub id: Id,
    /// Its place.
    pub rect: Rect,
    /// What it says.
    pub text: String,
}

/// Whether a value may go into a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// As it is.
    Exact,
    /// After a free conversion of this name.
    Converts(&'static str),
    /// Not.
    No,
}

/// The table of free conversions: from, to, name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversions(pub Arc<[(ValueType, ValueType, &'static str)]>);

impl Conversions {
    /// Whether a `from` may go into a `to`.
    pub fn fit(&self, from: ValueType, to: ValueType) -> Fit {
        if from == to {
            return Fit::Exact;
        }
        let found = self.0.iter().find(|(f, t, _)| (*f, *t) == (from, to));
        found.map_or(Fit::No, |(_, _, name)| Fit::Converts(name))
    }
}

/// A wire's ends as indices: node and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) from: (usize, usize),
    pub(super) to: (usize, usize),
}

/// Everything on the canvas.
#[derive(Clone, Debug)]
pub struct CanvasView {
    nodes: Vec<Arc<NodeView>>,
    links: Vec<Arc<LinkView>>,
    ends: Arc<[Option<Ends>]>,
    /// Frames around nodes.
    pub groups: Vec<GroupView>,
    /// Notes.
    pub notes: Vec<NoteView>,
    /// The table of free conversions.
    pub fits: Conversions,
    index: Arc<HashMap<Id, usize>>,
}

impl CanvasView {
    /// A view of nothing.
    pub fn empty(fits: Conversions) -> Self {
        Self::new([] as [NodeView; 0], [] as [LinkView; 0], fits)
    }

    /// A view of nodes and wires. A wire whose ends are not among the nodes' ports is kept and not drawn.
    pub fn new(
        nodes: impl IntoIterator<Item = impl Into<Arc<NodeView>>>,
        links: impl IntoIterator<Item = impl Into<Arc<LinkView>>>,
        fits: Conversions,
    ) -> Self {
        let nodes: Vec<Arc<NodeView>> = nodes.into_iter().map(Into::into).collect();
        let links: Vec<Arc<LinkView>> = links.into_iter().map(Into::into).collect();
        let index: HashMap<Id, usize> =
            nodes.iter().enumerate().map(|(i, n)| (Id::clone(&n.id), i)).collect();
        let end = |port: &PortRef, side| {
            let node = *index.get(&port.node)?;
            nodes.get(node)?.port(side, &port.port).map(|(row, _)| (node, row))
        };
        let ends = links
            .iter()
            .map(|l| Some(Ends { from: end(&l.from, Side::Out)?, to: end(&l.to, Side::In)? }))
            .collect();
        Self { nodes, links, ends, groups: Vec::new(), notes: Vec::new(), fits, index: Arc::new(index) }
    }

    /// A view of other nodes and wires. Where they have the same names and ports it is found out again neither where they
    /// are nor where wires end.
    pub(crate) fn followed_by(&self, nodes: Vec<Arc<NodeView>>, links: Vec<Arc<LinkView>>) -> Self {
        let names = |ports: &[PortView], old: &[PortView]| {
            ports.len() == old.len() && ports.iter().zip(old).all(|(a, b)| a.name == b.name)
        };
        let same_node = |(a, b): (&Arc<NodeView>, &Arc<NodeView>)| {
            let alike = || a.id == b.id && names(&a.inputs, &b.inputs) && names(&a.outputs, &b.outputs);
            Arc::ptr_eq(a, b) || alike()
        };
        let same_link = |(a, b): (&Arc<LinkView>, &Arc<LinkView>)| {
            Arc::ptr_eq(a, b) || (a.to == b.to && a.from == b.from)
        };
        let same = nodes.len() == self.nodes.len()
            && links.len() == self.links.len()
            && nodes.iter().zip(&self.nodes).all(same_node)
            && links.iter().zip(&self.links).all(same_link);
        if !same {
            return Self::new(nodes, links, self.fits.clone());
        }
        let (ends, index) = (Arc::clone(&self.ends), Arc::clone(&self.index));
        Self { nodes, links, ends, index, groups: Vec::new(), notes: Vec::new(), fits: self.fits.clone() }
    }

    /// The nodes, in the document's order.
    pub fn nodes(&self) -> &[Arc<NodeView>] {
        &self.nodes
    }

    /// The wires.
    pub fn links(&self) -> &[Arc<LinkView>] {
        &self.links
    }

    /// Where a wire's ends are.
    pub(super) fn ends(&self, link: usize) -> Option<Ends> {
        self.ends.get(link).copied().flatten()
    }

    /// The node of that id.
    pub fn node(&self, id: &str) -> Option<&NodeView> {
        self.index_of(id).and_then(|i| self.nodes.get(i)).map(AsRef::as_ref)
    }

    /// The place of a node among [`Self::nodes`].
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// A port by its end.
    pub fn port(&self, side: Side, end: &PortRef) -> Option<&PortView> {
        self.node(&end.node)?.port(side, &end.port).map(|(_, p)| p)
    }

    /// The wire that ends on an input.
    pub fn link_into(&self, to: &PortRef) -> Option<&LinkView> {
        self.links.iter().find(|l| &l.to == to).map(AsRef::as_ref)
    }

    /// Some nodes and all that they are made of.
    pub(super) fn upstream<'a>(&'a self, nodes: impl IntoIterator<Item = &'a Id>) -> HashSet<&'a Id> {
        self.reached(nodes, Side::In)
    }

    /// Some nodes and all that wires lead to from one of their sides.
    pub(super) fn reached<'a>(
        &'a self,
        nodes: impl IntoIterator<Item = &'a Id>,
        side: Side,
    ) -> HashSet<&'a Id> {
        let mut next: HashMap<&Id, Vec<&Id>> = HashMap::new();
        for link in &self.links {
            let (here, there) = match side {
                Side::In => (&link.to.node, &link.from.node),
                Side::Out => (&link.from.node, &link.to.node),
            };
            next.entry(here).or_default().push(there);
        }
        let mut found = HashSet::new();
        let mut open: Vec<&Id> = nodes.into_iter().collect();
        while let Some(node) = open.pop() {
            if found.insert(node) {
                open.extend(next.get(node).into_iter().flatten());
            }
        }
        found
    }
}

/// The smallest rectangle around some rectangles, or one at the origin if there are none.
pub(super) fn bounds(rects: impl Iterator<Item = Rect>) -> Rect {
    let all = rects.fold(Rect::NOTHING, Rect::union);
    if all.is_finite() && all.is_positive() {
        all
    } else {
        Rect::from_min_size(pos2(0.0, 0.0), Vec2::splat(1.0))
    }
}
