//! The finishing tools in whole graphs, through the real engine.

use crate::bench::{Bench, ffmpeg, png};
use rushes_gpu::Pixels;
use serde_json::{Value, json};

fn pattern(pattern: &str, width: u32, height: u32, length: u64) -> Value {
    json!({ "pattern": pattern, "width": width, "height": height, "length": length })
}

fn worst(a: &Pixels, b: &Pixels) -> f32 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    a.rgba.iter().flatten().zip(b.rgba.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn blend(params: Value, top: Value) -> Bench {
    Bench::new(
        &[
            ("bottom", "generate/pattern", pattern("ramp", 64, 36, 12)),
            ("top", "generate/pattern", top),
            ("blend", "finish/blend", params),
        ],
        &["bottom.clip blend.bottom", "top.clip blend.top"],
    )
}

#[test]
fn a_shorter_top_loops_or_leaves_the_bottom_alone() {
    let looped = blend(json!({ "mode": "screen" }), pattern("counter", 64, 36, 5));
    assert_eq!(looped.key("blend", 1), looped.key("blend", 6));
    assert_ne!(looped.key("blend", 1), looped.key("blend", 2));
    let once = looped.set("blend", "loop_top", json!(false));
    assert_eq!(once.key("blend", 1), looped.key("blend", 1));
    assert_eq!(once.key("blend", 5), once.key("bottom", 5));
    assert!(
        looped.words("blend").join(" ").contains("loops") && once.words("blend").join(" ").contains("ends")
    );
    let none = looped.set("blend", "opacity", json!(0.0));
    assert_eq!(none.key("blend", 3), none.key("bottom", 3));
}

#[test]
fn a_top_of_another_shape_is_fitted() {
    let top = json!({ "pattern": "bars", "width": 20, "height": 20, "length": 1 });
    let bench = blend(json!({ "mode": "normal", "fit": "fit" }), top);
    let bottom = bench.pixels("bottom", 0, 1);
    let fitted = bench.pixels("blend", 0, 1);
    let same = |x: u32| bottom.at(x, 18) == fitted.at(x, 18);
    assert!(same(3) && same(60) && !same(20), "a square in the middle, 14 pixels from the sides");
    let filled = bench.set("blend", "fit", json!("fill")).pixels("blend", 0, 1);
    let stretched = bench.set("blend", "fit", json!("stretch")).pixels("blend", 0, 1);
    assert!(filled.at(2, 18) != bottom.at(2, 18) && stretched.at(2, 18) != bottom.at(2, 18));
    assert_ne!(bench.key("blend", 0), bench.set("blend", "fit", json!("fill")).key("blend", 0));
}

#[test]
fn a_mask_says_where() {
    let bench = Bench::new(
        &[
            ("bottom", "generate/pattern", pattern("ramp", 64, 36, 3)),
            ("top", "generate/pattern", pattern("noise", 64, 36, 3)),
            ("mask", "generate/pattern", pattern("checker", 64, 36, 3)),
            ("blend", "finish/blend", json!({})),
        ],
        &["bottom.clip blend.bottom", "top.clip blend.top", "mask.clip blend.mask"],
    );
    let [bottom, top, mask, out] = ["bottom", "top", "mask", "blend"].map(|n| bench.pixels(n, 1, 1));
    for (i, out) in out.rgba.iter().enumerate() {
        let m = mask.rgba[i];
        let m = 0.2126 * m[0] + 0.7152 * m[1] + 0.0722 * m[2];
        let want = bottom.rgba[i][1] * (1.0 - m) + top.rgba[i][1] * m;
        assert!((out[1] - want).abs() < 2e-3, "{out:?} {want}");
    }
}

#[test]
fn grain_in_one_is_plate_and_blend() {
    let bench = Bench::new(
        &[
            ("clip", "generate/pattern", pattern("ramp", 64, 36, 6)),
            ("plate", "finish/grain_plate", json!({ "width": 64, "height": 36, "seed": 4 })),
            ("two", "finish/blend", json!({ "mode": "overlay", "opacity": 0.3 })),
            ("one", "finish/grain", json!({ "seed": 4 })),
            ("own", "finish/grain", json!({ "seed": 9 })),
        ],
        &[
            "clip.clip two.bottom",
            "plate.clip two.top",
            "clip.clip one.clip",
            "clip.clip own.clip",
            "plate.clip own.plate",
        ],
    );
    for frame in [0, 5] {
        let [two, one, own] = ["two", "one", "own"].map(|n| bench.pixels(n, frame, 1));
        assert!(worst(&two, &one) < 2e-3 && worst(&two, &own) < 2e-3);
    }
    assert!(worst(&bench.pixels("one", 0, 1), &bench.pixels("one", 1, 1)) > 0.01, "grain lives");
    // A wired plate leaves seed and stock without meaning, and `centre` moves one that is off.
    assert_eq!(bench.key("own", 2), bench.set("own", "seed", json!(1)).key("own", 2));
    let off = bench.set("plate", "stock", json!("8mm"));
    assert_ne!(off.key("own", 2), bench.key("own", 2));
    assert!(bench.advice("two").is_empty() && bench.advice("one").is_empty());
    let loud = bench.set("two", "opacity", json!(0.9)).set("two", "mode", json!("screen"));
    let rules: Vec<_> = loud.advice("two").iter().map(|a| a.rule).collect();
    assert_eq!(rules, ["grain_overlay", "grain_amount"]);
}

#[test]
fn a_proxy_of_grain_is_near_the_mean_of_the_full_picture() {
    let bench = Bench::new(
        &[
            ("clip", "generate/pattern", pattern("ramp", 64, 36, 6)),
            ("grain", "finish/grain", json!({ "stock": "16mm" })),
        ],
        &["clip.clip grain.clip"],
    );
    let (full, half) = (bench.pixels("grain", 2, 1), bench.pixels("grain", 2, 2));
    for y in 0..18 {
        for x in 0..32 {
            let at = |dx, dy| full.at(2 * x + dx, 2 * y + dy).unwrap()[1];
            let mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.0;
            assert!((half.at(x, y).unwrap()[1] - mean).abs() < 0.01);
        }
    }
}

#[test]
fn work_after_the_grain_is_advised_against() {
    let bench = Bench::new(
        &[
            ("clip", "generate/pattern", pattern("ramp", 64, 36, 6)),
            ("before", "finish/grade", json!({ "exposure": 0.5 })),
            ("grain", "finish/grain", json!({})),
            ("after", "finish/grade", json!({ "exposure": 0.5 })),
            ("again", "finish/grain", json!({})),
        ],
        &[
            "clip.clip before.clip",
            "before.clip grain.clip",
            "grain.clip after.clip",
            "after.clip again.clip",
        ],
    );
    let rules = |node: &str| bench.advice(node).iter().map(|a| a.rule).collect::<Vec<_>>();
    assert!(rules("before").is_empty() && rules("grain").is_empty());
    assert_eq!((rules("after"), rules("again")), (vec!["grain_last"], vec!["grain_twice"]));
}

#[test]
fn a_lut_is_read_from_its_file_and_counts_by_its_content() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("swap.cube");
    let name = path.to_str().unwrap();
    let write = |red: &str| {
        let mut text = String::from("TITLE \"Swap\"\nLUT_3D_SIZE 2\n");
        for i in 0..8 {
            text += &format!("{} {} {red}\n", i / 4, (i / 2) % 2).replace("red", &(i % 2).to_string());
        }
        std::fs::write(&path, text).unwrap();
    };
    write("red");
    let nodes = |file: &str| {
        [
            ("clip", "generate/pattern", pattern("bars", 32, 18, 1)),
            ("lut", "finish/lut", json!({ "file": file })),
        ]
    };
    let links = ["clip.clip lut.clip"];
    let bench = Bench::new(&nodes(name), &links);
    assert!(bench.words("lut").join(" ").contains("Swap · 2×2×2"));
    let (clip, out) = (bench.pixels("clip", 0, 1), bench.pixels("lut", 0, 1));
    for (a, b) in clip.rgba.iter().zip(&out.rgba) {
        let a = a.map(|v| v.clamp(0.0, 1.0));
        assert!((0..3).all(|c| (a[c] - b[2 - c]).abs() < 2e-3), "{a:?} {b:?}");
    }
    let key = bench.key("lut", 0);
    write("0.5");
    assert_ne!(Bench::new(&nodes(name), &links).key("lut", 0), key);
    std::fs::write(&path, "nothing").unwrap();
    assert!(!Bench::new(&nodes(name), &links).error("lut").help_text().is_empty());
    let open = Bench::new(&nodes(""), &links);
    assert_eq!(open.key("lut", 0), open.key("clip", 0));
}

