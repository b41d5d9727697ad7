//! Takes and the library in the whole editor: rated, locked and compared, listed, filtered and dragged to the graph.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use opened::{Open, open, small};
use rushes::editor::panels::compare::{CompareAction, Mode};
use rushes::editor::panels::viewer::ViewerAction;
use rushes::home::Home;
use rushes::session::{Options, RenderOrder, Session};
use rushes_engine::library::{Facts, Intake, Library, Links, Remarks};
use rushes_engine::{Cancel, Progress};
use rushes_gpu::DeviceChoice;
use rushes_nodes::Services;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A still, a node that keeps takes, what follows it, and a reader.
fn moving() -> Value {
    json!({
        "rushes": 1, "title": "Moving",
        "nodes": [
            { "id": "still", "kind": "generate/pattern", "version": 1, "at": [0, 0],
              "params": { "width": 64, "height": 36, "length": 1 } },
            { "id": "move", "kind": "animate/image_to_video", "version": 1, "at": [260, 0] },
            { "id": "look", "kind": "finish/grade", "version": 1, "at": [520, 0] },
            { "id": "file", "kind": "edit/read", "version": 1, "at": [0, 320],
              "params": { "path": "named.png" } }
        ],
        "links": [ { "from": "still.clip", "to": "move.clip" }, { "from": "move.clip", "to": "look.clip" } ],
        "groups": [], "notes": [], "view": {}
    })
}

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets").join(name)
}

/// A picture of one grey.
fn flat(folder: &Path, name: &str, code: u8) -> PathBuf {
    let path = folder.join(name);
    image(&path, code);
    path
}

/// Writes a PNG by hand of 64 by 36 pixels of one grey: stored blocks need no compressor.
fn image(path: &Path, code: u8) {
    const SIDE: (u32, u32) = (64, 36);
    let rows: Vec<u8> = (0..SIDE.1)
        .flat_map(|_| std::iter::once(0).chain(std::iter::repeat_n(code, SIDE.0 as usize)))
        .collect();
    let mut zlib = vec![0x78, 0x01, 0x01];
    let length = u16::try_from(rows.len()).unwrap();
    zlib.extend(length.to_le_bytes());
    zlib.extend((!length).to_le_bytes());
    zlib.extend(&rows);
    let (a, b) = rows.iter().fold((1_u32, 0_u32), |(a, b), v| {
        let a = (a + u32::from(*v)) % 65_521;
        (a, (b + a) % 65_521)
    });
    zlib.extend(((b << 16) | a).to_be_bytes());
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
        })
    };
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(SIDE.0.to_be_bytes());
    header.extend(SIDE.1.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        let chunk: Vec<u8> = kind.iter().chain(&data).copied().collect();
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(&chunk);
        file.extend(crc(&chunk).to_be_bytes());
    }
    std::fs::write(path, file).unwrap();
}

fn library(o: &Open) -> Library {
    Library::open(&o.folder.path().join("home/library")).unwrap()
}

/// Puts a picture of one grey into the library, as another graph would have.
fn kept(o: &Open, code: u8, facts: Facts, rating: u8) -> String {
    let file = flat(o.folder.path(), &format!("kept_{code}.png"), code);
    let library = library(o);
    let take = library.add(&[&file], Intake::Copy, facts, &Links::default(), &Cancel::new()).unwrap();
    library.remark(&take.id, Remarks { rating, ..Remarks::default() }).unwrap();
    take.id
}

fn facts(engine: &str, prompt: &str) -> Facts {
    Facts {
        kind: "animate/image_to_video".into(),
        engine: engine.into(),
        prompt: prompt.into(),
        ..Facts::default()
    }
}

fn center(o: &Open, label: &str) -> Pos2 {
    o.harness.get_by_label(label).rect().center()
}

