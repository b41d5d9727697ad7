//! The look: tokens, typefaces, icons, and egui's own style made from them.
//!
//! Nothing in the editor names a colour, size or typeface of its own; it asks a [`Theme`].

pub mod fonts;
pub mod icons;
mod style;
pub mod tokens;

use egui::{Color32, FontId};
use rushes_engine::{Result, ValueType};
use std::sync::Arc;
pub use tokens::Tokens;
use tokens::{Colors, Paper, Type, Wire};

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Light text on dark ground: the one for judging pictures.
    #[default]
    Dark,
    /// Dark text on light ground.
    Light,
}

/// A text style by name; see `type` in the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the token paths")]
pub enum Text {
    Title,
    Sheet,
    Body,
    BodyStrong,
    NodeTitle,
    Small,
    SmallStrong,
    Mono,
    Timecode,
    Key,
}

/// The tokens seen through one mode. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Everything that does not depend on the mode.
    pub tokens: Arc<Tokens>,
    /// Which colours are in force.
    pub mode: Mode,
}

impl Theme {
    /// Reads the tokens.
    pub fn load(mode: Mode) -> Result<Self> {
        Ok(Self { tokens: Arc::new(Tokens::load()?), mode })
    }

    /// The same tokens in another mode.
    #[must_use]
    pub fn with_mode(&self, mode: Mode) -> Self {
        Self { tokens: Arc::clone(&self.tokens), mode }
    }

    /// The colours in force.
    pub fn colors(&self) -> &Colors {
        match self.mode {
            Mode::Dark => &self.tokens.theme.dark,
            Mode::Light => &self.tokens.theme.light,
        }
    }

    /// The paper of notes.
    pub fn note(&self) -> &Paper {
        match self.mode {
            Mode::Dark => &self.tokens.note.dark,
            Mode::Light => &self.tokens.note.light,
        }
    }

    /// The font of a text style at 100 %.
    pub fn font(&self, text: Text) -> FontId {
        self.font_at(text, 1.0)
    }

    /// The font of a text style drawn for a zoom, in steps of half a point so that the glyph atlas stays small.
    pub fn font_at(&self, text: Text, zoom: f32) -> FontId {
        let (style, mono) = self.style(text);
        let family = match (mono, style.weight) {
            (true, ..=400) => fonts::MONO,
            (true, _) => fonts::MONO_500,
            (false, ..=400) => fonts::SANS,
            (false, 500) => fonts::SANS_500,
            (false, _) => fonts::SANS_600,
        };
        fonts::font(family, half_step(style.size * zoom))
    }

    fn style(&self, text: Text) -> (&Type, bool) {
        let t = &self.tokens.text;
        match text {
            Text::Title => (&t.title, false),
            Text::Sheet => (&t.sheet, false),
            Text::Body => (&t.body, false),
            Text::BodyStrong => (&t.body_strong, false),
            Text::NodeTitle => (&t.node_title, false),
            Text::Small => (&t.small, false),
            Text::SmallStrong => (&t.small_strong, false),
            Text::Mono => (&t.mono, true),
            Text::Timecode => (&t.timecode, true),
            Text::Key => (&t.key, true),
        }
    }

    /// The icon face at a size.
    pub fn icon(&self, size: f32) -> FontId {
        fonts::font(fonts::ICONS, half_step(size))
    }

    /// The colour of a wire type.
    pub fn wire_color(&self, ty: ValueType) -> Color32 {
        let w = &self.colors().wire;
        *match ty {
            ValueType::Clip => w.clip,
            ValueType::ImageSet => w.image_set,
            ValueType::Mask => w.mask,
            ValueType::Depth => w.depth,
            ValueType::Flow => w.flow,
            ValueType::Audio => w.audio,
            ValueType::Text => w.text,
            ValueType::Style => w.style,
            ValueType::Character => w.character,
            ValueType::Number | ValueType::File => w.number,
        }
    }

    /// The width and port shape of a wire type.
    pub fn wire_style(&self, ty: ValueType) -> &Wire {
        let w = &self.tokens.wire_style;
        match ty {
            ValueType::Clip => &w.clip,
            ValueType::ImageSet => &w.image_set,
            ValueType::Mask => &w.mask,
            ValueType::Depth => &w.depth,
            ValueType::Flow => &w.flow,
            ValueType::Audio => &w.audio,
            ValueType::Text | ValueType::File => &w.text,
            ValueType::Style => &w.style,
            ValueType::Character => &w.character,
            ValueType::Number => &w.number,
        }
    }

    /// Gives egui the faces and the style. Call on start and when the mode changes.
    pub fn install(&self, ctx: &egui::Context) {
        ctx.set_fonts(fonts::definitions());
        self.restyle(ctx);
    }

    /// Gives egui the style only.
    pub fn restyle(&self, ctx: &egui::Context) {
        ctx.set_theme(match self.mode {
            Mode::Dark => egui::Theme::Dark,
            Mode::Light => egui::Theme::Light,
        });
        let style = style::style(self);
        ctx.all_styles_mut(|s| *s = style.clone());
    }
}

fn half_step(size: f32) -> f32 {
    ((size * 2.0).round() / 2.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_drawn_for_the_zoom_in_half_points() {
        let theme = Theme::load(Mode::Dark).unwrap();
        assert_eq!(theme.font(Text::Body).size, 12.0);
        assert_eq!(theme.font_at(Text::Body, 1.51).size, 18.0);
        assert_eq!(theme.font_at(Text::Small, 0.6).size, 6.5);
    }
}
