//! Sub-graphs and reroutes through the program's own doors: `drive`, `check`, `plan`, `fmt` and `render`.

use anyhow::Result;
use rushes_tests::{Drive, Home, clip};
use serde_json::{Value, json};

fn edit(drive: &mut Drive, edit: &Value) -> Result<Value> {
    drive.ask("edit", json!({ "edits": [edit] }))
}

/// A home with a clip and `graph.json`: read, grade, blur, write.
fn home() -> Result<Home> {
    let home = Home::new()?;
    clip(&home.path("clip.mp4"), "testsrc2=s=96x54:r=24:d=0.5")?;
    let graph = json!({
        "rushes": 1,
        "nodes": [
            { "id": "read", "kind": "edit/read", "version": 1, "params": { "path": "clip.mp4" } },
            { "id": "grade", "kind": "finish/grade", "version": 1, "params": { "exposure": 0.5 } },
            { "id": "blur", "kind": "finish/blur", "version": 1, "params": { "sigma": 1.5 } },
            { "id": "write", "kind": "deliver/write", "version": 1, "params": { "path": "out.mp4" } },
        ],
        "links": [
            { "from": "read.clip", "to": "grade.clip" },
            { "from": "grade.clip", "to": "blur.clip" },
            { "from": "blur.clip", "to": "write.clip" },
        ],
    });
    home.write("graph.json", serde_json::to_vec_pretty(&graph)?)?;
    Ok(home)
}

fn open(home: &Home) -> Result<Drive> {
    Drive::start(home, &[&home.path("graph.json").to_string_lossy()])
}

#[test]
fn a_selection_becomes_a_sub_graph_that_is_set_from_outside_and_changed_inside() -> Result<()> {
    let home = home()?;
    let mut drive = open(&home)?;
    let plain = drive.frame("blur", 3, None)?;
    edit(&mut drive, &json!({ "do": "pack", "nodes": ["grade", "blur"], "name": "look", "node": "hero" }))?;
    assert_eq!(drive.frame("hero", 3, None)?, plain, "the same frame under the same key");
    let described = drive.ask("describe", json!({ "node": "hero" }))?;
    assert_eq!((&described["size"], &described["frames"]), (&json!([96, 54]), &json!(12)), "{described}");

    let ports = json!({ "do": "set_ports", "params": [{ "name": "light", "for": ["grade.exposure"] }] });
    edit(&mut drive, &json!({ "do": "inside", "graph": "look", "edit": ports }))?;
    let shape = drive.ask("nodes", json!({ "kind": "graph/look" }))?;
    assert_eq!(shape["params"][0]["name"], json!("light"), "{shape}");
    drive.set("hero", "light", 1.0)?;
    let lit = drive.frame("hero", 3, None)?;
    assert_ne!(lit, plain);
    let refused = drive.refuse("set", json!({ "node": "hero", "param": "light", "value": "bright" }))?;
    assert!(refused.error.contains("light"), "{refused:?}");
    let refused = drive.refuse("set", json!({ "node": "hero", "param": "sigma", "value": 2.0 }))?;
    assert!(refused.error.contains("no parameter “sigma”") && refused.help.contains("light"), "{refused:?}");

    drive.ask("reset", json!({ "node": "hero", "param": "light" }))?;
    let set = json!({ "do": "set", "node": "grade", "param": "exposure", "value": 1.0 });
    edit(&mut drive, &json!({ "do": "inside", "graph": "look", "edit": set }))?;
    assert_eq!(drive.frame("hero", 3, None)?, lit, "set inside it is the same");
    for _ in 0..5 {
        drive.ask("undo", json!({}))?;
    }
    assert_eq!(drive.frame("blur", 3, None)?, plain);
    assert!(drive.ask("graph", json!({}))?.get("graphs").is_none(), "undo takes it back exactly");
    Ok(())
}

#[test]
fn a_reroute_changes_no_frame_and_is_no_line_of_the_plan() -> Result<()> {
    let home = home()?;
    let mut drive = open(&home)?;
    let plain = drive.frame("blur", 5, None)?;
    drive.ask("add", json!({ "kind": "route/reroute", "node": "dot" }))?;
    drive.connect("grade.clip", "dot.in")?;
    drive.connect("dot.out", "blur.clip")?;
    drive.ask("stats", json!({ "reset": true }))?;
    assert_eq!(drive.frame("blur", 5, None)?, plain);
    assert!(drive.evaluated()?.values().all(|n| *n == 0), "nothing is evaluated again");
    let plan = drive.ask("plan", json!({}))?;
    assert!(!plan.to_string().contains("\"dot\""), "{plan}");
    Ok(())
}

