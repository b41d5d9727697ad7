//! The recipe of a node: all that its whole result would be made from, known by planning alone.

use super::planner::Cell;
use super::{Made, Planner};
use crate::describe::Slot;
use crate::document::NodeId;
use crate::tool::Input;
use crate::{Desc, Error, Key, KeyHasher, Result};

/// What a result would be made from, with any take of it left aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Equal keys, equal recipes.
    pub key: Key,
    /// Its parts, for telling why another recipe differs.
    pub made: Made,
}

impl Planner<'_> {
    /// The recipe of a node. What its inputs show counts, not how they come about.
    ///
    /// # Errors
    /// The node or something before it is wrong or has not been run.
    pub fn recipe(&mut self, node: &NodeId) -> Result<Recipe> {
        let slot = self.graph.slot(node)?;
        let outcome = slot.state.outcome.as_ref().map_err(|e| e.clone().at(node.place()))?;
        let params = match (outcome.take, &outcome.own) {
            (false, _) => &outcome.params,
            (true, Some(own)) => own,
            (true, None) => {
                return Err(Error::usage("its own parameters are wrong").at(node.place()).help("reset them"));
            }
        };
        let tool = params.tool();
        let mut hasher = KeyHasher::new("recipe");
        hasher.str(tool.spec().kind).u64(u64::from(tool.spec().version));
        if let Some(code) = tool.code() {
            hasher.key(code);
        }
        params.hash_recipe(&mut hasher);
        let mut inputs = Vec::with_capacity(slot.sources.len());
        for at in 0..slot.state.inputs.len().min(slot.sources.len()) {
            let (port, key, from) = self.whole_input(slot, at)?;
            hasher.str(&port).key(key);
            inputs.push((port, key, from));
        }
        // The files of a take are the take itself.
        let found = if outcome.take { &[] } else { slot.state.found.as_slice() };
        let files: Vec<_> = found.iter().map(|(name, file)| (name.clone(), file.content)).collect();
        files.iter().for_each(|(_, content)| {
            hasher.key(*content);
        });
        let values = (*params.at(0, None, 1)?.values).clone();
        Ok(Recipe { key: hasher.finish(), made: Made { node: node.outer(), params: values, inputs, files } })
    }

    /// One key for all that comes in on an input.
    fn whole_input(&mut self, slot: &Slot, at: usize) -> Result<(String, Key, NodeId)> {
        let (Some(Input { port, desc }), Some(source)) = (slot.state.inputs.get(at), slot.sources.get(at))
        else {
            return Err(Error::usage("the plan is of another graph"));
        };
        let cell = |frame| Cell { slot: source.slot, output: source.output, frame, proxy: 1 };
        let from = self.slot(cell(0))?.id.outer();
        let mut hasher = KeyHasher::new("input");
        match desc {
            Desc::Text(text) => {
                hasher.str(text);
            }
            Desc::Number(number) => number.hash(&mut hasher),
            _ => {
                let count = match desc {
                    Desc::ImageSet(set) => set.images.len() as u64,
                    _ => desc.frames().map_or(1, |clip| clip.frames),
                };
                for frame in 0..i64::try_from(count).unwrap_or(i64::MAX) {
                    hasher.key(self.key_of(cell(frame))?);
                }
            }
        }
        Ok((port.to_string(), hasher.finish(), from))
    }
}
