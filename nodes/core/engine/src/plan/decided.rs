//! What decided a frame, for telling why another differs: of a node its parameters and what comes in; of an instance
//! those of all the nodes inside.

use super::planner::Cell;
use super::{Made, Planner, Request};
use crate::document::NodeId;
use crate::{Key, KeyHasher, Result};
use serde_json::Map;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

impl Planner<'_> {
    /// What decides the frame that a request asks for.
    pub fn explain(&mut self, request: &Request) -> Result<Arc<Made>> {
        let cell = self.cell(request)?;
        self.decided(&request.node, cell).map(|(_, made)| made)
    }

    /// What decided the key of a cell that `node` was asked for.
    pub(crate) fn decided(&mut self, node: &NodeId, cell: Cell) -> Result<(Key, Arc<Made>)> {
        let key = self.key_of(cell)?;
        let (made, _) = self.through(cell);
        if is_inside(node, &self.slot(made)?.id) {
            return Ok((key, Arc::new(self.decided_inside(node, made)?)));
        }
        let slot = self.slot(made)?;
        let params = self.params_of(made)?;
        let mut inputs = Vec::new();
        for (need, child) in self.needs_of(made) {
            let key = self.key_of(child)?;
            inputs.push((need.port.to_string(), key, self.slot(child)?.id.outer()));
        }
        let files = slot.state.found.iter().map(|(name, f)| (name.clone(), f.content)).collect();
        Ok((key, Arc::new(Made { node: slot.id.outer(), params: (*params.values).clone(), inputs, files })))
    }

    /// An instance as if it were one node: the parameters of what works inside, promoted ones by the names that they
    /// have outside, and what comes into any of them from outside.
    fn decided_inside(&mut self, node: &NodeId, root: Cell) -> Result<Made> {
        let mut params = Map::new();
        let mut files = Vec::new();
        let mut inputs: BTreeMap<(String, NodeId), Vec<Key>> = BTreeMap::new();
        let mut seen = HashSet::from([root]);
        let mut stack = vec![root];
        while let Some(cell) = stack.pop() {
            let slot = self.slot(cell)?;
            let inner = slot.id.as_str().get(node.as_str().len() + 1..).unwrap_or_default();
            for (name, value) in self.params_of(cell)?.values.iter() {
                let shown = self.graph.promoted(node, &slot.id, name);
                params
                    .entry(shown.unwrap_or_else(|| format!("{inner}.{name}")))
                    .or_insert_with(|| value.clone());
            }
            for (name, file) in &slot.state.found {
                if !files.iter().any(|(known, _)| known == name) {
                    files.push((name.clone(), file.content));
                }
            }
            for (need, child) in self.needs_of(cell) {
                let (child, _) = self.through(child);
                let source = &self.slot(child)?.id;
                if !is_inside(node, source) {
                    let port = self.graph.fed_by(node, &slot.id, &need.port);
                    let port = port.unwrap_or_else(|| format!("{inner}.{}", need.port));
                    let key = self.key_of(child)?;
                    inputs.entry((port, source.outer())).or_default().push(key);
                } else if seen.insert(child) {
                    stack.push(child);
                }
            }
        }
        let inputs = inputs.into_iter().map(|((port, from), keys)| {
            let mut hasher = KeyHasher::new("inputs");
            keys.into_iter().for_each(|key| {
                hasher.key(key);
            });
            (port, hasher.finish(), from)
        });
        Ok(Made { node: node.clone(), params, inputs: inputs.collect(), files })
    }
}

fn is_inside(node: &NodeId, id: &NodeId) -> bool {
    id.as_str().strip_prefix(node.as_str()).is_some_and(|rest| rest.starts_with('/'))
}
