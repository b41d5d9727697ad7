//! Reading and cutting, held against the `ffmpeg` program and against formulas.

use crate::bench::{Bench, ffmpeg, png};
use rushes_engine::{Desc, Key};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder and what lies in it.
struct Media(TempDir);

impl Media {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    /// A clip whose every frame differs, made by FFmpeg with `arguments`.
    fn clip(&self, name: &str, source: &str, arguments: &[&str]) -> String {
        let path = self.path(name);
        ffmpeg(&[&["-f", "lavfi", "-i", source], arguments, &[path.as_str()]].concat());
        path
    }
}

fn read(path: &str, params: Value) -> Bench {
    let mut params = params;
    params["path"] = json!(path);
    Bench::new(&[("read", "edit/read", params)], &[])
}

fn keys(bench: &Bench, node: &str) -> Vec<Key> {
    (0..i64::try_from(bench.clip(node).frames).unwrap()).map(|f| bench.key(node, f)).collect()
}

/// Which frames of `of` the frames of `bench` are, by their keys.
fn places(bench: &Bench, of: &[Key]) -> Vec<usize> {
    keys(bench, "read").iter().map(|k| of.iter().position(|o| o == k).unwrap()).collect()
}

#[test]
fn frames_keep_their_keys_however_they_are_reached() {
    let media = Media::new();
    let path = media.clip("a.mkv", "testsrc2=s=32x24:r=24:d=1", &["-c:v", "ffv1"]);
    let plain = read(&path, json!({}));
    let of = keys(&plain, "read");
    assert_eq!(of.len(), 24);
    assert_eq!(of.iter().collect::<std::collections::BTreeSet<_>>().len(), 24);
    assert_eq!(places(&read(&path, json!({"start": 5, "end": 8})), &of), [5, 6, 7]);
    // At another rate by the formula: the frame on screen at N / fps seconds.
    for fps in [60_usize, 10] {
        let wanted: Vec<usize> = (0..fps).map(|n| (n * 24 / fps).min(23)).collect();
        assert_eq!(places(&read(&path, json!({"fps": fps.to_string()})), &of), wanted, "{fps}");
    }
    let slow = read(&path, json!({"fps": "12", "timing": "source"}));
    assert_eq!(
        (places(&slow, &of), slow.clip("read").rate.unwrap().to_string()),
        ((0..24).collect(), "12".into())
    );
    // Equal content under another name, and what is only said of the file.
    let copy = media.path("b.mkv");
    std::fs::copy(&path, &copy).unwrap();
    assert_eq!(keys(&read(&copy, json!({"licence": "CC0", "credit": "us", "source_url": "x"})), "read"), of);
    assert!(keys(&read(&path, json!({"range": "full"})), "read").iter().all(|k| !of.contains(k)));
    assert_eq!(read(&path, json!({})).advice("read")[0].rule, "licence_unknown");
    assert!(read(&path, json!({"licence": "CC0"})).advice("read").is_empty());
    assert!(read(&path, json!({"start": 24})).error("read").help_text().contains("23"));
}

#[test]
fn a_variable_rate_plays_in_true_time() {
    let media = Media::new();
    // Every frame n is shown at n² / 24 seconds.
    let path = media.clip(
        "v.mkv",
        "testsrc2=s=32x24:r=24:d=0.25",
        &["-vf", "settb=1/1000,setpts=N*N*1000/24", "-fps_mode", "passthrough", "-c:v", "ffv1"],
    );
    let source = read(&path, json!({"timing": "source"}));
    assert!(source.words("read").iter().any(|w| w.contains("differently long")));
    let of = keys(&source, "read");
    assert_eq!(of.len(), 6);
    let conformed = places(&read(&path, json!({"fps": "24", "end": 26})), &of);
    let wanted: Vec<usize> = (0..26_usize).map(|n| (0..6).rev().find(|s| s * s <= n).unwrap()).collect();
    assert_eq!(conformed, wanted);
}

