//! What a tool's parameters are, read from the JSON Schema of its parameter struct.
//!
//! A field says its hard range with `#[schemars(range(min = 0.0, max = 1.0))]` (for arrays `inner(range(…))`) and the
//! rest with `#[schemars(extend("soft" = [0.0, 1.0], "unit" = "px"))]`:
//! `soft` (range of the slider), `unit`, `fixed: true` (cannot be keyframed or wired), `path: "file" | "folder"`,
//! `color: true`, `lines: true` (long text), `keyless: true` (never decides a frame by itself, as a list of files
//! whose content is hashed instead), `label` (where the name with spaces is not good enough). How curves are said is told
//! in [`points`](super::points).

use super::points::PointCurve;
use crate::param::Param;
use crate::{Error, Result, ValueType};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

/// One word of an enum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// The word in JSON.
    pub word: String,
    /// What it does, or empty.
    pub help: String,
}

/// What values a parameter takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ParamKind {
    /// A number.
    Number {
        /// Whole numbers only.
        integer: bool,
    },
    /// On or off.
    Bool,
    /// One of some words.
    Enum {
        /// The words in order.
        choices: Vec<Choice>,
    },
    /// Text.
    Text {
        /// It usually has several lines.
        lines: bool,
    },
    /// A file or folder.
    Path {
        /// It names a folder.
        folder: bool,
    },
    /// A frame rate.
    Rate,
    /// Some numbers of fixed count.
    Vector {
        /// How many.
        len: usize,
        /// They are a colour.
        color: bool,
    },
    /// A table of curves through points.
    Curves {
        /// Each of them, in order.
        curves: Vec<PointCurve>,
    },
    /// Anything else: a list or a table, edited as a whole.
    Structured,
}

/// One parameter of a tool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParamSpec {
    /// Its name in JSON.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What it does.
    pub help: String,
    /// What it takes.
    pub kind: ParamKind,
    /// Its value where the graph says nothing.
    pub default: Value,
    /// The graph may leave it open: null is a value.
    pub optional: bool,
    /// The lowest and highest value allowed.
    pub hard: [Option<f64>; 2],
    /// The range of its slider.
    pub soft: Option<[f64; 2]>,
    /// Its unit, or empty.
    pub unit: String,
    /// It can be keyframed, computed, or driven by what changes over time.
    pub animated: bool,
    /// It never decides a frame by itself.
    pub keyless: bool,
    /// The JSON Schema of a value, without what stands in the other fields.
    #[serde(skip)]
    pub schema: Value,
}

/// How a parameter names a file.
#[derive(Clone, Debug, PartialEq)]
pub enum FileValue {
    /// It is the value.
    One(Value),
    /// It is an item of the list that is the value.
    Listed(Value),
}

impl ParamSpec {
    /// The parameters of `P` in the order of its fields.
    pub fn all<P: JsonSchema + Default + Serialize>() -> Vec<Self> {
        let schema = SchemaSettings::draft2020_12()
            .with(|s| s.inline_subschemas = true)
            .into_generator()
            .into_root_schema_for::<P>();
        let defaults = serde_json::to_value(P::default()).unwrap_or_default();
        let fields = schema.get("properties").and_then(Value::as_object);
        fields.into_iter().flatten().map(|(name, field)| Self::read(name, field, &defaults)).collect()
    }

    /// Reads what a graph says about it.
    ///
    /// # Errors
    /// Keyframes, a schedule or an expression that is wrong.
    pub fn read_param(&self, value: &Value) -> Result<Param> {
        match self.kind {
            ParamKind::Number { .. } if self.animated => Param::parse_number(value),
            _ => Param::parse(value),
        }
    }

    /// Whether a wire that carries `value` may end on it. What cannot change over time takes a number that does not.
    pub fn takes(&self, value: ValueType) -> bool {
        match value {
            ValueType::Number => self.animated || matches!(self.kind, ParamKind::Number { .. }),
            ValueType::Text => self.animated,
            _ => false,
        }
    }

    /// A value that names a file, where files are what it takes: one, or several in a list.
    pub fn file(&self, name: &str) -> Option<FileValue> {
        let items = self.schema.get("items").filter(|_| self.kind == ParamKind::Structured && self.keyless);
        let record = |items: &Value| items.pointer("/properties/file").is_some();
        let text = |items: &Value| items.get("type").and_then(Value::as_str) == Some("string");
        match (&self.kind, items) {
            (ParamKind::Path { folder: false }, _) => Some(FileValue::One(name.into())),
            (_, Some(items)) if record(items) => Some(FileValue::Listed(serde_json::json!({ "file": name }))),
            (_, Some(items)) if text(items) => Some(FileValue::Listed(name.into())),
            _ => None,
        }
    }

