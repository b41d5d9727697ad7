//! A text to wire into prompts and scripts.
//!
//! It may end in Midjourney parameters such as `--ar 16:9 --no text`; tools that send it take out what they know.

use crate::docs::docs;
use crate::prompt;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{Desc, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Text`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextParams {
    /// The text.
    #[schemars(extend("lines" = true))]
    value: String,
}

/// The tool.
pub struct Text;

impl Tool for Text {
    type Params = TextParams;

    fn spec() -> Spec {
        Spec::new("plan/text", 1, "Text", docs!())
            .search(&["prompt", "script", "string", "words", "note"])
            .output(Port::of(ValueType::Text))
            .class(Class::Value)
    }

    fn describe(p: &TextParams, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Text(p.value.as_str().into())))
    }

    fn lint(p: &TextParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        let text = p.value.as_str();
        let framing = prompt::first(text, prompt::FRAMINGS);
        let framing_late = framing.as_ref().filter(|(at, _)| !prompt::leads(text, at));
        let mut advice = Vec::new();
        if let Some((at, _)) = framing_late {
            let named = text.get(at.clone()).unwrap_or("the framing");
            advice.push(
                Advice::new(
                    "framing_first",
                    format!("“{named}” stands behind other words"),
                    "picture models weigh the first words most: what comes late is often not framed that way",
                )
                .set("value", prompt::moved_to_front(text, at, ',')),
            );
        } else if let (None, Some((at, _))) = (framing, prompt::first(text, prompt::MOVES))
            && !prompt::leads(text, &at)
        {
            let named = text.get(at.clone()).unwrap_or("the camera move");
            advice.push(
                Advice::new(
                    "camera_first",
                    format!("“{named}” stands behind the action"),
                    "video models follow the camera best when its move comes before what the subject does",
                )
                .set("value", prompt::moved_to_front(text, &at, '.')),
            );
        }
        advice.extend(contradiction(text));
        advice
    }
}

/// Advice where two phrases of `text` contradict.
pub(super) fn contradiction(text: &str) -> Option<Advice> {
    let (a, b) = prompt::contradiction(text)?;
    Some(Advice::new(
        "contradictory_words",
        format!("“{a}” and “{b}” cannot both be"),
        "a model that is told both makes neither; take one of them out",
    ))
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use serde_json::json;

    #[test]
    fn late_framings_and_moves_are_put_first_by_the_fix() {
        let bench = Bench::new(&[("t", "plan/text", json!({"value": "a man waits, wide shot, dusk"}))], &[]);
        let advice = bench.advice("t");
        assert_eq!(advice[0].rule, "framing_first");
        assert_eq!(advice[0].fix, [("value".into(), json!("Wide shot, a man waits, dusk"))]);
        let bench = bench.set("t", "value", json!("Wide shot, a man waits, dusk --ar 2:1"));
        assert!(bench.advice("t").is_empty());
        assert_eq!(bench.text("t", 0), "Wide shot, a man waits, dusk --ar 2:1");
        let bench = bench.set("t", "value", json!("He stands up. Crane up."));
        assert_eq!(bench.advice("t")[0].fix[0].1, json!("Crane up. He stands up."));
        let bench = bench.set("t", "value", json!("night, midday"));
        assert_eq!(bench.advice("t")[0].rule, "contradictory_words");
    }
}
