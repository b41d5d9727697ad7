//! Scopes: a picture counted into bins on the device, drawn from them without a readback, and told in figures that are
//! read back while the window goes on.

mod draw;
mod measure;

pub(super) use draw::{Drawn, Scope};
pub(super) use measure::{Figures, Measuring, Scopes};

/// Levels of every bin table: those of 8 bits.
const LEVELS: u32 = 256;
/// Columns of the waveform, whatever the picture's width.
const COLUMNS: u32 = 256;
/// Where the tables lie among the bins.
const HISTOGRAM: u32 = 0;
const PEAK: u32 = 3 * LEVELS;
const WAVE: u32 = 4 * LEVELS;
const VECTOR: u32 = WAVE + 4 * COLUMNS * LEVELS;
const BINS: u32 = VECTOR + LEVELS * LEVELS;

/// A shader with the places of the tables and the form of the numbers before it.
fn shader(source: &str) -> String {
    let places = [
        ("LEVELS", LEVELS),
        ("COLUMNS", COLUMNS),
        ("HISTOGRAM", HISTOGRAM),
        ("PEAK", PEAK),
        ("WAVE", WAVE),
        ("VECTOR", VECTOR),
    ];
    let mut all: String = places.iter().map(|(name, at)| format!("const {name}: u32 = {at}u;\n")).collect();
    all.push_str(include_str!("numbers.wgsl"));
    all.push_str(source);
    all
}
