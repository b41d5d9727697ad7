//! The top bar: menu, the graph's name, undo and redo, and the run button.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{icon_button, primary};
use crate::editor::widgets::paint::{icon, text_in};
use egui::{Align, Button, Rect, Stroke, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// What the bar shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopBarView {
    /// The graph's title.
    pub title: String,
    /// Whether there are changes that are not saved.
    pub unsaved: bool,
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

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    Quit,
}

/// Shows the bar.
pub fn show(ui: &mut Ui, rect: Rect, theme: &Theme, view: &TopBarView) -> Option<TopBarAction> {
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
    let room = Rect::from_min_max(
        pos2(rect.left() + 40.0, rect.top()),
        pos2(rect.center().x + 200.0, rect.bottom()),
    );
    let mut left = ui.new_child(UiBuilder::new().max_rect(room).layout(layout).id_salt("bar left"));
    menu(&mut left, theme, view, &mut out);
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
    left.add_space(12.0);
    let (title, _) = left.allocate_exact_size(vec2(280.0, rect.height()), egui::Sense::hover());
    let end =
        text_in(left.painter(), title, Align::Min, &view.title, theme.font(Text::NodeTitle), *c.text.primary);
    if view.unsaved {
        left.painter().circle_filled(pos2(end.right() + 10.0, rect.center().y), 3.0, *c.text.secondary);
    }
    let right = Rect::from_min_max(pos2(rect.center().x, rect.top()), rect.max - vec2(8.0, 0.0));
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(right).layout(layout).id_salt("bar right"));
    let (sign, action) =
        if view.running { (glyph::STOP, TopBarAction::Stop) } else { (glyph::PLAY, TopBarAction::Run) };
    if primary(&mut right, theme, Some(sign), &view.run, view.can_run || view.running).clicked() {
        out = Some(action);
    }
    right.add_space(8.0);
    let (sign, label) = if view.dark { (glyph::SUN, "Light theme") } else { (glyph::MOON, "Dark theme") };
    if icon_button(&mut right, theme, sign, label, false).clicked() {
        out = Some(TopBarAction::SwitchTheme);
    }
    out
}

fn menu(ui: &mut Ui, theme: &Theme, view: &TopBarView, out: &mut Option<TopBarAction>) {
    let text = egui::RichText::new(glyph::LIST).font(theme.icon(theme.tokens.size.icon));
    let button =
        egui::containers::menu::MenuButton::from_button(Button::new(text).frame_when_inactive(false));
    let (response, _) = button.ui(ui, |ui| {
        ui.set_min_width(200.0);
        let mut item = |ui: &mut Ui, label: &str, keys: &str, enabled: bool, action| {
            let item = Button::new(label).shortcut_text(keys);
            if ui.add_enabled(enabled, item).clicked() {
                *out = Some(action);
                ui.close();
            }
        };
        item(ui, "New graph", "Ctrl N", true, TopBarAction::New);
        item(ui, "Open…", "Ctrl O", true, TopBarAction::Open);
        item(ui, "Templates and recent…", "", true, TopBarAction::Templates);
        ui.separator();
        item(ui, "Save", "Ctrl S", true, TopBarAction::Save);
        item(ui, "Save as…", "Ctrl Shift S", true, TopBarAction::SaveAs);
        ui.separator();
        item(ui, "Undo", "Ctrl Z", !view.undo.is_empty(), TopBarAction::Undo);
        item(ui, "Redo", "Ctrl Shift Z", !view.redo.is_empty(), TopBarAction::Redo);
        ui.separator();
        item(ui, "Quit", "Ctrl Q", true, TopBarAction::Quit);
    });
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Menu"));
}
