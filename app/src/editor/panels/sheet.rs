//! A sheet over the window: a title, what it is about, and a row of verbs. What lies behind is dimmed and out of reach.

use crate::editor::theme::{Text, Theme};
use egui::{Align, Context, Frame, Id, Layout, Margin, Modal, RichText, Stroke, Ui};

/// Between the edge of a sheet and what it holds.
const MARGIN: i8 = 16;

/// Shows a sheet; `content` fills it and `verbs` its last row, from the right. True when it was asked to go, by Escape
/// or a click beside it.
pub fn show(
    ctx: &Context,
    theme: &Theme,
    name: &str,
    title: &str,
    content: impl FnOnce(&mut Ui),
    verbs: impl FnOnce(&mut Ui),
) -> bool {
    let c = theme.colors();
    let frame = Frame::popup(&ctx.global_style())
        .fill(*c.surface.popup)
        .stroke(Stroke::new(1.0, *c.stroke.outline_hover))
        .inner_margin(Margin::same(MARGIN));
    let modal = Modal::new(Id::new(name)).frame(frame).backdrop_color(*c.surface.scrim);
    let shown = modal.show(ctx, |ui| {
        ui.set_width(theme.tokens.size.dialog - 2.0 * f32::from(MARGIN));
        let strong = RichText::new(title).font(theme.font(Text::Sheet)).color(*c.text.primary);
        ui.label(strong);
        ui.add_space(theme.tokens.space.s);
        content(ui);
        ui.add_space(theme.tokens.space.m);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            verbs(ui);
        });
    });
    shown.should_close()
}
