//! What the window remembers between starts: theme, its own size, the panels' sizes, how it plays, files that were open.

use super::commands::{Chord, Preset};
use super::panels::display::Ground;
use super::panels::layout::Shares;
use super::panels::transport::LoopMode;
use super::theme::Mode;
use crate::session::{Budget, Limits};
use rushes_engine::Error;
use rushes_engine::files::write_atomic;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that are remembered, at most.
const RECENT: usize = 10;
/// Media that are remembered, at most.
const MEDIA: usize = 40;
/// Scales that can be chosen.
pub const PROXIES: [u32; 4] = [1, 2, 4, 8];
/// Minutes that can be chosen.
pub const AUTOSAVES: [u32; 4] = [1, 5, 15, 30];
/// Sides that a window may have, in points; a file that says otherwise was not written by a window.
const SIDES: std::ops::RangeInclusive<f32> = 320.0..=16_384.0;

/// The file `config.toml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Dark or light.
    pub theme: Mode,
    /// Graphs that were open, newest first.
    pub recent: Vec<PathBuf>,
    /// Pictures, clips and sounds that were used, newest first.
    pub media: Vec<PathBuf>,
    /// The window.
    pub window: Window,
    /// The panels.
    pub panels: Shares,
    /// How it plays.
    pub play: Play,
    /// How much is kept of what was made.
    pub frames: Limits,
    /// The keys.
    pub keys: Keys,
    /// The scale that pictures are viewed at, 1 over this; none for what suits the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<u32>,
    /// Proxies of clips that seek slowly are made and looked at.
    pub make_proxies: bool,
    /// Minutes after which a changed file is saved by itself; none for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autosave: Option<u32>,
    /// Files are asked for by the window's own sheet, also where the system has a dialog.
    pub own_dialogs: bool,
    /// What is seen behind a transparent picture.
    pub ground: Ground,
    /// What a run may cost before it asks, in US dollars.
    pub spend_unasked: f64,
}

/// Keys that are others than the window's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// Whose habits they follow.
    pub preset: Preset,
    /// A person's own, by the names of commands.
    #[serde(deserialize_with = "readable")]
    pub own: BTreeMap<String, Vec<Chord>>,
}

/// Keys that are written wrong are left out, so that one slip does not cost all settings.
fn readable<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Vec<Chord>>, D::Error> {
    let written = BTreeMap::<String, Vec<String>>::deserialize(from)?;
    let chord = |text: &String| text.parse().inspect_err(|e| log::warn!("config.toml: {e}")).ok();
    let read = |(name, keys): (String, Vec<String>)| (name, keys.iter().filter_map(chord).collect());
    Ok(written.into_iter().map(read).collect())
}

/// How the window stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// Across, in points.
    pub width: f32,
    /// Down, in points.
    pub height: f32,
    /// Whether it fills the screen; its size is then the one that it goes back to.
    pub maximized: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { width: 1600.0, height: 960.0, maximized: false }
    }
}

/// How the window plays.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Play {
    /// What it does at the end of its range.
    pub at_end: LoopMode,
    /// How loud it is, 0 to 1.
    pub volume: f32,
    /// It is silent all the same.
    pub muted: bool,
}

impl Default for Play {
    fn default() -> Self {
        Self { at_end: LoopMode::default(), volume: 0.8, muted: false }
    }
}

