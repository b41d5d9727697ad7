//! A pick tells how like the character the face in each still is.

use anyhow::{Context, Result};
use rushes_tests::{Drive, Home};
use serde_json::{Value, json};

/// What is said of the face in the first still, where anything is.
fn said(pick: &Value) -> Option<String> {
    let line =
        pick["words"].as_array()?.iter().filter_map(Value::as_str).find(|line| line.starts_with("0 · "))?;
    line.rsplit(" · ").next().filter(|last| last.contains("face")).map(str::to_owned)
}

#[test]
fn a_pick_tells_whose_face_is_in_a_still() -> Result<()> {
    let home = Home::new()?;
    let mut drive = Drive::start(&home, &[])?;
    drive
        .ask("add", json!({ "kind": "plan/text", "node": "words", "params": { "value": "an astronaut" } }))?;
    let reference = json!({ "images": ["asset:stills/coffee.jpg"], "name": "Eileen" });
    drive.ask("add", json!({ "kind": "plan/omni_reference", "node": "who", "params": reference }))?;
    let images = json!({ "images": [{ "file": "asset:stills/person_3.jpg" }] });
    drive.ask("add", json!({ "kind": "generate/still", "node": "set", "params": images }))?;
    drive.ask("add", json!({ "kind": "generate/pick", "node": "pick" }))?;
    drive.connect("words.text", "set.text")?;
    drive.connect("set.images", "pick.images")?;
    let mut pick = || drive.ask("describe", json!({ "node": "pick" }));
    assert_eq!(said(&pick()?), None, "no character");
    drive.connect("who.character", "set.character")?;
    assert_eq!(said(&drive.ask("describe", json!({ "node": "pick" }))?), None, "a cup has no face");

    let both = ["asset:stills/coffee.jpg", "asset:stills/astronaut.jpg"];
    drive.set("who", "images", json!(both))?;
    let told = said(&drive.ask("describe", json!({ "node": "pick" }))?).context("nothing is said")?;
    let far = told
        .strip_prefix("face ")
        .and_then(|told| told.strip_suffix(" from Eileen"))
        .context(told.clone())?;
    assert!(far.parse::<f64>()? < 0.6, "{told}");

    drive.set("set", "images", json!([{ "file": "asset:stills/cat.jpg" }]))?;
    let told = said(&drive.ask("describe", json!({ "node": "pick" }))?);
    assert_eq!(told.as_deref(), Some("no face"), "a cat has none of a person");
    drive.quit()?;
    Ok(())
}
