//! The top bar: menu, the graph's name, undo and redo, and the run button.

use super::tabs;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{focus_ring, icon_button, primary};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Button, Rect, Response, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, WidgetType, pos2,
    vec2,
};

/// How wide the field of commands is.
const COMMAND_FIELD: f32 = 228.0;

/// What the bar shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopBarView {
    /// The graphs that are open, left to right.
    pub tabs: Vec<TabView>,
    /// What undo would take back, or empty.
    pub undo: String,
    /// What redo would do again, or empty.
    pub redo: String,
    /// What the run button says: `Render · 72 frames`.
    pub run: String,
    /// Whether something runs that the button would stop.
    pub running: bool,
    /// Whether it can be pressed.
    pub can_run: bool,
    /// Dark or light.
    pub dark: bool,
}

/// A graph that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct TabView {
    /// Names it.
    pub id: u64,
    /// The graph's title.
    pub title: String,
    /// Whether there are changes that are not saved.
    pub unsaved: bool,
    /// Whether it is the one that is shown.
    pub shown: bool,
}

/// The keys of an action in words, or nothing.
pub type KeysOf<'a> = &'a dyn Fn(TopBarAction) -> String;

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TopBarAction {
    New,
    Open,
    Templates,
    Save,
    SaveAs,
    Undo,
    Redo,
    Run,
    Stop,
    SwitchTheme,
    /// The list of commands.
    Palette,
    /// The list of nodes.
    Find,
    /// The sheet of missing files.
    FindFiles,
    Preferences,
    ShowTab(u64),
    CloseTab(u64),
    /// Closes the tab that is shown.
    CloseShown,
    NextTab,
    PreviousTab,
    /// The tab of results, media and templates.
    Library,
    /// The folder of what was rendered last.
    RevealRendered,
    Quit,
}

/// Shows the bar.
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    theme: &Theme,
    view: &TopBarView,
    keys: KeysOf<'_>,
) -> Option<TopBarAction> {
    let c = theme.colors();
    ui.painter().rect_filled(rect, 0, *c.surface.bar);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, *c.stroke.divider));
    icon(
        ui.painter(),
        theme,
        pos2(rect.left() + 21.0, rect.center().y),
        glyph::APERTURE,
        20.0,
        *c.accent.fill,
    );
    let mut out = None;
    let layout = egui::Layout::left_to_right(Align::Center);
    let room = rect.with_min_x(rect.left() + 40.0);
    let mut left = ui.new_child(UiBuilder::new().max_rect(room).layout(layout).id_salt("bar left"));
    menu(&mut left, theme, view, keys, &mut out);
    let mut act = |ui: &mut Ui, glyph, label: String, enabled, action| {
        ui.add_enabled_ui(enabled, |ui| {
            if icon_button(ui, theme, glyph, &label, false).clicked() {
                out = Some(action);
            }
        });
    };
    let named =
        |verb: &str, what: &str| if what.is_empty() { verb.to_owned() } else { format!("{verb}: {what}") };
    act(
        &mut left,
        glyph::ARROW_U_UP_LEFT,
        named("Undo", &view.undo),
        !view.undo.is_empty(),
        TopBarAction::Undo,
    );
    act(
        &mut left,
        glyph::ARROW_U_UP_RIGHT,
        named("Redo", &view.redo),
        !view.redo.is_empty(),
        TopBarAction::Redo,
    );
    let right = Rect::from_min_max(pos2(rect.center().x, rect.top()), rect.max - vec2(8.0, 0.0));
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(right).layout(layout).id_salt("bar right"));
    let (sign, action) =
        if view.running { (glyph::STOP, TopBarAction::Stop) } else { (glyph::PLAY, TopBarAction::Run) };
    if primary(&mut right, theme, Some(sign), &view.run, view.can_run || view.running).clicked() {
        out = Some(action);
    }
    right.add_space(12.0);
    if right.available_width() > COMMAND_FIELD + 24.0
        && command_field(&mut right, theme, &keys(TopBarAction::Palette)).clicked()
    {
        out = Some(TopBarAction::Palette);
    }
    right.add_space(8.0);
    let (sign, label) = if view.dark { (glyph::SUN, "Light theme") } else { (glyph::MOON, "Dark theme") };
    if icon_button(&mut right, theme, sign, label, false).clicked() {
        out = Some(TopBarAction::SwitchTheme);
    }
    let room = Rect::from_min_max(
        pos2(left.min_rect().right() + 12.0, rect.top()),
        pos2(right.min_rect().left() - 12.0, rect.bottom()),
    );
    out.or(tabs::show(ui, room, theme, &view.tabs))
}

/// The way to every command for those who do not know the keys.
fn command_field(ui: &mut Ui, theme: &Theme, keys: &str) -> Response {
    let c = theme.colors();
    let (rect, response) =
        ui.allocate_exact_size(vec2(COMMAND_FIELD, theme.tokens.size.button), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Run a command"));
    let ground = if response.hovered() { *c.surface.hover } else { *c.surface.field };
    let edge = Stroke::new(1.0, *c.stroke.outline);
    let shape = radius(theme.tokens.radius.control);
    ui.painter().rect(rect, shape, ground, edge, StrokeKind::Inside);
    focus_ring(ui, theme, &response);
    let lead = pos2(rect.left() + 16.0, rect.center().y);
    icon(ui.painter(), theme, lead, glyph::MAGNIFYING_GLASS, 14.0, *c.text.secondary);
    let inner = rect.shrink2(vec2(8.0, 0.0)).with_min_x(rect.left() + 30.0);
    let cap = text_in(ui.painter(), inner, Align::Max, keys, theme.font(Text::Key), *c.text.tertiary);
    let words = inner.with_max_x(cap.left() - 8.0);
    text_in(ui.painter(), words, Align::Min, "Run a command", theme.font(Text::Body), *c.text.secondary);
    response
}

fn menu(ui: &mut Ui, theme: &Theme, view: &TopBarView, keys: KeysOf<'_>, out: &mut Option<TopBarAction>) {
    let text = egui::RichText::new(glyph::LIST).font(theme.icon(theme.tokens.size.icon));
    let button =
        egui::containers::menu::MenuButton::from_button(Button::new(text).frame_when_inactive(false));
    let (response, _) = button.ui(ui, |ui| {
        ui.set_min_width(200.0);
        let mut item = |ui: &mut Ui, label: &str, enabled: bool, action| {
            let item = Button::new(label).shortcut_text(keys(action));
            if ui.add_enabled(enabled, item).clicked() {
                *out = Some(action);
                ui.close();
            }
        };
        item(ui, "New graph", true, TopBarAction::New);
        item(ui, "Open…", true, TopBarAction::Open);
        item(ui, "Templates and recent…", true, TopBarAction::Templates);
        ui.separator();
        item(ui, "Save", true, TopBarAction::Save);
        item(ui, "Save as…", true, TopBarAction::SaveAs);
        item(ui, "Close", true, TopBarAction::CloseShown);
        ui.separator();
        item(ui, "Undo", !view.undo.is_empty(), TopBarAction::Undo);
        item(ui, "Redo", !view.redo.is_empty(), TopBarAction::Redo);
        ui.separator();
        item(ui, "Find in the graph…", true, TopBarAction::Find);
        item(ui, "Run a command…", true, TopBarAction::Palette);
        item(ui, "Settings…", true, TopBarAction::Preferences);
        ui.separator();
        item(ui, "Quit", true, TopBarAction::Quit);
    });
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Menu"));
}
