//! JSON text to a value, bounded while it is read: bytes, depth and the number of values; no name twice in an object.

use super::MAX_BYTES;
use crate::param::number;
use crate::{Error, Result};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// How deep lists and objects may nest.
const MAX_DEPTH: usize = 64;
/// How many values a file may hold, counting every number, text, list and object.
const MAX_VALUES: usize = 2_000_000;

/// The value of a whole text.
pub(super) fn parse(bytes: &[u8]) -> Result<Value> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::usage(format!("the graph is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = serde_json::Deserializer::from_slice(bytes);
    let value = Seed { left: &Cell::new(MAX_VALUES), depth: 0 }.deserialize(&mut text);
    value.and_then(|value| text.end().map(|()| value)).map_err(|e| explain(&e))
}

/// The first value in `text`, with how many bytes it took; nothing if there is no whole value.
pub(super) fn parse_first(text: &str) -> Option<(Value, usize)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<de::IgnoredAny>();
    stream.next()?.ok()?;
    let len = stream.byte_offset();
    let value = parse(text.get(..len)?.as_bytes()).ok()?;
    Some((value, len))
}

fn explain(e: &serde_json::Error) -> Error {
    let what = e.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    Error::usage(format!("the file is not a graph: {what}"))
        .at(format!("line {}, column {}", e.line(), e.column()))
        .help("a graph is JSON text; see where the line breaks off or what was typed there")
}

/// The same value with every number in its canonical form, within the bounds of a value that stands in a file.
pub(crate) fn canonical(value: &Value) -> Result<Value> {
    /// How deep a parameter itself stands in a file, with room to spare.
    const STANDS: usize = 8;
    let left = Cell::new(MAX_VALUES / 2);
    Seed { left: &left, depth: STANDS }.deserialize(value).map_err(|e| Error::usage(e.to_string()))
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    left: &'a Cell<usize>,
    depth: usize,
}

impl Seed<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom("lists and objects nest too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(de::Error::custom("there are too many values"));
        };
        self.left.set(left);
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Number(Number::from(n)))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(Value::Number(Number::from(n)))
    }

    fn visit_f64<E>(self, x: f64) -> Result<Value, E> {
        Ok(number(x))
    }

    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::String(s.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            let value = from.next_value_seed(inner)?;
            if map.contains_key(&name) {
                let name: String = name.chars().take(60).collect();
                return Err(de::Error::custom(format!("“{name}” stands twice in one object")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
