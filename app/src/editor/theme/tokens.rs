//! The design tokens: every colour, size and duration of the window, read from one file.

use egui::Color32;
use rushes_engine::{Error, Result};
use serde::{Deserialize, Deserializer};

const SOURCE: &str = include_str!("../../../../assets/look/tokens.json");

/// The whole file. Lengths are points at 100 % scale, durations milliseconds, opacities 0 to 1.
#[derive(Clone, Debug, Deserialize)]
pub struct Tokens {
    /// The colours of both themes.
    pub theme: Themes,
    /// Colours of scopes, the same in both themes.
    pub scope: Scope,
    /// Captions on pictures, the same in both themes.
    pub image_caption: Caption,
    /// Colours of a group's square, in the order of the menu.
    pub group: Vec<Hex>,
    /// Paper of notes.
    pub note: Notes,
    /// How wires look and feel.
    pub wire_style: WireStyle,
    /// Text styles.
    #[serde(rename = "type")]
    pub text: TextStyles,
    /// Corner radii.
    pub radius: Radius,
    /// Distances between things.
    pub space: Space,
    /// Widths of lines.
    pub line: Lines,
    /// Sizes of parts.
    pub size: Sizes,
    /// Sizes of panels.
    pub layout: Layout,
    /// Zoom limits and levels of detail.
    pub zoom: Zoom,
    /// Durations.
    pub motion_ms: Motion,
    /// Opacities.
    pub opacity: Opacity,
}

impl Tokens {
    /// Reads the embedded file.
    pub fn load() -> Result<Self> {
        serde_json::from_str(SOURCE).map_err(|e| {
            Error::system(format!("the design tokens are not readable: {e}"))
                .at("assets/look/tokens.json")
                .help("reinstall Rushes")
        })
    }
}

/// A colour written `#RRGGBB` or `#RRGGBBAA`, alpha straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex(pub Color32);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Color32::from_hex(&text)
            .map(Self)
            .map_err(|_| serde::de::Error::custom(format!("{text} is no colour")))
    }
}

impl std::ops::Deref for Hex {
    type Target = Color32;
    fn deref(&self) -> &Color32 {
        &self.0
    }
}

impl From<Hex> for Color32 {
    fn from(hex: Hex) -> Self {
        hex.0
    }
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($field:ident : $ty:ty),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[allow(missing_docs, reason = "the fields are the token paths, told in the file itself")]
        pub struct $name { $(pub $field: $ty),* }
    )* };
}

