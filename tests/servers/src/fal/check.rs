//! What each engine takes, as its page says: written down apart from the program's own tables, so that one finds the
//! other's mistakes.

use serde_json::{Value, json};

/// What is wrong with a body, in the form of fal.ai's refusals; nothing where there is no such engine.
pub(crate) fn wrong(path: &str, body: &Value, uploaded: &dyn Fn(&str) -> bool) -> Option<Vec<Value>> {
    let (resolutions, durations, flags): (&[&str], _, &[&str]) = match path {
        "fal-ai/bytedance/seedance/v1/pro/image-to-video" => {
            (&["480p", "720p", "1080p"], 2..=12, &["camera_fixed", "enable_safety_checker"])
        }
        "bytedance/seedance-2.0/image-to-video" => (&["480p", "720p"], 4..=15, &["generate_audio"]),
        _ => return None,
    };
    let mut found = Vec::new();
    let mut blame = |name: &str, words: &str| {
        found.push(json!({ "loc": ["body", name], "msg": words, "type": "value_error" }));
    };
    let Some(body) = body.as_object() else {
        blame("", "Input should be an object");
        return Some(found);
    };
    for name in ["prompt", "image_url"] {
        if !body.contains_key(name) {
            blame(name, "Field required");
        }
    }
    for (name, value) in body {
        let text = value.as_str();
        match name.as_str() {
            "prompt" if text.is_some_and(|text| !text.is_empty()) => {}
            "image_url" | "end_image_url" if text.is_some_and(uploaded) => {}
            "aspect_ratio"
                if ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "auto"].contains(&text.unwrap_or("")) => {}
            "resolution" if resolutions.contains(&text.unwrap_or_default()) => {}
            "duration"
                if text.and_then(|text| text.parse().ok()).is_some_and(|s: u32| durations.contains(&s)) => {}
            "seed" if value.as_i64().is_some_and(|seed| (0..=i64::from(i32::MAX)).contains(&seed)) => {}
            flag if flags.contains(&flag) && value.is_boolean() => {}
            name => blame(name, "Input should be what the page of this engine says"),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_judged_by_the_engine() {
        let judge = |path, body| wrong(path, &body, &|url| url == "u").map(|wrong| wrong.len());
        let one = "fal-ai/bytedance/seedance/v1/pro/image-to-video";
        let two = "bytedance/seedance-2.0/image-to-video";
        let good =
            json!({ "prompt": "a", "image_url": "u", "duration": "5", "resolution": "720p", "seed": 1 });
        assert_eq!((judge(one, good.clone()), judge(two, good)), (Some(0), Some(0)));
        let fixed = json!({ "prompt": "a", "image_url": "u", "camera_fixed": true });
        assert_eq!((judge(one, fixed.clone()), judge(two, fixed)), (Some(0), Some(1)));
        assert_eq!(judge(one, json!({ "prompt": "a", "image_url": "v", "duration": 5 })), Some(2));
        assert_eq!(judge("fal-ai/other", json!({})), None);
    }
}