    fn read(name: &str, field: &Value, defaults: &Value) -> Self {
        let default = defaults.get(name).cloned().unwrap_or(Value::Null);
        let (optional, inner) = without_null(field);
        let text = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let flag = |key: &str| field.get(key).and_then(Value::as_bool).unwrap_or(false);
        let kind = read_kind(field, inner);
        let ranged = if matches!(kind, ParamKind::Vector { .. }) {
            inner.get("items").unwrap_or(inner)
        } else {
            inner
        };
        let bound = |key: &str| ranged.get(key).or_else(|| field.get(key)).and_then(Value::as_f64);
        let soft = field
            .get("soft")
            .and_then(Value::as_array)
            .and_then(|s| Some([s.first()?.as_f64()?, s.get(1)?.as_f64()?]));
        let label = match text("label") {
            label if label.is_empty() => sentence(name),
            label => label,
        };
        let continuous = matches!(kind, ParamKind::Number { .. } | ParamKind::Vector { .. });
        let help = text("description").split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            name: name.to_owned(),
            label,
            help,
            default,
            optional,
            hard: [bound("minimum"), bound("maximum")],
            soft,
            unit: text("unit"),
            animated: !flag("fixed")
                && (continuous
                    || matches!(kind, ParamKind::Bool | ParamKind::Enum { .. } | ParamKind::Text { .. })),
            keyless: flag("keyless") || matches!(kind, ParamKind::Path { .. }),
            kind,
            schema: bare(field),
        }
    }

    /// Checks a value that is about to be used: its form, its range, that it is finite.
    pub fn check(&self, value: &Value) -> Result<()> {
        if self.optional && value.is_null() {
            return Ok(());
        }
        let wrong = |wants: String| {
            let shown: String = value.to_string().chars().take(60).collect();
            Err(Error::usage(format!("{} is {shown}", self.name))
                .at(&self.name)
                .help(format!("give it {wants}")))
        };
        match &self.kind {
            ParamKind::Number { integer } => match value.as_f64() {
                Some(n) if n.is_finite() && (!integer || n.fract() == 0.0) => self.check_range(n),
                _ => wrong(format!("a {}number{}", if *integer { "whole " } else { "" }, self.range_words())),
            },
            ParamKind::Vector { len, .. } => {
                let items: Vec<f64> =
                    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
                let count = value.as_array().map_or(0, Vec::len);
                if count != *len || items.len() != *len || items.iter().any(|n| !n.is_finite()) {
                    return wrong(format!("a list of {len} numbers"));
                }
                items.into_iter().try_for_each(|n| self.check_range(n))
            }
            ParamKind::Bool if !value.is_boolean() => wrong("true or false".into()),
            ParamKind::Text { .. } | ParamKind::Path { .. } if !value.is_string() => wrong("text".into()),
            ParamKind::Enum { choices } if !choices.iter().any(|c| value.as_str() == Some(&c.word)) => {
                let words: Vec<_> = choices.iter().map(|c| c.word.as_str()).collect();
                wrong(format!("one of {}", words.join(", ")))
            }
            ParamKind::Curves { curves } => match value.as_object() {
                Some(table) => curves.iter().try_for_each(|curve| {
                    let points = table.get(&curve.name);
                    points.map_or(Ok(()), |p| curve.check_json(p)).map_err(|e| e.at(&self.name))
                }),
                None => wrong("a table of curves, each a list of points [x, y]".into()),
            },
            _ => Ok(()),
        }
    }

    fn check_range(&self, n: f64) -> Result<()> {
        let [low, high] = self.hard;
        if low.is_some_and(|low| n < low) || high.is_some_and(|high| n > high) {
            return Err(Error::usage(format!("{} is {n}", self.name))
                .at(&self.name)
                .help(format!("give it a number{}", self.range_words())));
        }
        Ok(())
    }

    fn range_words(&self) -> String {
        match self.hard {
            [Some(low), Some(high)] => format!(" from {low} to {high}"),
            [Some(low), None] => format!(" of {low} or more"),
            [None, Some(high)] => format!(" of {high} or less"),
            [None, None] => String::new(),
        }
    }
}

/// A field's schema without the words that only [`ParamSpec`] knows.
fn bare(field: &Value) -> Value {
    const OURS: [&str; 9] =
        ["soft", "unit", "fixed", "path", "color", "lines", "keyless", "label", "description"];
    let mut schema = field.clone();
    if let Value::Object(members) = &mut schema {
        members.retain(|name, _| !OURS.contains(&name.as_str()));
    }
    schema
}