#[test]
fn a_shot_is_matched_to_a_board_without_flicker() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (warm, warmer) = (file("warm.png"), file("warmer.png"));
    png(&warm, 48, 32, [220, 150, 90]);
    png(&warmer, 48, 32, [120, 70, 30]);
    let bench = Bench::new(
        &[
            ("clip", "generate/pattern", pattern("counter", 64, 36, 30)),
            ("still", "time/hold", json!({ "frame": 3, "length": 30 })),
            ("board", "plan/mood_board", json!({ "images": [warm, warmer] })),
            ("match", "finish/match", json!({})),
            ("held", "finish/match", json!({})),
            ("tint", "finish/grade", json!({})),
        ],
        &[
            "clip.clip match.clip",
            "board.style match.style",
            "clip.clip still.clip",
            "still.clip held.clip",
            "board.style held.style",
            "clip.clip tint.clip",
            "board.style tint.style",
        ],
    );
    let out = bench.pixels("match", 7, 1);
    let mean = |p: &Pixels, c: usize| p.rgba.iter().map(|v| v[c]).sum::<f32>() / p.rgba.len() as f32;
    assert!(mean(&out, 0) > mean(&out, 2) + 0.1, "the board is warm");
    assert_eq!(bench.key("held", 2), bench.key("held", 20), "a held frame stays one frame");
    let none = bench.set("match", "strength", json!(0.0));
    assert_eq!(none.key("match", 7), none.key("clip", 7));
    let (plain, tinted) = (bench.pixels("clip", 7, 1), bench.pixels("tint", 7, 1));
    assert!(mean(&tinted, 0) - mean(&tinted, 2) > mean(&plain, 0) - mean(&plain, 2) + 0.01);
    assert!(none.set("match", "strength", json!(2.0)).error("match").help_text().contains('1'));
}

