//! The viewer of the whole editor: how a picture is seen, two pictures at once, and what is measured of them.
//! What is seen is read from the screen and held against published formulas.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Modifiers, PointerButton, Pos2, Rect, vec2};
use egui_kittest::kittest::Queryable;
use opened::{Open, open, small};
use rushes::editor::panels::compare::{CompareAction, Mode};
use rushes::editor::panels::display::{Channel, DisplayAction, Ground};
use rushes::editor::panels::guides::{Aspect, GuideAction};
use rushes::editor::panels::scopes::ScopesAction;
use rushes::editor::panels::viewer::{StillFormat, ViewerAction};
use serde_json::{Value, json};

const SIZE: [f32; 2] = [64.0, 36.0];

/// Two patterns, a grade of the first, and nothing else.
fn patterns(first: &str, second: &str) -> Value {
    let pattern = |id: &str, name: &str| {
        json!({ "id": id, "kind": "generate/pattern", "version": 1, "at": [0, 0],
                "params": { "pattern": name, "width": 64, "height": 36, "length": 24 } })
    };
    json!({
        "rushes": 1, "title": "Patterns",
        "nodes": [ pattern("one", first), pattern("two", second),
            { "id": "grade", "kind": "finish/grade", "version": 1, "at": [260, 0], "params": { "exposure": -1 } } ],
        "links": [ { "from": "one.clip", "to": "grade.clip" } ],
        "groups": [], "notes": [], "view": {}
    })
}

fn panel(o: &Open) -> Rect {
    o.harness.get_by_label_contains("Picture of ").rect()
}

/// Where a picture of the test's size stands in `panel`.
fn place(panel: Rect) -> Rect {
    let size = vec2(SIZE[0], SIZE[1]);
    Rect::from_center_size(panel.center(), size * (panel.size() / size).min_elem())
}

/// Colours on the screen, 0 to 1, at the middles of pixels of the picture that stands at `place`.
fn colors(o: &mut Open, place: Rect, pixels: &[(u32, u32)]) -> Vec<[f64; 3]> {
    let image = o.harness.render().unwrap();
    let at = |(x, y): &(u32, u32)| {
        let share = vec2((*x as f32 + 0.5) / SIZE[0], (*y as f32 + 0.5) / SIZE[1]);
        let at = place.min + share * place.size();
        let p = image.get_pixel(at.x as u32, at.y as u32).0;
        [p[0], p[1], p[2]].map(|v| f64::from(v) / 255.0)
    };
    pixels.iter().map(at).collect()
}

fn see(o: &mut Open, action: DisplayAction) {
    o.harness.state_mut().on_viewer(ViewerAction::Display(action));
    o.settle();
}

fn compare(o: &mut Open, action: CompareAction) {
    o.harness.state_mut().on_viewer(ViewerAction::Compare(action));
    o.settle();
}

fn view(o: &mut Open, node: &str) {
    o.harness.state_mut().select(node, 0);
    o.settle();
}

fn near(got: [f64; 3], expected: [f64; 3], why: &str) {
    let off = got.iter().zip(expected).map(|(g, e)| (g - e).abs()).fold(0.0, f64::max);
    assert!(off < 1.6 / 255.0, "{why}: {got:?}, not {expected:?}");
}

/// The ramp: code x over 63.
fn ramp(x: u32) -> f64 {
    f64::from(x) / 63.0
}

#[test]
fn exposure_is_stops_of_light_and_gamma_an_exponent_of_codes() {
    let mut o = open(&small());
    view(&mut o, "bars");
    let place = place(panel(&o));
    let xs = [3, 17, 30, 44, 60];
    let pixels = xs.map(|x| (x, 20));
    for (exposure, gamma) in [(0.0, 1.0), (1.0, 1.0), (-2.0, 1.0), (0.0, 2.0), (0.5, 0.7)] {
        see(&mut o, DisplayAction::Exposure(exposure));
        see(&mut o, DisplayAction::Gamma(gamma));
        for (got, x) in colors(&mut o, place, &pixels).into_iter().zip(xs) {
            // BT.1886: light is the code to the power 2.4.
            let light = ramp(x).powf(2.4) * f64::from(exposure).exp2();
            let expected = light.powf(1.0 / 2.4).powf(1.0 / f64::from(gamma)).min(1.0);
            near(got, [expected; 3], &format!("exposure {exposure}, gamma {gamma}, code {}", ramp(x)));
        }
    }
    see(&mut o, DisplayAction::Reset);
    near(colors(&mut o, place, &[(30, 20)])[0], [ramp(30); 3], "as it is");
}

