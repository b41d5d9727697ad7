//! Deforum's schedules, `0:(1.0), 60:(1.1)`: values at frames, with straight lines between them.

use super::{Curve, Interpolation, Keyframe, number};
use crate::{Error, Result};

/// Whether a text that stands for a number is a schedule, right or wrong.
pub(crate) fn is_schedule(text: &str) -> bool {
    text.contains(':')
}

/// Reads a schedule. Frames may come in any order; parentheses may be left out.
pub(crate) fn parse(text: &str) -> Result<Curve> {
    let wrong = |what: String| Error::usage(what).help("write frames and values as 0:(1.0), 60:(1.1)");
    let mut keys = Vec::new();
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (frame, value) = entry
            .split_once(':')
            .ok_or_else(|| wrong(format!("“{}” has no frame in the schedule", short(entry))))?;
        let frame: i64 = frame
            .trim()
            .trim_matches('"')
            .parse()
            .map_err(|_| wrong(format!("“{}” is no frame of the schedule", short(frame.trim()))))?;
        let value = value.trim().trim_matches('"').trim();
        let value = value.strip_prefix('(').and_then(|v| v.strip_suffix(')')).unwrap_or(value).trim();
        let value: f64 = value.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
            Error::usage(format!("“{}” is no number of the schedule", short(value)))
                .help("for a formula write {\"expr\": \"…\"} instead, in which f is the frame")
        })?;
        let interpolation = Interpolation::Linear;
        keys.push(Keyframe { frame, value: number(value), interpolation, handles: None });
    }
    keys.sort_by_key(|key| key.frame);
    Curve::new(keys)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, frame: f64) -> f64 {
        parse(text).unwrap().number_at(frame).unwrap()
    }

    #[test]
    fn values_lie_on_straight_lines_between_frames_and_hold_beyond() {
        // numpy.interp(f, [0, 60, 90], [1, 1.1, 0.5]), which is what Deforum's pandas series comes to.
        let text = "0:(1.0), 60:(1.1), 90: (0.5)";
        let oracle =
            [(-5.0, 1.0), (0.0, 1.0), (15.0, 1.025), (60.0, 1.1), (75.0, 0.8), (90.0, 0.5), (400.0, 0.5)];
        for (frame, value) in oracle {
            assert!((at(text, frame) - value).abs() < 1e-12, "{frame}");
        }
        assert_eq!(parse("60:1.1,0:(1)").unwrap(), parse("0:(1.0), 60:(1.1)").unwrap());
        assert_eq!(parse("\"0\": \"(2)\"").unwrap().number_at(7.0), Some(2.0));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            ("0:(1.0), sixty:(2)", "sixty"),
            ("0:(1.0), 60", "60"),
            ("0:(sin(t))", "sin(t)"),
            ("0:(inf)", "inf"),
            ("0:(1), 0:(2)", "key at frame 0"),
            (":", "frame"),
            (", ,", "0 keys"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().contains(part) && !error.help_text().is_empty(), "{text}: {error}");
        }
    }
}
