//! The items of the library: pictures with words, of which only those in view are made.

use super::{ItemView, LibraryAction, LibraryPanel, LibraryView, Section};
use crate::editor::panels::take::{self, TakeView};
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::text_in;
use crate::editor::widgets::segments::item as line_of_menu;
use crate::editor::widgets::stars;
use egui::{
    Align, EventFilter, Key, Popup, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    Vec2, WidgetInfo, WidgetType, pos2, vec2,
};

const ROW: f32 = 68.0;
const POSTER: Vec2 = vec2(96.0, 54.0);
const LINE: f32 = 18.0;
/// Items beside each other are at least this wide.
const WIDE: f32 = 400.0;

/// An item where it stands.
struct Row<'a> {
    rect: Rect,
    /// Its place in the list.
    place: usize,
    /// How many stand beside each other.
    columns: usize,
    /// It gets the focus.
    next: bool,
    one: &'a ItemView,
}

impl LibraryPanel {
    /// Shows those in view.
    pub(super) fn items(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        theme: &Theme,
        view: &LibraryView<'_>,
        out: &mut Vec<LibraryAction>,
    ) {
        let columns = (body.width() / WIDE).floor().max(1.0) as usize;
        let rows = view.count.div_ceil(columns);
        let body = body.with_min_y(body.top() + 1.0);
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("items"));
        let id = ("scroll", view.section.one());
        let mut area = ScrollArea::vertical().id_salt(id).auto_shrink([false, false]);
        let next = self.next.take();
        if let Some(next) = next {
            let top = (next / columns) as f32 * ROW;
            let low = (top + ROW - body.height()).max(0.0);
            if top < self.scrolled || low > self.scrolled {
                area = area.vertical_scroll_offset(if top < self.scrolled { top } else { low });
            }
        }
        self.page = (body.height() / ROW).floor().max(1.0) as usize;
        let shown = area.show_viewport(&mut child, |ui, seen| {
            ui.set_height(rows as f32 * ROW);
            let (all, width) = (ui.max_rect(), ui.max_rect().width() / columns as f32);
            let first = (seen.top() / ROW).floor().max(0.0) as usize;
            let last = ((seen.bottom() / ROW).ceil().max(0.0) as usize).min(rows);
            for place in first * columns..(last * columns).min(view.count) {
                let Some(one) = (view.item)(place) else { continue };
                let corner = vec2((place % columns) as f32 * width, (place / columns) as f32 * ROW);
                let rect = Rect::from_min_size(all.min + corner, vec2(width, ROW));
                let row = Row { rect, place, columns, next: next == Some(place), one: &one };
                ui.push_id(&one.id, |ui| self.item(ui, theme, view, &row, out));
            }
        });
        self.scrolled = shown.state.offset.y;
    }

    fn item(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        view: &LibraryView<'_>,
        row: &Row<'_>,
        out: &mut Vec<LibraryAction>,
    ) {
        let Row { rect, place, one, .. } = *row;
        let c = theme.colors();
        let response = ui.interact(rect, ui.id().with("item"), Sense::click_and_drag());
        let mine = (view.section, one.id.clone());
        let chosen = self.chosen.as_ref() == Some(&mine);
        let label = format!("{} {}", view.section.one(), one.title);
        response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, chosen, &label));
        if chosen {
            ui.painter().rect_filled(rect, 0, *c.accent.soft);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0, *c.surface.hover);
        }
        self.keys(ui, &response, view, row, out);
        if response.clicked() || response.drag_started() {
            self.chosen = Some(mine);
            response.request_focus();
        }
        if response.double_clicked() {
            out.push(LibraryAction::Open(place));
        }
        if let Some(pointer) = ui.input(|i| i.pointer.latest_pos()) {
            if response.dragged() {
                out.push(LibraryAction::Held(place, pointer));
            }
            if response.drag_stopped() {
                out.push(LibraryAction::Dropped(place, pointer));
            }
        }
        draw(ui, theme, view, row, &response, out);
        if response.has_focus() {
            let line = Stroke::new(theme.tokens.line.focus, *c.accent.fill);
            ui.painter().rect_stroke(rect, 0, line, StrokeKind::Inside);
        }
        let said = [Some(&one.title), Some(&one.words), one.take.as_ref().map(|take| &take.prompt)];
        let said: Vec<&str> =
            said.into_iter().flatten().map(String::as_str).filter(|w| !w.is_empty()).collect();
        if !response.dragged() {
            response.on_hover_text(said.join("\n"));
        }
    }

    /// Arrow keys go through the list, also where the next item is not in view; Enter does what is likely meant.
    fn keys(
        &mut self,
        ui: &Ui,
        response: &Response,
        view: &LibraryView<'_>,
        &Row { place, columns, next, .. }: &Row<'_>,
        out: &mut Vec<LibraryAction>,
    ) {
        if next {
            response.request_focus();
        } else if response.has_focus() {
            let arrows = EventFilter {
                horizontal_arrows: columns > 1,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
            let last = view.count.saturating_sub(1);
            let steps = [
                (Key::ArrowUp, place.checked_sub(columns)),
                (Key::ArrowDown, Some(place + columns)),
                (Key::ArrowLeft, place.checked_sub(1).filter(|_| columns > 1)),
                (Key::ArrowRight, Some(place + 1).filter(|_| columns > 1)),
                (Key::PageUp, Some(place.saturating_sub(self.page * columns))),
                (Key::PageDown, Some((place + self.page * columns).min(last))),
            ];
            let pressed = |key| ui.input(|i| i.key_pressed(key));
            let to = steps.into_iter().find(|(key, _)| pressed(*key)).and_then(|(_, to)| to);
            self.next = to.filter(|to| *to <= last && *to != place).or(self.next);
            if pressed(Key::Enter) {
                out.push(LibraryAction::Open(place));
            }
        }
    }
}

