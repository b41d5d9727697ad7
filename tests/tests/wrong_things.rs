//! Wrong things: each is refused in one line with help and its own exit code; nothing is overwritten, nothing left.

use anyhow::Result;
use rushes_tests::{Home, Outcome};
use serde_json::{Value, json};
use std::time::Duration;

/// A home with a clip and a graph that reads it, blurs it and writes it.
fn home() -> Result<Home> {
    let home = Home::new()?;
    clip(&home, "clip.mp4", "0.5")?;
    write_graph(&home, &graph("clip.mp4"))?;
    Ok(home)
}

fn clip(home: &Home, name: &str, seconds: &str) -> Result<()> {
    rushes_tests::clip(&home.path(name), &format!("testsrc2=s=64x36:r=24:d={seconds}"))
}

fn graph(path: &str) -> Value {
    json!({
        "rushes": 1,
        "nodes": [
            { "id": "read", "kind": "edit/read", "version": 1, "params": { "path": path } },
            { "id": "blur", "kind": "finish/blur", "version": 1, "params": { "sigma": 1.0 } },
            { "id": "write", "kind": "deliver/write", "version": 1, "params": { "path": "out.mp4" } },
        ],
        "links": [
            { "from": "read.clip", "to": "blur.clip" },
            { "from": "blur.clip", "to": "write.clip" },
        ],
    })
}

fn write_graph(home: &Home, graph: &Value) -> Result<()> {
    home.write("graph.json", serde_json::to_vec_pretty(graph)?)?;
    Ok(())
}

/// Renders and holds that it was refused with `code` and left the folder as it was.
fn refused(home: &Home, arguments: &[&str], code: i32) -> Result<Outcome> {
    let before = home.names()?;
    let outcome = home.run(arguments.iter().copied())?;
    outcome.refused(code)?;
    assert_eq!(home.names()?, before, "something was left behind by {arguments:?}");
    Ok(outcome)
}

const RENDER: &[&str] = &["render", "graph.json", "-o", "out.mp4"];

#[test]
fn the_right_thing_works() -> Result<()> {
    let home = home()?;
    home.must(RENDER)?;
    assert!(home.path("out.mp4").metadata()?.len() > 500);
    Ok(())
}

#[test]
fn a_missing_file() -> Result<()> {
    let home = home()?;
    std::fs::remove_file(home.path("clip.mp4"))?;
    let outcome = refused(&home, RENDER, 1)?;
    assert!(outcome.stderr.contains("clip.mp4"), "{}", outcome.stderr);
    Ok(())
}

#[test]
fn a_missing_graph() -> Result<()> {
    let home = Home::new()?;
    refused(&home, &["render", "nothing.json", "-o", "out.mp4"], 2)?;
    Ok(())
}

#[test]
fn a_truncated_clip() -> Result<()> {
    let home = home()?;
    clip(&home, "long.mkv", "4")?;
    let whole = std::fs::read(home.path("long.mkv"))?;
    // The index of an mp4 lies at its end; a Matroska file is playable up to the cut, which is the harder case.
    home.write("clip.mkv", &whole[..whole.len() / 2])?;
    write_graph(&home, &graph("clip.mkv"))?;
    refused(&home, RENDER, 1)?;
    let whole = std::fs::read(home.path("clip.mp4"))?;
    home.write("clip.mp4", &whole[..whole.len() / 2])?;
    write_graph(&home, &graph("clip.mp4"))?;
    refused(&home, RENDER, 1)?;
    Ok(())
}

#[test]
fn what_is_not_media() -> Result<()> {
    let home = home()?;
    for content in [
        "just some words\n",
        "",
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile.ts\n",
        "ffconcat version 1.0\nfile other.mp4\n",
    ] {
        home.write("clip.mp4", content)?;
        refused(&home, RENDER, 1)?;
        home.run(["probe", "clip.mp4"])?.refused(1)?;
    }
    Ok(())
}

#[test]
fn what_is_wrong_in_the_graph() -> Result<()> {
    let home = home()?;
    let good = graph("clip.mp4");
    let with = |pointer: &str, value: Value| {
        let mut graph = good.clone();
        if let Some(place) = graph.pointer_mut(pointer) {
            *place = value;
        }
        graph
    };
    let mut cycle = good.clone();
    cycle["links"] = json!([
        { "from": "blur.clip", "to": "blur.clip" },
        { "from": "blur.clip", "to": "write.clip" },
    ]);
    let mut wrong_type = good.clone();
    wrong_type["nodes"].as_array_mut().into_iter().for_each(|nodes| {
        nodes
            .push(json!({ "id": "text", "kind": "plan/text", "version": 1, "params": { "value": "words" } }));
    });
    wrong_type["links"][0]["from"] = json!("text.text");
    let huge = json!({ "output": "size", "width": 100_000, "height": 100_000 });
    let mut large = with("/nodes/1/kind", json!("upscale/video"));
    large["nodes"][1]["params"] = huge;
    for (what, graph) in [
        ("unknown node", with("/nodes/1/kind", json!("finish/nothing"))),
        ("unknown parameter", with("/nodes/1/params", json!({ "sugar": 1 }))),
        ("unknown port", with("/links/0/to", json!("blur.sugar"))),
        ("out of range", with("/nodes/1/params", json!({ "sigma": -5 }))),
        ("cycle", cycle),
        ("wrong type", wrong_type),
        ("too large", large),
    ] {
        write_graph(&home, &graph)?;
        refused(&home, RENDER, 2).map_err(|e| e.context(what))?;
    }
    home.write("graph.json", "{ \"rushes\": 1, \"nodes\": [")?;
    refused(&home, RENDER, 2)?;
    home.write("graph.json", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)))?;
    refused(&home, RENDER, 2)?;
    Ok(())
}

