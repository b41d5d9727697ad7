//! Graphs that travel: their schema, what changed between two of them, and bundles that open elsewhere.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rushes_tests::{Drive, Home, python, root};
use serde_json::{Value, json};

fn schema() -> Result<Value> {
    Ok(serde_json::from_str(&Home::new()?.must(["schema"])?)?)
}

fn shipped() -> Result<Vec<(PathBuf, Value)>> {
    let mut graphs = Vec::new();
    for entry in fs::read_dir(root().join("graphs")).context("graphs")? {
        let path = entry?.path();
        let graph = serde_json::from_str(&fs::read_to_string(&path)?)?;
        graphs.push((path, graph));
    }
    assert!(graphs.len() > 20, "{} graphs", graphs.len());
    Ok(graphs)
}

#[test]
fn the_schema_is_one_and_every_graph_that_ships_keeps_to_it() -> Result<()> {
    let schema = schema()?;
    assert!(jsonschema::meta::is_valid(&schema), "{:?}", jsonschema::meta::validate(&schema));
    let validator = jsonschema::validator_for(&schema)?;
    for (path, graph) in shipped()? {
        let wrong: Vec<String> =
            validator.iter_errors(&graph).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
    Ok(())
}

#[test]
fn the_schema_holds_every_kind_and_refuses_what_the_program_refuses() -> Result<()> {
    let schema = schema()?;
    let validator = jsonschema::validator_for(&schema)?;
    let kinds: Value = serde_json::from_str(&Home::new()?.must(["nodes", "--json"])?)?;
    for node in kinds.as_array().context("no list")? {
        let kind = node["kind"].as_str().context("no kind")?;
        let fields = &schema["$defs"][kind.replace('/', "_")]["properties"];
        for param in node["params"].as_array().context("no params")? {
            let name = param["name"].as_str().context("no name")?;
            assert!(fields[name]["description"].is_string(), "{kind}.{name}");
            let defaults = json!({ "rushes": 1, "nodes": [
                { "id": "n", "kind": kind, "version": node["version"], "params": { name: param["default"] } } ] });
            assert!(validator.is_valid(&defaults), "the default of {kind}.{name}");
        }
    }
    let home = Home::new()?;
    let with = |params: Value| {
        let plate = |id: &str| json!({ "id": id, "kind": "generate/pattern" });
        json!({ "rushes": 1,
            "nodes": [ plate("a"), plate("b"), { "id": "n", "kind": "finish/blend", "params": params } ],
            "links": [ { "from": "a.clip", "to": "n.bottom" }, { "from": "b.clip", "to": "n.top" } ] })
    };
    let cases = [
        (true, with(json!({ "opacity": 0.5 }))),
        (true, with(json!({ "opacity": { "keys": [[0, 0, "linear"], [9, 1, "bezier", [-1, 0, 1, 0]]] } }))),
        (true, with(json!({ "opacity": { "expr": "0.5 + 0.1*sin(t)" } }))),
        (
            true,
            json!({ "rushes": 1, "later": {}, "nodes": [ { "id": "n", "kind": "made/up", "params": { "x": 1 } } ] }),
        ),
        (false, with(json!({ "opacity": 2 }))),
        (false, with(json!({ "opacity": "much" }))),
        (false, with(json!({ "opacity": { "keys": [[0, 0, "sideways"]] } }))),
        (false, with(json!({ "opaqueness": 1 }))),
        (false, with(json!({ "mode": "nonsense" }))),
        (false, json!({ "nodes": [] })),
        (false, json!({ "rushes": 1, "nodes": [ { "id": "No", "kind": "finish/blend" } ] })),
        (false, json!({ "rushes": 1, "nodes": [ { "kind": "finish/blend" } ] })),
        (false, json!({ "rushes": 1, "links": [ { "from": "a", "to": "b.c" } ] })),
    ];
    for (good, graph) in cases {
        assert_eq!(validator.is_valid(&graph), good, "{graph}");
        let path = home.write("graph.json", graph.to_string())?;
        let told: Value =
            serde_json::from_str(&home.run(["check", "--json", &*path.to_string_lossy()])?.stdout)?;
        // A kind that is not known cannot be rendered, and may stand in a file.
        let findings = told[0]["findings"].as_array().context("no findings")?;
        let wrong = findings.iter().any(|f| {
            let what = f["what"].as_str().unwrap_or_default();
            f["level"] == "error" && !what.contains("unknown node kind")
        });
        assert_eq!(wrong, !good, "the program on {graph}: {findings:?}");
    }
    Ok(())
}

#[test]
fn what_changed_is_told_in_words() -> Result<()> {
    let home = Home::new()?;
    let graph = root().join("graphs").join("grain.json");
    let graph = graph.to_string_lossy();
    assert_eq!(home.must(["diff", &*graph, &*graph])?, "no difference\n");
    let mut drive = Drive::start(&home, &[&graph])?;
    let told = drive.ask("graph", json!({}))?;
    let first = told["nodes"][0]["id"].as_str().context("no node")?.to_owned();
    drive.ask("rename", json!({ "node": first, "to": "another" }))?;
    let blend = drive.add("finish/blur", json!({}))?;
    drive.set(&blend, "sigma", 3)?;
    drive.ask("save", json!({ "out": home.path("b.json") }))?;
    drive.set(&blend, "sigma", 4)?;
    drive.ask("bypass", json!({ "node": blend, "on": true }))?;
    drive.ask("save", json!({ "out": home.path("c.json") }))?;
    let words = home.must(["diff", &*graph, "b.json"])?;
    assert_eq!(words, format!("renamed {first} to another\nadded {blend} (finish/blur)\n"));
    let words = home.must(["diff", "b.json", "c.json"])?;
    assert_eq!(words, format!("{blend} bypass: off -> on\n{blend}.sigma: 3 -> 4\n"));
    let told: Value = serde_json::from_str(&home.must(["diff", "b.json", "c.json", "--json"])?)?;
    assert_eq!(told[1]["change"], "param");
    assert_eq!((&told[1]["from"], &told[1]["to"]), (&json!(3), &json!(4)));
    home.run(["diff", "b.json", "nothing.json"])?.refused(2)
}

fn clip(path: &std::path::Path, source: &str) -> Result<()> {
    rushes_tests::clip(path, &format!("{source}=s=64x36:r=24:d=0.25"))
}

/// A home with a graph in a folder of its own that reads a clip beside it, one of the same name from elsewhere, a
/// sequence, a LUT and what ships, and plays a take.
fn travelling() -> Result<Home> {
    let home = Home::new()?;
    fs::create_dir_all(home.path("project/clips"))?;
    fs::create_dir_all(home.path("elsewhere/seq"))?;
    clip(&home.path("project/clips/shot.mp4"), "testsrc2")?;
    clip(&home.path("elsewhere/shot.mp4"), "smptebars")?;
    clip(&home.path("elsewhere/seq/f_%02d.png"), "rgbtestsrc")?;
    clip(&home.path("take.mp4"), "pal75bars")?;
    fs::copy(root().join("assets/luts/warm_print.cube"), home.path("elsewhere/look.cube"))?;
    let far = |name: &str| home.path("elsewhere").join(name).to_string_lossy().into_owned();
    let graph = json!({ "rushes": 1, "title": "Travels", "nodes": [
        { "id": "near", "kind": "edit/read", "params": { "path": "clips/shot.mp4", "licence": "CC0", "credit": "A. Maker" } },
        { "id": "far", "kind": "edit/read", "params": { "path": far("shot.mp4") } },
        { "id": "seq", "kind": "edit/read", "params": { "path": far("seq/f_%02d.png") } },
        { "id": "ships", "kind": "edit/read", "params": { "path": "asset:clips/big_buck_bunny.mp4", "end": 4 } },
        { "id": "lut", "kind": "finish/lut", "params": { "file": far("look.cube") } },
        { "id": "move", "kind": "animate/image_to_video" },
        { "id": "write", "kind": "deliver/write", "params": { "path": far("film.mp4") } } ],
        "links": [ { "from": "near.clip", "to": "lut.clip" }, { "from": "far.clip", "to": "move.clip" },
                   { "from": "lut.clip", "to": "write.clip" } ] });
    home.write("project/graph.json", graph.to_string())?;
    let mut drive = Drive::start(&home, &["project/graph.json", "--trust"])?;
    drive.ask("take", json!({ "node": "move", "file": home.path("take.mp4") }))?;
    drive.ask("save", json!({}))?;
    drive.quit()?;
    Ok(home)
}

const UNPACK: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    z.extractall(sys.argv[2])
    print('\\n'.join(i.filename for i in z.infolist()))";

#[test]
fn a_bundle_opens_elsewhere_and_makes_the_same_frames() -> Result<()> {
    let home = travelling()?;
    home.must(["bundle", "project/graph.json", "-o", "film.zip", "--trust"])?;
    home.must(["bundle", "project/graph.json", "-o", "again.zip", "--trust"])?;
    assert_eq!(fs::read(home.path("film.zip"))?, fs::read(home.path("again.zip"))?, "the same, to the byte");

    // Another machine: nothing of the first one is there.
    let there = Home::new()?;
    fs::copy(home.path("film.zip"), there.path("film.zip"))?;
    let (zip, folder) = (there.path("film.zip"), there.path("opened"));
    let listed = python(UNPACK, &[&*zip.to_string_lossy(), &*folder.to_string_lossy()], &[])?;
    let listed = String::from_utf8(listed)?;
    let names: Vec<&str> = listed.lines().collect();
    for name in [
        "graph.json",
        "LICENSES.md",
        "clips/shot.mp4",
        "media/shot.mp4",
        "media/look.cube",
        "media/seq/f_06.png",
    ] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert!(names.iter().any(|n| n.starts_with("takes/")) && !listed.contains("big_buck"), "{names:?}");
    let page = fs::read_to_string(folder.join("LICENSES.md"))?;
    for words in ["CC0; A. Maker", "asset:clips/big_buck_bunny.mp4", "Blender"] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    let graph = fs::read_to_string(folder.join("graph.json"))?;
    assert!(!graph.contains("elsewhere"), "a path of the first machine: {graph}");

    let frame = |home: &Home, graph: &str, node: &str, trust: bool| -> Result<Vec<u8>> {
        let mut arguments = vec!["frame", graph, "--node", node, "--frame", "2", "-o", "frame.png"];
        arguments.extend(trust.then_some("--trust"));
        home.must(arguments)?;
        Ok(fs::read(home.path("frame.png"))?)
    };
    let mut pictures = Vec::new();
    for node in ["near", "far", "seq", "ships", "lut", "move"] {
        let ours = frame(&home, "project/graph.json", node, true)?;
        // Without trust: a bundle keeps to its folder.
        assert!(ours == frame(&there, "opened/graph.json", node, false)?, "{node} is another picture");
        assert!(!pictures.contains(&ours), "{node} shows what another node shows: the test proves nothing");
        pictures.push(ours);
    }
    Ok(())
}

#[test]
fn a_bundle_takes_only_what_its_graph_may_read_and_leaves_nothing_half() -> Result<()> {
    let home = travelling()?;
    let before = home.names()?;
    home.run(["bundle", "project/graph.json", "-o", "film.zip"])?.refused(4)?;
    fs::remove_file(home.path("elsewhere/look.cube"))?;
    let lost = home.run(["bundle", "project/graph.json", "-o", "film.zip", "--trust"])?;
    lost.refused(1)?;
    assert!(lost.stderr.contains("lut"), "it says which node: {}", lost.stderr);
    assert_eq!(home.names()?, before);
    home.write("elsewhere/look.cube", "LUT_3D_SIZE 2")?;
    let clip = home.path("elsewhere/shot.mp4");
    let onto = home.run(["bundle", "project/graph.json", "-o", &*clip.to_string_lossy(), "--trust"])?;
    onto.refused(2)?;
    assert!(fs::read(&clip)?.windows(4).any(|w| w == b"ftyp"), "the clip is as it was");
    home.run(["bundle", "project/graph.json", "-o", "no/such/folder.zip", "--trust"])?.refused(1)
}