/// Presses, moves in steps as a hand does, and lets go.
fn drag(o: &mut Open, from: Pos2, to: Pos2) {
    o.harness.hover_at(from);
    o.harness.run_steps(1);
    o.harness.drag_at(from);
    o.harness.run_steps(1);
    for step in 1_u8..=4 {
        o.harness.hover_at(from + (to - from) * f32::from(step) / 4.0);
        o.harness.run_steps(1);
    }
    o.harness.drop_at(to);
    o.harness.run_steps(2);
    o.settle();
}

fn bring(o: &mut Open, file: &Path) {
    let at = center(o, "Image to video (move)");
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    o.drop_in(file);
}

fn record(o: &Open, node: &str) -> rushes_engine::document::Node {
    (**o.harness.state().session().document.graph().node(&node.parse().unwrap()).unwrap()).clone()
}

fn take(o: &Open) -> String {
    record(o, "move").take.to_string()
}

fn select(o: &mut Open, node: &str) {
    o.harness.state_mut().select(node, 0);
    o.settle();
}

fn there(o: &Open, label: &str) -> bool {
    o.harness.query_all_by_label_contains(label).next().is_some()
}

/// Waits for what the library's own thread does.
fn until(o: &mut Open, what: &str, is: impl Fn(&Open) -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is(o) {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
        o.harness.run_steps(1);
    }
}

/// Two takes of the node `move`: dark, then bright, which it plays.
fn two_takes(o: &mut Open) -> [String; 2] {
    let dark = flat(o.folder.path(), "dark.png", 51);
    bring(o, &dark);
    let first = take(o);
    let bright = flat(o.folder.path(), "bright.png", 204);
    bring(o, &bright);
    select(o, "move");
    [first, take(o)]
}

/// The brightness on the screen left and right of the middle of the viewer's picture, 0 to 255.
fn halves(o: &mut Open) -> [u8; 2] {
    let panel = o.harness.get_by_label_contains("Picture of ").rect();
    let size = vec2(64.0, 36.0);
    let place = Rect::from_center_size(panel.center(), size * (panel.size() / size).min_elem());
    let image = o.harness.render().unwrap();
    [0.25, 0.75].map(|share| {
        let at = place.min + vec2(share, 0.4) * place.size();
        image.get_pixel(at.x as u32, at.y as u32).0[0]
    })
}

#[test]
fn a_take_is_rated_and_named_for_good_and_no_edit_is_made_of_it() {
    let mut o = open(&moving());
    let [dark, bright] = two_takes(&mut o);
    let steps = o.harness.state().session().document.undo_labels().count();
    let stars = o.harness.get_by_label("Rating of dark.png").rect();
    o.harness.hover_at(stars.left_center() + vec2(13.0 * 3.5, 0.0));
    o.harness.run_steps(1);
    let at = stars.left_center() + vec2(13.0 * 3.5, 0.0);
    o.harness.drag_at(at);
    o.harness.run_steps(1);
    o.harness.drop_at(at);
    o.harness.run_steps(1);
    assert!(o.harness.state_mut().command("takes.rate_2"), "the take that is played");
    let rating = |o: &Open, id: &str| library(o).get(id).unwrap().remarks.rating;
    until(&mut o, "the stars are not kept", |o| rating(o, &dark) == 4 && rating(o, &bright) == 2);
    assert_eq!(take(&o), bright, "rating chooses nothing");

    o.click("More of dark.png");
    o.harness.get_by_label("Name").click();
    o.harness.run_steps(2);
    o.harness.get_by_label("Name").type_text("keeper");
    o.harness.run_steps(2);
    until(&mut o, "the name is not kept", |o| library(o).get(&dark).unwrap().remarks.name == "keeper");
    assert_eq!(rating(&o, &dark), 4, "the stars stay");
    o.key(Modifiers::NONE, Key::Enter);
    o.key(Modifiers::NONE, Key::Escape);
    assert!(o.harness.query_by_label("Take keeper").is_some() && !there(&o, "Copy"));
    assert_eq!(o.harness.state().session().document.undo_labels().count(), steps, "the graph is as it was");
}