#[test]
fn the_readout_tells_the_true_value_however_it_is_seen() {
    let mut o = open(&small());
    view(&mut o, "bars");
    o.harness.state_mut().on_viewer(ViewerAction::Proxy(1));
    see(&mut o, DisplayAction::Exposure(3.0));
    let place = place(panel(&o));
    o.harness.hover_at(place.min + vec2(21.5, 10.5) * place.width() / SIZE[0]);
    o.harness.run_steps(1);
    o.wait_for("Pixel x 21 y 10: 0.333 0.333 0.333, 85 85 85");
}

#[test]
fn one_channel_is_seen_as_grey() {
    let mut o = open(&patterns("bars", "ramp"));
    view(&mut o, "one");
    let place = place(panel(&o));
    let pixels: Vec<(u32, u32)> = (0..7).map(|bar| (bar * 9 + 4, 10)).collect();
    let whole = colors(&mut o, place, &pixels);
    assert!(whole.iter().any(|c| c[0] > c[1] + 0.3), "there is colour: {whole:?}");
    let channels = [
        (Channel::Red, [1.0, 0.0, 0.0]),
        (Channel::Green, [0.0, 1.0, 0.0]),
        (Channel::Blue, [0.0, 0.0, 1.0]),
        // BT.709's luma.
        (Channel::Luma, [0.2126, 0.7152, 0.0722]),
    ];
    for (channel, weights) in channels {
        see(&mut o, DisplayAction::Channel(channel));
        for (got, rgb) in colors(&mut o, place, &pixels).into_iter().zip(&whole) {
            let expected = rgb.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>();
            near(got, [expected; 3], channel.word());
        }
    }
    see(&mut o, DisplayAction::Channel(Channel::Alpha));
    near(colors(&mut o, place, &pixels)[0], [1.0; 3], "alpha of an opaque picture");
}

#[test]
fn false_colour_stands_for_the_level_whatever_the_exposure() {
    let mut o = open(&small());
    view(&mut o, "bars");
    let place = place(panel(&o));
    see(&mut o, DisplayAction::FalseColor);
    see(&mut o, DisplayAction::Exposure(2.0));
    // Mid grey lies from 38 to 42 per cent, skin from 52 to 56; between them the picture is grey.
    let got = colors(&mut o, place, &[(25, 5), (34, 5), (30, 5), (63, 5), (0, 5)]);
    let [mid, skin, between, white, black] = got.as_slice() else { panic!() };
    assert!(mid[1] > mid[0] && mid[1] > mid[2], "green: {mid:?}");
    assert!(skin[0] > skin[1] && skin[2] > skin[1], "pink: {skin:?}");
    near(*between, [ramp(30); 3], "grey");
    assert!(white[0] > 2.0 * white[1], "red: {white:?}");
    assert!(black[2] > black[1], "purple: {black:?}");
    assert!(o.harness.query_by_label_contains("False colour, levels in per cent").is_some());
}

#[test]
fn stripes_lie_only_where_the_signal_is_above_the_threshold() {
    let mut o = open(&small());
    view(&mut o, "bars");
    let place = place(panel(&o));
    see(&mut o, DisplayAction::ZebraFrom(0.5));
    see(&mut o, DisplayAction::Zebra);
    let image = o.harness.render().unwrap();
    let dark = |x: u32| {
        let side = place.width() / SIZE[0];
        let left = place.left() + x as f32 * side;
        let all: Vec<bool> = (0..60)
            .flat_map(|y| (1..side as u32).map(move |dx| (dx, y)))
            .map(|(dx, y)| image.get_pixel(left as u32 + dx, place.center().y as u32 - 30 + y).0[0] == 0)
            .collect();
        all.iter().filter(|d| **d).count() as f64 / all.len() as f64
    };
    assert_eq!(dark(31), 0.0, "0.49 is below");
    assert!((dark(40) - 0.4).abs() < 0.08, "two fifths are stripes: {}", dark(40));
}

