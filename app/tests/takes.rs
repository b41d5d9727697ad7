//! Takes of a node in the whole editor: rated, locked, compared and played in step.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;
#[path = "common/takes.rs"]
mod takes;

use egui::{Key, Modifiers, Rect, vec2};
use egui_kittest::kittest::Queryable;
use open::{Open, asset, open};
use rushes::editor::panels::compare::{CompareAction, Mode};
use rushes::editor::panels::viewer::ViewerAction;
use std::time::{Duration, Instant};
use takes::{MOVE, flat, library, with_takes};

/// Two takes of the node `move`: dark, then bright, which it plays.
fn two_takes(o: &mut Open) -> [String; 2] {
    let dark = flat(o.folder.path(), "dark.png", 51);
    o.drop_on(MOVE, &dark);
    let first = o.take();
    let bright = flat(o.folder.path(), "bright.png", 204);
    o.drop_on(MOVE, &bright);
    o.select("move");
    [first, o.take()]
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
    let mut o = open(&with_takes());
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
    o.until("the stars are not kept", |o| rating(o, &dark) == 4 && rating(o, &bright) == 2);
    assert_eq!(o.take(), bright, "rating chooses nothing");

    o.click("More of dark.png");
    o.harness.get_by_label("Name").click();
    o.harness.run_steps(2);
    o.harness.get_by_label("Name").type_text("keeper");
    o.harness.run_steps(2);
    o.until("the name is not kept", |o| library(o).get(&dark).unwrap().remarks.name == "keeper");
    assert_eq!(rating(&o, &dark), 4, "the stars stay");
    o.key(Modifiers::NONE, Key::Enter);
    o.key(Modifiers::NONE, Key::Escape);
    assert!(o.harness.query_by_label("Take keeper").is_some() && !o.there("Copy"));
    assert_eq!(o.harness.state().session().document.undo_labels().count(), steps, "the graph is as it was");
}

#[test]
fn a_locked_take_keeps_its_place_until_it_is_unlocked() {
    let mut o = open(&with_takes());
    let [dark, bright] = two_takes(&mut o);
    o.click("Lock the take, so that nothing takes its place");
    assert!(o.node("move").locked);
    o.click("Take dark.png");
    o.settle();
    assert_eq!(o.take(), bright);
    o.wait_for("The take is locked");
    let third = flat(o.folder.path(), "third.png", 10);
    o.drop_on(MOVE, &third);
    assert_eq!(o.take(), bright, "one that is brought is kept beside it");
    o.select("move");
    o.wait_for("Take third.png");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(!o.node("move").locked, "locking is a step that is undone");
    o.click("Take dark.png");
    o.settle();
    assert_eq!(o.take(), dark);
    assert!(o.harness.state_mut().command("takes.newer"));
    assert_eq!(o.take(), bright);
}

#[test]
fn two_takes_are_compared_in_what_follows_them() {
    let mut o = open(&with_takes());
    let [dark, bright] = two_takes(&mut o);
    o.select("look");
    assert_eq!(halves(&mut o), [204, 204]);
    o.harness.get_by_label(MOVE).click();
    o.settle();
    o.click("Takes in the viewer: Compare");
    o.settle();
    assert!(o.there("A Grade") && o.there("B dark.png"), "the node that is viewed stays");
    assert_eq!(halves(&mut o), [204, 51], "A left, B right");
    assert_eq!(o.take(), bright, "looking changes nothing");
    let line = o.center("Wipe between A and B");
    o.drag(line, line - vec2(200.0, 0.0));
    assert_eq!(halves(&mut o), [51, 51]);
    o.drag(line - vec2(200.0, 0.0), line);
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Mode(Mode::Difference)));
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Gain(1.0)));
    o.settle();
    assert_eq!(halves(&mut o), [153, 153]);
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Mode(Mode::Wipe)));
    o.harness.state_mut().on_viewer(ViewerAction::Compare(CompareAction::Swap));
    o.settle();
    assert_eq!(o.take(), dark, "swapped, the node plays what B was");
    assert_eq!(halves(&mut o), [51, 204]);
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.take(), bright);
    o.click("Takes in the viewer: Compare");
    o.settle();
    assert!(!o.there("B dark.png"));
    assert_eq!(halves(&mut o), [204, 204]);
}

#[test]
fn takes_inside_of_a_sub_graph_are_compared_locked_and_added_there() {
    let mut o = open(&with_takes());
    let [_, bright] = two_takes(&mut o);
    o.select("look");
    o.harness.get_by_label(MOVE).click();
    o.settle();
    o.command("graph.make_sub_graph");
    o.command("graph.enter");
    o.harness.get_by_label(MOVE).click();
    o.settle();
    o.wait_for("Take dark.png");
    o.command("takes.compare");
    assert!(o.there("A Grade") && o.there("B dark.png"), "what is viewed is outside");
    assert_eq!(halves(&mut o), [204, 51]);
    o.command("takes.lock");
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
    let mut o = open(&with_takes());
    two_takes(&mut o);
    o.select("file");
    o.harness.get_by_label(MOVE).click();
    o.settle();
    o.command("takes.compare");
    assert!(o.there("A Image to video") && o.there("B dark.png"));
    assert_eq!(halves(&mut o), [204, 51]);
}

#[test]
fn takes_play_in_step() {
    let mut o = open(&with_takes());
    o.drop_on(MOVE, &asset("clips/big_buck_bunny.mp4"));
    let made = o.rendered("bars", None, "made.mp4");
    o.drop_on(MOVE, &made);
    o.select("look");
    o.harness.get_by_label(MOVE).click();
    o.settle();
    o.command("takes.compare");
    assert!(o.there("B big_buck_bunny.mp4"));
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
fn what_is_not_there_to_be_shown_is_told() {
    let mut o = open(&with_takes());
    let [_, bright] = two_takes(&mut o);
    std::fs::remove_file(o.folder.path().join("home/library").join(&bright)).unwrap();
    assert!(o.harness.state_mut().command("takes.show"));
    o.wait_for("The file is not there");
    assert!(!o.harness.state_mut().command("file.show_render"), "nothing was rendered");
}
