//! Takes: results that a node keeps, and those that a person brings from elsewhere.

use super::{Session, Waiting};
use rushes_engine::document::{Edit, Graph, NodeId, Saving, definition_name};
use rushes_engine::library::{Facts, Intake, Library, Links, Take};
use rushes_engine::plan::{Change, Planner, Recipe, in_words, why};
use rushes_engine::tool::Class;
use rushes_engine::{Cancel, Error, Key, Result, ValueType};
use std::path::{Path, PathBuf};

/// A file on its way to be a node's take. It knows no document, so that any thread can carry it.
pub struct Bringing {
    library: PathBuf,
    file: PathBuf,
    facts: Facts,
    links: Links,
}

impl Bringing {
    /// With the recipe that it stands in for, by which it is known to be stale later.
    #[must_use]
    pub fn made_for(mut self, recipe: Option<Recipe>) -> Self {
        self.links.recipe = recipe.as_ref().map(|r| r.key);
        self.links.made = recipe.map(|r| r.made);
        self
    }

    /// Copies the file into the library. What cannot be played is refused before it is copied.
    pub fn run(self, cancel: &Cancel) -> Result<Take> {
        rushes_media::probe(&self.file, &rushes_media::ProbeOptions::default())?.picture()?;
        Library::open(&self.library)?.add(&[&self.file], Intake::Copy, self.facts, &self.links, cancel)
    }
}

impl Session {
    /// The takes of a node, oldest first.
    pub fn takes(&self, node: &NodeId) -> Result<Vec<Take>> {
        self.document.graph().find(node)?;
        self.carrier.waiting().settle();
        Ok(self.library()?.series(&self.series(node)))
    }

    /// Whether a take that was made elsewhere can stand in for a node of this kind.
    pub fn takes_takes(&self, kind: &str) -> bool {
        self.registry().get(kind).is_ok_and(|tool| {
            let spec = tool.spec();
            let plays = spec.outputs.first().is_some_and(|p| p.value == ValueType::Clip);
            plays && spec.class != Class::Value && spec.family() != "edit"
        })
    }

    /// Copies a file that was made elsewhere into the library and chooses it as the node's take.
    pub fn bring_take(&mut self, node: &NodeId, file: &Path, facts: Facts, cancel: &Cancel) -> Result<Take> {
        let bringing = self.bringing(node, file, facts)?;
        // A person who brings a take brings it for what is wired into the node now.
        let take = bringing.made_for(self.recipe(node)).run(cancel)?;
        self.choose_take(node, &take.id, "Bring a take")?;
        Ok(take)
    }

    /// What [`Self::bring_take`] does before it chooses the take, to be done on another thread.
    pub fn bringing(&self, node: &NodeId, file: &Path, facts: Facts) -> Result<Bringing> {
        let kind = self.document.graph().find(node)?.kind.clone();
        let label = self.registry().get(&kind)?.spec().label;
        if !self.takes_takes(&kind) {
            return Err(Error::usage(format!("{label} takes no takes"))
                .at(node.place())
                .help("bring it to a node that makes a clip, such as animate/image_to_video"));
        }
        Ok(Bringing {
            library: self.home().library(),
            file: file.to_owned(),
            facts: Facts { kind: kind.to_string(), brought: true, ..facts },
            links: Links { series: Some(self.series(node)), ..Links::default() },
        })
    }

    /// Chooses a take of a node; an empty one goes back to what the node makes itself.
    pub fn choose_take(&mut self, node: &NodeId, take: &str, label: &str) -> Result<()> {
        let edit = self.document.graph().edit_of(node, |node| Edit::Take { node, take: take.to_owned() })?;
        self.apply(vec![edit], Some(label), false)
    }