#[test]
fn what_is_wrong_on_the_command_line() -> Result<()> {
    let home = home()?;
    for set in
        ["blur.sigma=nan", "blur.sigma=1e999", "blur.sigma=", "blur=3", "nobody.sigma=1", "blur.sugar=1"]
    {
        refused(&home, &["render", "graph.json", "-o", "out.mp4", "--set", set], 2)
            .map_err(|e| e.context(set))?;
    }
    refused(&home, &["render", "graph.json", "-o", "out.mp4", "--frames", "5..2"], 2)?;
    refused(&home, &["render", "graph.json", "-o", "out.mp4", "--frames", "0..5000"], 2)?;
    refused(&home, &["render", "graph.json", "-o", "out.mp4", "--node", "nobody"], 2)?;
    refused(&home, &["render", "graph.json", "-o", "out.what", "--node", "blur"], 2)?;
    refused(&home, &["dance"], 2)?;
    Ok(())
}

#[test]
fn paths_out_of_the_folder_need_consent() -> Result<()> {
    let home = home()?;
    let elsewhere = Home::new()?;
    clip(&elsewhere, "other.mp4", "0.5")?;
    let path = elsewhere.path("other.mp4");
    write_graph(&home, &graph(&path.to_string_lossy()))?;
    let outcome = refused(&home, RENDER, 4)?;
    assert!(outcome.stderr.contains("other.mp4"), "the path is named: {}", outcome.stderr);
    // A link inside the folder that leads out of it is a path out of it.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&path, home.path("inside.mp4"))?;
        write_graph(&home, &graph("inside.mp4"))?;
        refused(&home, RENDER, 4)?;
    }
    home.must(["render", "graph.json", "-o", "out.mp4", "--trust"])?;
    Ok(())
}

#[test]
fn an_output_onto_its_own_input() -> Result<()> {
    let home = home()?;
    let before = std::fs::read(home.path("clip.mp4"))?;
    refused(&home, &["render", "graph.json", "-o", "clip.mp4"], 2)?;
    assert_eq!(std::fs::read(home.path("clip.mp4"))?, before);
    Ok(())
}

#[test]
fn no_space_and_no_permission() -> Result<()> {
    let home = home()?;
    home.write("out.mp4", "the last good file")?;
    // A limit on the size of files stands in for a full disk: writing stops half-way with an error.
    #[cfg(unix)]
    {
        clip(&home, "clip.mp4", "20")?;
        let before = home.names()?;
        let program = home.command()?.get_program().to_owned();
        let mut limited = home.command_of("sh");
        limited.args([
            "-c",
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" render graph.json -o out.mp4 --set write.quality=0",
        ]);
        let output = limited.arg(program).output()?;
        Outcome::of(&output).refused(1)?;
        assert_eq!(home.names()?, before);
    }
    refused(&home, &["render", "graph.json", "-o", "no/such/folder/out.mp4"], 1)?;
    refused(&home, &["render", "graph.json", "-o", "/proc/out.mp4"], 1)?;
    assert_eq!(std::fs::read(home.path("out.mp4"))?, b"the last good file");
    Ok(())
}

#[test]
fn an_interrupt_leaves_the_last_good_file() -> Result<()> {
    let home = Home::new()?;
    clip(&home, "clip.mp4", "60")?;
    write_graph(&home, &graph("clip.mp4"))?;
    home.write("out.mp4", "the last good file")?;
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let before = home.names()?;
        let running = home.start(["render", "graph.json", "-o", "out.mp4", "--progress", "json"])?;
        // Until the encoder has begun there is nothing that could be left behind.
        let started = std::time::Instant::now();
        while home.names()?.len() == before.len() && started.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(20));
        }
        running.signal(signal)?;
        let outcome = running.end()?;
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
        assert_eq!(home.names()?, before);
        assert_eq!(std::fs::read(home.path("out.mp4"))?, b"the last good file");
    }
    Ok(())
}

#[test]
fn no_adapter() -> Result<()> {
    let home = home()?;
    let before = home.names()?;
    let mut command = home.command()?;
    command.args(RENDER).env("RUSHES_DEVICE", "gpu");
    // A loader that finds no driver finds no adapter.
    command.env("VK_DRIVER_FILES", "/nonexistent.json").env("VK_ICD_FILENAMES", "/nonexistent.json");
    let output = command.output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("error: ") && stderr.contains("help: "), "{stderr}");
    assert_eq!(home.names()?, before);
    Ok(())
}