#[test]
fn a_locked_take_keeps_its_place_until_it_is_unlocked() {
    let mut o = open(&moving());
    let [dark, bright] = two_takes(&mut o);
    o.click("Lock the take, so that nothing takes its place");
    assert!(record(&o, "move").locked);
    o.click("Take dark.png");
    o.settle();
    assert_eq!(take(&o), bright);
    o.wait_for("The take is locked");
    let third = flat(o.folder.path(), "third.png", 10);
    bring(&mut o, &third);
    assert_eq!(take(&o), bright, "one that is brought is kept beside it");
    select(&mut o, "move");
    o.wait_for("Take third.png");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(!record(&o, "move").locked, "locking is a step that is undone");
    o.click("Take dark.png");
    o.settle();
    assert_eq!(take(&o), dark);
    assert!(o.harness.state_mut().command("takes.newer"));
    assert_eq!(take(&o), bright);
}

#[test]
fn two_takes_are_compared_in_what_follows_them() {
    let mut o = open(&moving());
    let [dark, bright] = two_takes(&mut o);
    select(&mut o, "look");
    assert_eq!(halves(&mut o), [204, 204]);
    o.harness.get_by_label("Image to video (move)").click();
    o.settle();
    o.click("Takes in the viewer: Compare");
    o.settle();
    assert!(there(&o, "A Grade") && there(&o, "B dark.png"), "the node that is viewed stays");
    assert_eq!(halves(&mut o), [204, 51], "A left, B right");
    assert_eq!(take(&o), bright, "looking changes nothing");
    let line = center(&o, "Wipe between A and B");
    drag(&mut o, line, line - vec2(200.0, 0.0));
    assert_eq!(halves(&mut o), [51, 51]);
    drag(&mut o, line - vec2(200.0, 0.0), line);
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Mode(Mode::Difference)));
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Gain(1.0)));
    o.settle();
    assert_eq!(halves(&mut o), [153, 153]);
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Mode(Mode::Wipe)));
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Swap));
    o.settle();
    assert_eq!(take(&o), dark, "swapped, the node plays what B was");
    assert_eq!(halves(&mut o), [51, 204]);
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(take(&o), bright);
    o.click("Takes in the viewer: Compare");
    o.settle();
    assert!(!there(&o, "B dark.png"));
    assert_eq!(halves(&mut o), [204, 204]);
}

#[test]
fn takes_inside_of_a_sub_graph_are_compared_locked_and_added_there() {
    let mut o = open(&moving());
    let [_, bright] = two_takes(&mut o);
    select(&mut o, "look");
    o.harness.get_by_label("Image to video (move)").click();
    o.settle();
    assert!(o.harness.state_mut().command("graph.make_sub_graph"));
    o.settle();
    assert!(o.harness.state_mut().command("graph.enter"));
    o.settle();
    o.harness.get_by_label("Image to video (move)").click();
    o.settle();
    o.wait_for("Take dark.png");
    assert!(o.harness.state_mut().command("takes.compare"));
    o.settle();
    assert!(there(&o, "A Grade") && there(&o, "B dark.png"), "what is viewed is outside");
    assert_eq!(halves(&mut o), [204, 51]);
    assert!(o.harness.state_mut().command("takes.lock"));
    o.settle();
    let inner = |o: &Open| {
        let graph = o.harness.state().session().document.graph();
        let (_, inside) = graph.graphs.iter().next().unwrap();
        (inside.nodes.size(), inside.nodes[&"move".parse().unwrap()].clone())
    };
    let (nodes, node) = inner(&o);
    assert!(node.locked && *node.take == *bright);
    assert_eq!(halves(&mut o), [204, 51], "a lock is no hindrance to looking");
    o.click("More of dark.png");
    o.click("Add to the graph as media");
    o.settle();
    assert_eq!(inner(&o).0, nodes + 1, "it stands beside the node");
    assert!(!o.has("read"));
}

