//! Exact frame rates.

use crate::{Error, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Frames a second as a reduced fraction: 24, 24000/1001. Never a float, so that frame N is always at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rate {
    num: u32,
    den: u32,
}

impl Rate {
    /// 24 frames a second, the cinema's.
    pub const FILM: Self = Self { num: 24, den: 1 };

    /// `num / den` frames a second; from 1/1000 to 1000 a second.
    pub fn new(num: u32, den: u32) -> Result<Self> {
        let bad = || {
            Error::usage(format!("{num}/{den} is not a frame rate"))
                .help("use a rate from 1/1000 to 1000, such as 24 or 24000/1001")
        };
        if num == 0 || den == 0 {
            return Err(bad());
        }
        let g = gcd(num, den);
        let (num, den) = (num / g, den / g);
        if u64::from(num) > u64::from(den) * 1000 || u64::from(den) > u64::from(num) * 1000 {
            return Err(bad());
        }
        Ok(Self { num, den })
    }

    /// Numerator and denominator, reduced.
    pub fn parts(self) -> (u32, u32) {
        (self.num, self.den)
    }

    /// Frames a second.
    pub fn as_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// When frame `frame` begins.
    pub fn seconds_of(self, frame: i64) -> f64 {
        frame as f64 * f64::from(self.den) / f64::from(self.num)
    }

    /// The frame of `other` whose presentation time is nearest to that of our frame `frame`; the earlier one on a tie.
    pub fn nearest_in(self, other: Self, frame: i64) -> i64 {
        let num = i128::from(frame) * i128::from(self.den) * i128::from(other.num);
        let den = i128::from(self.num) * i128::from(other.den);
        // Round half down: (2n - d) / 2d, rounded up.
        let (n, d) = (2 * num - den, 2 * den);
        let quotient = -(-n).div_euclid(d);
        i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
    }

    /// How many frames of `other` last as long as `frames` of ours, rounded up, so that no part of the end is lost.
    pub fn length_in(self, other: Self, frames: u64) -> u64 {
        let num = u128::from(frames) * u128::from(self.den) * u128::from(other.num);
        let den = u128::from(self.num) * u128::from(other.den);
        u64::try_from(num.div_ceil(den)).unwrap_or(u64::MAX)
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rate {
    type Err = Error;

    fn from_str(s: &str) -> Result<Self> {
        let bad = || Error::usage(format!("“{s}” is not a frame rate")).help("write it as 24 or 24000/1001");
        let (num, den) = s.split_once('/').unwrap_or((s, "1"));
        Self::new(num.trim().parse().map_err(|_| bad())?, den.trim().parse().map_err(|_| bad())?)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    /// `"24"`, `"24000/1001"`, `[24000, 1001]` or `24`.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Pair(u32, u32),
            Whole(u32),
        }
        match Form::deserialize(d)? {
            Form::Text(text) => text.parse(),
            Form::Pair(num, den) => Self::new(num, den),
            Form::Whole(num) => Self::new(num, 1),
        }
        .map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "rate" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(s: &str) -> Rate {
        s.parse().unwrap()
    }

    #[test]
    fn rates_are_read_in_every_form_and_written_in_one() {
        for json in ["\"24000/1001\"", "[24000,1001]", "[48000,2002]"] {
            let r: Rate = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&r).unwrap(), "\"24000/1001\"");
        }
        assert_eq!(serde_json::from_str::<Rate>("25").unwrap(), rate("25"));
        for bad in ["\"0\"", "\"24/0\"", "[1,0]", "\"x\"", "-3", "\"1e9\"", "2000000"] {
            assert!(serde_json::from_str::<Rate>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nearest_frame_by_presentation_time() {
        let (a, b) = (rate("24"), rate("25"));
        assert_eq!(a.nearest_in(b, 24), 25);
        assert_eq!(a.nearest_in(b, 1), 1, "1/24 s lies between 1/25 and 2/25, nearer the first");
        assert_eq!(rate("24").nearest_in(rate("12"), 1), 0, "a tie goes to the earlier frame");
        assert_eq!(rate("12").nearest_in(rate("24"), 5), 10);
        assert_eq!(rate("24").nearest_in(rate("24000/1001"), 1000), 999);
        assert_eq!(rate("24").nearest_in(rate("12"), -1), -1);
    }

    #[test]
    fn lengths_cover_the_whole_time() {
        assert_eq!(rate("24").length_in(rate("25"), 24), 25);
        assert_eq!(rate("30").length_in(rate("24"), 1), 1);
    }
}
