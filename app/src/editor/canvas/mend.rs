//! The button on a node that is wrong, where there is a way to mend it.

use super::frame::Frame;
use super::geometry::Detail;
use super::view::{NodeState, NodeView};
use crate::editor::theme::Text;
use crate::editor::widgets::paint::{radius, text_in};
use egui::{Align, Color32, CursorIcon, Rect, Sense, Ui, WidgetInfo, WidgetType, vec2};

/// Shows it at the right of the footer of a node that stands at `rect`; true when it is pressed.
pub(super) fn button(ui: &mut Ui, frame: &Frame<'_>, node: &NodeView, rect: Rect) -> bool {
    let wrong = node.state == NodeState::Error && !node.mend.is_empty();
    if !wrong || node.collapsed || frame.detail != Detail::Full {
        return false;
    }
    let (theme, z) = (frame.theme, frame.zoom());
    let c = theme.colors();
    let font = theme.font_at(Text::SmallStrong, z);
    let wide = ui.painter().layout_no_wrap(node.mend.clone(), font.clone(), Color32::WHITE).size().x;
    let high = theme.tokens.size.node_footer * z;
    let corner = rect.max - vec2(4.0, 2.0) * z;
    let place = Rect::from_min_max(corner - vec2(wide + 12.0 * z, high - 4.0 * z), corner);
    let response = ui.interact(place, ui.id().with(("mend", &node.id)), Sense::click());
    response.widget_info(|| {
        let label = format!("{} for {} ({})", node.mend, node.title, node.id);
        WidgetInfo::labeled(WidgetType::Button, true, label)
    });
    if response.hovered() {
        ui.painter().rect_filled(place, radius(theme.tokens.radius.field * z), *c.surface.hover);
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    text_in(ui.painter(), place, Align::Center, &node.mend, font, *c.accent.text);
    response.clicked()
}