#[test]
fn a_take_of_a_node_that_is_not_viewed_is_shown_to_be_compared() {
    let mut o = open(&moving());
    two_takes(&mut o);
    select(&mut o, "file");
    o.harness.get_by_label("Image to video (move)").click();
    o.settle();
    assert!(o.harness.state_mut().command("takes.compare"));
    o.settle();
    assert!(there(&o, "A Image to video") && there(&o, "B dark.png"));
    assert_eq!(halves(&mut o), [204, 51]);
}

/// A clip of which every frame is another, rendered by a graph of its own.
fn clip(o: &Open) -> PathBuf {
    let home = Home::at(&o.folder.path().join("maker")).unwrap();
    let services = Arc::new(Services::new(DeviceChoice::Software));
    let options = Options { home: Some(home), services: Some(services), ..Options::default() };
    let mut session = Session::new(options).unwrap();
    let graph = o.folder.path().join("maker.json");
    std::fs::write(&graph, small().to_string()).unwrap();
    session.open(&graph).unwrap();
    let out = o.folder.path().join("made.mp4");
    let order =
        RenderOrder { node: Some("bars".parse().unwrap()), out: Some(out.clone()), ..RenderOrder::default() };
    session.render(&order, &Cancel::new(), &Progress::silent()).unwrap();
    out
}

#[test]
fn takes_play_in_step() {
    let mut o = open(&moving());
    bring(&mut o, &asset("clips/big_buck_bunny.mp4"));
    let made = clip(&o);
    bring(&mut o, &made);
    select(&mut o, "look");
    o.harness.get_by_label("Image to video (move)").click();
    o.settle();
    assert!(o.harness.state_mut().command("takes.compare"));
    o.settle();
    assert!(there(&o, "B big_buck_bunny.mp4"));
    assert_eq!(o.harness.state().frames_seen(), Some([0, 0]));
    o.click("Play");
    let mut seen = std::collections::BTreeSet::new();
    let end = Instant::now() + Duration::from_secs(60);
    // The playhead keeps the clock's time, so which frames it comes to is not asked for, only that they change.
    while seen.len() < 4 {
        assert!(Instant::now() < end, "only {seen:?} were seen");
        o.harness.run_steps(1);
        let [a, b] = o.harness.state().frames_seen().unwrap();
        assert_eq!(a, b, "what is seen together belongs together");
        seen.insert(a);
    }
}

#[test]
fn results_are_found_by_words_and_stars() {
    let mut o = open(&small());
    kept(&o, 10, facts("seedance", "a tower at dusk"), 5);
    kept(&o, 20, facts("kling", "a tower at noon"), 2);
    kept(&o, 30, facts("seedance", "a cat"), 0);
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.wait_for("Result a tower at dusk");
    assert!(there(&o, "3 listed") && there(&o, "Result a cat"));
    until(&mut o, "no pictures", |o| o.harness.state().has_posters());
    o.click("Search result");
    o.harness.get_by_label("Search result").type_text("SEEDANCE tower");
    o.harness.run_steps(2);
    assert!(there(&o, "1 of 3 listed") && there(&o, "Result a tower at dusk") && !there(&o, "Result a cat"));
    o.key(Modifiers::COMMAND, Key::A);
    o.key(Modifiers::NONE, Key::Backspace);
    let stars = o.harness.get_by_label("Stars at least").rect();
    let at = stars.left_center() + vec2(13.0 * 1.5, 0.0);
    o.harness.drag_at(at);
    o.harness.run_steps(1);
    o.harness.drop_at(at);
    o.harness.run_steps(2);
    assert!(there(&o, "2 of 3 listed") && !there(&o, "Result a cat"));
    o.harness.get_by_label("Stars at least").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Num5);
    assert!(there(&o, "1 of 3 listed") && there(&o, "Result a tower at dusk"));
}

