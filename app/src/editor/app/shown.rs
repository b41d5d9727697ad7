//! What each panel shows, made from the document and what is known of it.

use super::jobs::Job;
use super::memo::Same;
use super::mend::Way;
use super::{Editor, boundary, params, stale, views};
use crate::editor::canvas::view::Id;
use crate::editor::panels::compare::Side;
use crate::editor::panels::inspector::NodeParams;
use crate::editor::panels::problems::Problem;
use crate::editor::panels::status::{JobView, StatusView};
use crate::editor::panels::top_bar::TopBarView;
use crate::editor::panels::viewer::ViewerView;
use crate::editor::theme::Mode;
use rushes_engine::document::NodeId;
use std::sync::Arc;

impl Editor {
    pub(super) fn viewer_view(&self) -> ViewerView {
        let viewed = self.viewed();
        let graph = self.session.document.graph();
        let node = viewed.as_ref().and_then(|id| graph.find(id).ok());
        let clip = viewed.as_ref().and_then(|id| self.clip_of(id));
        // What is no clip, such as a set of stills, is told as its output is.
        let facts = viewed.as_ref().and_then(|id| self.facts.as_ref()?.nodes.get(id));
        let first = facts.and_then(|f| f.outputs.first().cloned());
        ViewerView {
            title: node.map(|n| views::title(graph, n, self.session.registry())).unwrap_or_default(),
            slot: node.is_some().then_some(self.slot),
            shown: self.shown(Side::A, viewed.clone()),
            description: clip.map(ToString::to_string).or(first).unwrap_or_default(),
            pixel: self.probe.pixel(),
            proxy: self.proxy,
            display: self.seeing.display,
            compare: self.compare_view(),
            guides: self.seeing.guides,
            area: self.area(),
            full: self.seeing.full,
            transport: self.transport_view(),
        }
    }

    pub(super) fn inspected(&self) -> Vec<NodeParams> {
        const AT_MOST: usize = 8;
        let graph = self.session.document.graph();
        let level = self.level();
        // What was described in this frame has not been asked for yet.
        let want = self.watch.eye(Side::A).want.as_ref().zip(self.facts.as_ref());
        let asked = want.is_none_or(|(want, facts)| Arc::ptr_eq(&want.graph, &facts.described));
        let at_rest = self.is_settled() && asked;
        let shown = self.canvas.selection().iter().take(AT_MOST).filter_map(|local| {
            if boundary::is_box(local) {
                return Some(params::ports(&level, local, &self.theme));
            }
            let local = local.parse::<NodeId>().ok()?;
            let id = self.inside.own(&local);
            let facts = self.facts.as_ref();
            let described = facts.and_then(|f| {
                let then = f.described.graph.find(&id).ok()?;
                Some((f.described.slot(&id).ok()?.state.as_ref(), then.as_ref()))
            });
            let known = facts.and_then(|f| f.nodes.get(&id));
            let inspected = params::inspect(
                &level,
                self.session.registry(),
                &local,
                described,
                known.map(AsRef::as_ref),
                self.playback.frame,
                &self.theme,
            );
            // While pictures are on their way every edit makes an old one; only what stays old is worth a word.
            let changes = known.filter(|_| at_rest).map(|f| f.changes.as_slice()).unwrap_or_default();
            let stale = match self.shelf.stale(&id) {
                Some([]) => "its keyframes changed since the take".to_owned(),
                Some(changes) => stale::words(graph, self.session.registry(), &id, changes),
                None => stale::words(graph, self.session.registry(), &id, changes),
            };
            let inside = self.inside.node().is_some();
            let inspected =
                inspected.map(|node| if inside { params::promotable(node, &level) } else { node });
            inspected.map(|node| NodeParams { takes: self.takes_view(&id), stale, ..node })
        });
        shown.collect()
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let Some(facts) = &self.facts else { return Vec::new() };
        let graph = self.session.document.graph();
        let title = |id: &NodeId| self.name_of_node(id);
        let errors = facts.described.problems().map(|(id, e)| Problem {
            node: Some(Id::from(id.as_str())),
            place: title(id),
            what: e.to_string(),
            help: e.help_text().to_owned(),
            advice: false,
            fix: Way::of(e, graph.nodes.get(id).map(AsRef::as_ref)).map(Way::words),
        });
        let advice =
            facts.described.slots().flat_map(|slot| slot.state.advice.iter().map(move |a| (slot, a)));
        let advice = advice.map(|(slot, a)| Problem {
            node: Some(Id::from(slot.id.as_str())),
            place: title(&slot.id),
            what: a.what.clone(),
            help: a.why.clone(),
            advice: true,
            fix: (!a.fix.is_empty()).then(|| (a.rule.to_owned(), params::fix_verb(&a.fix))),
        });
        errors.chain(advice).collect()
    }

    pub(super) fn status(&self) -> StatusView {
        let (used, budget) = super::facts::memory_usage(self.session.evaluator());
        let mb = |bytes: u64| bytes as f64 / 1e6;
        let device = self.screen.device();
        StatusView {
            jobs: self
                .jobs
                .iter()
                .map(|j| self.job_view(j))
                .chain(self.fill_view())
                .chain(self.proxies_view())
                .collect(),
            last: self.last_done.clone(),
            saved: match (self.session.document.is_dirty(), self.session.document.path()) {
                (true, _) => "Not saved".into(),
                (false, Some(_)) => "Saved".into(),
                (false, None) => String::new(),
            },
            device: format!("Cache {:.0} MB of {:.1} GB · {device}", mb(used), mb(budget) / 1e3),
        }
    }

    fn job_view(&self, job: &Job) -> JobView {
        let view = job.view();
        match self.stopping.contains(&job.id) {
            true => JobView { words: "Stopping…".into(), ..view },
            false => view,
        }
    }

    pub(super) fn top_bar(&self) -> TopBarView {
        let document = &self.session.document;
        let running = !self.jobs.is_empty();
        TopBarView {
            tabs: self.tab_views(),
            undo: document.undo_labels().next_back().unwrap_or_default().to_owned(),
            redo: document.redo_labels().next().unwrap_or_default().to_owned(),
            run: match (running, self.jobs.iter().all(|j| self.stopping.contains(&j.id))) {
                (false, _) => "Render".into(),
                (true, false) => "Stop".into(),
                (true, true) => "Stopping…".into(),
            },
            running,
            can_run: self.delivers(),
            dark: self.theme.mode == Mode::Dark,
        }
    }
    /// Whether the graph has something that can be rendered to a file.
    pub(super) fn delivers(&self) -> bool {
        let graph = self.session.document.graph();
        self.delivering.get(Same(Arc::clone(graph)), |Same(graph)| {
            let delivers = |kind: &str| self.session.registry().get(kind).is_ok_and(|t| t.spec().delivers);
            let used = graph.closure(graph.uses());
            let inner = used.iter().filter_map(|name| graph.graphs.get(name)).flat_map(|g| g.nodes.values());
            graph.nodes.values().chain(inner).any(|n| delivers(&n.kind) && !n.mute)
        })
    }
}