#[test]
fn what_is_transparent_stands_on_the_chosen_ground() {
    let mut graph = patterns("ramp", "ramp");
    graph["nodes"].as_array_mut().unwrap().push(json!({
        "id": "half", "kind": "finish/transform", "version": 1, "at": [520, 0], "params": { "scale": 0.5 } }));
    graph["links"].as_array_mut().unwrap().push(json!({ "from": "one.clip", "to": "half.clip" }));
    let mut o = open(&graph);
    view(&mut o, "half");
    let place = place(panel(&o));
    let outside = [(2, 2), (2, 4), (4, 2), (60, 30), (5, 33), (33, 33)];
    let squares = colors(&mut o, place, &outside);
    assert!(squares.iter().all(|c| c[0] > 0.1), "squares: {squares:?}");
    see(&mut o, DisplayAction::Ground(Ground::Black));
    assert!(colors(&mut o, place, &outside).iter().all(|c| *c == [0.0; 3]));
    see(&mut o, DisplayAction::Ground(Ground::Matte));
    assert!(colors(&mut o, place, &outside).iter().all(|c| c[0] > 2.0 * c[1]), "a red film");
}

#[test]
fn a_wipe_shows_a_left_of_its_line_and_b_right_of_it_and_the_line_is_dragged() {
    let mut o = open(&patterns("ramp", "ramp"));
    view(&mut o, "one");
    o.harness.state_mut().put_on_key(2, "grade");
    compare(&mut o, CompareAction::Mode(Mode::Wipe));
    let place = place(panel(&o));
    let darker = |x: u32| (ramp(x).powf(2.4) / 2.0).powf(1.0 / 2.4);
    let got = colors(&mut o, place, &[(28, 10), (36, 10)]);
    near(got[0], [ramp(28); 3], "A");
    near(got[1], [darker(36); 3], "B");
    assert!(o.harness.query_by_label("A Pattern").is_some() && o.harness.query_by_label("B Grade").is_some());
    let from = o.harness.get_by_label("Wipe between A and B").rect().center();
    drag(&mut o, from, from - vec2(place.width() * 0.25, 0.0), Modifiers::NONE);
    let got = colors(&mut o, place, &[(12, 10), (28, 10)]);
    near(got[0], [ramp(12); 3], "A left of the line");
    near(got[1], [darker(28); 3], "B where A was");
    compare(&mut o, CompareAction::Swap);
    near(colors(&mut o, place, &[(28, 10)])[0], [ramp(28); 3], "B is A now");
}

fn drag(o: &mut Open, from: Pos2, to: Pos2, modifiers: Modifiers) {
    let press =
        |pos, pressed| egui::Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
    o.harness.event(egui::Event::ModifiersChanged(modifiers));
    o.harness.event(egui::Event::PointerMoved(from));
    o.harness.run_steps(1);
    o.harness.event(press(from, true));
    o.harness.run_steps(1);
    for share in [0.3, 0.6, 1.0] {
        o.harness.event(egui::Event::PointerMoved(from + (to - from) * share));
        o.harness.run_steps(1);
    }
    o.harness.event(press(to, false));
    o.harness.run_steps(2);
    o.harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    o.harness.run_steps(1);
}

#[test]
fn side_by_side_both_are_whole_and_a_difference_is_what_lies_between_them() {
    let mut o = open(&patterns("ramp", "ramp"));
    view(&mut o, "one");
    o.harness.state_mut().put_on_key(3, "grade");
    compare(&mut o, CompareAction::Mode(Mode::Side));
    let (left, right) = panel(&o).split_left_right_at_x(panel(&o).center().x.round());
    let (a, b) = (place(left.with_max_x(left.right() - 1.0)), place(right.with_min_x(right.left() + 1.0)));
    let darker = |x: u32| (ramp(x).powf(2.4) / 2.0).powf(1.0 / 2.4);
    near(colors(&mut o, a, &[(50, 20)])[0], [ramp(50); 3], "A");
    near(colors(&mut o, b, &[(50, 20)])[0], [darker(50); 3], "B");
    compare(&mut o, CompareAction::Mode(Mode::Difference));
    let place = place(panel(&o));
    for gain in [1.0, 3.0] {
        compare(&mut o, CompareAction::Gain(gain));
        let expected = ((ramp(40) - darker(40)) * f64::from(gain)).min(1.0);
        near(colors(&mut o, place, &[(40, 20)])[0], [expected; 3], "the difference");
    }
    compare(&mut o, CompareAction::Mode(Mode::Difference));
    near(colors(&mut o, place, &[(40, 20)])[0], [ramp(40); 3], "asked for again, A alone");
}

