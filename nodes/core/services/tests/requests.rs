//! Whatever is given, a request that comes out keeps to the field table, read here from the file itself.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rushes_services::{Given, Picture, endpoints};
use serde_json::Value;

fn given() -> impl Strategy<Value = Given> {
    let picture = |weight| {
        Given::Picture(Picture { bytes: vec![0; weight], mime: "image/png", file_name: "a.png".into() })
    };
    prop_oneof![
        prop_oneof![Just("480p"), Just("720p"), Just("1080p"), Just("4K"), Just(""), Just("a cat")]
            .prop_map(|text| Given::Text(text.into())),
        prop_oneof![
            (-3..20_i32).prop_map(f64::from),
            Just(5.5),
            Just(f64::NAN),
            Just(2_147_483_647.0),
            Just(1e300)
        ]
        .prop_map(Given::Number),
        any::<bool>().prop_map(Given::Flag),
        Just(picture(8)),
        Just(picture(30_000_001)),
    ]
}

/// Mostly what fits, so that whole requests come out often enough to be looked at.
fn inputs() -> impl Strategy<Value = BTreeMap<String, Given>> {
    let names = ["prompt", "clip", "end", "resolution", "duration_s", "camera_fixed", "seed", "steps"];
    let fitting = |name: &str| match name {
        "prompt" => Given::Text("a cat".into()),
        "clip" | "end" => {
            Given::Picture(Picture { bytes: vec![0; 8], mime: "image/png", file_name: "a.png".into() })
        }
        "resolution" => Given::Text("720p".into()),
        "duration_s" => Given::Number(5.0),
        "camera_fixed" => Given::Flag(true),
        _ => Given::Number(1.0),
    };
    let one = |name: &'static str| {
        let weight = if name == "steps" { 1 } else { 20 };
        prop_oneof![
            weight => Just(Some((name.to_owned(), fitting(name)))),
            20 => Just(None),
            2 => given().prop_map(move |given| Some((name.to_owned(), given))),
        ]
    };
    names.map(one).prop_map(|all| all.into_iter().flatten().collect())
}

fn table(id: &str) -> Value {
    let path = format!("{}/../../../assets/endpoints/{id}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn keeps(table: &Value, inputs: &BTreeMap<String, Given>, body: &Value) {
    let fields = table["fields"].as_array().unwrap();
    let body = body.as_object().unwrap();
    for name in inputs.keys() {
        assert!(fields.iter().any(|field| field["name"] == name.as_str()), "{name} went unnoticed");
    }
    for (wire, value) in body {
        let Some(field) = fields.iter().find(|field| field["wire"] == wire.as_str()) else {
            assert_eq!(&table["always"][wire], value);
            continue;
        };
        let number = match (field["as_string"].as_bool(), value) {
            (Some(true), Value::String(text)) => text.parse::<f64>().ok(),
            (None, value) => value.as_f64(),
            _ => None,
        };
        match field["type"].as_str().unwrap() {
            "text" => assert!(value.is_string()),
            "flag" => assert!(value.is_boolean()),
            "choice" => assert!(field["values"].as_array().unwrap().contains(value)),
            "picture" => assert_eq!(value["picture"], field["name"]),
            _ => {
                let number = number.unwrap();
                assert!(number >= field["min"].as_f64().unwrap() && number <= field["max"].as_f64().unwrap());
                assert_eq!(number.fract(), 0.0);
            }
        }
    }
    let required = fields.iter().filter(|field| field["required"] == true);
    assert!(required.into_iter().all(|field| body.contains_key(field["wire"].as_str().unwrap())));
    assert!(table["always"].as_object().unwrap().iter().all(|(name, value)| body.get(name) == Some(value)));
}

proptest! {
    #[test]
    fn a_request_keeps_to_the_table(inputs in inputs()) {
        for endpoint in endpoints() {
            match endpoint.request(&inputs) {
                Ok(body) => keeps(&table(&endpoint.id), &inputs, &body),
                Err(e) => prop_assert!(e.kind() == rushes_engine::ErrorKind::Usage && !e.help_text().is_empty()),
            }
        }
    }
}

#[test]
fn a_table_answers_for_its_fields() {
    let one = rushes_services::endpoint("seedance_1_pro").unwrap();
    let two = rushes_services::endpoint("seedance_2").unwrap();
    assert!(one.takes("camera_fixed") && !two.takes("camera_fixed"));
    assert_eq!((one.range("duration_s"), two.range("duration_s")), (Some((2.0, 12.0)), Some((4.0, 15.0))));
    assert_eq!((one.range("prompt"), one.range("steps")), (None, None));
    assert_eq!(two.choices("resolution"), ["480p", "720p"]);
    assert_eq!((one.max_bytes("clip"), two.max_bytes("clip")), (None, Some(30_000_000)));
    assert_eq!((one.rate(), one.provider().label), ((24, 1), "fal.ai"));
}
