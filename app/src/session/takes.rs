//! Takes: results that a node keeps, and those that a person brings from elsewhere.

use super::Session;
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::library::{Facts, Intake, Library, Links, Take};
use rushes_engine::tool::Class;
use rushes_engine::{Cancel, Error, Result, ValueType};
use std::path::{Path, PathBuf};

impl Session {
    /// The takes of a node, oldest first.
    pub fn takes(&self, node: &NodeId) -> Result<Vec<Take>> {
        self.document.graph().node(node)?;
        Ok(self.library()?.series(&self.series(node)))
    }

    /// Copies a file that was made elsewhere into the library and chooses it as the node's take.
    pub fn bring_take(&mut self, node: &NodeId, file: &Path, facts: Facts, cancel: &Cancel) -> Result<Take> {
        let kind = self.document.graph().node(node)?.kind.clone();
        let spec = self.registry().get(&kind)?.spec().clone();
        let plays = spec.outputs.first().is_some_and(|p| p.value == ValueType::Clip);
        if !plays || spec.class == Class::Value || spec.family() == "edit" {
            return Err(Error::usage(format!("{} takes no takes", spec.label))
                .at(node)
                .help("bring it to a node that makes a clip, such as animate/image_to_video"));
        }
        // What cannot be played is refused before it is copied.
        rushes_media::probe(file, &rushes_media::ProbeOptions::default())?.picture()?;
        let facts = Facts { kind: kind.to_string(), brought: true, ..facts };
        let links = Links { series: Some(self.series(node)), ..Links::default() };
        let take = self.library()?.add(&[file], Intake::Copy, facts, &links, cancel)?;
        let choose = Edit::Take { node: node.clone(), take: take.id.clone() };
        self.apply(vec![choose], Some("Bring a take"), false)?;
        Ok(take)
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
