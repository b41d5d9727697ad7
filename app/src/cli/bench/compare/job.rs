//! The work that every side does.

use crate::cli::args::X264;

/// The longer side of what is called 4K.
const LONG: u32 = 3840;

/// What a peer's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// What it does where nobody asks for more.
    Bits8,
    /// As precise as Rushes, which works in floats and stores halves of them.
    Float,
}

impl Depth {
    pub(super) const ALL: [Self; 2] = [Self::Bits8, Self::Float];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bits8 => "8 bits",
            Self::Float => "floats",
        }
    }
}

/// Two clips, one laid over the other by overlay in RGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// Both are brought to this size by Lanczos before.
    pub(super) to: Option<(u32, u32)>,
    /// The result goes into an H.264 file, by a preset of its encoder; else its frames are made and let go.
    pub(super) encoded: Option<X264>,
}

impl Job {
    /// All that makes sense for clips of a size.
    pub(super) fn all((width, height): (u32, u32), preset: X264) -> Vec<Self> {
        let larger = larger((width, height));
        let sizes = std::iter::once(None).chain(larger.map(Some));
        sizes.flat_map(|to| [Some(preset), None].map(|encoded| Self { to, encoded })).collect()
    }

    /// What it is, in words.
    pub(super) fn name(&self) -> String {
        let size = match self.to {
            None => "overlay".to_owned(),
            Some((width, height)) => format!("Lanczos to {width}×{height}, overlay"),
        };
        match self.encoded {
            Some(preset) => format!("{size}, x264 {}", preset.name()),
            None => format!("{size}, no encoder"),
        }
    }
}

/// The size at 4K, of the same shape and even as 4:2:0 wants it; `None` for what is as large.
fn larger((width, height): (u32, u32)) -> Option<(u32, u32)> {
    let long = width.max(height);
    let side = |side: u32| (f64::from(side) * f64::from(LONG) / f64::from(long) / 2.0).round() as u32 * 2;
    (long > 0 && long < LONG).then(|| (side(width), side(height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_large_is_not_enlarged() {
        assert_eq!(Job::all((1920, 1080), X264::Veryfast).len(), 4);
        assert_eq!(Job::all((3840, 2160), X264::Medium).len(), 2);
        assert_eq!(larger((1920, 1080)), Some((3840, 2160)));
        assert_eq!(larger((1080, 1920)), Some((2160, 3840)));
        assert_eq!(larger((720, 576)), Some((3840, 3072)));
        let names: Vec<String> = Job::all((1920, 1080), X264::Veryfast).iter().map(Job::name).collect();
        assert_eq!(names[0], "overlay, x264 veryfast");
        assert_eq!(Job::all((3840, 2160), X264::Medium)[0].name(), "overlay, x264 medium");
        assert_eq!(names[3], "Lanczos to 3840×2160, overlay, no encoder");
    }
}