/// `camera_move` to `Camera move`.
pub(super) fn sentence(name: &str) -> String {
    let mut words = name.strip_suffix("_s").unwrap_or(name).replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Takes the `null` out of an `Option`'s schema.
fn without_null(field: &Value) -> (bool, &Value) {
    if let Some(forms) = field.get("anyOf").and_then(Value::as_array) {
        let null = |f: &&Value| f.get("type").and_then(Value::as_str) == Some("null");
        if forms.len() == 2
            && forms.iter().any(|f| null(&f))
            && let Some(inner) = forms.iter().find(|f| !null(f))
        {
            return (true, inner);
        }
    }
    let nullable = field.get("type").and_then(Value::as_array).is_some_and(|t| t.iter().any(|t| t == "null"));
    (nullable, field)
}

fn read_kind(field: &Value, inner: &Value) -> ParamKind {
    let flag = |key: &str| field.get(key).and_then(Value::as_bool).unwrap_or(false);
    let choices = read_choices(inner);
    if !choices.is_empty() {
        return ParamKind::Enum { choices };
    }
    if let Some(path) = field.get("path").and_then(Value::as_str) {
        return ParamKind::Path { folder: path == "folder" };
    }
    let kind = match inner.get("type") {
        Some(Value::String(t)) => t.as_str(),
        Some(Value::Array(types)) => {
            types.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or("")
        }
        _ => "",
    };
    match kind {
        "number" => ParamKind::Number { integer: false },
        "integer" => ParamKind::Number { integer: true },
        "boolean" => ParamKind::Bool,
        "string" if inner.get("format").and_then(Value::as_str) == Some("rate") => ParamKind::Rate,
        "string" => ParamKind::Text { lines: flag("lines") },
        "array" => {
            let bound = |key| inner.get(key).and_then(Value::as_u64);
            let numbers = inner.pointer("/items/type").and_then(Value::as_str) == Some("number");
            match (bound("minItems"), bound("maxItems")) {
                (Some(a), Some(b)) if a == b && numbers => {
                    ParamKind::Vector { len: usize::try_from(a).unwrap_or(0), color: flag("color") }
                }
                _ => ParamKind::Structured,
            }
        }
        "object" => match PointCurve::all(inner) {
            curves if curves.is_empty() => ParamKind::Structured,
            curves => ParamKind::Curves { curves },
        },
        _ => ParamKind::Structured,
    }
}

fn read_choices(schema: &Value) -> Vec<Choice> {
    let plain = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let plain = plain.filter_map(Value::as_str).map(|w| Choice { word: w.to_owned(), help: String::new() });
    let told = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().flat_map(|form| {
        let help = form.get("description").and_then(Value::as_str).unwrap_or("");
        let one = form
            .get("const")
            .and_then(Value::as_str)
            .map(|w| Choice { word: w.to_owned(), help: help.to_owned() });
        one.into_iter().chain(read_choices(form)).collect::<Vec<_>>()
    });
    plain.chain(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rate;
    use serde_json::json;

    /// How they mix.
    #[derive(Default, Serialize, serde::Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Mode {
        /// As it is.
        #[default]
        Normal,
        Overlay,
    }

    #[derive(Serialize, serde::Deserialize, JsonSchema)]
    #[serde(default)]
    struct Params {
        /// How much of
        /// it counts.
        #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 0.5], "unit" = "%"))]
        opacity: f64,
        mode: Mode,
        #[schemars(range(min = 1), extend("fixed" = true))]
        width: Option<u32>,
        #[schemars(inner(range(min = -1.0)), extend("color" = true))]
        lift: [f64; 3],
        fps: Rate,
        #[schemars(extend("path" = "file"))]
        path: String,
        images: Vec<String>,
    }

    impl Default for Params {
        fn default() -> Self {
            Self {
                opacity: 1.0,
                mode: Mode::Normal,
                width: None,
                lift: [0.0; 3],
                fps: Rate::FILM,
                path: String::new(),
                images: vec![],
            }
        }
    }

    #[test]
    fn a_struct_tells_its_parameters() {
        let specs = ParamSpec::all::<Params>();
        let names: Vec<_> = specs.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["opacity", "mode", "width", "lift", "fps", "path", "images"]);
        let opacity = &specs[0];
        assert_eq!((opacity.help.as_str(), opacity.unit.as_str()), ("How much of it counts.", "%"));
        assert_eq!((opacity.hard, opacity.soft), ([Some(0.0), Some(1.0)], Some([0.0, 0.5])));
        assert_eq!(opacity.default, json!(1.0));
        let ParamKind::Enum { choices } = &specs[1].kind else { panic!("{:?}", specs[1].kind) };
        assert_eq!(choices.iter().map(|c| c.word.as_str()).collect::<Vec<_>>().len(), 2);
        assert_eq!(choices.iter().find(|c| c.word == "normal").map(|c| c.help.as_str()), Some("As it is."));
        assert!(specs[2].optional && !specs[2].animated);
        assert_eq!(specs[2].kind, ParamKind::Number { integer: true });
        assert_eq!(specs[3].kind, ParamKind::Vector { len: 3, color: true });
        assert_eq!(specs[3].hard[0], Some(-1.0));
        assert_eq!(specs[4].kind, ParamKind::Rate);
        assert!(specs[5].keyless);
        assert_eq!(specs[6].kind, ParamKind::Structured);
    }

    #[test]
    fn values_out_of_form_or_range_are_refused_in_words() {
        let specs = ParamSpec::all::<Params>();
        for (i, bad) in [
            (0, json!(2)),
            (0, json!("x")),
            (1, json!("nope")),
            (2, json!(0)),
            (2, json!(1.5)),
            (3, json!([1, 2])),
            (3, json!([0, -2, 0])),
        ] {
            let error = specs[i].check(&bad).unwrap_err();
            assert!(!error.help_text().is_empty(), "{error}");
        }
        assert!(specs[2].check(&Value::Null).is_ok());
        assert!(specs[0].check(&json!(0.25)).is_ok());
    }
}