#[test]
fn thousands_of_results_are_listed_of_which_those_in_view_are_shown() {
    let mut o = open(&small());
    let library = library(&o);
    let records = o.folder.path().join("home/library/.records");
    kept(&o, 10, facts("seedance", "number 0"), 0);
    let one = library.list().unwrap().remove(0);
    for n in 1..3000_u32 {
        let mut take = one.clone();
        take.id = format!("{n:032x}.png");
        take.made = u64::from(n);
        take.facts.prompt = format!("number {n}");
        std::fs::write(records.join(format!("{}.json", take.id)), serde_json::to_vec(&take).unwrap())
            .unwrap();
    }
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.wait_for("3000 listed");
    let shown = |o: &Open| o.harness.query_all_by_label_contains("Result number").count();
    assert!((2..40).contains(&shown(&o)), "{}", shown(&o));
    o.click("Search result");
    o.key(Modifiers::NONE, Key::ArrowDown);
    o.harness.run_steps(2);
    assert!(o.harness.get_by_label("Result number 0").is_focused(), "made just now, the newest");
    for _ in 0..20 {
        o.key(Modifiers::NONE, Key::ArrowDown);
        o.harness.run_steps(2);
    }
    assert!(o.harness.get_by_label("Result number 2980").is_focused(), "the list follows");
    let far = |o: &Open| o.harness.query_by_label("Result number 2980").is_none();
    o.key(Modifiers::NONE, Key::PageDown);
    o.key(Modifiers::NONE, Key::PageDown);
    o.harness.run_steps(2);
    assert!(far(&o));
    o.key(Modifiers::NONE, Key::PageUp);
    o.key(Modifiers::NONE, Key::PageUp);
    o.harness.run_steps(2);
    assert!(o.harness.get_by_label("Result number 2980").is_focused());
    assert!((2..40).contains(&shown(&o)), "{}", shown(&o));
}

#[test]
fn a_result_is_dragged_to_the_ground_or_onto_a_node() {
    let mut o = open(&moving());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.wait_for("Result a tower");
    let from = center(&o, "Result a tower");
    let ground = o.harness.get_by_label("Image to video (move)").rect().center_bottom() + vec2(0.0, 60.0);
    drag(&mut o, from, ground);
    assert_eq!(o.param("read", "path"), Some(json!(format!("take:{id}"))));
    assert_eq!(&*record(&o, "read").title, "a tower");
    assert!(take(&o).is_empty());
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(!o.has("read"), "one step");

    let node = center(&o, "Image to video (move)");
    o.harness.hover_at(from);
    o.harness.run_steps(1);
    o.harness.drag_at(from);
    o.harness.run_steps(1);
    for (to, said) in [
        (ground, "Drop to read it by a node of its own"),
        (node, "Drop to make it the take of Image to video"),
    ] {
        o.harness.hover_at(to);
        o.harness.run_steps(2);
        assert!(o.harness.query_by_label(said).is_some(), "{said}");
    }
    o.harness.drop_at(node);
    o.harness.run_steps(2);
    o.settle();
    assert!(!there(&o, "Drop to"));
    assert_eq!(take(&o), id, "it is the node's take");
    assert!(!o.has("read"));
    select(&mut o, "move");
    o.click("Inspector");
    o.settle();
    assert!(there(&o, "Take 1"), "and one of its takes");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(take(&o).is_empty());

    o.click("Library");
    o.settle();
    let reader = center(&o, "Read (file)");
    drag(&mut o, from, reader);
    assert_eq!(
        o.param("file", "path"),
        Some(json!(format!("take:{id}"))),
        "a node that reads takes its file"
    );
    let elsewhere = o.harness.get_by_label("Search result").rect().center();
    let nodes = o.harness.state().session().document.graph().nodes.size();
    drag(&mut o, from, elsewhere);
    assert_eq!(
        o.harness.state().session().document.graph().nodes.size(),
        nodes,
        "beside the graph is nowhere"
    );
}

