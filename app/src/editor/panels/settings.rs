//! The settings sheet: look, viewing, what is kept, keys, and remote engines.

use crate::editor::commands::{ALL, Chord, Command, Family, Keymap, Preset, Row};
use crate::editor::config::{AUTOSAVES, PROXIES};
use crate::editor::panels::display::Ground;
use crate::editor::panels::engines::{self, EnginesAction, EnginesView, Typed};
use crate::editor::theme::{Mode, Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, icon_button, primary};
use crate::editor::widgets::choice::choice;
use crate::editor::widgets::field::{Change, NumberSpec, number};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::text_in;
use crate::session::LIMITS;
use egui::{
    Align, Event, Id, Key, Layout, Modal, Rect, ScrollArea, Sense, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo,
    WidgetType, pos2, vec2,
};

/// Points across a field, enough for the longest choice.
const FIELD: f32 = 176.0;
const HEIGHT: f32 = 400.0;
const ROW: f32 = 28.0;
/// Where values begin.
pub(super) const VALUES: f32 = 200.0;

/// What the sheet shows.
#[derive(Clone, Debug)]
pub struct SettingsView {
    /// Dark or light.
    pub mode: Mode,
    /// The scale that pictures are viewed at; none for what suits the machine.
    pub proxy: Option<u32>,
    /// Proxies of clips are made.
    pub make_proxies: bool,
    /// Minutes after which a changed file is saved by itself.
    pub autosave: Option<u32>,
    /// Files are asked for by the window itself.
    pub own_dialogs: bool,
    /// What is seen behind transparency.
    pub ground: Ground,
    /// Gibibytes of frames: kept in all, of these in memory.
    pub kept: [f64; 2],
    /// Whether a person chose them.
    pub chosen: [bool; 2],
    /// What is in use, in words.
    pub used: String,
    /// Whose habits the keys follow.
    pub preset: Preset,
    /// The keys in force.
    pub keymap: Keymap,
    /// Names of commands whose keys a person chose.
    pub own: Vec<String>,
    /// Remote engines.
    pub engines: EnginesView,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsAction {
    /// Dark or light.
    Mode(Mode),
    /// The scale that pictures are viewed at.
    Proxy(Option<u32>),
    /// Whether proxies of clips are made.
    MakeProxies(bool),
    /// Minutes, or never.
    Autosave(Option<u32>),
    /// What is seen behind transparency.
    Ground(Ground),
    /// Who asks for files.
    OwnDialogs(bool),
    /// Gibibytes in all and in memory; none for what suits the machine.
    Keep([Option<f64>; 2]),
    /// Drop every frame that is kept.
    Clear,
    /// Whose habits.
    Preset(Preset),
    /// These are a command's keys; none takes them away.
    Bind(Command, Vec<Chord>),
    /// A command's keys are the preset's again.
    Unbind(Command),
    /// So are all.
    UnbindAll,
    /// Something of remote engines.
    Engines(EnginesAction),
    /// It is closed.
    Close,
}

/// A page of the sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Look, viewing, and what is kept.
    #[default]
    General,
    /// The keyboard.
    Keys,
    /// Remote engines.
    Engines,
}

/// The open sheet.
#[derive(Debug, Default)]
pub struct Settings {
    page: Page,
    typed: String,
    /// Keys of providers that are being typed.
    secrets: Typed,
    /// The command that waits for its keys.
    listens: Option<Command>,
    /// What was wrong with the keys that were pressed last.
    clash: String,
}

impl Settings {
    /// A sheet that shows this page first.
    pub fn at(page: Page) -> Self {
        Self { page, ..Self::default() }
    }

    /// The page that is shown.
    pub fn page(&self) -> Page {
        self.page
    }

