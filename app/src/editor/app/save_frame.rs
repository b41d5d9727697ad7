//! The viewed frame as a picture file: at full scale, as `rushes frame` writes it, and off the window's thread.

use super::dialogs::Ask;
use super::{Editor, Message};
use crate::editor::panels::viewer::StillFormat;
use crate::session::FrameFile;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::{Frame, Wish};
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{Cancel, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The channel of the viewer's lane on which frames to be saved wait; those of A and B are 0 and 1.
const CHANNEL: u64 = 2;

/// A frame to be saved: of the graph as it was when it was asked for, whatever is edited until it is named.
#[derive(Clone)]
pub(super) struct Save {
    graph: Arc<DescribedGraph>,
    node: NodeId,
    frame: i64,
    bits: u8,
}

impl std::fmt::Debug for Save {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Save({} {})", self.node, self.frame)
    }
}

impl Editor {
    /// The frame that is seen, to be saved with so many bits.
    fn to_save(&self, format: StillFormat) -> Result<Save> {
        let nothing = || Error::usage("there is no picture to save").help("select a node and press 1");
        let facts = self.facts.as_ref().ok_or_else(nothing)?;
        let node = self.viewed().filter(|id| self.clip_of(id).is_some()).ok_or_else(nothing)?;
        let bits = if format == StillFormat::Png16 { 16 } else { 8 };
        Ok(Save { graph: Arc::clone(&facts.described), node, frame: self.playback.frame, bits })
    }

    /// Asks for a name and saves the frame that is seen.
    pub(super) fn ask_save_frame(&mut self, format: StillFormat) {
        let save = match self.to_save(format) {
            Ok(save) => save,
            Err(e) => return self.toasts.failed(&e),
        };
        let ending = if format == StillFormat::Exr { "exr" } else { "png" };
        let name = format!("{}_{:04}.{ending}", save.node, save.frame);
        self.ask(Ask::frame(name, format == StillFormat::Exr, save));
    }

    /// Saves the frame that is seen to a file; its name says PNG or EXR.
    pub fn save_frame(&mut self, path: &Path, format: StillFormat) {
        match self.to_save(format) {
            Ok(save) => self.make_and_write(save, path.to_owned()),
            Err(e) => self.toasts.failed(&e),
        }
    }

    /// Makes the frame and writes it, both on a thread that makes frames.
    pub(super) fn make_and_write(&mut self, save: Save, path: PathBuf) {
        let (tell, services) = (self.tell.clone(), Arc::clone(self.session.services()));
        let Save { graph, node, frame, bits } = save;
        let described = Arc::clone(&graph);
        let request = Request::frame(node.clone(), frame);
        let to = path.clone();
        let write = move |frame: Frame| {
            let file = FrameFile { node: &node, frame: &frame, out: &to, bits };
            file.write(&services, &described, &Cancel::new())
        };
        self.scheduler.ask_and(&graph, request, Wish::of(Lane::Viewer), CHANNEL, write, move |written| {
            tell.say(Message::Saved(path, written.map(drop)));
        });
    }

    /// Says that a frame was saved, or why not.
    pub(super) fn frame_saved(&mut self, path: &Path, written: Result<()>) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match written {
            Ok(()) => self.toasts.done(format!("Saved {name}")),
            Err(e) => self.toasts.failed(&e),
        }
    }
}
