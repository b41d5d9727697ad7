//! egui's own style made from the tokens, for the widgets that we take from it as they are.

use super::{Mode, Text, Theme};
use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals, vec2};

/// The style of `theme`.
pub(super) fn style(theme: &Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };
    style.text_styles = [
        (TextStyle::Heading, theme.font(Text::Title)),
        (TextStyle::Body, theme.font(Text::Body)),
        (TextStyle::Button, theme.font(Text::Body)),
        (TextStyle::Small, theme.font(Text::Small)),
        (TextStyle::Monospace, theme.font(Text::Mono)),
    ]
    .into();
    let size = &theme.tokens.size;
    let s = &mut style.spacing;
    s.item_spacing = Vec2::splat(4.0);
    s.button_padding = vec2(8.0, 3.0);
    s.interact_size = vec2(24.0, size.field);
    s.menu_margin = Margin::same(4);
    s.window_margin = Margin::same(12);
    s.icon_width = 16.0;
    s.icon_width_inner = 10.0;
    s.tooltip_width = 320.0;
    s.scroll = ScrollStyle { bar_width: 8.0, ..ScrollStyle::thin() };
    style.interaction.tooltip_delay = 0.5;
    style.interaction.selectable_labels = false;
    style.animation_time = theme.tokens.motion_ms.hover / 1000.0;
    style
}

fn visuals(theme: &Theme) -> Visuals {
    let c = theme.colors();
    let radius = theme.tokens.radius.control as u8;
    let dark = theme.mode == Mode::Dark;
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    let state = |fill: Color32, line: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: CornerRadius::same(radius),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    v.widgets = Widgets {
        noninteractive: state(*c.surface.panel, *c.stroke.divider, *c.text.secondary),
        inactive: state(*c.surface.node_header, Color32::TRANSPARENT, *c.text.primary),
        hovered: state(*c.surface.hover, *c.stroke.outline_hover, *c.text.primary),
        active: state(*c.surface.pressed, *c.stroke.outline_hover, *c.text.primary),
        open: state(*c.surface.hover, *c.stroke.outline, *c.text.primary),
    };
    v.dark_mode = dark;
    v.selection.bg_fill = *c.accent.soft;
    v.selection.stroke = Stroke::new(theme.tokens.line.focus, *c.accent.fill);
    v.hyperlink_color = *c.accent.text;
    v.weak_text_color = Some(*c.text.tertiary);
    v.extreme_bg_color = *c.surface.field;
    v.faint_bg_color = *c.surface.panel_header;
    v.code_bg_color = *c.surface.field;
    v.warn_fg_color = *c.state.stale;
    v.error_fg_color = *c.state.error;
    v.panel_fill = *c.surface.panel;
    v.window_fill = *c.surface.popup;
    v.window_stroke = Stroke::new(1.0, *c.stroke.outline);
    v.window_corner_radius = CornerRadius::same(theme.tokens.radius.popup as u8);
    v.menu_corner_radius = v.window_corner_radius;
    let shadow = &c.shadow.popup;
    v.window_shadow = Shadow { offset: [0, shadow.y], blur: shadow.blur, spread: 0, color: *shadow.color };
    v.popup_shadow = v.window_shadow;
    v.text_cursor.stroke = Stroke::new(1.5, *c.accent.fill);
    v.disabled_alpha = theme.tokens.opacity.disabled;
    v
}
