//! Where the canvas is: on the graph of the document, or inside of an instance of a sub-graph.
//!
//! On the canvas nodes go by the ids that they have where they are defined; everywhere else by those that they have while
//! the graph is evaluated, such as `hero/blur`, so that of a node in two instances the one that was entered is meant.

use super::Editor;
use crate::editor::canvas::Canvas;
use crate::editor::canvas::view::Id;
use rushes_engine::Result;
use rushes_engine::document::{Document, Edit, Graph, NodeId};
use std::sync::Arc;

/// The instances that were entered, outermost first.
#[derive(Default)]
pub(super) struct Inside {
    steps: Vec<Step>,
    /// The node inside that was edited last, while nothing outside was since.
    focus: Option<NodeId>,
}

struct Step {
    /// The instance.
    node: NodeId,
    /// The canvas of what is around it, as it was left.
    around: Canvas,
}

impl Inside {
    /// The instance that the canvas shows the inside of.
    pub(super) fn node(&self) -> Option<&NodeId> {
        self.steps.last().map(|step| &step.node)
    }

    /// What a node on the canvas is called while the graph is evaluated.
    pub(super) fn own(&self, id: &NodeId) -> NodeId {
        self.node().map_or_else(|| id.clone(), |around| around.inside(id))
    }

    /// What a node is called on the canvas, if it stands there.
    pub(super) fn on_canvas(&self, id: &NodeId) -> Option<NodeId> {
        let here = id.parent().map(|(parent, _)| parent);
        (here.as_ref() == self.node()).then(|| id.local())
    }

    /// The node inside that was edited last.
    pub(super) fn focus(&self) -> Option<&NodeId> {
        self.focus.as_ref()
    }
}

/// The id that a node has while the graph is evaluated, from its text.
pub(super) fn evaluated(text: &str) -> Option<NodeId> {
    let mut steps = text.split('/');
    let first = steps.next()?.parse().ok()?;
    steps.try_fold(first, |around: NodeId, step| Some(around.inside(&step.parse().ok()?)))
}

impl Editor {
    /// What a node on the canvas is called while the graph is evaluated.
    pub(super) fn own(&self, id: &Id) -> Result<NodeId> {
        Ok(self.inside.own(&super::edits::node(id)?))
    }

    /// The selected nodes, as they are called while the graph is evaluated.
    pub(super) fn chosen_nodes(&self) -> impl Iterator<Item = NodeId> {
        self.canvas.selection().iter().filter_map(|id| self.own(id).ok())
    }

    /// The name of the sub-graph that the canvas shows.
    pub(super) fn shown_definition(&self) -> Option<NodeId> {
        let node = self.inside.node()?;
        Some(self.session.document.graph().definition_of(node)?.0)
    }

    /// The graph that the canvas shows.
    pub(super) fn level(&self) -> Arc<Graph> {
        let graph = self.session.document.graph();
        let inner = self.shown_definition().and_then(|name| graph.enter(name.as_str()).ok());
        inner.map_or_else(|| graph.clone(), Arc::new)
    }

    /// Does edits of what the canvas shows as one step of undo.
    pub(super) fn edit(&mut self, edits: Vec<Edit>, label: Option<&str>, merge: bool) -> Result<()> {
        let worked = edits.iter().rev().find_map(Edit::edited_node).map(|id| self.inside.own(id));
        let edits: Vec<Edit> = match self.shown_definition() {
            Some(graph) => {
                let inside = |edit| Edit::Inside { graph: graph.clone(), edit: Box::new(edit) };
                edits.into_iter().map(inside).collect()
            }
            None => edits,
        };
        self.session.apply(edits, label, merge)?;
        // A move or a title leaves what is worked on; an edit outside is of the document, which knows its own.
        match (worked, self.inside.node()) {
            (Some(_), None) => self.inside.focus = None,
            (Some(node), Some(_)) => self.inside.focus = Some(node),
            (None, _) => {}
        }
        Ok(())
    }

    /// Does an edit of a node, wherever it stands.
    pub(super) fn edit_node(
        &mut self,
        node: &NodeId,
        edit: impl FnOnce(NodeId) -> Edit,
        label: Option<&str>,
    ) -> Result<()> {
        let edit = self.session.document.graph().edit_of(node, edit)?;
        self.session.apply(vec![edit], label, false)
    }

    /// Shows the inside of an instance on the canvas; false where the node is none.
    pub(super) fn enter(&mut self, node: &NodeId) -> bool {
        let own = self.inside.own(node);
        if self.session.document.graph().definition_of(&own).is_none() {
            return false;
        }
        let mut canvas = Canvas::default();
        (canvas.minimap, canvas.describe_all) = (self.canvas.minimap, self.canvas.describe_all);
        canvas.own_keys();
        let around = std::mem::replace(&mut self.canvas, canvas);
        self.inside.steps.push(Step { node: own, around });
        self.moved();
        true
    }

    /// Shows what is around: of `depth` instances the insides are left open.
    pub(super) fn leave_to(&mut self, depth: usize) {
        while self.inside.steps.len() > depth
            && let Some(Step { node, around }) = self.inside.steps.pop()
        {
            let before = std::mem::replace(&mut self.canvas, around);
            self.canvas.minimap = before.minimap;
            self.canvas.describe_all = before.describe_all;
            self.canvas.select([Id::from(node.local().as_str())]);
            self.moved();
        }
        self.canvas.own_keys();
    }

    /// Shows what is around the sub-graph that the canvas shows.
    pub(super) fn leave(&mut self) {
        self.leave_to(self.inside.steps.len().saturating_sub(1));
    }

    fn moved(&mut self) {
        self.search = None;
        self.view_of = None;
        self.changed();
    }

    /// Goes a step back or on, and leaves what is no longer there then.
    pub(super) fn step_back(&mut self, step: impl FnOnce(&mut Document)) {
        step(&mut self.session.document);
        self.leave_gone();
    }

    /// Leaves what is no longer there, as after an undo.
    pub(super) fn leave_gone(&mut self) {
        let graph = self.session.document.graph();
        let there =
            self.inside.steps.iter().take_while(|step| graph.definition_of(&step.node).is_some()).count();
        if there < self.inside.steps.len() {
            self.leave_to(there);
        }
    }

    /// The way to what the canvas shows: the graph, then what each instance that was entered is called.
    pub(super) fn way(&self) -> Vec<String> {
        let graph = self.session.document.graph();
        let title = |step: &Step| match graph.find(&step.node) {
            Ok(node) => super::views::title(graph, node, self.session.registry()),
            Err(_) => step.node.local().to_string(),
        };
        std::iter::once(self.title()).chain(self.inside.steps.iter().map(title)).collect()
    }

    /// Shows a node on the canvas: on the level where it stands.
    pub(super) fn go_to(&mut self, node: &NodeId) {
        if self.inside.on_canvas(node).is_none() {
            self.leave_to(0);
            let steps: Vec<NodeId> = node.as_str().split('/').filter_map(|step| step.parse().ok()).collect();
            for step in steps.iter().take(steps.len().saturating_sub(1)) {
                self.enter(step);
            }
        }
        self.canvas.select([super::fold::shown(&self.level(), &node.local())]);
        self.canvas.show_selection();
    }
}