    /// Shows the sheet over the window.
    pub fn show(&mut self, ui: &Ui, theme: &Theme, view: &SettingsView) -> Vec<SettingsAction> {
        let mut out = Vec::new();
        let heard = self.hear(ui, view, &mut out);
        let frame = egui::Frame::popup(ui.style()).inner_margin(16.0);
        let sheet = Modal::new(Id::new("settings")).frame(frame).show(ui.ctx(), |ui| {
            ui.set_width(528.0);
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
            let ink = *theme.colors().text.primary;
            text_in(ui.painter(), head, Align::Min, "Settings", theme.font(Text::Sheet), ink);
            let (tabs, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
            let row = Rect::from_min_max(pos2(tabs.left() - 12.0, tabs.top()), tabs.max);
            match header::tabs(ui, theme, row, &["General", "Keys", "Engines"], self.page as usize).0 {
                Some(0) => self.page = Page::General,
                Some(1) => self.page = Page::Keys,
                Some(_) => self.page = Page::Engines,
                None => {}
            }
            ui.painter().hline(tabs.x_range(), tabs.bottom(), (1.0, *theme.colors().stroke.divider));
            ui.add_space(8.0);
            let (body, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
            let mut inner =
                ui.new_child(UiBuilder::new().max_rect(body).layout(Layout::top_down(Align::Min)));
            inner.set_clip_rect(body.expand(2.0));
            match self.page {
                Page::General => general(&mut inner, theme, view, &mut out),
                Page::Keys => self.keys(&mut inner, theme, view, &mut out),
                Page::Engines => {
                    let mut asked = Vec::new();
                    engines::show(&mut inner, theme, &view.engines, &mut self.secrets, &mut asked);
                    out.extend(asked.into_iter().map(SettingsAction::Engines));
                }
            }
            ui.add_space(8.0);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if primary(ui, theme, None, "Done", true).clicked() {
                    out.push(SettingsAction::Close);
                }
            });
        });
        if sheet.should_close() && !heard {
            out.push(SettingsAction::Close);
        }
        out
    }

    /// Takes the keys that a command waits for. Escape lets it keep the old ones.
    fn hear(&mut self, ui: &Ui, view: &SettingsView, out: &mut Vec<SettingsAction>) -> bool {
        let Some(command) = self.listens else { return false };
        let heard = ui.input_mut(|i| {
            let mut heard = None;
            i.events.retain(|event| match event {
                Event::Key { key, pressed: true, modifiers, .. } => {
                    heard = heard.or(Some(Chord::pressed(*key, *modifiers)));
                    false
                }
                Event::Copy | Event::Cut | Event::Paste(_) | Event::Text(_) => false,
                _ => true,
            });
            heard
        });
        let Some(chord) = heard else { return false };
        self.listens = None;
        self.clash.clear();
        if chord.key == Key::Escape {
            return true;
        }
        if let Some(clash) = view.keymap.clash(command, chord) {
            let owner = ALL.iter().find(|row| row.command == clash.owner).map_or("", |row| row.label);
            self.clash = format!("{chord} is taken by “{owner}”; change that first");
        } else {
            out.push(SettingsAction::Bind(command, vec![chord]));
        }
        true
    }

