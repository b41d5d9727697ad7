//! Bring your own take: a clip that was made elsewhere stands in for what a node would make.

use anyhow::Result;
use rushes_tests::{Drive, Home, Picture, clip};
use serde_json::json;

#[test]
fn a_clip_from_elsewhere_becomes_the_nodes_take() -> Result<()> {
    let home = Home::new()?;
    let web = home.path("from_the_web.mp4");
    clip(&web, "testsrc2=s=320x180:r=25:d=1")?;
    home.write("graph.json", "{ \"rushes\": 1 }")?;
    let graph = home.path("graph.json").to_string_lossy().into_owned();
    let mut drive = Drive::start(&home, &[&graph])?;
    let still =
        json!({ "kind": "edit/read", "node": "still", "params": { "path": "asset:stills/person_1.jpg" } });
    drive.ask("add", still)?;
    drive.ask("add", json!({ "kind": "animate/image_to_video", "node": "move" }))?;
    drive.connect("still.clip", "move.clip")?;
    let own = drive.ask("describe", json!({ "node": "move" }))?;
    assert_eq!(own["size"], json!([1920, 1080]));

    let brought =
        json!({ "node": "move", "file": web, "engine": "Seedance", "prompt": "Push in", "price": 0.62 });
    let take = drive.ask("take", brought)?["take"].clone();
    let described = drive.ask("describe", json!({ "node": "move" }))?;
    assert_eq!((&described["size"], &described["frames"]), (&json!([320, 180]), &json!(25)), "{described}");
    drive.ask(
        "add",
        json!({ "kind": "edit/read", "node": "read", "params": { "path": "from_the_web.mp4" } }),
    )?;
    let (take_png, read_png) = (home.path("take.png"), home.path("read.png"));
    let keys = (drive.frame("move", 7, Some(&take_png))?, drive.frame("read", 7, Some(&read_png))?);
    assert_eq!(keys.0, keys.1, "what is wired into the node no longer counts");
    let difference = Picture::open(&take_png)?.max_difference(&Picture::open(&read_png)?)?;
    assert_eq!(difference, 0.0, "the take plays as the file does");
    let takes = drive.ask("takes", json!({ "node": "move" }))?;
    assert_eq!(takes["takes"][0]["id"], take);
    assert_eq!(takes["takes"][0]["facts"]["engine"], json!("Seedance"));

    drive.ask("undo", json!({}))?;
    drive.ask("undo", json!({}))?;
    assert_eq!(drive.ask("describe", json!({ "node": "move" }))?["size"], json!([1920, 1080]), "undone");
    drive.ask("take", json!({ "node": "move", "take": take }))?;
    drive.ask("save", json!({}))?;
    assert!(std::fs::read_to_string(home.path("graph.json"))?.contains(take.as_str().unwrap_or("?")));

    let still_matches = |drive: &mut Drive| drive.ask("why", json!({ "node": "move" }));
    assert_eq!(still_matches(&mut drive)?["stale"], json!(null), "it was brought for what is wired now");
    let film = home.path("film.mp4").to_string_lossy().into_owned();
    let render = json!({ "node": "move", "out": film, "frames": [0, 2] });
    drive.ask("render", render.clone())?;
    drive.ask("set", json!({ "node": "still", "param": "path", "value": "asset:stills/person_2.jpg" }))?;
    let changed = &still_matches(&mut drive)?["stale"][0];
    assert_eq!((&changed["changed"], &changed["node"]), (&json!("input"), &json!("still")), "{changed}");
    let refusal = drive.refuse("render", render.clone())?;
    assert_eq!(refusal.code, "consent", "{refusal:?}");
    let findings = drive.ask("check", json!({}))?;
    assert!(findings.to_string().contains("stale_take"), "{findings}");
    drive.ask("save", json!({}))?;
    let run = home.run(["render", &graph, "--node", "move", "-o", &film, "--frames", "0..2"])?;
    assert_eq!(run.code, 4, "{run:?}");
    drive.ask("lock", json!({ "node": "move", "on": true }))?;
    drive.ask("render", render)?;
    let jobs = drive.ask("jobs", json!({}))?;
    let states: Vec<_> = jobs["jobs"].as_array().into_iter().flatten().map(|j| j["state"].clone()).collect();
    assert_eq!(states, [json!("done"), json!("failed"), json!("done")], "{jobs}");
    let quote = drive.ask("quote", json!({}))?;
    assert_eq!((&quote["usd"], &quote["allowed"]), (&json!(0.0), &json!(true)));

    // A name and a file are no part of what a node is: its takes go with it.
    drive.ask("rename", json!({ "node": "move", "to": "shot" }))?;
    let takes_of = |drive: &mut Drive| drive.ask("takes", json!({ "node": "shot" }));
    assert_eq!(takes_of(&mut drive)?["takes"][0]["id"], take);
    let copy = home.path("copy.json").to_string_lossy().into_owned();
    drive.ask("save", json!({ "out": copy }))?;
    assert_eq!(takes_of(&mut drive)?["takes"][0]["id"], take);
    drive.ask("rename", json!({ "node": "shot", "to": "move" }))?;

    home.write("words.mp4", "no clip at all")?;
    let words = home.path("words.mp4").to_string_lossy().into_owned();
    drive.refuse("take", json!({ "node": "move", "file": words }))?;
    Ok(())
}
