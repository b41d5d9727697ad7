//! Faces held to what dlib finds in the same pixels: `golden.json`, made by `golden.py`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use proptest::prelude::*;
use rushes_engine::Cancel;
use rushes_models::Picture;
use rushes_models::face::{Descriptor, Face, Faces, Point, Rect};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

static FACES: LazyLock<Faces> = LazyLock::new(Faces::new);
static GOLDEN: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("golden.json")).unwrap());

/// How far a network may be from another's sums of the same floats.
const OFF: f64 = 1e-3;

fn still(name: &str) -> Picture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/stills").join(name);
    let picture = image::open(path).unwrap().to_rgb8();
    let (width, height) = picture.dimensions();
    let raw = picture.into_raw();
    let check: u64 = raw.iter().enumerate().map(|(i, v)| u64::from(*v) * (i as u64 % 65521 + 1)).sum();
    assert_eq!(
        GOLDEN[name]["check"].as_u64(),
        Some(check),
        "{name}: the decoder gives other pixels than golden.json was made from; make it again"
    );
    Picture::new(width as usize, height as usize, raw.as_chunks::<3>().0.to_vec()).unwrap()
}

/// The pixels of a picture, each taken from where `from` says.
fn remade(
    of: &Picture,
    width: usize,
    height: usize,
    from: impl Fn(usize, usize) -> (usize, usize),
) -> Picture {
    let pixel = |i: usize| {
        let (x, y) = from(i % width, i / width);
        of.pixels()[y * of.width() + x]
    };
    Picture::new(width, height, (0..width * height).map(pixel).collect()).unwrap()
}

fn picture(name: &str) -> Picture {
    let astronaut = || still("astronaut.jpg");
    match name {
        "large" => remade(&astronaut(), 660, 600, |x, y| (120 + x / 3, 40 + y / 3)),
        "two" => remade(&astronaut(), 1024, 512, |x, y| (if x < 512 { x } else { 1023 - x }, y)),
        name => still(name),
    }
}

fn find(picture: &Picture) -> Vec<Face> {
    FACES.find(picture, &Cancel::new()).unwrap()
}

fn describe(picture: &Picture, face: &Face) -> Descriptor {
    FACES.describe(picture, face, &Cancel::new()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn largest(ours: impl Iterator<Item = f64>, theirs: &[f64]) -> f64 {
    ours.zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn faces_are_those_that_dlib_finds() {
    let mut worst = BTreeMap::<&str, f64>::new();
    let mut note = |what, off: f64| {
        let known = worst.entry(what).or_default();
        *known = known.max(off);
    };
    for (name, golden) in &*GOLDEN {
        let picture = picture(name);
        let found = find(&picture);
        let theirs = golden["faces"].as_array().unwrap();
        assert_eq!(found.len(), theirs.len(), "{name}: {found:?}");
        // Two faces that are one mirrored are nearly as sure; which comes first is not held.
        for golden in theirs {
            let [left, top, right, bottom] = numbers(&golden["rect"])[..] else { panic!("{name}") };
            let off = |face: &Face| {
                let Rect { left: l, top: t, right: r, bottom: b } = face.rect;
                largest([l, t, r, b].into_iter().map(|v| v as f64), &[left, top, right, bottom])
            };
            let face = found.iter().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap();
            note("rectangle", off(face));
            note("confidence", (f64::from(face.confidence) - golden["confidence"].as_f64().unwrap()).abs());
            let points: Vec<f64> = golden["points"].as_array().unwrap().iter().flat_map(numbers).collect();
            note("points", largest(face.points.iter().flat_map(|p| [p.x as f64, p.y as f64]), &points));
            let chip = FACES.chip(&picture, face).unwrap();
            let every_sixth = (0..25 * 25).flat_map(|i| chip.pixels()[i / 25 * 6 * 150 + i % 25 * 6]);
            note("chip", largest(every_sixth.map(f64::from), &numbers(&golden["chip"])));
            let ours = describe(&picture, face);
            let theirs = numbers(&golden["numbers"]);
            assert_eq!(theirs.len(), ours.numbers().len());
            note("numbers", largest(ours.numbers().iter().map(|v| f64::from(*v)), &theirs));
        }
    }
    assert_eq!((worst["rectangle"], worst["points"], worst["chip"]), (0.0, 0.0, 0.0), "{worst:?}");
    assert!(worst["confidence"] < OFF && worst["numbers"] < OFF, "{worst:?}");
}

#[test]
fn one_person_is_nearer_to_herself_than_dlib_asks() {
    let of = |name: &str| {
        let picture = picture(name);
        describe(&picture, &find(&picture)[0])
    };
    let ada = of("astronaut.jpg");
    assert!(ada.distance(&ada) == 0.0);
    for name in ["person_1.jpg", "person_2.jpg", "person_3.jpg", "person_4.jpg", "person_5.jpg", "large"] {
        let theirs = |name: &str| numbers(&GOLDEN[name]["faces"][0]["numbers"]);
        let squares =
            theirs(name).iter().zip(theirs("astronaut.jpg")).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let (ours, theirs) = (ada.distance(&of(name)), squares.sqrt());
        assert!(ours < Descriptor::SAME && (ours - theirs).abs() < OFF, "{name}: {ours} {theirs}");
    }
}

#[test]
fn work_that_nobody_waits_for_stops() {
    let cancel = Cancel::new();
    cancel.cancel();
    let picture = picture("person_1.jpg");
    assert!(FACES.find(&picture, &cancel).unwrap_err().is_cancelled());
    let face = Face {
        rect: Rect { left: 168, top: 69, right: 263, bottom: 164 },
        confidence: 1.0,
        points: [Point { x: 200, y: 100 }; 5],
    };
    assert!(FACES.describe(&picture, &face, &cancel).unwrap_err().is_cancelled());
}

#[test]
fn a_picture_that_is_none_is_refused() {
    assert!(Picture::new(2, 2, vec![[0; 3]; 3]).is_err());
    assert!(Picture::new(usize::MAX, 2, Vec::new()).is_err());
    assert!(Picture::new(2049, 1, vec![[0; 3]; 2049]).unwrap_err().help_text().contains("2048"));
    assert!(find(&Picture::new(0, 0, Vec::new()).unwrap()).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_picture_is_looked_at_and_any_face_described(
        (width, height) in prop_oneof![(0usize..90, 0usize..90), (1usize..5, 1usize..1500), (1usize..1500, 1usize..5)],
        seed in any::<u32>(),
        rect in prop::array::uniform4(-3000i64..3000),
        points in prop::array::uniform5((-3000i64..3000, -3000i64..3000)),
    ) {
        let noise = |i: usize| (i as u32 ^ seed).wrapping_mul(0x9e37_79b9).to_le_bytes();
        let rgb = (0..width * height).map(|i| { let [_, a, b, c] = noise(i); [a, b, c] }).collect();
        let picture = Picture::new(width, height, rgb).unwrap();
        for face in find(&picture) {
            prop_assert!(face.confidence > 0.0);
        }
        let [left, top, right, bottom] = rect;
        let points = points.map(|(x, y)| Point { x, y });
        let face = Face { rect: Rect { left, top, right, bottom }, confidence: 1.0, points };
        let same = Face { points: [Point { x: 7, y: 7 }; 5], ..face.clone() };
        for face in [face, same] {
            prop_assert!(describe(&picture, &face).numbers().iter().all(|v| v.is_finite()));
        }
    }
}
