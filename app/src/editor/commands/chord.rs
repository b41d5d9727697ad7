//! A key with its modifiers, as text and as an event.

use egui::{Key, Modifiers};
use rushes_engine::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A key and the modifiers that are held with it. `Ctrl` is the Command key on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Chord {
    /// Control, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
    /// The key.
    pub key: Key,
}

/// Keys whose own names are long, or would be read as something else.
const NAMES: [(Key, &str); 14] = [
    (Key::ArrowLeft, "Left"),
    (Key::ArrowRight, "Right"),
    (Key::ArrowUp, "Up"),
    (Key::ArrowDown, "Down"),
    (Key::Escape, "Esc"),
    (Key::Period, "."),
    (Key::Comma, ","),
    (Key::Slash, "/"),
    (Key::Minus, "-"),
    (Key::Equals, "="),
    (Key::Plus, "Plus"),
    (Key::OpenBracket, "["),
    (Key::CloseBracket, "]"),
    (Key::Delete, "Del"),
];

impl Chord {
    /// What was pressed.
    pub fn pressed(key: Key, modifiers: Modifiers) -> Self {
        // A layout that types + only with Shift means the same key.
        let shift = modifiers.shift && key != Key::Plus;
        Self { ctrl: modifiers.command || modifiers.ctrl, shift, alt: modifiers.alt, key }
    }

    /// Whether it may be pressed while a person types into a field: letters and marks then belong to the field.
    pub fn while_typing(self) -> bool {
        let function = self.key.name().len() > 1 && self.key.name().starts_with('F');
        self.ctrl || self.alt || function
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl "), (self.shift, "Shift "), (self.alt, "Alt ")] {
            if held {
                f.write_str(name)?;
            }
        }
        let own = NAMES.iter().find(|(key, _)| *key == self.key).map(|(_, name)| *name);
        f.write_str(own.unwrap_or_else(|| self.key.name()))
    }
}

impl FromStr for Chord {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let unknown = || {
            Error::usage(format!("“{text}” names no keys")).help("write them as Ctrl Shift P, Alt C, F or .")
        };
        let mut chord = Self { ctrl: false, shift: false, alt: false, key: Key::A };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (last, held) = words.split_last().ok_or_else(unknown)?;
        for word in held {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" | "cmd" | "command" => chord.ctrl = true,
                "shift" => chord.shift = true,
                "alt" | "option" => chord.alt = true,
                _ => return Err(unknown()),
            }
        }
        let own = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(last)).map(|(key, _)| *key);
        let upper = last.to_ascii_uppercase();
        let single = (last.len() == 1).then_some(upper.as_str()).and_then(Key::from_name);
        chord.key = own.or(single).or_else(|| Key::from_name(last)).ok_or_else(unknown)?;
        Ok(chord)
    }
}

impl TryFrom<String> for Chord {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Chord> for String {
    fn from(chord: Chord) -> Self {
        chord.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_as_it_is_written() {
        for &key in Key::ALL {
            for held in 0..8 {
                let chord = Chord { ctrl: held & 1 > 0, shift: held & 2 > 0, alt: held & 4 > 0, key };
                assert_eq!(chord.to_string().parse(), Ok(chord), "{chord}");
            }
        }
        assert_eq!("ctrl shift p".parse::<Chord>().unwrap().to_string(), "Ctrl Shift P");
        for wrong in ["", "Ctrl", "Hyper X", "Ctrl Nowhere", "P Ctrl"] {
            assert!(wrong.parse::<Chord>().is_err(), "{wrong}");
        }
    }
}
