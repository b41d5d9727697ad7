//! Takes: results that a node keeps, and those that a person brings from elsewhere.

use super::Session;
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::library::{Facts, Intake, Library, Links, Take};
use rushes_engine::plan::{Change, Planner, Recipe, why};
use rushes_engine::tool::Class;
use rushes_engine::{Cancel, Error, Result, ValueType};
use std::path::{Path, PathBuf};

impl Session {
    /// The takes of a node, oldest first.
    pub fn takes(&self, node: &NodeId) -> Result<Vec<Take>> {
        self.document.graph().node(node)?;
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
        let kind = self.document.graph().node(node)?.kind.clone();
        let label = self.registry().get(&kind)?.spec().label;
        if !self.takes_takes(&kind) {
            return Err(Error::usage(format!("{label} takes no takes"))
                .at(node)
                .help("bring it to a node that makes a clip, such as animate/image_to_video"));
        }
        // What cannot be played is refused before it is copied.
        rushes_media::probe(file, &rushes_media::ProbeOptions::default())?.picture()?;
        let facts = Facts { kind: kind.to_string(), brought: true, ..facts };
        // A person who brings a take brings it for what is wired into the node now.
        let recipe = self.recipe(node);
        let links = Links {
            series: Some(self.series(node)),
            recipe: recipe.as_ref().map(|r| r.key),
            made: recipe.map(|r| r.made),
            content: None,
        };
        let take = self.library()?.add(&[file], Intake::Copy, facts, &links, cancel)?;
        let choose = Edit::Take { node: node.clone(), take: take.id.clone() };
        self.apply(vec![choose], Some("Bring a take"), false)?;
        Ok(take)
    }

    /// What changed since the take that a node plays was made or brought: empty where only keyframes did, `None` where
    /// nothing did, the node plays no take, or nothing is known about how its take came to be.
    pub fn stale(&mut self, node: &NodeId) -> Result<Option<Vec<Change>>> {
        let id = self.document.graph().node(node)?.take.clone();
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

    /// Refuses nodes before `node` that play a stale take which nobody locked.
    pub(super) fn check_takes(&mut self, node: &NodeId) -> Result<()> {
        let described = self.described();
        let plays = |slot: &&rushes_engine::describe::Slot| {
            let node = self.document.graph().node(&slot.id);
            node.is_ok_and(|node| !node.take.is_empty() && !node.locked && !node.bypass && !node.mute)
        };
        let ids: Vec<NodeId> =
            described.upstream(node).into_iter().filter(plays).map(|s| s.id.clone()).collect();
        for id in ids {
            if let Some(changes) = self.stale(&id)? {
                let what: Vec<String> = changes.iter().map(ToString::to_string).collect();
                let what = if what.is_empty() { "its keyframes changed".to_owned() } else { what.join(", ") };
                return Err(Error::consent(format!("its take is stale: {what}")).at(&id).help(
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

    fn library(&self) -> Result<Library> {
        Library::open(&self.home().library())
    }

    /// The name under which a node's takes are kept: its graph's file and its id.
    fn series(&self, node: &NodeId) -> String {
        let path = self
            .document
            .path()
            .map_or_else(PathBuf::new, |p| p.canonicalize().unwrap_or_else(|_| p.to_owned()));
        format!("{}#{node}", path.display())
    }
}
