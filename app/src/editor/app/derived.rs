//! What was found out about a graph and made of it: shown at once when its tab is shown again, and then found out anew.

use super::eye::Seen;
use super::facts::Facts;
use super::picture::Aside;
use super::posters::is_poster;
use super::previews::is_preview;
use super::{Editor, views};
use crate::editor::canvas::CanvasView;
use crate::editor::panels::compare::Side;
use rushes_engine::Key;
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::Booked;
use std::collections::HashMap;

/// Small pictures that a graph may keep while it is not shown.
const MOST_PICTURES: usize = 128;

/// What is known of a graph that is open.
#[derive(Default)]
pub(super) struct Derived {
    facts: Option<Facts>,
    seen: [Option<Seen>; 2],
    thumbs: HashMap<NodeId, Key>,
    unmade: HashMap<NodeId, Key>,
    pictures: Aside,
    booked: Booked,
    kept: views::Kept,
    view: Option<CanvasView>,
}

impl Editor {
    /// Lets go of what is known of the graph that is shown: what is shown next is found out anew.
    pub(super) fn take_derived(&mut self) -> Derived {
        let seen = [Side::A, Side::B].map(|side| self.watch.eye_mut(side).seen.take());
        self.watch.forget();
        self.facts_after = self.queries;
        self.asked = None;
        self.measure(None);
        self.sheet = super::stills::Sheet::default();
        self.probe = super::pixel::Probe::default();
        self.thumbs_asked.clear();
        self.search = None;
        self.changed();
        let apart = |name: &str| is_preview(name) || is_poster(name);
        let nothing = CanvasView::empty(self.view.fits.clone());
        Derived {
            facts: self.facts.take(),
            seen,
            thumbs: std::mem::take(&mut self.thumbs),
            unmade: std::mem::take(&mut self.unmade),
            pictures: self.pictures.as_mut().map(|p| p.put_aside(apart)).unwrap_or_default(),
            kept: std::mem::take(&mut self.kept),
            view: Some(std::mem::replace(&mut self.view, nothing)),
            // What was made last belongs to the nodes of one graph, whatever the names in another.
            booked: self.session.evaluator().account.take(),
        }
    }

    /// Shows what was known until all is found out anew.
    pub(super) fn show_derived(&mut self, derived: Derived) {
        // Asked for by number, old facts are no answer.
        self.facts = derived.facts.map(|facts| Facts { number: 0, ..facts });
        for (side, seen) in [Side::A, Side::B].into_iter().zip(derived.seen) {
            self.watch.eye_mut(side).seen = seen;
        }
        self.unmade = derived.unmade;
        self.kept = derived.kept;
        if let Some(view) = derived.view {
            self.view = view;
        }
        self.session.evaluator().account.put_back(derived.booked);
        if let Some(pictures) = &mut self.pictures
            && derived.pictures.len() <= MOST_PICTURES
        {
            pictures.take_back(derived.pictures);
            self.thumbs = derived.thumbs;
        }
    }
}
