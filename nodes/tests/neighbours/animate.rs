//! Cameras: known points, stills at rest, moves by their names.

use crate::bench::{Bench, given, noise, picture, worst};
use rushes_gpu::Pixels;
use serde_json::{Value, json};

/// A picture whose colours tell where a pixel was.
fn chart(width: u32, height: u32) -> Pixels {
    picture(width, height, |x, y| {
        [0.2 + 0.6 * x as f32 / width as f32, 0.2 + 0.6 * y as f32 / height as f32, 0.5, 1.0]
    })
}

/// Where on a [`chart`] a colour was, in pixels.
fn place(c: [f32; 4], width: u32, height: u32) -> [f64; 2] {
    let part = |v: f32, length: u32| f64::from((v - 0.2) / 0.6) * f64::from(length) + 0.5;
    [part(c[0], width), part(c[1], height)]
}

#[test]
fn a_camera_at_rest_passes_the_still_for_every_frame() {
    let source = noise(8, 6, 0.0, 1.0);
    let bench = Bench::tool(&source, "animate/camera", json!({ "length": 10, "fov": 80 }));
    assert_eq!(bench.key("t", 0), bench.key("s", 0));
    assert_eq!(bench.key("t", 9), bench.key("s", 0));
    assert_eq!(bench.pixels("t", 7, 1), source);
    assert_eq!((bench.clip("t").frames, bench.clip("t").rate.unwrap().to_string()), (10, "24".into()));
}

#[test]
fn known_moves_show_known_points() {
    let (w, h) = (60_u32, 40_u32);
    let source = chart(w, h);
    let distance = 30.0 / 25f64.to_radians().tan();
    for (params, at, wanted) in [
        (json!({ "zoom": 2 }), [10, 10], [20.25, 15.25]),
        (json!({ "x": 7.5, "y": -3 }), [20, 20], [28.0, 17.5]),
        (json!({ "z": distance / 2.0 }), [10, 10], [20.25, 15.25]),
        // The right neighbour of the centre looks at what lies below it.
        (json!({ "roll": 90 }), [35, 20], [29.5, 25.5]),
        // By the formula of a pinhole: the centre of the view looks at the tangent of the turn.
        (
            json!({ "pan": 10 }),
            [30, 20],
            [30.0 + distance * (10f64.to_radians() + (0.5 / distance).atan()).tan(), 20.5],
        ),
    ] {
        let got = Bench::tool(&source, "animate/camera", params.clone()).out();
        let seen = place(got.at(at[0], at[1]).unwrap(), w, h);
        let off = (seen[0] - wanted[0]).abs().max((seen[1] - wanted[1]).abs());
        assert!(off < 0.05, "{params}: {seen:?}, not {wanted:?}");
    }
}

