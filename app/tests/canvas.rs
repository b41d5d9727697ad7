//! The canvas and the search by their accessibility labels, over a made-up graph.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

mod common;

use egui::{Key, Modifiers, Pos2, Rect, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::canvas::view::{PortRef, Side};
use rushes::editor::canvas::{Canvas, CanvasAction, CanvasView};
use rushes::editor::commands::{Command, Keymap, Where};
use rushes::editor::search::{Outcome, Search};
use rushes::editor::theme::{Mode, Theme};
use rushes_engine::ValueType;

struct State {
    canvas: Canvas,
    view: CanvasView,
    search: Option<Search>,
    actions: Vec<CanvasAction>,
    outcome: Option<Outcome>,
    theme: Theme,
    ready: bool,
}

fn show(ui: &mut egui::Ui, s: &mut State) {
    if !s.ready {
        s.theme.install(ui.ctx());
        s.ready = true;
        return;
    }
    let panel = ui.ctx().content_rect();
    s.canvas.claim_keys(ui.ctx());
    let at = Where {
        canvas: s.canvas.is_in_use(),
        selected: !s.canvas.selection().is_empty(),
        timeline: false,
        typing: s.search.is_some() || s.canvas.wants_keys(),
        focused: false,
    };
    for command in Keymap::default().take(ui.ctx(), at) {
        if let Command::Canvas(command) = command {
            s.canvas.ask(command);
        }
    }
    for action in s.canvas.show(ui, panel, &s.theme, &s.view) {
        if let CanvasAction::OpenSearch { at, screen, from } = &action {
            s.search = Some(Search::new(*at, *screen, from.clone(), None));
        }
        s.actions.push(action);
    }
    if let Some(search) = &mut s.search {
        let outcome = search.show(ui, &s.theme, panel, &common::tools(), &common::fits());
        if outcome != Outcome::Open {
            s.search = None;
            s.canvas.close_search();
            s.outcome = Some(outcome);
        }
    }
}

fn harness(view: CanvasView) -> Harness<'static, State> {
    let mut canvas = Canvas::default();
    canvas.minimap = false;
    let theme = Theme::load(Mode::Dark).unwrap();
    let state = State { canvas, view, search: None, actions: vec![], outcome: None, theme, ready: false };
    let mut h = Harness::builder().with_size(vec2(1280.0, 1000.0)).build_ui_state(show, state);
    h.run_steps(3);
    // At 100 %, with room around the first node.
    h.state_mut().canvas.camera.zoom = 1.0;
    h.state_mut().canvas.camera.origin = pos2(-60.0, -60.0);
    h.run_steps(1);
    h.state_mut().actions.clear();
    h
}

fn center(h: &Harness<'_, State>, label: &str) -> Pos2 {
    h.get_by_label(label).rect().center()
}

/// Drags in steps, as a hand does.
fn drag(h: &mut Harness<'_, State>, from: Pos2, to: Pos2) {
    drag_with(h, Modifiers::NONE, from, to);
}

fn drag_with(h: &mut Harness<'_, State>, modifiers: Modifiers, from: Pos2, to: Pos2) {
    h.hover_at(from);
    h.run_steps(1);
    h.drag_at(from);
    h.run_steps(1);
    h.event(egui::Event::ModifiersChanged(modifiers));
    for i in 1..=4 {
        h.hover_at(from + (to - from) * (i as f32 / 4.0));
        h.run_steps(1);
    }
    let (pos, button) = (to, egui::PointerButton::Primary);
    h.event(egui::Event::PointerButton { pos, button, pressed: false, modifiers });
    h.run_steps(2);
}

fn key(h: &mut Harness<'_, State>, modifiers: Modifiers, key: Key) {
    h.key_press_modifiers(modifiers, key);
    h.run_steps(2);
}

fn only(h: &Harness<'_, State>) -> Vec<CanvasAction> {
    h.state().actions.iter().filter(|a| **a != CanvasAction::Selected).cloned().collect()
}

#[test]
fn a_wire_dragged_to_a_fitting_port_asks_for_a_connection() {
    let mut h = harness(common::graph(None));
    let (from, to) = (center(&h, "trim.clip output"), center(&h, "write.clip input"));
    drag(&mut h, from, to + vec2(6.0, 3.0));
    let wanted = CanvasAction::Connect {
        from: PortRef::new("trim", "clip"),
        to: PortRef::new("write", "clip"),
        leaves: None,
    };
    assert_eq!(only(&h), [wanted]);
}

