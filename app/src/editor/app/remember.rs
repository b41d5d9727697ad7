//! Keeps the window's settings on disk, off the window's thread.

use super::Editor;
use crate::editor::config::{Config, Play, Window};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// The settings, and what of them is on disk.
pub(super) struct Memory {
    pub(super) config: Config,
    written: Config,
    path: PathBuf,
    writer: Option<JoinHandle<()>>,
}

impl Memory {
    /// The settings in a file.
    pub(super) fn load(path: &Path) -> Self {
        let config = Config::load(path);
        Self { written: config.clone(), config, path: path.to_owned(), writer: None }
    }

    /// Writes what changed on a thread of its own, one write at a time.
    fn write(&mut self) {
        let busy = self.writer.as_ref().is_some_and(|w| !w.is_finished());
        if busy || self.config == self.written {
            return;
        }
        let (config, path) = (self.config.clone(), self.path.clone());
        let run = move || {
            if let Err(e) = config.save(&path) {
                log::warn!("the settings are not kept: {e}");
            }
        };
        match std::thread::Builder::new().name("settings".into()).spawn(run) {
            Ok(writer) => {
                self.writer = Some(writer);
                self.written = self.config.clone();
            }
            Err(e) => log::warn!("the settings are not kept: {e}"),
        }
    }
}

/// The last write is waited for: the process ends after it.
impl Drop for Memory {
    fn drop(&mut self) {
        for _ in 0..2 {
            if self.writer.take().is_some_and(|w| w.join().is_err()) {
                log::error!("the thread that keeps settings had died");
            }
            self.write();
        }
    }
}

impl Editor {
    /// Remembers how the window stands and plays now; written once nothing is dragged.
    pub(super) fn remember(&mut self, ctx: &egui::Context) {
        let config = &mut self.memory.config;
        config.theme = self.theme.mode;
        config.panels = self.shares;
        let sound = self.sound.level();
        config.play = Play { at_end: self.playback.mode, volume: sound.volume, muted: sound.muted };
        let (maximized, full) = ctx.input(|i| {
            let view = i.viewport();
            (view.maximized.unwrap_or(false), view.fullscreen.unwrap_or(false))
        });
        let size = ctx.content_rect().size().round();
        let old = config.window;
        if !full {
            config.window = match maximized {
                true => Window { maximized, ..old },
                false => Window { width: size.x, height: size.y, maximized },
            };
        }
        if !ctx.input(|i| i.pointer.any_down()) {
            self.memory.write();
        }
    }
}