#[test]
fn pictures_of_high_range_are_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pq.mp4");
    let name = path.to_str().unwrap();
    ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=64x36:r=24:d=0.2",
        "-pix_fmt",
        "yuv420p10le",
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
        "-color_primaries",
        "bt2020",
        "-color_trc",
        "smpte2084",
        "-colorspace",
        "bt2020nc",
        name,
    ]);
    let bench = Bench::new(
        &[
            ("read", "edit/read", json!({ "path": name })),
            ("grain", "finish/grain", json!({})),
            ("plate", "finish/grain_plate", json!({ "width": 64, "height": 36 })),
            ("over", "finish/blend", json!({ "mode": "overlay" })),
            ("board", "plan/mood_board", json!({})),
            ("match", "finish/match", json!({})),
        ],
        &[
            "read.clip grain.clip",
            "read.clip over.bottom",
            "plate.clip over.top",
            "read.clip match.clip",
            "board.style match.style",
        ],
    );
    for node in ["grain", "over", "match"] {
        let error = bench.error(node);
        assert!(
            error.what().contains("PQ") && error.help_text().contains("color to bt2020"),
            "{node}: {error}"
        );
    }
    // What the help says helps.
    let helped = bench.set("read", "color", json!("bt2020"));
    for node in ["grain", "over", "match"] {
        helped.clip(node);
    }
}

#[test]
fn film_moves_with_time_only_while_it_weaves() {
    let bench = Bench::new(
        &[
            ("clip", "generate/pattern", pattern("ramp", 64, 36, 6)),
            ("held", "time/hold", json!({ "length": 6 })),
            ("film", "finish/film", json!({ "vignette": 0.5 })),
            ("box", "finish/letterbox", json!({})),
        ],
        &["clip.clip held.clip", "held.clip film.clip", "film.clip box.clip"],
    );
    assert_eq!(bench.key("film", 0), bench.key("film", 4));
    let weaving = bench.set("film", "gate_weave", json!(1.0));
    assert_ne!(weaving.key("film", 0), weaving.key("film", 4));
    let out = bench.pixels("box", 0, 1);
    assert_eq!(out.at(30, 0), Some([0.0, 0.0, 0.0, 1.0]));
    assert!(out.at(30, 18).is_some_and(|p| p[0] > 0.1));
}