#[test]
fn pixels_are_those_of_ffmpeg_and_tags_can_be_overridden() {
    let media = Media::new();
    let path = media.clip(
        "c.mkv",
        "testsrc2=s=32x24:r=24:d=0.2,format=yuv444p",
        &["-c:v", "ffv1", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709"],
    );
    let planes = ffmpeg(&["-i", &path, "-f", "rawvideo", "-pix_fmt", "yuv444p", "-"]);
    let size = 32 * 24;
    // The matrices of BT.709 and BT.601 on 8-bit codes, limited or full range.
    let rgb = |frame: usize, i: usize, kr: f64, kb: f64, limited: bool| {
        let code = |p: usize| f64::from(planes[(3 * frame + p) * size + i]);
        let (y, u, v) = if limited {
            ((code(0) - 16.0) / 219.0, (code(1) - 128.0) / 224.0, (code(2) - 128.0) / 224.0)
        } else {
            (code(0) / 255.0, (code(1) - 128.0) / 255.0, (code(2) - 128.0) / 255.0)
        };
        let (r, b) = (y + 2.0 * (1.0 - kr) * v, y + 2.0 * (1.0 - kb) * u);
        [r, (y - kr * r - kb * b) / (1.0 - kr - kb), b]
    };
    for (params, kr, kb, limited) in [
        (json!({}), 0.2126, 0.0722, true),
        (json!({"color": "bt601_pal"}), 0.299, 0.114, true),
        (json!({"range": "full"}), 0.2126, 0.0722, false),
    ] {
        let picture = read(&path, params.clone()).pixels("read", 3, 1);
        for (i, pixel) in picture.rgba.iter().enumerate() {
            let wanted = rgb(3, i, kr, kb, limited);
            let near = pixel.iter().zip(wanted).all(|(a, b)| (f64::from(*a) - b).abs() < 1.0 / 1024.0);
            assert!(near, "{params} {i}: {pixel:?} {wanted:?}");
        }
    }
}

#[test]
fn a_proxy_is_the_mean_light_of_its_pixels() {
    let media = Media::new();
    let path = media.clip("p.png", "testsrc2=s=30x22:r=24,format=rgb24", &["-frames:v", "1"]);
    let bench = read(&path, json!({}));
    assert!(bench.clip("read").is_still());
    let (full, proxy) = (bench.pixels("read", 0, 1), bench.pixels("read", 0, 4));
    assert_eq!((proxy.width, proxy.height), (8, 6));
    for y in 0..6 {
        for x in 0..8 {
            let inside = (0..4).flat_map(|j| (0..4).map(move |i| (4 * x + i, 4 * y + j)));
            let light: Vec<f32> = inside.filter_map(|(x, y)| full.at(x, y)).map(|p| p[1].powf(2.4)).collect();
            let mean = (light.iter().sum::<f32>() / light.len() as f32).powf(1.0 / 2.4);
            assert!((proxy.at(x, y).unwrap()[1] - mean).abs() < 1.0 / 1024.0, "{x} {y}");
        }
    }
}

#[test]
fn alpha_is_read_as_it_is_meant() {
    let media = Media::new();
    let colour = "color=0x804020:s=8x8,format=rgba,colorchannelmixer=aa=0.501960784";
    let path = media.clip("a.png", colour, &["-frames:v", "1"]);
    let pixel = |params: Value| read(&path, params).pixels("read", 0, 1).at(4, 4).unwrap();
    let near = |a: [f32; 4], b: [f32; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1.0 / 1024.0);
    let (r, g, b, a) = (128.0 / 255.0, 64.0 / 255.0, 32.0 / 255.0, 128.0 / 255.0);
    assert!(near(pixel(json!({})), [r, g, b, a]), "{:?}", pixel(json!({})));
    assert!(near(pixel(json!({"alpha": "ignore"})), [r, g, b, 1.0]));
    assert!(near(pixel(json!({"alpha": "premultiplied"})), [r / a, g / a, b / a, a]));
    assert!(read(&path, json!({})).clip("read").alpha);
    assert!(!read(&path, json!({"alpha": "ignore"})).clip("read").alpha);
}

#[test]
fn sound_comes_with_the_frames_it_belongs_to() {
    let media = Media::new();
    let path = media.path("s.mkv");
    let picture = "testsrc2=s=32x24:r=24:d=2";
    let tone = "sine=frequency=440:sample_rate=48000:d=2";
    ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        picture,
        "-f",
        "lavfi",
        "-i",
        tone,
        "-c:v",
        "ffv1",
        "-c:a",
        "pcm_s16le",
        &path,
    ]);
    let bench = read(&path, json!({"start": 12, "end": 36}));
    let Desc::Audio(sound) = bench.desc("read", 1) else { panic!("no sound") };
    assert_eq!((sound.samples, sound.pieces.len()), (48_000, 1));
    let piece = &sound.pieces[0];
    assert!((piece.start_s - 0.5).abs() < 1e-9 && piece.at_s == 0.0 && (piece.length_s - 1.0).abs() < 1e-9);
    assert_eq!(bench.clip("read").audio.as_deref(), Some(&sound));
    let slow = bench.set("read", "timing", json!("source")).set("read", "fps", json!("12"));
    assert!(slow.clip("read").audio.is_none());
    let wav = media.path("s.wav");
    ffmpeg(&["-f", "lavfi", "-i", "sine=sample_rate=44100:d=2", &wav]);
    let alone = read(&wav, json!({"start": 6, "end": 30, "credit": "somebody"}));
    let Desc::Audio(voice) = alone.desc("read", 1) else { panic!("no sound") };
    assert_eq!((voice.sample_rate, voice.samples, voice.pieces[0].start_s), (44_100, 44_100, 0.25));
    assert!(alone.pixels("read", 0, 1).rgba.iter().all(|p| *p == [0.0, 0.0, 0.0, 1.0]));
    assert!(alone.words("read").contains(&"credit: somebody".to_owned()));
    // Through the tools of time: a trim of half a second on, then twice.
    let nodes = [
        ("read", "edit/read", json!({"path": path})),
        ("trim", "time/trim", json!({"start": 12, "end": 24})),
        ("loop", "time/loop", json!({"times": 2})),
    ];
    let bench = Bench::new(&nodes, &["read.clip trim.clip", "trim.clip loop.clip"]);
    let sound = bench.clip("loop").audio.unwrap();
    let pieces: Vec<_> = sound.pieces.iter().map(|p| (p.start_s, p.length_s, p.at_s)).collect();
    assert_eq!(pieces, [(0.5, 0.5, 0.0), (0.5, 0.5, 0.5)]);
}

