//! The lines of `drive`: what they look like both ways.

use rushes_engine::{Cancel, Error};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// A request to be done in its turn.
pub(super) struct Request {
    /// Any JSON string or number, given back with the reply.
    pub(super) id: Value,
    /// What to do.
    pub(super) verb: String,
    /// The whole object.
    pub(super) fields: Value,
    /// Set by `cancel`.
    pub(super) cancel: Cancel,
}

/// A line that was understood.
#[derive(Debug)]
pub(super) enum Line {
    /// Something to do in its turn.
    Ask {
        /// The request's id.
        id: Value,
        /// What to do.
        verb: String,
        /// The whole object.
        fields: Value,
    },
    /// Stop another request, at once.
    Cancel {
        /// The request's id.
        id: Value,
        /// The id of the request to stop.
        of: Value,
    },
}

/// Reads a line; an error comes with the id to answer to, null where there is none.
pub(super) fn parse(text: &str) -> Result<Line, (Value, Error)> {
    let fields: Value = serde_json::from_str(text).map_err(|e| {
        (Value::Null, Error::usage(format!("the line is not JSON: {e}")).help("send one JSON object a line"))
    })?;
    if !fields.is_object() {
        return Err((
            Value::Null,
            Error::usage("the line is no object").help("send {\"id\":1,\"do\":\"…\"}"),
        ));
    }
    let id = match fields.get("id") {
        Some(id @ (Value::String(_) | Value::Number(_))) => id.clone(),
        _ => {
            return Err((
                Value::Null,
                Error::usage("the request has no id").help("give it an id: a text or a number"),
            ));
        }
    };
    match fields.get("do").and_then(Value::as_str) {
        Some("cancel") => Ok(Line::Cancel { id, of: fields.get("of").cloned().unwrap_or(Value::Null) }),
        Some(verb) => Ok(Line::Ask { verb: verb.to_owned(), id, fields }),
        None => Err((id, Error::usage("the request does not say what to do").help("name a verb in “do”"))),
    }
}

/// Standard output, whole lines only, from any thread.
#[derive(Clone, Default)]
pub(super) struct Out(Arc<Mutex<()>>);

impl Out {
    /// Writes one line.
    pub(super) fn say(&self, line: &Value) {
        let _whole = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stdout = std::io::stdout().lock();
        if writeln!(stdout, "{line}").and_then(|()| stdout.flush()).is_err() {
            log::debug!("nobody reads standard output");
        }
    }

    /// Answers with an error.
    pub(super) fn refuse(&self, id: &Value, error: &Error) {
        self.say(&json!({
            "id": id,
            "ok": false,
            "error": error.to_string(),
            "help": error.help_text(),
            "code": error.kind().code(),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_not_requests_are_answered() {
        assert_eq!(parse("nonsense").unwrap_err().0, Value::Null);
        assert_eq!(parse("[1]").unwrap_err().0, Value::Null);
        assert_eq!(parse(r#"{"do":"undo"}"#).unwrap_err().0, Value::Null);
        assert_eq!(parse(r#"{"id":"a"}"#).unwrap_err().0, json!("a"));
        assert!(matches!(parse(r#"{"id":1.5,"do":"undo"}"#), Ok(Line::Ask { verb, .. }) if verb == "undo"));
        assert!(
            matches!(parse(r#"{"id":2,"do":"cancel","of":1}"#), Ok(Line::Cancel { of, .. }) if of == json!(1))
        );
    }
}