fn draw(
    ui: &mut Ui,
    theme: &Theme,
    view: &LibraryView<'_>,
    row: &Row<'_>,
    response: &Response,
    out: &mut Vec<LibraryAction>,
) {
    let Row { rect, place: at, one, .. } = *row;
    let c = theme.colors();
    let corner = pos2(rect.left() + 12.0, rect.center().y - POSTER.y / 2.0);
    let picture = Rect::from_min_size(corner, POSTER);
    take::poster(ui, theme, picture, one.picture, view.section.sign());
    let words = Rect::from_min_max(picture.right_top() + vec2(12.0, 0.0), rect.max - vec2(36.0, 0.0));
    let line = |n: f32| Rect::from_min_size(words.min + vec2(0.0, n * LINE), vec2(words.width(), LINE));
    text_in(ui.painter(), line(0.0), Align::Min, &one.title, theme.font(Text::BodyStrong), *c.text.primary);
    text_in(ui.painter(), line(1.0), Align::Min, &one.words, theme.font(Text::Small), *c.text.secondary);
    let place = Rect::from_center_size(pos2(rect.right() - 20.0, line(0.0).center().y), Vec2::splat(24.0));
    let dots = take::dots(ui, theme, place, &format!("More of {}", one.title));
    match &one.take {
        Some(result) => {
            let rated = take::rating(ui, theme, line(2.0), result);
            let prompt = line(2.0).with_min_x(words.left() + stars::WIDTH + 10.0);
            let font = theme.font(Text::Small);
            text_in(ui.painter(), prompt, Align::Min, one_line(result), font, *c.text.secondary);
            let asked = take::menu(&dots, response, theme, result, &view.offers).or(rated);
            out.extend(asked.map(|action| LibraryAction::OfTake(one.id.clone(), action)));
        }
        None => out.extend(menu(&dots, response, theme, view.section, at)),
    }
}

/// The beginning of the prompt, where the title does not say it.
fn one_line(take: &TakeView) -> &str {
    let first = take.prompt.lines().next().unwrap_or_default();
    if first == take.title { "" } else { first }
}

fn menu(
    dots: &Response,
    row: &Response,
    theme: &Theme,
    section: Section,
    at: usize,
) -> Option<LibraryAction> {
    let add = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(200.0);
        let (open, reveal) = match section {
            Section::Templates => ("Open in a tab", None),
            _ => ("Add to the graph", Some("Show in its folder")),
        };
        let opened = line_of_menu(ui, theme, open, false).then_some(LibraryAction::Open(at));
        let shown =
            reveal.filter(|label| line_of_menu(ui, theme, label, false)).map(|_| LibraryAction::Reveal(at));
        let insert =
            section == Section::Templates && line_of_menu(ui, theme, "Add its nodes to the graph", false);
        opened.or(shown).or(insert.then_some(LibraryAction::Insert(at)))
    };
    let opened = Popup::menu(dots).show(add).or_else(|| Popup::context_menu(row).show(add));
    opened.and_then(|shown| shown.inner)
}
