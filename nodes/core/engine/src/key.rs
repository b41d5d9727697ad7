//! Content keys: equal keys, equal frames.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// 128 bits of BLAKE3 over everything that decides a frame, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 16]);

impl Key {
    /// The bytes, for naming a file.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// A key from bytes that [`Key::bytes`] gave.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads the form that `Display` writes.
    pub fn from_hex(hex: &str) -> Option<Self> {
        if hex.len() != 32 || !hex.is_ascii() {
            return None;
        }
        let mut bytes = [0; 16];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(hex.get(2 * i..2 * i + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The key of a run of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = KeyHasher::new("bytes");
        hasher.bytes(bytes);
        hasher.finish()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::from_hex(&hex).ok_or_else(|| de::Error::custom("a key is 32 hexadecimal digits"))
    }
}

/// Builds a [`Key`]. Every item is written with its length, so that no two lists of items can run together.
#[derive(Clone)]
pub struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    /// A hasher for one kind of thing; keys of different domains never meet.
    pub fn new(domain: &str) -> Self {
        let mut hasher = Self(blake3::Hasher::new());
        hasher.str(domain);
        hasher
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds text.
    pub fn str(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a whole number.
    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds a float by its IEEE bits, with -0 as 0.
    pub fn f64(&mut self, number: f64) -> &mut Self {
        self.u64((number + 0.0).to_bits())
    }

    /// Adds another key.
    pub fn key(&mut self, key: Key) -> &mut Self {
        self.0.update(&key.0);
        self
    }

    /// Adds a JSON value: numbers by their value (1 and 1.0 are one), objects by sorted names.
    pub fn json(&mut self, value: &serde_json::Value) -> &mut Self {
        use serde_json::Value;
        match value {
            Value::Null => self.str("null"),
            Value::Bool(b) => self.str("bool").u64(u64::from(*b)),
            Value::Number(n) => match (n.as_u64(), n.as_i64(), n.as_f64()) {
                // Whole numbers that a double cannot hold keep their own form.
                (Some(u), _, _) if u > 1 << 53 => self.str("u64").u64(u),
                (_, Some(i), _) if i.unsigned_abs() > 1 << 53 => self.str("i64").u64(i as u64),
                (_, _, f) => self.str("f64").f64(f.unwrap_or(f64::NAN)),
            },
            Value::String(s) => self.str("str").str(s),
            Value::Array(items) => {
                self.str("array").u64(items.len() as u64);
                for item in items {
                    self.json(item);
                }
                self
            }
            Value::Object(map) => {
                let mut names: Vec<_> = map.keys().collect();
                names.sort();
                self.str("object").u64(names.len() as u64);
                for name in names {
                    self.str(name).json(&map[name]);
                }
                self
            }
        }
    }

    /// The key of all that was added.
    pub fn finish(&self) -> Key {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        Key(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(v: &serde_json::Value) -> Key {
        KeyHasher::new("t").json(v).finish()
    }

    #[test]
    fn equal_values_have_equal_keys_however_written() {
        assert_eq!(key(&json!({"a": 1, "b": -0.0})), key(&json!({"b": 0, "a": 1.0})));
        assert_ne!(key(&json!([1, [2]])), key(&json!([[1], 2])));
        assert_ne!(key(&json!("1")), key(&json!(1)));
        assert_ne!(key(&json!(u64::MAX)), key(&json!(u64::MAX - 1)));
    }

    #[test]
    fn keys_go_to_hex_and_back() {
        let k = Key::of(b"frame");
        assert_eq!(Key::from_hex(&k.to_string()), Some(k));
        assert_eq!(Key::from_hex("zz"), None);
    }
}