/// Shots of flat colour as tall as wide, `frames` long.
fn shots(lengths: &[u32], params: Value) -> Bench {
    let names: Vec<String> = (0..lengths.len()).map(|i| format!("s{i}")).collect();
    let clip = |length: &u32| json!({"pattern": "counter", "width": 32, "height": 32, "length": length, "fps": "24"});
    let mut nodes: Vec<_> =
        names.iter().zip(lengths).map(|(n, l)| (n.as_str(), "generate/pattern", clip(l))).collect();
    nodes.push(("seq", "edit/sequence", params));
    let links: Vec<String> =
        names.iter().enumerate().map(|(i, n)| format!("{n}.clip seq.clip{}", i + 1)).collect();
    Bench::new(&nodes, &links.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn cuts_pass_the_shots_own_frames() {
    let bench = shots(&[3, 2, 4], json!({}));
    assert_eq!(bench.clip("seq").frames, 9);
    let wanted: Vec<Key> = ["s0", "s1", "s2"].iter().flat_map(|s| keys(&bench, s)).collect();
    assert_eq!(keys(&bench, "seq"), wanted);
}

#[test]
fn dissolves_mix_by_their_formula_and_shorten_the_whole() {
    let bench = shots(&[5, 6, 4], json!({"dissolves": [3, 0]}));
    assert_eq!(bench.clip("seq").frames, 12);
    assert_eq!(bench.key("seq", 1), bench.key("s0", 1));
    assert_eq!(bench.key("seq", 5), bench.key("s1", 3));
    assert_eq!(bench.key("seq", 8), bench.key("s2", 0));
    for k in 0..3_u32 {
        let frame = i64::from(k);
        let (a, b) = (bench.pixels("s0", 2 + frame, 1), bench.pixels("s1", frame, 1));
        let mixed = bench.pixels("seq", 2 + frame, 1);
        let w = (k + 1) as f32 / 4.0;
        for ((a, b), m) in a.rgba.iter().zip(&b.rgba).zip(&mixed.rgba) {
            assert!((a[0] * (1.0 - w) + b[0] * w - m[0]).abs() < 1.0 / 1024.0, "{k}: {a:?} {b:?} {m:?}");
        }
    }
    let same = |d: Value| bench.set("seq", "dissolves", d).key("seq", 3);
    assert_eq!(same(json!([3])), bench.key("seq", 3), "another cut's dissolve does not count");
    assert_ne!(same(json!([2])), bench.key("seq", 3));
    assert!(bench.set("seq", "dissolves", json!([6])).error("seq").what().contains("5 frames"));
    assert!(bench.set("seq", "dissolves", json!([1, 1, 1])).error("seq").what().contains("no cut"));
}

#[test]
fn other_shots_are_fitted_retimed_and_said_so() {
    let media = Media::new();
    let still = media.path("still.png");
    png(&still, 16, 32, [255, 255, 255]);
    let nodes = [
        (
            "a",
            "generate/pattern",
            json!({"pattern": "counter", "width": 64, "height": 32, "length": 4, "fps": "24"}),
        ),
        (
            "b",
            "generate/pattern",
            json!({"pattern": "counter", "width": 64, "height": 32, "length": 5, "fps": "12"}),
        ),
        ("c", "edit/read", json!({"path": still})),
        ("seq", "edit/sequence", json!({})),
    ];
    let bench = Bench::new(&nodes, &["a.clip seq.clip1", "b.clip seq.clip2", "c.clip seq.clip3"]);
    assert_eq!(bench.clip("seq").frames, 4 + 10 + 1);
    let shown: Vec<Key> = (4..14).map(|f| bench.key("seq", f)).collect();
    // Frame n at 24 begins nearest to frame n / 2 at 12; halfway the earlier one.
    let wanted: Vec<Key> = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4].iter().map(|f| bench.key("b", *f)).collect();
    assert_eq!(shown, wanted);
    let words = bench.words("seq").join("; ");
    assert!(
        words.contains("clip2 runs at 12") && words.contains("clip3 is 16×32") && words.contains("a still")
    );
    // 16×32 lies in the middle of 64×32 with black beside it, at full scale and as a proxy.
    for (proxy, width) in [(1, 64_u32), (2, 32)] {
        let picture = bench.pixels("seq", 14, proxy);
        let row: Vec<f32> = (0..width).map(|x| picture.at(x, 5).unwrap()[0]).collect();
        let wanted: Vec<f32> =
            (0..width).map(|x| if (width * 3 / 8..width * 5 / 8).contains(&x) { 1.0 } else { 0.0 }).collect();
        assert!(row.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-3), "{row:?}");
    }
}