#[test]
fn the_menu_of_a_result_uses_it_adds_it_and_copies_its_prompt() {
    let mut o = open(&moving());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    o.harness.state_mut().select("move", 0);
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.wait_for("More of a tower");
    o.click("More of a tower");
    o.harness.get_by_label("Copy the prompt").click();
    let copied = (0..3).any(|_| {
        o.harness.step();
        let commands = &o.harness.output().platform_output.commands;
        commands.iter().any(|c| matches!(c, egui::OutputCommand::CopyText(text) if text == "a tower"))
    });
    assert!(copied);
    o.click("More of a tower");
    o.click("Use in Image to video");
    o.settle();
    assert_eq!(take(&o), id);
    o.click("More of a tower");
    o.click("Add to the graph as media");
    o.settle();
    assert_eq!(o.param("read", "path"), Some(json!(format!("take:{id}"))));
}

#[test]
fn a_result_of_its_kind_is_used_by_the_selected_node_and_any_other_is_read() {
    let mut o = open(&moving());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    o.harness.state_mut().select("move", 0);
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.wait_for("Result a tower");
    o.harness.get_by_label("Result a tower").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert_eq!(take(&o), id);
    select(&mut o, "look");
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.harness.get_by_label("Result a tower").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(o.has("read"));
}

#[test]
fn media_at_hand_are_those_of_the_graph_and_those_used_lately() {
    let mut o = open(&moving());
    image(&o.folder.path().join("named.png"), 90);
    let away = tempfile::tempdir().unwrap();
    let other = flat(away.path(), "other.png", 70);
    let ground = o.harness.get_by_label("Image to video (move)").rect().center_bottom() + vec2(0.0, 60.0);
    o.harness.hover_at(ground);
    o.harness.run_steps(1);
    o.drop_in(&other);
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.click("Library: Media");
    o.settle();
    o.wait_for("Media named.png");
    until(&mut o, "no pictures", |o| o.harness.state().has_posters());
    let from = center(&o, "Media other.png");
    drag(&mut o, from, ground);
    assert_eq!(
        o.param("read", "path").as_ref().and_then(Value::as_str).map(Path::new),
        Some(other.as_path())
    );
    let from = center(&o, "Media named.png");
    let node = center(&o, "Image to video (move)");
    drag(&mut o, from, node);
    until(&mut o, "it is no take", |o| !take(o).is_empty());
}

#[test]
fn a_template_is_dropped_as_nodes_or_opened() {
    let mut o = open(&small());
    assert!(o.harness.state_mut().command("view.library"));
    o.settle();
    o.click("Library: Templates");
    o.settle();
    o.click("Search template");
    o.harness.get_by_label("Search template").type_text("camera");
    o.harness.run_steps(2);
    let label = {
        let found = o.harness.get_all_by_label_contains("Template ").next().unwrap();
        found.accesskit_node().label().unwrap()
    };
    let from = center(&o, &label);
    let ground = o.harness.get_by_label("Grade (grade)").rect().center_bottom() + vec2(0.0, 60.0);
    drag(&mut o, from, ground);
    let nodes = o.harness.state().session().document.graph().nodes.size();
    assert!(nodes > 3 && o.has("grade"), "its nodes stand beside those of the graph");
    assert_eq!(o.harness.state().selection().count(), nodes - 3, "and are selected");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.harness.state().session().document.graph().nodes.size(), 3);
    o.harness.get_by_label(&label).focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(!o.has("grade") && !o.harness.state().session().document.graph().nodes.is_empty());
}

#[test]
fn what_is_not_there_to_be_shown_is_told() {
    let mut o = open(&moving());
    let [_, bright] = two_takes(&mut o);
    std::fs::remove_file(o.folder.path().join("home/library").join(&bright)).unwrap();
    assert!(o.harness.state_mut().command("takes.show"));
    o.wait_for("The file is not there");
    assert!(!o.harness.state_mut().command("file.show_render"), "nothing was rendered");
}
