//! What other threads tell the window, and what it does then.

use super::dialogs::{Ask, Purpose};
use super::facts::Facts;
use super::jobs::Ended;
use super::{Editor, browse, engines, eye, librarian, made, outside, peaks, pixel, relink, saved, shelf};
use egui::Context;
use rushes_engine::document::{NodeId, Saving};
use rushes_engine::evaluate::Frame;
use rushes_engine::library::Take;
use rushes_engine::{Error, Key, Result};
use rushes_gpu::Image;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// How long messages may hold a frame; the rest waits for the next one.
const SHARE: Duration = Duration::from_millis(6);

/// What other threads tell the window.
#[derive(strum::IntoStaticStr)]
#[strum(prefix = "told: ", serialize_all = "lowercase")]
pub(super) enum Message {
    /// The graph was described.
    Facts(Box<Facts>),
    /// A frame for the viewer.
    Viewer(eye::Want, Result<Frame>),
    /// A frame made ahead of the playhead.
    Ahead,
    /// A still of the viewed set.
    Still(eye::Want, usize, Result<Frame>),
    /// A graph was written, or could not be.
    Written(Box<Saving>, Result<Key>),
    /// A frame was written, or could not be.
    Saved(PathBuf, Result<()>),
    /// The figures of a frame were read, or could not be.
    Measured(u64, bool),
    /// A frame of a range that is being made.
    Filled { id: u64, round: u64, frame: i64, made: Result<()> },
    /// How loud a file is.
    Peaks(PathBuf, peaks::Heard),
    /// There is no sound to be heard.
    NoSound(Error),
    /// The pixel under the pointer was read, or could not be.
    Pixel(pixel::Spot, bool),
    /// A picture of a graph that ships.
    Preview(&'static str, Image),
    /// A small picture.
    Thumb(NodeId, Key, Result<Frame>),
    /// A render, a run or a fetch ended.
    Rendered(u64, Result<Ended>),
    /// What is known of remote engines.
    Engines(Box<engines::Known>),
    /// What came of a key that was kept, checked or removed.
    Keyed(&'static str, Result<String>),
    /// The takes of a node.
    Takes(shelf::Asked, shelf::Known),
    /// A file was brought to be a node's take, or could not be.
    Brought(NodeId, PathBuf, Box<Result<Take>>),
    /// Files were looked into for the graphs that they carry.
    Looked(Vec<made::Looked>),
    /// A small picture of a take or of media.
    Poster(Arc<str>, Result<Image>),
    /// Every take of the library.
    Results(u64, Result<Vec<librarian::Listed>>),
    /// What was said about a take was kept, or not.
    Remarked(Result<()>),
    /// A file was shown in its folder, or not.
    Revealed(Result<()>),
    /// The sub-graphs that are kept for other graphs.
    Kept(Vec<saved::Saved>),
    /// One was kept under this name, or could not be.
    WasKept(Result<String>),
    /// Another program wrote the graph's file.
    Outside(Box<outside::Change>),
    /// The files that are not where the graph says.
    Missing(u64, Vec<relink::Missing>),
    /// A folder was searched for them.
    Searched(u64, Result<Vec<Option<rushes_engine::files::Found>>>),
    /// A dialog was answered.
    Chosen(Purpose, Vec<PathBuf>),
    /// The system has no dialog for this.
    NoDialog(Box<Ask>),
    /// What lies in a folder.
    Folder(u64, Result<Vec<browse::Entry>>),
    /// Files were read; keys may have changed.
    Learned,
}

/// Tells the window and wakes it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tell {
    pub(super) inbox: Sender<(u64, Message)>,
    pub(super) ctx: Context,
    /// The tab that was shown when it was asked.
    pub(super) tab: u64,
}

impl Tell {
    pub(super) fn say(&self, message: Message) {
        // Where the window is gone nobody needs to know.
        if self.inbox.send((self.tab, message)).is_ok() {
            self.ctx.request_repaint();
        }
    }
}

impl Editor {
    /// Takes what has come, in order, as far as there is time for it in one frame.
    pub(super) fn drain(&mut self) {
        let begun = Instant::now();
        while let Ok((tab, message)) = self.inbox.try_recv() {
            self.timed((&message).into(), |e| e.hear(tab, message));
            if begun.elapsed() > SHARE {
                self.tell.ctx.request_repaint();
                break;
            }
        }
    }

    fn hear(&mut self, tab: u64, message: Message) {
        let here = tab == self.tabs.shown();
        match message {
            Message::Preview(name, image) => self.preview_came(name, &image),
            Message::Ahead => self.watch.made += 1,
            Message::Learned => self.watch.learned += 1,
            Message::Kept(all) => self.saved = all,
            Message::WasKept(written) => self.was_kept(written),
            Message::Outside(change) => self.changed_outside(*change),
            Message::Folder(number, entries) => self.folder_listed(number, entries),
            Message::Saved(path, written) => self.frame_saved(&path, written),
            Message::Measured(number, came) => self.measures.came(number, came),
            Message::Peaks(path, peaks) => self.peaks_came(path, peaks),
            Message::NoSound(why) => self.without_sound(&why),
            Message::Poster(name, made) => self.poster_came(&name, made),
            Message::Results(number, takes) => self.library.listed(number, takes),
            Message::Remarked(kept) => self.remarked(kept),
            Message::Revealed(shown) => drop(self.told(shown)),
            Message::Engines(known) => self.engines_known(*known),
            Message::Keyed(provider, said) => self.keyed(provider, said),
            Message::Facts(facts) if facts.number <= self.facts_after => {}
            Message::Facts(facts) => {
                let first = self.facts.replace(*facts).is_none();
                if first {
                    self.canvas.fit_again();
                }
                self.changed();
            }
            message if !here => self.elsewhere(tab, message),
            Message::Viewer(want, result) => self.picture_came(want, result),
            Message::Still(want, at, result) => self.still_came(&want, at, result),
            Message::Pixel(spot, came) => self.probe.came(spot, came),
            Message::Filled { id, round, frame, made } => self.filled(id, round, frame, made),
            Message::Thumb(id, key, result) => self.thumb_came(&id, key, result),
            Message::Rendered(id, result) => self.rendered(id, result),
            Message::Takes(asked, takes) => self.shelf.listed(asked, takes),
            Message::Written(saving, written) => self.written(&saving, written),
            Message::Brought(node, file, take) => self.brought(&node, &file, *take),
            Message::Chosen(purpose, paths) => self.chosen(purpose, paths),
            Message::NoDialog(ask) => self.browse(*ask),
            Message::Looked(looked) => self.looked(looked),
            Message::Missing(number, missing) => self.missing_listed(number, missing),
            Message::Searched(number, found) => self.searched(number, found),
        }
    }
}
