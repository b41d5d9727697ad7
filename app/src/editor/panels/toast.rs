//! Toasts at the canvas's bottom right: errors stay until read, the rest go by themselves.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::button;
use crate::editor::widgets::paint::{capital, icon, paragraph, radius};
use egui::{Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};
use std::path::PathBuf;

const WIDTH: f32 = 400.0;
const MOST: usize = 4;
/// Points that the button has which shows a file.
const SHOW: f32 = 60.0;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// What happened.
    pub what: String,
    /// What to do, or a detail.
    pub help: String,
    /// Whether it is a failure.
    pub error: bool,
    /// The file that was made, to be shown in its folder.
    pub file: Option<PathBuf>,
    since: f64,
}

/// The messages in view.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    all: Vec<Toast>,
}

impl Toasts {
    /// Says that something was done.
    pub fn done(&mut self, what: impl Into<String>) {
        self.wrote(what, None);
    }

    /// Says that a file was written, and offers to show it.
    pub fn wrote(&mut self, what: impl Into<String>, file: Option<PathBuf>) {
        self.push(Toast { what: what.into(), help: String::new(), error: false, file, since: f64::NAN });
    }

    /// Says what went wrong. A stop that was asked for is not said.
    pub fn failed(&mut self, error: &rushes_engine::Error) {
        if !error.is_cancelled() {
            let help = capital(error.help_text());
            self.push(Toast {
                what: capital(&error.to_string()),
                help,
                error: true,
                file: None,
                since: f64::NAN,
            });
        }
    }

    fn push(&mut self, toast: Toast) {
        // The same message again is one message.
        self.all.retain(|t| t.what != toast.what);
        self.all.push(toast);
        if self.all.len() > MOST {
            self.all.remove(0);
        }
    }

    /// Shows them inside `panel`, above `clear` points at its bottom. Gives a file that is to be shown in its folder.
    pub fn show(&mut self, ui: &mut Ui, panel: Rect, clear: f32, theme: &Theme) -> Option<PathBuf> {
        let now = ui.input(|i| i.time);
        let stay = f64::from(theme.tokens.motion_ms.toast_stay) / 1000.0;
        self.all.iter_mut().filter(|t| t.since.is_nan()).for_each(|t| t.since = now);
        self.all.retain(|t| t.error || now - t.since < stay);
        if self.all.iter().any(|t| !t.error) {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
        }
        let c = theme.colors();
        let mut bottom = panel.bottom() - clear;
        let (mut read, mut show) = (None, None);
        for (index, toast) in self.all.iter().enumerate().rev() {
            let width = WIDTH.min(panel.width() - 24.0);
            let text = if toast.help.is_empty() {
                toast.what.clone()
            } else {
                format!("{}\n{}", toast.what, toast.help)
            };
            let room = if toast.file.is_some() { 76.0 + SHOW } else { 76.0 };
            let words =
                paragraph(ui.painter(), &text, theme.font(Text::Body), *c.text.primary, width - room, 6);
            let high = (words.size().y + 18.0).max(36.0);
            let rect =
                Rect::from_min_size(pos2(panel.right() - 12.0 - width, bottom - high), vec2(width, high));
            bottom -= high + 8.0;
            let response = ui.interact(rect, ui.id().with(("toast", &toast.what)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &toast.what));
            let shape = radius(theme.tokens.radius.popup);
            let line = Stroke::new(1.0, *c.stroke.outline_hover);
            ui.painter().add(ui.visuals().popup_shadow.as_shape(rect, shape));
            ui.painter().rect(rect, shape, *c.surface.popup, line, StrokeKind::Inside);
            let (sign, color) = if toast.error {
                (glyph::WARNING_CIRCLE, *c.state.error)
            } else {
                (glyph::CHECK, *c.state.cached)
            };
            if toast.error {
                let edge = Rect::from_min_max(
                    rect.min + vec2(1.0, 8.0),
                    pos2(rect.left() + 4.0, rect.bottom() - 8.0),
                );
                ui.painter().rect_filled(edge, 1, color);
            }
            icon(ui.painter(), theme, pos2(rect.left() + 22.0, rect.top() + 18.0), sign, 16.0, color);
            let at = pos2(rect.left() + 40.0, rect.center().y - words.size().y / 2.0);
            ui.painter().galley(at, words, *c.text.primary);
            let cross = pos2(rect.right() - 18.0, rect.top() + 18.0);
            icon(ui.painter(), theme, cross, glyph::X, 14.0, *c.text.secondary);
            if response.clicked() {
                read = Some(index);
            }
            if let Some(file) = &toast.file {
                let place =
                    Rect::from_min_size(pos2(cross.x - 12.0 - SHOW, cross.y - 12.0), vec2(SHOW, 24.0));
                let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(&toast.what));
                if button(&mut child, theme, None, "Show", true).clicked() {
                    show = Some(file.clone());
                }
            }
        }
        if let Some(index) = read {
            self.all.remove(index);
        }
        show
    }
}
