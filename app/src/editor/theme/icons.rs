//! Which icon means what. One icon, one meaning, everywhere in the window.

pub use egui_phosphor::regular as glyph;

/// The icon of a tool, by its kind (`finish/blend`), else by its family, else a question mark.
pub fn of_kind(kind: &str) -> &'static str {
    match kind {
        "plan/shot" => glyph::FILM_SLATE,
        "plan/mood_board" => glyph::IMAGES,
        "plan/omni_reference" => glyph::USER_FOCUS,
        "plan/text" => glyph::TEXT_T,
        "plan/number" => glyph::HASH,
        "plan/seed" => glyph::DICE_FIVE,
        "generate/still" => glyph::SPARKLE,
        "generate/pick" => glyph::CURSOR_CLICK,
        "generate/pattern" => glyph::GRID_NINE,
        "enhance/skin_texture" => glyph::DROP,
        "enhance/upscale_still" | "upscale/video" => glyph::ARROWS_OUT,
        "animate/camera" => glyph::VIDEO,
        "animate/image_to_video" => glyph::VIDEO_CAMERA,
        "time/trim" => glyph::SCISSORS,
        "time/hold" => glyph::PAUSE,
        "time/loop" => glyph::REPEAT,
        "time/reverse" => glyph::REWIND,
        "time/conform" => glyph::METRONOME,
        "finish/grain_plate" => glyph::CUBE,
        "finish/blend" => glyph::STACK,
        "finish/grain" => glyph::GRAINS,
        "finish/grade" => glyph::SLIDERS,
        "finish/match" => glyph::SWATCHES,
        "finish/lut" => glyph::GRADIENT,
        "finish/blur" => glyph::DROP_HALF,
        "finish/film" => glyph::CIRCLE_HALF,
        "finish/transform" => glyph::FRAME_CORNERS,
        "finish/crop" => glyph::CROP,
        "finish/letterbox" => glyph::RECTANGLE,
        "edit/read" => glyph::FILE,
        "edit/sequence" => glyph::FILM_STRIP,
        "deliver/write" => glyph::EXPORT,
        _ => of_family(kind.split('/').next().unwrap_or_default()),
    }
}

fn of_family(family: &str) -> &'static str {
    match family {
        "plan" => glyph::NOTE,
        "generate" => glyph::SPARKLE,
        "enhance" => glyph::MAGIC_WAND,
        "animate" => glyph::VIDEO_CAMERA,
        "guide" => glyph::SCAN,
        "mask" => glyph::SELECTION,
        "time" => glyph::CLOCK,
        "upscale" => glyph::ARROWS_OUT,
        "finish" => glyph::PALETTE,
        "edit" => glyph::FILM_STRIP,
        "deliver" | "interop" => glyph::SIGN_OUT,
        "graph" | "library" => glyph::GRAPH,
        "route" => glyph::GIT_COMMIT,
        _ => glyph::QUESTION,
    }
}