    /// What changed since the take that a node plays was made or brought: empty where only keyframes did, `None` where
    /// nothing did, the node plays no take, or nothing is known about how its take came to be.
    pub fn stale(&mut self, node: &NodeId) -> Result<Option<Vec<Change>>> {
        let id = self.document.graph().find(node)?.take.clone();
        if id.is_empty() {
            return Ok(None);
        }
        let Ok(take) = self.library()?.get(&id) else { return Ok(None) };
        let (Some(then), Some(now)) = (&take.made_from, self.recipe(node)) else { return Ok(None) };
        if take.recipes.contains(&now.key.to_string()) {
            return Ok(None);
        }
        Ok(Some(why(then, &now.made)))
    }

    /// Whether a node plays a take that its own job made from just what it would be made from now.
    pub(super) fn plays_its_recipe(&mut self, node: &NodeId) -> Result<bool> {
        let id = self.document.graph().find(node)?.take.clone();
        if id.is_empty() {
            return Ok(false);
        }
        let Ok(take) = self.library()?.get(&id) else { return Ok(false) };
        let now = self.recipe(node).map(|now| now.key.to_string());
        Ok(!take.facts.brought && now.is_some_and(|now| take.recipes.contains(&now)))
    }

    /// Refuses nodes before `node` that play a stale take which nobody locked; not `but`, which is about to get another.
    pub(super) fn check_takes(&mut self, node: &NodeId, but: Option<&NodeId>) -> Result<()> {
        let described = self.described();
        let plays = |slot: &&rushes_engine::describe::Slot| {
            let node = &slot.state.node;
            !node.take.is_empty() && !node.locked && !node.bypass && !node.mute
        };
        let ids: Vec<NodeId> =
            described.working_before(node).into_iter().filter(plays).map(|s| s.id.clone()).collect();
        for id in ids.into_iter().filter(|id| Some(id) != but) {
            if let Some(changes) = self.stale(&id)? {
                let what = in_words(&changes);
                return Err(Error::consent(format!("its take is stale: {what}")).at(id.place()).help(
                    "lock it to use it as it is, choose or bring another take, or let the node make its own",
                ));
            }
        }
        Ok(())
    }

    /// The recipe of a node, once all files are known; `None` where something before it is wrong.
    fn recipe(&mut self, node: &NodeId) -> Option<Recipe> {
        if self.described().has_guesses() {
            self.index.settle();
        }
        let described = self.described();
        Planner::new(&described, 1).recipe(node).ok()
    }

    pub(super) fn library(&self) -> Result<Library> {
        Library::open(&self.home().library())
    }

    /// The name under which a node's takes are kept: its graph's file, or this session for one that was never saved,
    /// and its id. A node inside of an instance is that of the sub-graph, whichever instance it is looked at in.
    pub fn series(&self, node: &NodeId) -> String {
        match self.document.graph().defined(node) {
            Some((graph, node)) => self.series_in(Some(&graph), &node),
            None => self.series_in(None, node),
        }
    }

    /// The same of a node of a sub-graph.
    fn series_in(&self, graph: Option<&NodeId>, node: &NodeId) -> String {
        series_of(&self.place(), graph, node)
    }

    /// Has takes kept as those of another session's graph, which this one works for.
    pub fn stand_in(&mut self, place: String) {
        self.unsaved = place;
    }

    /// What the series of all nodes begin with: the graph's file, or this session. It asks the disk.
    pub fn place(&self) -> String {
        match self.document.path() {
            Some(path) => path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string(),
            None => self.unsaved.clone(),
        }
    }

    /// Saves the graph as another file. Its nodes keep their takes.
    ///
    /// # Errors
    /// The file cannot be written; nothing has changed then.
    pub fn save_as(&mut self, path: &Path) -> Result<()> {
        let saving = self.document.begin_save(Some(path))?;
        let written = saving.write();
        self.end_save(&saving, written)
    }

