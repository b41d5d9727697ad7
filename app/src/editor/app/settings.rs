//! Settings changed in the sheet, put in force and remembered; and the file that is saved by itself.

use super::Editor;
use crate::editor::commands::{ALL, Command, Keymap};
use crate::editor::panels::display::DisplayAction;
use crate::editor::panels::settings::{Page, SettingsAction, SettingsView};
use crate::editor::panels::viewer::ViewerAction;
use egui::{Context, Ui};
use std::time::{Duration, Instant};

/// When the graph's file is saved by itself.
#[derive(Debug, Default)]
pub(super) struct Saving {
    /// Since when a change waits.
    since: Option<Instant>,
}

impl Editor {
    pub(super) fn settings_sheet(&mut self, ui: &Ui) {
        let Some(mut sheet) = self.settings.take() else { return };
        let theme = self.theme.clone();
        let actions = sheet.show(ui, &theme, &self.settings_view());
        let closed = actions.contains(&SettingsAction::Close);
        for action in actions {
            self.on_settings(action);
        }
        self.show_engines(!closed && sheet.page() == Page::Engines);
        self.settings = Some(sheet).filter(|_| !closed);
    }

    fn settings_view(&self) -> SettingsView {
        let config = &self.memory.config;
        let budget = config.frames.budget();
        let gib = |bytes: u64| bytes as f64 / (1u64 << 30) as f64;
        let (memory, _) = super::facts::memory_usage(self.session.evaluator());
        let disk = self.session.evaluator().on_disk();
        SettingsView {
            mode: self.theme.mode,
            proxy: config.proxy,
            make_proxies: config.make_proxies,
            autosave: config.autosave,
            own_dialogs: config.own_dialogs,
            ground: config.ground,
            kept: [gib(budget.all), gib(budget.memory)],
            chosen: [config.frames.all_gib.is_some(), config.frames.memory_gib.is_some()],
            used: format!("In use: {:.1} GiB in memory, {:.1} GiB on disk", gib(memory), gib(disk)),
            preset: config.keys.preset,
            keymap: self.keymap.clone(),
            own: config.keys.own.keys().cloned().collect(),
            engines: self.engines_view(),
        }
    }

    fn on_settings(&mut self, action: SettingsAction) {
        match action {
            SettingsAction::Mode(mode) => {
                self.theme = self.theme.with_mode(mode);
                self.theme.restyle(&self.tell.ctx);
            }
            SettingsAction::Proxy(proxy) => self.memory.config.proxy = proxy,
            SettingsAction::MakeProxies(make) => self.make_proxies(make),
            SettingsAction::Autosave(minutes) => self.memory.config.autosave = minutes,
            SettingsAction::Ground(ground) => {
                self.on_viewer(ViewerAction::Display(DisplayAction::Ground(ground)));
            }
            SettingsAction::OwnDialogs(own) => self.memory.config.own_dialogs = own,
            SettingsAction::Keep([all, memory]) => {
                self.memory.config.frames.all_gib = all;
                self.memory.config.frames.memory_gib = memory;
                let budget = self.memory.config.frames.budget();
                self.aside(move |evaluator| evaluator.set_budget(budget));
            }
            SettingsAction::Clear => {
                self.aside(|evaluator| evaluator.clear_frames());
                self.toasts.done("Every frame was dropped; it is made again when it is looked at");
            }
            SettingsAction::Preset(preset) => {
                self.memory.config.keys.preset = preset;
                self.rekey();
            }
            SettingsAction::Bind(command, chords) => {
                if let Some(name) = name(command) {
                    self.memory.config.keys.own.insert(name, chords);
                }
                self.rekey();
            }
            SettingsAction::Unbind(command) => {
                if let Some(name) = name(command) {
                    self.memory.config.keys.own.remove(&name);
                }
                self.rekey();
            }
            SettingsAction::UnbindAll => {
                self.memory.config.keys.own.clear();
                self.rekey();
            }
            SettingsAction::Engines(action) => self.on_engines(action),
            SettingsAction::Close => {}
        }
    }

    fn rekey(&mut self) {
        let keys = &self.memory.config.keys;
        self.keymap = Keymap::new(keys.preset, &keys.own);
    }

    /// Does something slow to the frames that are kept, on a thread of its own.
    fn aside(&mut self, work: impl FnOnce(&rushes_engine::evaluate::Evaluator) + Send + 'static) {
        let evaluator = std::sync::Arc::clone(self.session.evaluator());
        let tell = self.tell.clone();
        let run = move || {
            work(&evaluator);
            tell.ctx.request_repaint();
        };
        match std::thread::Builder::new().name("frames".into()).spawn(run) {
            Ok(thread) => self.leaving.push(thread),
            Err(e) => log::warn!("the frames stay as they are: {e}"),
        }
        self.leaving.retain(|thread| !thread.is_finished());
        self.changed();
    }

    /// Saves a changed graph that has a file once it has waited as long as a person said, and nothing is in hand.
    pub(super) fn autosave(&mut self, ctx: &Context) {
        let document = &self.session.document;
        let can = document.is_dirty() && document.path().is_some() && document.read_only().is_none();
        let Some(minutes) = self.memory.config.autosave.filter(|_| can) else {
            self.saving.since = None;
            return;
        };
        let wait = Duration::from_secs(u64::from(minutes) * 60);
        let since = *self.saving.since.get_or_insert_with(Instant::now);
        let left = wait.saturating_sub(since.elapsed());
        if !left.is_zero() {
            ctx.request_repaint_after(left);
        } else if !ctx.input(|i| i.pointer.any_down()) && !ctx.text_edit_focused() {
            self.saving.since = None;
            self.save();
        }
    }
}

fn name(command: Command) -> Option<String> {
    ALL.iter().find(|row| row.command == command).map(|row| row.name.to_owned())
}