records! {
    /// Both themes.
    Themes { dark: Colors, light: Colors }
    /// The colours of one theme.
    Colors {
        surface: Surface, stroke: Strokes, text: TextColors, accent: Accent, state: StateColors,
        wire: WireColors, channel: Channels, shadow: Shadows,
    }
    /// Grounds, from the window's to a popup's.
    Surface {
        app: Hex, canvas: Hex, canvas_dot: Hex, panel: Hex, panel_header: Hex, bar: Hex, group: Hex, node: Hex,
        node_header: Hex, field: Hex, field_fill: Hex, hover: Hex, pressed: Hex, popup: Hex, viewer: Hex,
        scope: Hex, scrim: Hex,
    }
    /// Lines.
    Strokes { divider: Hex, outline: Hex, outline_hover: Hex, control: Hex }
    /// Text.
    TextColors { primary: Hex, secondary: Hex, tertiary: Hex, on_accent: Hex }
    /// The one accent.
    Accent { fill: Hex, hover: Hex, text: Hex, soft: Hex }
    /// States; `_soft` is the ground of a box about it.
    StateColors {
        cached: Hex, stale: Hex, running: Hex, will_cost: Hex, will_cost_soft: Hex, error: Hex, error_soft: Hex,
        advice: Hex, advice_soft: Hex, waiting: Hex, bypassed: Hex, muted: Hex,
    }
    /// Wire types.
    WireColors {
        clip: Hex, image_set: Hex, mask: Hex, depth: Hex, flow: Hex, audio: Hex, text: Hex, style: Hex,
        character: Hex, number: Hex,
    }
    /// Colour channels in readouts.
    Channels { red: Hex, green: Hex, blue: Hex }
    /// Shadows.
    Shadows { node: Shadow, popup: Shadow }
    /// One shadow.
    Shadow { y: i8, blur: u8, color: Hex }
    /// Scopes.
    Scope {
        background: Hex, graticule: Hex, label: Hex, red: Hex, green: Hex, blue: Hex, skin_line: Hex, trace: Hex,
        matte: Hex, false_color: Vec<Band>,
    }
    /// Levels of the signal up to `to`, 1 is white; without a colour they are grey.
    Band { to: f32, color: Option<Hex> }
    /// Captions on pictures.
    Caption { background: Hex, text: Hex }
    /// Notes by theme.
    Notes { dark: Paper, light: Paper }
    /// A note's paper.
    Paper { fill: Hex, text: Hex }
    /// Wires.
    WireStyle {
        clip: Wire, image_set: Wire, mask: Wire, depth: Wire, flow: Wire, audio: Wire, text: Wire, style: Wire,
        character: Wire, number: Wire, selected_width: f32, casing: f32, waits_dash: [f32; 2],
        broken_dash: [f32; 2], tangent: Tangent, corner_radius: f32, hit_width: f32, snap_radius: f32,
        snap_ring: f32, unfit_opacity: f32,
    }
    /// The horizontal tangent of a wire.
    Tangent { factor: f32, min: f32, max: f32 }
    /// Text styles.
    TextStyles {
        title: Type, sheet: Type, body: Type, body_strong: Type, node_title: Type, small: Type,
        small_strong: Type, mono: Type, timecode: Type, key: Type, minimum: f32,
    }
    /// One text style.
    Type { size: f32, line: f32, weight: u16 }
    /// Distances between things.
    Space { xs: f32, s: f32, m: f32, l: f32, xl: f32 }
    /// Widths of lines.
    Lines { hair: f32, focus: f32, selection: f32 }
    /// Corner radii.
    Radius { thumb: f32, field: f32, control: f32, node: f32, popup: f32, group: f32 }
    /// Sizes of parts.
    Sizes {
        top_bar: f32, status_bar: f32, panel_header: f32, section_header: f32, row: f32, field: f32, button: f32,
        button_large: f32, icon: f32, icon_small: f32, icon_tiny: f32, hit_min: f32, node_header: f32,
        node_port_row: f32, node_param_row: f32, node_param_field: f32, node_footer: f32, node_inset: f32,
        port: f32, port_hit: f32, node_width_min: f32, node_width: f32, node_width_max: f32,
        canvas_dot_step: f32, canvas_snap: f32, inspector_label: f32, timeline_label: f32, minimap: [f32; 2],
        popup_search: f32, popup_sheet: f32, dialog: f32,
    }
    /// Sizes of panels.
    Layout {
        window_min: [f32; 2], right_column: RightColumn, inspector_min: f32, timeline: Timeline, scopes: f32,
        scopes_tab_below_width: f32,
    }
    /// The right column: its share of the width and its bounds.
    RightColumn { share: f32, min: f32, max: f32 }
    /// The timeline's height.
    Timeline { default: f32, min: f32 }
    /// Zoom factors.
    Zoom { min: f32, max: f32, hide_fields_below: f32, blocks_below: f32 }
    /// Durations in milliseconds.
    Motion { hover: f32, popup: f32, toast_in: f32, toast_stay: f32, camera_fit: f32 }
    /// Opacities.
    Opacity { disabled: f32, unfit_port: f32, stale_picture: f32, not_made_picture: f32, drag_ghost: f32 }
}

/// How wires and ports of one type look.
#[derive(Clone, Debug, Deserialize)]
pub struct Wire {
    /// Points across.
    pub width: f32,
    /// The width of the core of a double line.
    pub inner: Option<f32>,
    /// The shape of its ports.
    pub port: PortShape,
}

/// The shape of a port, so that a type is never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PortShape {
    Disc,
    TwoSquares,
    HalfDisc,
    TriangleUp,
    TriangleRight,
    Hexagon,
    Square,
    Diamond,
    RingDot,
    Pill,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let channel = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        let lum = |c: Color32| 0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b());
        let (a, b) = (lum(a), lum(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_reaches_4_5_to_1_on_every_surface_it_stands_on() {
        let t = Tokens::load().unwrap();
        for c in [&t.theme.dark, &t.theme.light] {
            let s = &c.surface;
            for ground in
                [s.canvas, s.panel, s.panel_header, s.bar, s.group, s.node, s.node_header, s.field, s.popup]
            {
                for text in [c.text.primary, c.text.secondary, c.text.tertiary] {
                    let ratio = contrast(*text, *ground);
                    assert!(ratio >= 4.5, "{text:?} on {ground:?} is {ratio:.2}");
                }
            }
            assert!(contrast(*c.text.on_accent, *c.accent.fill) >= 4.5);
        }
    }

    #[test]
    fn chrome_is_neutral() {
        let t = Tokens::load().unwrap();
        for c in [&t.theme.dark, &t.theme.light] {
            let s = &c.surface;
            for ground in [s.app, s.canvas, s.panel, s.node, s.field, s.popup, s.viewer] {
                assert!(ground.r() == ground.g() && ground.g() == ground.b());
            }
        }
    }
}