#[test]
fn a_larger_shot_is_scaled_as_zscale_scales_it() {
    let media = Media::new();
    let path = media.clip("big.png", "testsrc2=s=48x36,format=rgb24,gblur=1", &["-frames:v", "1"]);
    let nodes = [
        ("a", "generate/pattern", json!({"pattern": "ramp", "width": 32, "height": 24, "length": 1})),
        ("b", "edit/read", json!({"path": path})),
        ("seq", "edit/sequence", json!({})),
    ];
    let bench = Bench::new(&nodes, &["a.clip seq.clip1", "b.clip seq.clip2"]);
    let ours = bench.pixels("seq", 1, 1);
    // The same in floats: power 2.4 to light, Lanczos of three lobes, and back.
    let raw = ffmpeg(&["-i", &path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
    let encoded: Vec<f32> = raw.iter().map(|c| f32::from(*c) / 255.0).collect();
    let planes: Vec<u8> = [1, 2, 0]
        .iter()
        .flat_map(|c| encoded.iter().skip(*c).step_by(3).map(|v| v.powf(2.4)))
        .flat_map(f32::to_le_bytes)
        .collect();
    let raw_in = media.path("light.raw");
    std::fs::write(&raw_in, planes).unwrap();
    let out = ffmpeg(&[
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gbrpf32le",
        "-s",
        "48x36",
        "-i",
        &raw_in,
        "-vf",
        "zscale=w=32:h=24:filter=lanczos:param_a=3",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gbrpf32le",
        "-",
    ]);
    let floats: Vec<f32> = out.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    let mut worst = 0_f32;
    for (i, pixel) in ours.rgba.iter().enumerate() {
        // The edge is mirrored there and drawn out here: three lobes from it they are the same.
        let (x, y) = (i % 32, i / 32);
        if (4..28).contains(&x) && (4..20).contains(&y) {
            for (c, plane) in [(0, 2), (1, 0), (2, 1)] {
                let light = floats[plane * 32 * 24 + i];
                let wanted = light.signum() * light.abs().powf(1.0 / 2.4);
                worst = worst.max((pixel[c] - wanted).abs());
            }
        }
    }
    assert!(worst < 1.0 / 1024.0, "{worst}");
}

#[test]
fn shots_under_different_mood_boards_are_advised_on() {
    let still = |name: &str| format!("{}/../assets/stills/{name}", env!("CARGO_MANIFEST_DIR"));
    let picture = json!({ "images": [{ "file": still("person_1.jpg") }] });
    let board = |name: &str, weight: f64| json!({ "images": [still(name)], "weight": weight });
    let nodes = [
        ("words", "plan/text", json!({ "value": "x" })),
        ("board1", "plan/mood_board", board("environment_1.jpg", 1.0)),
        ("board2", "plan/mood_board", board("environment_1.jpg", 0.5)),
        ("set1", "generate/still", picture.clone()),
        ("set2", "generate/still", picture),
        ("pick1", "generate/pick", json!({})),
        ("pick2", "generate/pick", json!({})),
        ("shot1", "animate/image_to_video", json!({ "resolution": "480p" })),
        ("shot2", "time/hold", json!({})),
        ("other", "generate/pattern", json!({})),
        ("cut", "edit/sequence", json!({})),
    ];
    let links = [
        "words.text set1.text",
        "words.text set2.text",
        "board1.style set1.style",
        "board2.style set2.style",
        "set1.images pick1.images",
        "set2.images pick2.images",
        "pick1.clip shot1.clip",
        "pick2.clip shot2.clip",
        "shot1.clip cut.clip1",
        "other.clip cut.clip2",
        "shot2.clip cut.clip3",
    ];
    let bench = Bench::new(&nodes, &links);
    assert!(bench.advice("cut").is_empty(), "one look, however strongly, and a shot of none");
    assert!(bench.clip("cut").style.is_some());
    let apart = bench.set("board2", "images", json!([still("environment_2.jpg")]));
    let advice = apart.advice("cut");
    assert_eq!(advice[0].what, "clip1 and clip3 were made under different mood boards");
    assert_eq!((advice[0].rule, apart.clip("cut").style), ("one_mood_board", None));
    assert_eq!(
        bench.key("cut", 0),
        apart.key("cut", 0),
        "a board that was only wired into words decides no frame"
    );
}