    fn keys(&mut self, ui: &mut Ui, theme: &Theme, view: &SettingsView, out: &mut Vec<SettingsAction>) {
        let c = theme.colors();
        let names: Vec<&str> = Preset::ALL.iter().map(|(_, name)| *name).collect();
        let now = Preset::ALL.iter().position(|(p, _)| *p == view.preset).unwrap_or(0);
        line(ui, theme, "As in", |ui, rect| {
            if let Some((preset, _)) =
                choice(ui, theme, rect.with_max_x(rect.left() + FIELD), "Key preset", &names, now)
                    .and_then(|i| Preset::ALL.get(i))
            {
                out.push(SettingsAction::Preset(*preset));
            }
            let mut right =
                ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)));
            if button(&mut right, theme, None, "Reset all", !view.own.is_empty()).clicked() {
                out.push(SettingsAction::UnbindAll);
            }
        });
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let edit = TextEdit::singleline(&mut self.typed)
            .hint_text("Search commands and keys")
            .vertical_align(Align::Center);
        let response = ui.put(rect.shrink2(vec2(0.0, 2.0)), edit);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, "Search keys"));
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        let (words, ink) = match (self.clash.is_empty(), self.listens) {
            (false, _) => (self.clash.clone(), *c.state.error),
            (true, Some(_)) => ("Press the keys, or Escape to leave it as it is".into(), *c.accent.text),
            (true, None) => ("Click keys to change them".to_owned(), *c.text.secondary),
        };
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &words));
        text_in(ui.painter(), rect, Align::Min, &words, theme.font(Text::Small), ink);
        let wanted = self.typed.trim().to_lowercase();
        let fits = |row: &&Row| {
            let keys = view.keymap.words(row.command).to_lowercase();
            wanted.is_empty()
                || [row.label, row.also, row.family.name()].iter().any(|w| w.to_lowercase().contains(&wanted))
                || keys.contains(&wanted)
        };
        let found: Vec<&Row> = ALL.iter().filter(fits).collect();
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let mut family: Option<Family> = None;
            for row in found {
                if family != Some(row.family) {
                    family = Some(row.family);
                    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
                    let font = theme.font(Text::SmallStrong);
                    text_in(ui.painter(), head, Align::Min, row.family.name(), font, *c.text.secondary);
                }
                self.key_row(ui, theme, view, row, out);
            }
        });
    }

    fn key_row(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        view: &SettingsView,
        row: &Row,
        out: &mut Vec<SettingsAction>,
    ) {
        let c = theme.colors();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let label = rect.with_max_x(rect.left() + 300.0);
        text_in(ui.painter(), label, Align::Min, row.label, theme.font(Text::Body), *c.text.primary);
        let right = rect.with_min_x(label.right()).shrink2(vec2(8.0, 0.0));
        let layout = Layout::right_to_left(Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(right).layout(layout).id_salt(row.name));
        ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
        let own = view.own.iter().any(|name| name == row.name);
        ui.add_enabled_ui(own, |ui| {
            let words = format!("Reset the keys of {}", row.label);
            if icon_button(ui, theme, glyph::ARROW_COUNTER_CLOCKWISE, &words, false).clicked() {
                out.push(SettingsAction::Unbind(row.command));
            }
        });
        let chords = view.keymap.chords(row.command);
        ui.add_enabled_ui(!chords.is_empty(), |ui| {
            if icon_button(ui, theme, glyph::X, &format!("No keys for {}", row.label), false).clicked() {
                out.push(SettingsAction::Bind(row.command, Vec::new()));
            }
        });
        let listens = self.listens == Some(row.command);
        let all: Vec<String> = chords.iter().map(ToString::to_string).collect();
        let words = match (listens, all.is_empty()) {
            (true, _) => "Press keys…".to_owned(),
            (false, true) => "None".to_owned(),
            (false, false) => all.join(", "),
        };
        let font = theme.font(Text::Key);
        let galley = ui.painter().layout_no_wrap(words.clone(), font, *c.text.primary);
        let (cap, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 8.0), Sense::click());
        response.widget_info(|| {
            WidgetInfo::labeled(WidgetType::Button, true, format!("Keys of {}: {words}", row.label))
        });
        let edge = if listens { *c.accent.fill } else { *c.stroke.outline };
        let ground = if response.hovered() { *c.surface.hover } else { *c.surface.field };
        let shape = crate::editor::widgets::paint::radius(theme.tokens.radius.field);
        ui.painter().rect(cap, shape, ground, (1.0, edge), egui::StrokeKind::Inside);
        let ink = if all.is_empty() { *c.text.tertiary } else { *c.text.primary };
        ui.painter().galley_with_override_text_color(cap.center() - galley.size() / 2.0, galley, ink);
        if response.clicked() {
            self.clash.clear();
            self.listens = Some(row.command);
        }
    }
}

/// A label and what stands at its right.
pub(super) fn line(ui: &mut Ui, theme: &Theme, label: &str, add: impl FnOnce(&mut Ui, Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let ink = *theme.colors().text.primary;
    let place = rect.with_max_x(rect.left() + VALUES - 12.0);
    text_in(ui.painter(), place, Align::Min, label, theme.font(Text::Body), ink);
    add(ui, rect.with_min_x(rect.left() + VALUES).shrink2(vec2(0.0, 2.0)));
}

pub(super) fn says(ui: &mut Ui, theme: &Theme, words: &str) {
    let c = theme.colors();
    let indent = VALUES;
    let width = ui.available_width() - indent;
    let galley = crate::editor::widgets::paint::paragraph(
        ui.painter(),
        words,
        theme.font(Text::Small),
        *c.text.secondary,
        width,
        3,
    );
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 8.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words));
    ui.painter().galley(rect.min + vec2(indent, 0.0), galley, *c.text.secondary);
}