#[test]
fn the_header_brings_a_wipe_and_puts_exposure_back() {
    let mut o = open(&small());
    view(&mut o, "bars");
    assert!(o.harness.query_by_label("Wipe between A and B").is_none(), "there is nothing to compare with");
    o.harness.state_mut().put_on_key(2, "grade");
    o.harness.run_steps(2);
    o.click("Wipe between A and B");
    o.settle();
    assert!(o.harness.query_by_label("B Grade").is_some());
    o.click("Show A alone");
    assert!(o.harness.query_by_label("B Grade").is_none());
    o.harness.set_size(vec2(1920.0, 1080.0));
    o.harness.run_steps(3);
    see(&mut o, DisplayAction::Exposure(1.5));
    o.click("Exposure in stops; drag, click for 0: f/+1.5");
    assert!(o.harness.query_by_label("Exposure in stops; drag, click for 0: f/0.0").is_some());
    o.click("How the picture is seen");
    o.click("Transparency: Black");
    o.click("Zebra");
    assert!(o.harness.query_by_label("Zebra").is_some(), "the popup stays for the next click");
}

#[test]
fn guides_lie_over_the_picture_and_a_shape_darkens_what_is_cut() {
    let mut o = open(&small());
    view(&mut o, "bars");
    let place = place(panel(&o));
    let shape = |aspect| ViewerAction::Guides(GuideAction::Aspect(aspect));
    o.harness.state_mut().on_viewer(shape(Some(Aspect::Square)));
    o.harness.run_steps(2);
    let got = colors(&mut o, place, &[(55, 20), (40, 20)]);
    assert!(got[0][0] < 0.6 * ramp(55), "outside the square: {got:?}");
    near(got[1], [ramp(40); 3], "inside");
    o.harness.state_mut().on_viewer(shape(None));
    o.harness.run_steps(2);
    near(colors(&mut o, place, &[(55, 20)])[0], [ramp(55); 3], "no shape");
}

#[test]
fn the_viewer_alone_fills_the_window_and_escape_brings_the_rest_back() {
    let mut o = open(&small());
    view(&mut o, "bars");
    let before = panel(&o);
    o.click("Full screen");
    o.harness.run_steps(2);
    assert!(panel(&o).width() == 1280.0 && panel(&o).height() > 680.0, "{:?}", panel(&o));
    assert!(o.harness.query_by_label("Play").is_some(), "the transport stays");
    assert!(o.harness.query_by_label("Inspector").is_none());
    o.key(Modifiers::NONE, egui::Key::Escape);
    assert_eq!(panel(&o), before);
}

/// Whether the scopes say so.
fn told(o: &Open, words: &str) -> bool {
    o.harness.query_by_label(words).is_some()
}

#[test]
fn figures_are_of_the_whole_frame_or_of_the_area_that_was_drawn() {
    let mut o = open(&small());
    view(&mut o, "bars");
    o.harness.state_mut().on_viewer(ViewerAction::Proxy(1));
    assert!(o.harness.query_by_label_contains("Mean ").is_none(), "nothing is measured while it is not seen");
    o.click("Scopes");
    o.settle();
    // The mean of 0 to 63 over 63.
    assert!(told(&o, "Mean 0.500 0.500 0.500"));
    assert!(told(&o, "Max 1.000 1.000 1.000"));
    assert!(told(&o, "Clipped 1.6 % high 1.6 % low"), "one column of 64 either way");
    assert!(o.harness.query_by_label("Parade").is_some());
    o.click("Show the waveform of luma: Parade");
    assert!(o.harness.query_by_label("Waveform").is_some());
    let place = place(panel(&o));
    let at = |x: f32, y: f32| place.min + vec2(x, y) * place.width() / SIZE[0];
    drag(&mut o, at(10.2, 8.2), at(20.8, 29.8), Modifiers::SHIFT);
    o.settle();
    // Columns 10 to 20: their mean is 15 over 63.
    assert!(told(&o, "Mean 0.238 0.238 0.238"));
    assert!(told(&o, "Area 11×22 at 10 8"));
    near(colors(&mut o, place, &[(40, 20)])[0], [ramp(40); 3], "the picture has not moved");
    o.click("Back to the whole frame");
    o.settle();
    assert!(told(&o, "Mean 0.500 0.500 0.500"));
}

