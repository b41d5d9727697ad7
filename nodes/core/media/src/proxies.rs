//! Proxies: clips at half their size in which every frame stands by itself, for looking at, never for delivering.
//!
//! Frame N of a proxy is stored frame N of its clip, upright, in the clip's own matrix, primaries and transfer. A proxy is
//! found by what its clip is known by, so that a clip that changes has none.

use crate::cache::FrameCache;
use crate::clip::Clip;
use crate::encode::{EncodeSettings, Preset};
use crate::file::File;
use crate::info::ProbeOptions;
use crate::kept::Mark;
use crate::media::Media;
use crate::reader::Reader;
use crate::shelf::Shelf;
use rushes_engine::{Layout, Range, Rate, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many pixels of a clip one of its proxy stands for, along each side.
pub const PROXY_SCALE: u32 = 2;
/// Pixels to be decoded for the frame in the middle of a group of pictures from which a proxy is worth its room: six
/// frames of 1920×1080, a twentieth of a second or so on one core.
const WORTH: u64 = 6 * 1920 * 1080;
/// Frames below which a clip is held in memory as soon as it was seen once.
const FEW: u64 = 48;
/// Decoded frames that a pass holds on its way.
const HELD: u64 = 4;

/// A proxy that is worth making.
pub struct ProxyOrder {
    /// Where it is to lie.
    pub path: PathBuf,
    /// How it is to be written.
    pub settings: EncodeSettings,
    /// Gives the frames of the clip, from the first to the last; they are not kept.
    pub reader: Reader,
    /// How many.
    pub frames: u64,
}

impl Media {
    /// What is to be written as the proxy of the clip at `path`. `None` where none would help since frames are had fast,
    /// where a proxy cannot hold what the clip does (alpha, full range, odd sizes), and where
    /// it is not known where proxies are kept.
    ///
    /// # Errors
    /// As [`Media::probe`]; or the folder cannot be made.
    pub fn order_proxy(&self, path: &Path, options: &ProbeOptions) -> Result<Option<ProxyOrder>> {
        let Some(shelf) = self.proxies() else { return Ok(None) };
        let file = self.look(path, options)?;
        let (Some(settings), Some(to)) = (settings(&file), place(shelf, path)) else { return Ok(None) };
        shelf.make_room(0)?;
        let cache = Arc::new(FrameCache::new(file.frame_bytes() * HELD));
        let frames = file.video.as_ref().map_or(0, |(_, index)| index.order.len() as u64);
        let reader = Reader::new(Arc::new(Clip::new(file, 0, cache)));
        Ok(Some(ProxyOrder { path: to, settings, reader, frames }))
    }

    /// Drops the proxies that were used longest ago, where they take more room than they may.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn trim_proxies(&self) -> Result<()> {
        self.proxies().map_or(Ok(()), |shelf| shelf.make_room(0))
    }

    /// Where the proxy of the clip at `path` lies, if it is there and holds every frame of it. What is damaged is removed.
    pub fn proxy(&self, path: &Path, options: &ProbeOptions) -> Option<PathBuf> {
        let shelf = self.proxies()?;
        let clip = self.look(path, options).ok()?;
        let at = place(shelf, path).filter(|at| at.exists())?;
        let whole = self.look(&at, options).is_ok_and(|proxy| stands_for(&proxy, &clip));
        if !whole {
            log::info!("the proxy {} is damaged and removed", at.display());
            shelf.remove(&at);
            return None;
        }
        shelf.used(&at);
        Some(at)
    }
}

/// What a proxy of the file is written as; `None` where there should be none.
fn settings(file: &File) -> Option<EncodeSettings> {
    let (stream, index) = file.video.as_ref()?;
    let picture = file.info.picture.as_ref()?;
    let (width, height) = picture.orientation.upright(picture.width, picture.height);
    let group = index.order.len().div_ceil(index.keys.len().max(1)) as u64;
    let on_the_way = u64::from(width) * u64::from(height) * group / 2;
    let slow = !stream.intra && index.order.len() as u64 >= FEW && on_the_way >= WORTH;
    // 4:2:2 of half the width has pairs of pixels.
    let even = width.is_multiple_of(2 * PROXY_SCALE) && height.is_multiple_of(PROXY_SCALE);
    let held = matches!(picture.layout, Layout::Yuv { .. }) && picture.color.range == Range::Limited;
    if !(slow && even && held) {
        return None;
    }
    // Its frames are had by their number: any rate will do.
    let rate = Some(picture.timing.rate().unwrap_or(Rate::FILM));
    let (width, height) = (width / PROXY_SCALE, height / PROXY_SCALE);
    let settings = EncodeSettings::new(Preset::ProRes422Proxy, width, height, rate);
    Some(EncodeSettings { color: picture.color, ..settings })
}

/// Whether a file has as many frames as a proxy of the clip has to have, and their size.
fn stands_for(proxy: &File, clip: &File) -> bool {
    let (Some(settings), Some(picture)) = (settings(clip), &proxy.info.picture) else { return false };
    let frames = |file: &File| file.video.as_ref().map(|(_, index)| index.order.len());
    (picture.width, picture.height) == (settings.width, settings.height)
        && frames(proxy) == frames(clip)
        && picture.missing == 0
}

fn place(shelf: &Shelf, clip: &Path) -> Option<PathBuf> {
    Some(shelf.folder.join(format!("{}.mov", Mark::of(clip)?)))
}