fn general(ui: &mut Ui, theme: &Theme, view: &SettingsView, out: &mut Vec<SettingsAction>) {
    let narrow = |rect: Rect| rect.with_max_x(rect.left() + FIELD);
    line(ui, theme, "Theme", |ui, rect| {
        let now = usize::from(view.mode == Mode::Light);
        match choice(ui, theme, narrow(rect), "Theme", &["Dark", "Light"], now) {
            Some(0) => out.push(SettingsAction::Mode(Mode::Dark)),
            Some(_) => out.push(SettingsAction::Mode(Mode::Light)),
            None => {}
        }
    });
    line(ui, theme, "Viewer scale at start", |ui, rect| {
        let names = ["What suits the machine", "Full", "1/2", "1/4", "1/8"];
        let now = view.proxy.and_then(|p| PROXIES.iter().position(|q| *q == p)).map_or(0, |i| i + 1);
        if let Some(i) = choice(ui, theme, narrow(rect), "Viewer scale at start", &names, now) {
            out.push(SettingsAction::Proxy(i.checked_sub(1).and_then(|i| PROXIES.get(i).copied())));
        }
    });
    line(ui, theme, "Proxies of clips", |ui, rect| {
        let names = ["None", "Made in the background"];
        let now = usize::from(view.make_proxies);
        if let Some(i) = choice(ui, theme, narrow(rect), "Proxies of clips", &names, now) {
            out.push(SettingsAction::MakeProxies(i == 1));
        }
    });
    says(
        ui,
        theme,
        "Below full scale, clips that seek slowly are seen through copies of half their size. Exports are always \
         made at full scale, from the clips",
    );
    line(ui, theme, "Behind transparency", |ui, rect| {
        let names = Ground::ALL.map(Ground::word);
        let now = Ground::ALL.iter().position(|g| *g == view.ground).unwrap_or(0);
        if let Some(i) = choice(ui, theme, narrow(rect), "Behind transparency", &names, now) {
            out.extend(Ground::ALL.get(i).map(|ground| SettingsAction::Ground(*ground)));
        }
    });
    line(ui, theme, "Save by itself", |ui, rect| {
        let names = ["Never", "After 1 min", "After 5 min", "After 15 min", "After 30 min"];
        let now = view.autosave.and_then(|m| AUTOSAVES.iter().position(|q| *q == m)).map_or(0, |i| i + 1);
        if let Some(i) = choice(ui, theme, narrow(rect), "Save by itself", &names, now) {
            out.push(SettingsAction::Autosave(i.checked_sub(1).and_then(|i| AUTOSAVES.get(i).copied())));
        }
    });
    says(
        ui,
        theme,
        "Every step is in the journal either way and survives a crash; this writes the graph's own file",
    );
    line(ui, theme, "File dialogs", |ui, rect| {
        let names = ["The system's", "The window's own"];
        let now = usize::from(view.own_dialogs);
        if let Some(i) = choice(ui, theme, narrow(rect), "File dialogs", &names, now) {
            out.push(SettingsAction::OwnDialogs(i == 1));
        }
    });
    let spec = |soft: f64| NumberSpec {
        soft: LIMITS.0..=soft,
        hard: LIMITS.0..=LIMITS.1,
        integer: false,
        unit: "GiB".into(),
        logarithmic: true,
    };
    let rows = [("Frames kept in all", 200.0), ("Of these in memory", 64.0)];
    for (at, (label, soft)) in rows.into_iter().enumerate() {
        line(ui, theme, label, |ui, rect| {
            let value = view.kept.get(at).copied().unwrap_or_default();
            let mut keep = view.kept.map(Some);
            for (to, chosen) in keep.iter_mut().zip(view.chosen) {
                *to = to.filter(|_| chosen);
            }
            if let Some(Change::Done(v) | Change::Dragging(v)) =
                number(ui, theme, narrow(rect), label, value, &spec(soft))
            {
                keep.get_mut(at).into_iter().for_each(|k| *k = Some(v));
                out.push(SettingsAction::Keep(keep));
            }
            if view.chosen.get(at) == Some(&true) {
                let place =
                    Rect::from_min_size(pos2(narrow(rect).right() + 4.0, rect.top()), vec2(28.0, 24.0));
                let mut child = ui.new_child(UiBuilder::new().max_rect(place));
                let words = format!("Reset: {label}");
                if icon_button(&mut child, theme, glyph::ARROW_COUNTER_CLOCKWISE, &words, false).clicked() {
                    keep.get_mut(at).into_iter().for_each(|k| *k = None);
                    out.push(SettingsAction::Keep(keep));
                }
            }
        });
    }
    says(ui, theme, &view.used);
    line(ui, theme, "", |ui, rect| {
        let mut child =
            ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
        if button(&mut child, theme, None, "Drop all frames", true).clicked() {
            out.push(SettingsAction::Clear);
        }
    });
    says(ui, theme, "Takes and what was paid for are in the library and are never dropped");
}