#[test]
fn a_wide_window_has_a_column_of_scopes_and_a_narrow_one_a_tab() {
    let mut o = open(&small());
    view(&mut o, "bars");
    assert!(o.harness.query_by_label("Vectorscope").is_none());
    o.harness.set_size(vec2(1920.0, 1080.0));
    o.harness.run_steps(3);
    o.settle();
    let scopes = o.harness.get_by_label("Vectorscope").rect();
    assert!(
        scopes.width() > 190.0 && o.harness.query_by_label("Inspector").is_some(),
        "beside the inspector"
    );
    o.harness.state_mut().on_viewer(ViewerAction::Scopes(ScopesAction::Show));
    o.harness.run_steps(2);
    assert!(o.harness.query_by_label("Vectorscope").is_none());
}

/// Five stills that ship, one of which is taken.
fn stills() -> Value {
    let images: Vec<Value> =
        (1..=5).map(|n| json!({ "file": format!("asset:stills/person_{n}.jpg") })).collect();
    json!({
        "rushes": 1, "title": "Stills",
        "nodes": [
            { "id": "shot", "kind": "plan/shot", "version": 1, "at": [-260, 0],
              "params": { "action": "she smiles", "framing": "medium_close_up", "subject": "an astronaut" } },
            { "id": "stills", "kind": "generate/still", "version": 1, "at": [0, 0], "params": { "images": images } },
            { "id": "pick", "kind": "generate/pick", "version": 1, "at": [260, 0], "params": { "choice": 2 } }
        ],
        "links": [ { "from": "stills.images", "to": "pick.images" }, { "from": "shot.still", "to": "stills.text" } ],
        "groups": [], "notes": [], "view": {}
    })
}

#[test]
fn a_still_of_the_sheet_is_picked_by_a_click_and_the_pick_is_undone() {
    let mut o = open(&stills());
    view(&mut o, "stills");
    let card = |o: &Open, n: usize| o.harness.get_by_label_contains(&format!("Still {n} of 5")).rect();
    let width = card(&o, 1).width();
    assert!((1..=5).all(|n| card(&o, n).width() == width && width > 120.0), "all are as large as each other");
    let image = o.harness.render().unwrap();
    let inner = card(&o, 4);
    let mut inside = (inner.top() as u32..inner.bottom() as u32)
        .flat_map(|y| (inner.left() as u32..inner.right() as u32).map(move |x| (x, y)));
    let is_orange = |p: [u8; 4]| p[0] > 150 && p[0] > p[2].saturating_add(80);
    assert!(inside.any(|(x, y)| is_orange(image.get_pixel(x, y).0)), "the suit of the still is orange");
    o.harness.get_by_label_contains("Still 4 of 5").click();
    o.harness.run_steps(2);
    o.settle();
    assert_eq!(o.param("pick", "choice"), Some(json!(3)));
    o.key(Modifiers::COMMAND, egui::Key::Z);
    assert_eq!(o.param("pick", "choice"), Some(json!(2)));
}

#[test]
fn a_still_that_nobody_takes_is_not_picked() {
    let mut graph = stills();
    graph["links"].as_array_mut().unwrap().remove(0);
    let mut o = open(&graph);
    view(&mut o, "stills");
    o.harness.get_by_label_contains("Still 4 of 5").click();
    o.harness.run_steps(3);
    o.settle();
    assert_eq!(o.param("pick", "choice"), Some(json!(2)));
}

