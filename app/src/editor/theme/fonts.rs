//! The typefaces: three weights of IBM Plex Sans, two of JetBrains Mono, and the Phosphor icons.
//!
//! egui has no font weights, so each weight is a family of its own. Icons follow the text face in every
//! family, so that an icon can stand inside a sentence.

use egui::{FontData, FontDefinitions, FontFamily, FontId};
use std::sync::Arc;

/// IBM Plex Sans 400.
pub const SANS: &str = "plex";
/// IBM Plex Sans 500.
pub const SANS_500: &str = "plex-500";
/// IBM Plex Sans 600.
pub const SANS_600: &str = "plex-600";
/// JetBrains Mono 400.
pub const MONO: &str = "jetbrains";
/// JetBrains Mono 500.
pub const MONO_500: &str = "jetbrains-500";
/// Phosphor Regular.
pub const ICONS: &str = "phosphor";
/// Phosphor Fill, for things that are on.
pub const ICONS_FILL: &str = "phosphor-fill";

/// A font of one of the families above.
pub fn font(family: &'static str, size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(family.into()))
}

/// All faces, as egui wants them.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let faces: [(&str, &'static [u8]); 7] = [
        (SANS, include_bytes!("../../../../assets/fonts/IBMPlexSans_400Regular.ttf")),
        (SANS_500, include_bytes!("../../../../assets/fonts/IBMPlexSans_500Medium.ttf")),
        (SANS_600, include_bytes!("../../../../assets/fonts/IBMPlexSans_600SemiBold.ttf")),
        (MONO, include_bytes!("../../../../assets/fonts/JetBrainsMono_400Regular.ttf")),
        (MONO_500, include_bytes!("../../../../assets/fonts/JetBrainsMono_500Medium.ttf")),
        (ICONS, egui_phosphor::Variant::Regular.font_bytes()),
        (ICONS_FILL, egui_phosphor::Variant::Fill.font_bytes()),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        // Phosphor maps a to z to blank glyphs, so text always comes from a text face first.
        let order = if name.starts_with("phosphor") { vec![name, SANS] } else { vec![name, ICONS, SANS] };
        fonts.families.insert(FontFamily::Name(name.into()), order.into_iter().map(str::to_owned).collect());
    }
    let list = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    fonts.families.insert(FontFamily::Proportional, list([SANS, ICONS, MONO]));
    fonts.families.insert(FontFamily::Monospace, list([MONO, ICONS, SANS]));
    fonts
}