impl Config {
    /// Reads the file. One that is not there, or is damaged, counts as one that says nothing.
    pub fn load(path: &Path) -> Self {
        let read = match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str::<Self>(&text),
            Err(e) => {
                log::debug!("{} is not read: {e}", path.display());
                return Self::default();
            }
        };
        read.unwrap_or_else(|e| {
            log::warn!("{} is damaged and counts as empty: {e}", path.display());
            Self::default()
        })
        .sane()
    }

    /// Writes the file, all or nothing.
    ///
    /// # Errors
    /// The disk is full, or the folder may not be written.
    pub fn save(&self, path: &Path) -> rushes_engine::Result<()> {
        let text = toml::to_string(self)
            .map_err(|e| Error::system(format!("the settings cannot be written: {e}")).at(path.display()))?;
        write_atomic(path, text.as_bytes())
    }

    /// What paid steps may cost unasked.
    pub fn budget(&self) -> Budget {
        Budget { max_usd: Some(self.spend_unasked), yes: false }
    }

    /// Puts a file first among the recent ones.
    pub fn opened(&mut self, path: &Path) {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|known| *known != whole);
        self.recent.insert(0, whole);
        self.recent.truncate(RECENT);
    }

    /// Puts a file first among the media that were used.
    pub fn used(&mut self, path: &Path) {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.media.retain(|known| *known != whole);
        self.media.insert(0, whole);
        self.media.truncate(MEDIA);
    }

    /// Without numbers that no layout can be made from.
    fn sane(mut self) -> Self {
        let side = |value: f32, or: f32| if SIDES.contains(&value) { value } else { or };
        let usual = Window::default();
        self.window.width = side(self.window.width, usual.width);
        self.window.height = side(self.window.height, usual.height);
        let Shares { right, timeline, viewer } = &mut self.panels;
        for share in [right, timeline, viewer] {
            *share = share.filter(|v| v.is_finite());
        }
        if !(0.0..=1.0).contains(&self.play.volume) {
            self.play.volume = Play::default().volume;
        }
        if !(0.0..=1000.0).contains(&self.spend_unasked) {
            self.spend_unasked = 0.0;
        }
        self.recent.truncate(RECENT);
        self.media.truncate(MEDIA);
        self.proxy = self.proxy.filter(|p| PROXIES.contains(p));
        self.autosave = self.autosave.filter(|m| AUTOSAVES.contains(m));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        assert_eq!(Config::load(&path), Config::default(), "there is no file yet");
        let mut config = Config {
            theme: Mode::Light,
            window: Window { width: 1280.0, height: 720.5, maximized: true },
            panels: Shares { right: Some(0.4), timeline: None, viewer: Some(300.0) },
            play: Play { at_end: LoopMode::PingPong, volume: 0.25, muted: true },
            frames: Limits { all_gib: Some(12.5), memory_gib: None },
            keys: Keys {
                preset: Preset::Nuke,
                own: BTreeMap::from([("file.save".into(), vec!["Ctrl Alt K".parse().unwrap()])]),
            },
            proxy: Some(4),
            make_proxies: true,
            autosave: Some(5),
            own_dialogs: true,
            ground: Ground::Matte,
            spend_unasked: 0.5,
            recent: Vec::new(),
            media: Vec::new(),
        };
        config.used(&folder.path().join("clip ü.mp4"));
        config.opened(&folder.path().join("a \"quoted\" name.json"));
        config.save(&path).unwrap();
        assert_eq!(Config::load(&path), config);
    }

    #[test]
    fn a_damaged_file_counts_as_empty_and_wild_numbers_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let damaged: [&[u8]; 4] =
            [b"theme = ", b"\xff\xfe\x00", b"theme = \"plaid\"", b"[window]\nwidth = \"wide\""];
        for text in damaged {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Config::load(&path), Config::default(), "{text:?}");
        }
        std::fs::write(
            &path,
            "theme = \"light\"\n[window]\nwidth = nan\n[panels]\nright = inf\nviewer = 400.0\n[play]\nvolume = 7.5\nat_end = \"once\"\n",
        )
        .unwrap();
        let config = Config::load(&path);
        assert_eq!((config.theme, config.window), (Mode::Light, Window::default()));
        assert_eq!(config.panels, Shares { right: None, timeline: None, viewer: Some(400.0) });
        assert_eq!(config.play, Play { at_end: LoopMode::Once, ..Play::default() });
    }

    #[test]
    fn recent_files_are_few_and_the_newest_comes_first() {
        let mut config = Config::default();
        for n in 0..20 {
            config.opened(Path::new(&format!("graph_{n}.json")));
        }
        for n in 0..100 {
            config.used(Path::new(&format!("clip_{}.mp4", n % 60)));
        }
        assert_eq!(config.media.len(), MEDIA);
        assert!(config.media[0].ends_with("clip_39.mp4") && config.media[0].is_absolute());
        config.opened(Path::new("graph_15.json"));
        assert_eq!(config.recent.len(), RECENT);
        assert!(config.recent[0].ends_with("graph_15.json") && config.recent[0].is_absolute());
        assert_eq!(config.recent.iter().filter(|p| p.ends_with("graph_15.json")).count(), 1);
    }
}