#[test]
fn a_saved_frame_is_the_one_that_the_command_line_writes() {
    use rushes::session::{FrameFile, Options, Session};
    use rushes_engine::Cancel;
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    // Seen darker and at a coarse scale: neither is saved.
    see(&mut o, DisplayAction::Exposure(-3.0));
    o.harness.state_mut().on_viewer(ViewerAction::Proxy(4));
    o.settle();
    for (name, format, bits) in
        [("a.png", StillFormat::Png8, 8), ("b.png", StillFormat::Png16, 16), ("c.exr", StillFormat::Exr, 8)]
    {
        let (seen, written) = (o.folder.path().join(name), o.folder.path().join(format!("cli_{name}")));
        o.harness.state_mut().save_frame(&seen, format);
        o.settle();
        let home = rushes::home::Home::at(&o.folder.path().join("other")).unwrap();
        let mut session = Session::new(Options { home: Some(home), ..Options::default() }).unwrap();
        session.open(&o.graph).unwrap();
        let (node, cancel) = ("grade".parse().unwrap(), Cancel::new());
        let frame = session.frame(&node, 0, 1, &cancel).unwrap();
        let file = FrameFile { node: &node, frame: &frame, out: &written, bits };
        session.write_frame(file, &cancel).unwrap();
        assert_eq!(std::fs::read(&seen).unwrap(), std::fs::read(&written).unwrap(), "{name}");
    }
    o.harness.run_steps(2);
    o.wait_for("Saved c.exr");
}

#[test]
fn a_and_b_play_in_step_though_one_is_slower() {
    let mut graph = patterns("counter", "noise");
    graph["nodes"][1]["params"]["width"] = json!(480);
    graph["nodes"][1]["params"]["height"] = json!(270);
    let blur = json!({ "id": "slow", "kind": "finish/blur", "version": 1, "at": [520, 0], "params": { "sigma": 12 } });
    graph["nodes"].as_array_mut().unwrap().push(blur);
    graph["links"].as_array_mut().unwrap().push(json!({ "from": "two.clip", "to": "slow.clip" }));
    let mut o = open(&graph);
    view(&mut o, "one");
    o.harness.state_mut().on_viewer(ViewerAction::Proxy(1));
    o.harness.state_mut().put_on_key(2, "slow");
    compare(&mut o, CompareAction::Mode(Mode::Side));
    assert_eq!(o.harness.state().frames_seen(), Some([0, 0]));
    o.click("Play");
    let mut seen = std::collections::BTreeSet::new();
    // The playhead keeps the clock's time, so which frames it comes to is not asked for, only that they change.
    while seen.len() < 4 {
        o.harness.run_steps(1);
        let [a, b] = o.harness.state().frames_seen().unwrap();
        assert_eq!(a, b, "what is seen together belongs together");
        seen.insert(a);
    }
}

#[test]
fn what_is_said_in_place_of_a_picture_keeps_to_its_side_of_the_line() {
    let mut graph = patterns("ramp", "bars");
    graph["nodes"][0] = json!({ "id": "one", "kind": "finish/blur", "version": 1, "at": [0, 0] });
    let mut o = open(&graph);
    view(&mut o, "two");
    let place = place(panel(&o));
    let pixels: Vec<(u32, u32)> = (4..7).map(|bar| (bar * 9 + 4, 20)).collect();
    let alone = colors(&mut o, place, &pixels);
    view(&mut o, "one");
    o.harness.state_mut().put_on_key(2, "two");
    compare(&mut o, CompareAction::Mode(Mode::Wipe));
    for (share, letter) in [(0.5, "A"), (0.4, "A"), (0.5, "B")] {
        compare(&mut o, CompareAction::Wipe(share));
        if letter == "B" {
            compare(&mut o, CompareAction::Swap);
        }
        let panel = panel(&o);
        let line = panel.left() + panel.width() * share;
        let words = o.harness.get_by_label_contains("is not connected").rect();
        let own = if letter == "A" { panel.with_max_x(line) } else { panel.with_min_x(line) };
        assert!(own.contains_rect(words), "{letter} at {share}: {words} is not in {own}");
        assert!((words.center().x - own.center().x).abs() < 1.0, "it stands in the middle");
        if letter == "A" {
            assert_eq!(colors(&mut o, place, &pixels), alone, "the other picture is there all the same");
        }
    }
    // Where a side has no room for words there are none.
    compare(&mut o, CompareAction::Wipe(0.95));
    assert!(o.harness.query_by_label_contains("is not connected").is_none());
}