#[test]
fn borders_are_what_they_say() {
    let source = noise(12, 8, 0.2, 0.8);
    let left =
        |border: &str| Bench::tool(&source, "animate/camera", json!({ "x": -4, "border": border })).out();
    let at = |p: &Pixels, x: u32| p.at(x, 4).unwrap();
    let near = |a: [f32; 4], b: [f32; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
    let (source_at, edge) = (|x: u32| source.at(x, 4).unwrap(), source.at(0, 4).unwrap());
    assert!(near(at(&left("mirror"), 1), source_at(2)));
    assert!(near(at(&left("clamp"), 1), edge));
    assert!(near(at(&left("wrap"), 1), source_at(9)));
    assert_eq!(at(&left("black"), 0), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(at(&left("transparent"), 0)[3], 0.0);
}

#[test]
fn a_hand_shakes_by_its_seed_and_time_alone() {
    let source = chart(60, 40);
    let shaken = |seed: u32| Bench::tool(&source, "animate/camera", json!({ "handheld": 2, "seed": seed }));
    let bench = shaken(1);
    assert_ne!(bench.key("t", 0), bench.key("t", 1));
    let (a, b) = (bench.pixels("t", 3, 1), bench.pixels("t", 9, 1));
    assert!(worst(&a, &b, 2) > 1e-3);
    assert_eq!(a, shaken(1).pixels("t", 3, 1));
    assert!(worst(&a, &shaken(2).pixels("t", 3, 1), 2) > 1e-3);
}

fn shot(source: &Pixels, text: &str, params: Value) -> Bench {
    Bench::new(
        &[
            ("s", "test/source", given(source)),
            ("w", "test/words", json!({ "text": text })),
            ("t", "animate/image_to_video", params),
        ],
        &["s.clip t.clip", "w.text t.motion"],
    )
}

/// Where frame `frame` of the shot looks at its centre, and how much of the width it shows.
fn view(bench: &Bench, frame: i64, source: &Pixels) -> ([f64; 2], f64) {
    let got = bench.pixels("t", frame, 8);
    let place = |x: u32, y: u32| place(got.at(x, y).unwrap(), source.width, source.height);
    let (left, right) = (got.width / 4, got.width * 3 / 4);
    let (a, b) = (place(left, got.height / 2), place(right, got.height / 2));
    let shown = (b[0] - a[0]) / f64::from(source.width);
    (place(got.width / 2, got.height / 2), shown * f64::from(got.width) / f64::from(right - left))
}

#[test]
fn the_prompt_moves_the_camera() {
    let source = chart(128, 72);
    let ends = |text: &str| {
        let bench = shot(&source, text, json!({ "resolution": "480p", "duration_s": 1, "seed": 5 }));
        (view(&bench, 0, &source), view(&bench, 23, &source))
    };
    let (first, last) = ends("Push in. She turns her head");
    assert!((first.1 - 1.0).abs() < 0.01, "begins with the whole still: {}", first.1);
    assert!(last.1 < 0.97, "{}", last.1);
    let (first, last) = ends("Pull out. She turns her head");
    assert!(first.1 < 0.97 && (last.1 - 1.0).abs() < 0.01);
    let (first, last) = ends("Pan left. She turns her head");
    assert!(last.0[0] < first.0[0] - 1.5, "{first:?} {last:?}");
    let (first, last) = ends("Crane up. She turns her head");
    assert!(last.0[1] < first.0[1] - 0.5, "{first:?} {last:?}");
    let (first, last) = ends("Static camera. She turns her head");
    assert_eq!(first, last);
}

#[test]
fn the_words_count_and_are_told() {
    let source = chart(128, 72);
    let bench = |text: &str, params| shot(&source, text, params);
    let still = bench("Pan left", json!({ "camera_fixed": true }));
    assert!(still.words("t").join("; ").contains("static, as the camera is fixed"));
    assert!(
        bench("She smiles", json!({}))
            .words("t")
            .join("; ")
            .contains("Camera move (offline): push in, slowly")
    );
    assert_ne!(bench("Pan left", json!({})).key("t", 5), bench("Pan right", json!({})).key("t", 5));
    let clip = bench("Pan left", json!({ "duration_s": 1.5 })).clip("t");
    assert_eq!((clip.width, clip.height, clip.frames), (1920, 1080, 36));
    let advice = bench("Pan left", json!({ "resolution": "4k" })).advice("t");
    assert_eq!(advice[0].fix, [("resolution".into(), json!("1080p"))]);
    assert!(bench("Pan left", json!({})).advice("t").is_empty());
}

#[test]
fn a_shot_dissolves_into_its_end() {
    let (source, end) = (chart(128, 72), picture(128, 72, |_, _| [0.1, 0.9, 0.2, 1.0]));
    let bench = Bench::new(
        &[
            ("s", "test/source", given(&source)),
            ("e", "test/source", given(&end)),
            ("t", "animate/image_to_video", json!({ "resolution": "480p", "duration_s": 1 })),
        ],
        &["s.clip t.clip", "e.clip t.end"],
    );
    let last = bench.pixels("t", 23, 8);
    assert!(last.rgba.iter().all(|c| (c[0] - 0.1).abs() < 1e-3 && (c[1] - 0.9).abs() < 1e-3));
    let first = bench.pixels("t", 0, 8);
    let row = place(first.at(10, 30).unwrap(), 128, 72)[1];
    assert!((row - 30.5 * 72.0 / 60.0).abs() < 0.2, "{row}");
    assert!(worst(&bench.pixels("t", 17, 8), &last, 0) > 0.05);
}
