//! What a provider says is wrong, in one line for a person.

use serde_json::Value;

/// The most of a stranger's words that is shown.
const LONGEST: usize = 300;

/// The words in an answer: fal's `detail`, a text or a list of places and messages, or the body's `error` or `message`.
/// As they came: a key that is said back must be hidden before they are cut.
pub(super) fn words(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let said = match value.get("detail") {
        Some(Value::Array(items)) => {
            Some(items.iter().filter_map(item).collect::<Vec<_>>().join("; ")).filter(|said| !said.is_empty())
        }
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let other = || ["error", "message"].iter().find_map(|name| Some(value.get(name)?.as_str()?.to_owned()));
    said.or_else(other).filter(|said| !said.trim().is_empty())
}

/// One line of bounded length.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn item(item: &Value) -> Option<String> {
    let message = item.get("msg")?.as_str()?;
    let part = |part: &Value| part.as_str().map(str::to_owned).or_else(|| Some(part.as_u64()?.to_string()));
    let place: Vec<_> =
        item.get("loc").and_then(Value::as_array).into_iter().flatten().filter_map(part).collect();
    let place = place.strip_prefix(&["body".to_owned()]).unwrap_or(&place).join(".");
    Some(if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_detail_are_read() {
        assert_eq!(words(br#"{"detail":"User is\n locked"}"#).unwrap(), "User is\n locked");
        let list = br#"{"detail":[{"loc":["body","duration"],"msg":"too long","type":"x"},{"msg":"no"}]}"#;
        assert_eq!(words(list).unwrap(), "duration: too long; no");
        assert_eq!(words(b"<html>nginx</html>"), None);
        assert_eq!(words(br#"{"detail":[]}"#), None);
        assert_eq!(short("User is\n locked"), "User is locked");
        assert_eq!(short(&"x".repeat(999)).chars().count(), LONGEST + 1);
    }
}