    /// Takes what came of writing the document. Where it has another file now its nodes keep their takes.
    ///
    /// # Errors
    /// Those of writing it.
    pub fn end_save(&mut self, saving: &Saving, written: Result<Key>) -> Result<()> {
        if self.document.path() == Some(saving.path()) {
            return self.document.end_save(saving, written);
        }
        let graph = self.document.graph().clone();
        let inner = graph.graphs.iter().flat_map(|(name, g)| g.nodes.iter().map(move |n| (Some(name), n)));
        let all = graph.nodes.iter().map(|n| (None, n)).chain(inner);
        let takers: Vec<_> =
            all.filter(|(_, (_, n))| self.takes_takes(&n.kind)).map(|(g, (id, _))| (g, id)).collect();
        let series = |session: &Self| {
            let place = session.place();
            takers.iter().map(|(g, id)| series_of(&place, *g, id)).collect::<Vec<_>>()
        };
        let before = series(self);
        self.document.end_save(saving, written)?;
        let moves = before.into_iter().zip(series(self)).collect();
        self.carrier.carry(moves);
        Ok(())
    }

    /// Where an edit put the takes of nodes that it gave another id or another graph, as old and new series.
    pub(super) fn moved(
        &self,
        edit: &Edit,
        within: Option<&NodeId>,
        before: &Graph,
        after: &Graph,
    ) -> Vec<(String, String)> {
        let here = |node: &NodeId| self.series_in(within, node);
        let members = |name: &NodeId| -> Vec<NodeId> {
            let nodes = before.graphs.get(name).into_iter().flat_map(|g| g.nodes.iter());
            nodes.filter(|(_, n)| self.takes_takes(&n.kind)).map(|(id, _)| id.clone()).collect()
        };
        match edit {
            Edit::Rename { node, to } => vec![(here(node), here(to))],
            Edit::RenameGraph { graph, to } => {
                let each = members(graph)
                    .into_iter()
                    .map(|n| (self.series_in(Some(graph), &n), self.series_in(Some(to), &n)));
                each.collect()
            }
            Edit::Pack { nodes, .. } => {
                let new = after.graphs.iter().filter(|(name, _)| !before.graphs.contains_key(*name));
                let into = |node: &NodeId| {
                    let (name, graph) = new.clone().find(|(_, g)| g.nodes.contains_key(node))?;
                    graph.nodes.get(node).filter(|n| self.takes_takes(&n.kind))?;
                    Some((here(node), self.series_in(Some(name), node)))
                };
                nodes.iter().filter_map(into).collect()
            }
            Edit::Unpack { node } => {
                let level = within.map_or(Some(before), |name| before.graphs.get(name).map(|g| &**g));
                let name = level.and_then(|g| g.nodes.get(node)).and_then(|n| definition_name(&n.kind));
                let Some(name) = name.and_then(|name| name.parse::<NodeId>().ok()) else { return Vec::new() };
                // One whose id is taken gets another, and keeps the take that it plays.
                let free = |n: &NodeId| level.is_some_and(|g| !g.nodes.contains_key(n));
                members(&name)
                    .into_iter()
                    .filter(free)
                    .map(|n| (self.series_in(Some(&name), &n), here(&n)))
                    .collect()
            }
            Edit::Inside { graph, edit } => self.moved(edit, Some(graph), before, after),
            _ => Vec::new(),
        }
    }

    /// For whoever lists takes on another thread: wait for those that are on their way to another series.
    pub fn carrying(&self) -> &Waiting {
        self.carrier.waiting()
    }
}

/// The series of a node of a graph or of one of its sub-graphs.
fn series_of(place: &str, graph: Option<&NodeId>, node: &NodeId) -> String {
    graph.map_or_else(|| format!("{place}#{node}"), |graph| format!("{place}#{graph}/{node}"))
}

/// Whether an edit gives nodes another id or puts them into another graph.
pub(super) fn moves_nodes(edit: &Edit) -> bool {
    match edit {
        Edit::Rename { .. } | Edit::RenameGraph { .. } | Edit::Pack { .. } | Edit::Unpack { .. } => true,
        Edit::Inside { edit, .. } => moves_nodes(edit),
        _ => false,
    }
}
