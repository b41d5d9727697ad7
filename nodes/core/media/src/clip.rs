//! A file as all of its readers share it: what is known of it, its decoded frames and where the requests lead.

use crate::cache::FrameCache;
use crate::ff::Frame;
use crate::file::File;
use crate::pixel;
use crate::trail::Trail;
use rushes_engine::{Planes, Result};
use std::sync::Arc;

/// The most frames that are kept at once where steps lead back.
const FILL: u64 = 48;
/// Frames before one that was jumped to that are kept too, for steps back from it: as many as cost little on the way.
const LEAD: u64 = 8;

/// What the readers of one file share.
pub(crate) struct Clip {
    pub(crate) file: Arc<File>,
    /// Its number among the files of one cache.
    pub(crate) number: u64,
    pub(crate) trail: Trail,
    cache: Arc<FrameCache>,
}

impl Clip {
    pub(crate) fn new(file: Arc<File>, number: u64, cache: Arc<FrameCache>) -> Self {
        Self { file, number, trail: Trail::default(), cache }
    }

    /// Frame `n`, if it is held.
    pub(crate) fn held(&self, n: u64) -> Option<Arc<Frame>> {
        self.cache.get((self.number, n))
    }

    /// Whether frame `n` is held; it does not count as asked for.
    pub(crate) fn is_held(&self, n: u64) -> bool {
        self.held_before(n + 1, 1) == 1
    }

    /// How many frames right before `n` are held, `most` at most.
    pub(crate) fn held_before(&self, n: u64, most: u64) -> u64 {
        self.cache.held_before(self.number, n, most)
    }

    /// Holds frame `n`, which somebody asked for or a decoder passed.
    pub(crate) fn hold(&self, n: u64, frame: &Arc<Frame>, asked: bool) {
        self.cache.put((self.number, n), frame, asked);
    }

    /// How many frames up to and with the one asked for are to be kept on the way to it.
    pub(crate) fn kept(&self) -> u64 {
        if self.trail.leads_back() { self.filled() } else { self.filled().min(LEAD) }
    }

    /// How many frames are filled in at once behind steps back.
    pub(crate) fn filled(&self) -> u64 {
        // Two thirds of what is sure to stay, so that these can come while a third of those before waits to be seen.
        let room = self.cache.for_passed() / 3 * 2 / self.file.frame_bytes().max(1);
        room.clamp(1, FILL)
    }

    /// A frame's planes, with what the file says of their meaning.
    pub(crate) fn planes(&self, frame: &Arc<Frame>) -> Result<Arc<Planes>> {
        let picture = self.file.info.picture()?;
        let planes = pixel::planes(frame, picture.color, picture.siting, picture.orientation);
        planes.map(Arc::new).map_err(|e| e.at(self.file.info.path.display()))
    }
}
