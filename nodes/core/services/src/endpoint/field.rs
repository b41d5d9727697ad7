//! One field of a request, and what it may hold.

use rushes_engine::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Given;

/// A field: its neutral name, its name on the wire, and its bounds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub name: String,
    pub wire: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// A number that is a string on the wire.
    #[serde(default)]
    pub as_string: bool,
    /// What a choice may be.
    #[serde(default)]
    pub values: Vec<String>,
    /// The most that a picture may weigh.
    pub max_bytes: Option<u64>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Text,
    Number,
    Whole,
    Flag,
    Choice,
    Picture,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Whole => "a whole number",
            Self::Flag => "yes or no",
            Self::Choice => "a choice",
            Self::Picture => "a picture",
        }
    }
}

impl Field {
    pub fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Whole)
    }

    /// What goes on the wire for `given`, or why it may not.
    pub fn value(&self, given: &Given) -> Result<Value> {
        match (self.kind, given) {
            (Kind::Text, Given::Text(text)) if self.required && text.trim().is_empty() => {
                Err(Error::usage(format!("{} is empty", self.name)).help("write something there"))
            }
            (Kind::Text, Given::Text(text)) => Ok(json!(text)),
            (Kind::Choice, Given::Text(text)) if self.values.contains(text) => Ok(json!(text)),
            (Kind::Choice, Given::Text(text)) => {
                Err(Error::usage(format!("{} cannot be {text:?}", self.name))
                    .help(format!("it may be {}", self.values.join(", "))))
            }
            (Kind::Flag, Given::Flag(flag)) => Ok(json!(flag)),
            (Kind::Number | Kind::Whole, Given::Number(number)) => self.number(*number),
            (Kind::Picture, Given::Picture(picture)) => {
                let weight = picture.bytes.len() as u64;
                match self.max_bytes {
                    Some(most) if weight > most => {
                        Err(Error::usage(format!("the picture for {} has {weight} bytes", self.name))
                            .help(format!("it may have {most} bytes: make it smaller, or send it as JPEG")))
                    }
                    _ => Ok(json!({ "picture": self.name })),
                }
            }
            (kind, _) => Err(Error::usage(format!("{} holds something else than it may", self.name))
                .help(format!("it is {}", kind.words()))),
        }
    }

    fn number(&self, number: f64) -> Result<Value> {
        let (min, max) = (self.min.unwrap_or(f64::MIN), self.max.unwrap_or(f64::MAX));
        let whole = self.kind == Kind::Whole;
        if !(min..=max).contains(&number) || (whole && number.fract() != 0.0) {
            let kind = self.kind.words();
            return Err(Error::usage(format!("{} cannot be {number}", self.name))
                .help(format!("it is {kind} from {min} to {max}")));
        }
        Ok(match (whole, self.as_string) {
            // Whole numbers of these tables are far below where a double loses them.
            (true, false) => json!(number as i64),
            (true, true) => json!((number as i64).to_string()),
            (false, false) => json!(number),
            (false, true) => json!(number.to_string()),
        })
    }
}