#[test]
fn a_wire_that_does_not_fit_is_refused_in_words() {
    let mut h = harness(common::graph(None));
    let (from, to) = (center(&h, "trim.clip output"), center(&h, "anim.motion input"));
    drag(&mut h, from, to);
    assert_eq!(only(&h), [CanvasAction::Refused("Motion takes text, this is a clip".into())]);
}

#[test]
fn a_wire_that_would_make_a_loop_is_refused() {
    let mut h = harness(common::graph(None));
    // By an output or by an input, on a port or on the node.
    let ends = [
        ("blend.clip output", "up.clip input"),
        ("blend.clip output", "Upscale video (up)"),
        ("up.clip input", "Grain blend (blend)"),
    ];
    for (count, (from, to)) in ends.into_iter().enumerate() {
        let (from, to) = (center(&h, from), center(&h, to));
        drag(&mut h, from, to);
        let all = only(&h);
        let refused = |a: &CanvasAction| matches!(a, CanvasAction::Refused(why) if why.contains("loop"));
        assert!(all.len() == count + 1 && all.iter().all(refused), "{all:?}");
    }
}

#[test]
fn a_wire_dropped_on_nothing_opens_the_search_limited_to_what_fits() {
    let mut h = harness(common::graph(None));
    let from = center(&h, "stills.stills output");
    drag(&mut h, from, pos2(700.0, 360.0));
    let loose = match only(&h).as_slice() {
        [CanvasAction::OpenSearch { from: Some(loose), .. }] => loose.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((loose.side, loose.ty), (Side::Out, ValueType::ImageSet));
    assert!(h.query_by_label("Add Mood board").is_some(), "takes an image set");
    assert!(h.query_by_label("Add Grade").is_some(), "takes its first still");
    assert!(h.query_by_label("Add Text").is_none(), "takes nothing");
    h.get_by_label("Add Pick").click();
    h.run_steps(2);
    match h.state().outcome.clone() {
        Some(Outcome::Add { kind, from: Some(from), .. }) => {
            assert_eq!((kind.as_str(), from), ("generate/pick", loose));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn tab_searches_by_typing_and_enter_adds() {
    let mut h = harness(common::graph(None));
    let empty = pos2(650.0, 360.0);
    h.hover_at(empty);
    h.drag_at(empty);
    h.run_steps(1);
    h.drop_at(empty);
    h.run_steps(1);
    h.hover_at(empty);
    h.run_steps(1);
    key(&mut h, Modifiers::NONE, Key::Tab);
    h.run_steps(2);
    h.get_by_label("Search nodes").type_text("noise");
    h.run_steps(2);
    key(&mut h, Modifiers::NONE, Key::Enter);
    match h.state().outcome.clone() {
        Some(Outcome::Add { kind, at, from: None, after: false }) => {
            assert_eq!(kind, "finish/grain", "found by its search word");
            assert_eq!(at, pos2(590.0, 300.0), "where the pointer was");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_node_dropped_on_a_wire_is_inserted_and_alt_keeps_it_apart() {
    for alt in [false, true] {
        let mut h = harness(common::graph(None));
        let node = center(&h, "Trim (trim)");
        let (a, b) = (center(&h, "blend.clip output"), center(&h, "write.clip input"));
        let middle = a + (b - a) * 0.5;
        drag_with(&mut h, if alt { Modifiers::ALT } else { Modifiers::NONE }, node, middle);
        match (alt, only(&h).as_slice()) {
            (false, [CanvasAction::InsertOnWire { node, input, output, link, .. }]) => {
                assert_eq!((&**node, &**input, &**output), ("trim", "clip", "clip"));
                assert_eq!(*link, PortRef::new("write", "clip"));
            }
            (true, [CanvasAction::Move(_)]) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn moving_snaps_to_the_grid_and_takes_the_selection_along() {
    let mut h = harness(common::graph(None));
    h.get_by_label("Shot (shot)").click();
    h.run_steps(1);
    h.get_by_label("Generate still (stills)").click_modifiers(Modifiers::COMMAND);
    h.run_steps(1);
    let at = center(&h, "Shot (shot)") - vec2(0.0, 60.0);
    drag(&mut h, at, at + vec2(29.0, 51.0));
    match only(&h).as_slice() {
        [CanvasAction::Move(all)] => {
            let moved: Vec<_> = all.iter().map(|(id, p)| (&**id, *p)).collect();
            assert_eq!(moved, [("shot", pos2(32.0, 48.0)), ("stills", pos2(292.0, 48.0))]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wire_is_taken_off_its_input_and_put_elsewhere_or_cut() {
    let mut h = harness(common::graph(None));
    let (from, to) = (center(&h, "film.clip input"), center(&h, "trim.clip input"));
    drag(&mut h, from, to);
    let moved = CanvasAction::Connect {
        from: PortRef::new("up", "clip"),
        to: PortRef::new("trim", "clip"),
        leaves: Some(PortRef::new("film", "clip")),
    };
    assert_eq!(only(&h), [moved]);
    h.state_mut().actions.clear();
    drag(&mut h, from, pos2(640.0, 360.0));
    assert_eq!(only(&h), [CanvasAction::Disconnect(PortRef::new("film", "clip"))]);
}

#[test]
fn keys_act_on_the_selection() {
    let mut h = harness(common::graph(None));
    h.get_by_label("Film (film)").click();
    h.run_steps(1);
    key(&mut h, Modifiers::COMMAND, Key::B);
    key(&mut h, Modifiers::COMMAND, Key::M);
    key(&mut h, Modifiers::COMMAND, Key::D);
    key(&mut h, Modifiers::COMMAND, Key::G);
    key(&mut h, Modifiers::ALT, Key::C);
    key(&mut h, Modifiers::NONE, Key::Num2);
    h.event(egui::Event::Copy);
    h.run_steps(1);
    key(&mut h, Modifiers::NONE, Key::Delete);
    let film = || vec!["film".into()];
    let wanted = [
        CanvasAction::Bypass(film()),
        CanvasAction::Mute(film()),
        CanvasAction::Duplicate(film()),
        CanvasAction::Group(film()),
        CanvasAction::Collapse(film()),
        CanvasAction::View { slot: 2, node: "film".into() },
        CanvasAction::Copy(film()),
        CanvasAction::Delete(film()),
    ];
    assert_eq!(only(&h), wanted);
}

#[test]
fn a_box_selects_and_ctrl_click_toggles() {
    let mut h = harness(common::graph(None));
    drag(&mut h, pos2(20.0, 20.0), pos2(400.0, 200.0));
    let chosen = |h: &Harness<'_, State>| {
        h.state().canvas.selection().iter().map(|i| i.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(&h), ["shot", "stills"]);
    h.get_by_label("Shot (shot)").click_modifiers(Modifiers::COMMAND);
    h.run_steps(1);
    assert_eq!(chosen(&h), ["stills"]);
}

#[test]
fn tidy_puts_every_node_after_what_it_needs_and_none_on_another() {
    let view = common::graph(None);
    let theme = Theme::load(Mode::Dark).unwrap();
    let places = rushes::editor::canvas::tidy::tidy(&view, &Default::default(), &theme.tokens);
    assert_eq!(places.len(), view.nodes().len());
    let at = |id: &str| places.iter().find(|(i, _)| &**i == id).unwrap().1;
    for link in view.links() {
        assert!(at(&link.from.node).x < at(&link.to.node).x, "{:?}", link.to);
    }
    let rects: Vec<Rect> =
        places.iter().map(|(_, p)| Rect::from_min_size(*p, Vec2::new(184.0, 28.0))).collect();
    for (i, a) in rects.iter().enumerate() {
        assert!(rects[..i].iter().all(|b| !a.intersects(*b)));
    }
}

#[test]
fn of_a_thousand_nodes_only_those_in_view_are_laid_out() {
    let mut h = harness(common::many(1000, None));
    let nodes = |h: &Harness<'_, State>| h.query_all_by_label_contains("Grade (n").count();
    let seen = nodes(&h);
    assert!((1..=40).contains(&seen), "{seen} at 100 %");
    h.key_press(Key::Home);
    let empty = pos2(5.0, 5.0);
    h.drag_at(empty);
    h.drop_at(empty);
    h.run_steps(2);
    key(&mut h, Modifiers::NONE, Key::Home);
    h.run_steps(1);
    assert_eq!(nodes(&h), 1000, "all are there when all are in view");
    assert!(h.query_by_label("n0.clip output").is_none(), "from afar there are no ports");
}