#[test]
fn check_plan_fmt_and_render_work_with_sub_graphs() -> Result<()> {
    let home = home()?;
    home.must(["render", "graph.json", "-o", "plain.mp4"])?;
    let mut drive = open(&home)?;
    // The node that delivers goes in as well.
    edit(&mut drive, &json!({ "do": "pack", "nodes": ["blur", "write"], "name": "end", "node": "end" }))?;
    edit(&mut drive, &json!({ "do": "pack", "nodes": ["grade", "end"], "name": "all", "node": "all" }))?;
    drive.ask("save", json!({}))?;
    assert_eq!(drive.quit()?, 0);
    home.must(["fmt", "graph.json", "--check"])?;
    home.must(["check", "graph.json"])?;
    let plan = home.must(["plan", "graph.json"])?;
    assert!(plan.contains("graph/all"), "{plan}");
    home.must(["render", "graph.json", "-o", "packed.mp4"])?;
    let hashes = |name: &str| home.must(["probe", name, "--hashes"]);
    assert_eq!(hashes("packed.mp4")?, hashes("plain.mp4")?);
    Ok(())
}

#[test]
fn wrong_definitions_are_refused_in_words() -> Result<()> {
    let home = home()?;
    let write = |graphs: Value| {
        let graph = json!({ "rushes": 1, "nodes": [{ "id": "a", "kind": "graph/one", "version": 1 }], "links": [], "graphs": graphs });
        home.write("wrong.json", graph.to_string())
    };
    let holds = |kind: &str| json!({ "nodes": [{ "id": "b", "kind": kind, "version": 1 }], "links": [] });
    let many = json!({ "nodes": [
        { "id": "b", "kind": "finish/blur", "version": 1 },
        { "id": "c", "kind": "finish/blur", "version": 1 },
    ], "links": [{ "from": "c.clip", "to": "gone.clip" }] });
    for (graphs, word) in [
        (json!({ "one": holds("graph/one") }), "contains itself"),
        (
            json!({ "one": holds("graph/two"), "two": holds("graph/one") }),
            "contains itself: one -> two -> one",
        ),
        (json!({}), "there is no sub-graph “one”"),
        (json!({ "One": holds("finish/blur") }), "no name of a sub-graph"),
        (json!({ "one": 7 }), "sub-graph “one”"),
        (json!({ "one": many }), "gone"),
        (json!({ "one": { "nodes": [], "links": [], "graphs": {} } }), "of its own"),
    ] {
        write(graphs)?;
        let outcome = home.run(["check", "wrong.json"])?;
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert_eq!(outcome.code, 2, "{said}");
        assert!(said.contains(word), "{word}: {said}");
    }
    Ok(())
}

#[test]
fn takes_go_with_their_node_into_a_sub_graph_and_out_of_it() -> Result<()> {
    let home = home()?;
    let mut drive = open(&home)?;
    drive.ask("add", json!({ "kind": "animate/image_to_video", "node": "move" }))?;
    let brought = json!({ "node": "move", "file": home.path("clip.mp4").to_string_lossy() });
    let take = drive.ask("take", brought)?["take"].clone();
    let described = |drive: &mut Drive, node: &str| drive.ask("describe", json!({ "node": node }));
    let plain = described(&mut drive, "move")?["size"].clone();
    edit(
        &mut drive,
        &json!({ "do": "pack", "nodes": ["move"], "name": "shot", "node": "hero", "outputs": ["move.clip"] }),
    )?;
    assert_eq!(described(&mut drive, "hero")?["size"], plain, "the take plays inside");
    edit(&mut drive, &json!({ "do": "rename_graph", "graph": "shot", "to": "scene" }))?;
    edit(&mut drive, &json!({ "do": "unpack", "node": "hero" }))?;
    let takes = drive.ask("takes", json!({ "node": "move" }))?;
    assert_eq!(takes["takes"][0]["id"], take, "{takes}");
    Ok(())
}
