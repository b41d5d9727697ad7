//! Skin and stills.

use crate::bench::{Bench, given, noise, picture, worst};
use crate::finish::shrunk;
use rushes_gpu::Pixels;
use serde_json::{Value, json};

/// A picture of one colour with a little shading, left; sky on the right.
fn half(skin: [u8; 3]) -> Pixels {
    halves(skin, 1)
}

/// [`half`], several times as large.
fn halves(skin: [u8; 3], times: u32) -> Pixels {
    picture(144 * times, 108 * times, |x, y| {
        let shade = 0.9 + 0.1 * ((y / times) as f32 / 40.0).sin();
        let [r, g, b] =
            if x < 72 * times { skin } else { [98, 122, 157] }.map(|v| f32::from(v) / 255.0 * shade);
        [r, g, b, 1.0]
    })
}

fn textured(source: &Pixels, params: &Value) -> Pixels {
    let mut all = json!({ "pore_size": 10 });
    for (name, value) in params.as_object().unwrap() {
        all[name] = value.clone();
    }
    Bench::tool(source, "enhance/skin_texture", all).out()
}

/// Deviation of the change from its mean over the inner part of a half, in green.
fn changed(a: &Pixels, b: &Pixels, right: bool) -> f64 {
    let start = if right { 92 } else { 16 };
    let d: Vec<f64> = (16..92)
        .flat_map(|y| (start..start + 40).map(move |x| (x, y)))
        .map(|(x, y)| f64::from(a.at(x, y).unwrap()[1] - b.at(x, y).unwrap()[1]))
        .collect();
    (d.iter().map(|v| v * v).sum::<f64>() / d.len() as f64).sqrt()
}

/// The Monk Skin Tone scale (Monk 2019, skintone.google), and the two skin patches of the ColorChecker.
const SKIN: [[u8; 3]; 12] = [
    [0xf6, 0xed, 0xe4],
    [0xf3, 0xe7, 0xdb],
    [0xf7, 0xea, 0xd0],
    [0xea, 0xda, 0xba],
    [0xd7, 0xbd, 0x96],
    [0xa0, 0x7e, 0x56],
    [0x82, 0x5c, 0x43],
    [0x60, 0x41, 0x34],
    [0x3a, 0x31, 0x2a],
    [0x29, 0x24, 0x20],
    [115, 82, 68],
    [194, 150, 130],
];

/// The ColorChecker's other colours (McCamy 1976, sRGB values by its maker) and greys, black and white.
const OTHER: [[u8; 3]; 18] = [
    [98, 122, 157],
    [87, 108, 67],
    [133, 128, 177],
    [103, 189, 170],
    [214, 126, 44],
    [80, 91, 166],
    [193, 90, 99],
    [94, 60, 108],
    [157, 188, 64],
    [56, 61, 150],
    [70, 148, 73],
    [175, 54, 60],
    [231, 199, 31],
    [187, 86, 149],
    [8, 133, 161],
    [255, 255, 255],
    [128, 128, 128],
    [30, 30, 30],
];

#[test]
fn skin_is_found_from_very_light_to_very_dark_and_nothing_else_is() {
    let flat = |c: [u8; 3]| picture(24, 24, |_, _| [c[0], c[1], c[2]].map(|v| f32::from(v) / 255.0)).rgba;
    fn picture(w: u32, h: u32, at: impl Fn(u32, u32) -> [f32; 3]) -> Pixels {
        crate::bench::picture(w, h, |x, y| {
            let [r, g, b] = at(x, y);
            [r, g, b, 1.0]
        })
    }
    let change = |c: [u8; 3]| {
        let source = Pixels { width: 24, height: 24, rgba: flat(c) };
        worst(&textured(&source, &json!({ "strength": 1 })), &source, 0)
    };
    for c in SKIN {
        let light = f32::from(c[1]) / 255.0;
        assert!(change(c) > 0.02 * light, "{c:?} was not found: {}", change(c));
    }
    for c in OTHER {
        assert!(change(c) < 1e-6, "{c:?} was taken for skin: {}", change(c));
    }
}

/// The mean over `r` pixels each way.
fn box_blur(p: &Pixels, r: i32) -> Pixels {
    let (w, h) = (p.width as i32, p.height as i32);
    picture(p.width, p.height, |x, y| {
        let mut sum = [0.0_f64; 3];
        for v in -r..=r {
            for u in -r..=r {
                let (sx, sy) = ((x as i32 + u).clamp(0, w - 1), (y as i32 + v).clamp(0, h - 1));
                let c = p.at(sx as u32, sy as u32).unwrap();
                (0..3).for_each(|i| sum[i] += f64::from(c[i]));
            }
        }
        let n = f64::from((2 * r + 1) * (2 * r + 1));
        let [r, g, b] = sum.map(|s| (s / n) as f32);
        [r, g, b, 1.0]
    })
}

#[test]
fn energy_rises_in_the_pore_band_only_and_on_skin_only() {
    // Pores of eight pixels.
    let source = halves([194, 150, 130], 2);
    let got = textured(&source, &json!({ "strength": 1 }));
    let whole = changed(&got, &source, false);
    assert!(whole > 0.01, "{whole}");
    // A mean over seventeen, twice, leaves nothing of them.
    let low = |p: &Pixels| box_blur(&box_blur(p, 8), 8);
    let below = changed(&low(&got), &low(&source), false);
    assert!(below < 1.0 / 1024.0 && below < 0.03 * whole, "low band {below}, whole {whole}");
    // Nor is there much that is finer: what a mean over three takes away.
    let fine = |p: &Pixels| {
        let soft = box_blur(p, 1);
        let rgba = p.rgba.iter().zip(&soft.rgba).map(|(a, b)| [a[0] - b[0], a[1] - b[1], a[2] - b[2], 1.0]);
        Pixels { width: p.width, height: p.height, rgba: rgba.collect() }
    };
    let above = changed(&fine(&got), &fine(&source), false);
    assert!(above < 0.5 * whole, "fine {above}, whole {whole}");
    let sky = |p: &Pixels| picture(100, 216, |x, y| p.at(188 + x, y).unwrap());
    assert_eq!(sky(&got), sky(&source), "the sky has no pores");
}

#[test]
fn texture_follows_the_light_and_the_seed() {
    let source = half([194, 150, 130]);
    let dark = half([97, 75, 65]);
    let (a, b) = (json!({ "strength": 1 }), json!({ "strength": 1, "seed": 2 }));
    let bright_change = changed(&textured(&source, &a), &source, false);
    let dark_change = changed(&textured(&dark, &a), &dark, false);
    let ratio = bright_change / dark_change;
    assert!((1.5..2.8).contains(&ratio), "half the code value, half the texture: {ratio}");
    assert_eq!(textured(&source, &a), textured(&source, &a));
    assert!(changed(&textured(&source, &a), &textured(&source, &b), false) > 0.01);
}

#[test]
fn freckles_flushes_and_own_detail_do_what_they_say() {
    let source = half([194, 150, 130]);
    let none = json!({ "strength": 0, "imperfections": 0 });
    assert_eq!(textured(&source, &none), source);
    for (name, value) in [("freckles", 1.0), ("imperfections", 1.0)] {
        let mut params = none.clone();
        params[name] = json!(value);
        let got = textured(&source, &params);
        assert!(worst(&got, &source, 8) > 0.01, "{name}");
        assert_eq!(changed(&got, &source, true), 0.0, "{name}");
    }
    let grain = noise(144, 108, -0.03, 0.03);
    let rough = picture(144, 108, |x, y| {
        let (c, n) = (source.at(x, y).unwrap(), grain.at(x, y).unwrap());
        [c[0] + n[1], c[1] + n[1], c[2] + n[1], 1.0]
    });
    let mut params = none;
    params["keep_detail"] = json!(0.0);
    let smooth = textured(&rough, &params);
    assert!(changed(&smooth, &source, false) < 0.4 * changed(&rough, &source, false));
}

#[test]
fn a_proxy_shows_as_much_texture_as_is_left_of_it() {
    let source = halves([194, 150, 130], 2);
    let bench = Bench::tool(&source, "enhance/skin_texture", json!({ "pore_size": 10, "strength": 1 }));
    let (proxy, plain) = (bench.pixels("t", 0, 2), bench.pixels("s", 0, 2));
    let seen = changed(&proxy, &plain, false);
    let wanted = changed(&shrunk(&bench.out(), 2), &plain, false);
    assert!((0.75..1.33).contains(&(seen / wanted)), "{seen}, not {wanted}");
}

#[test]
fn a_mask_says_where() {
    let source = half([98, 122, 157]);
    let mask = picture(144, 108, |_, y| if y < 54 { [1.0; 4] } else { [0.0, 0.0, 0.0, 1.0] });
    let bench = Bench::new(
        &[
            ("s", "test/source", given(&source)),
            ("m", "test/source", given(&mask)),
            ("t", "enhance/skin_texture", json!({ "pore_size": 10, "strength": 1 })),
        ],
        &["s.clip t.clip", "m.clip t.mask"],
    );
    let got = bench.out();
    let part = |p: &Pixels, from: u32| picture(144, 40, |x, y| p.at(x, from + y).unwrap());
    assert!(worst(&part(&got, 8), &part(&source, 8), 0) > 0.02);
    assert_eq!(part(&got, 60), part(&source, 60));
}

#[test]
fn a_still_is_enlarged_as_a_clip_is() {
    let source = noise(20, 14, 0.0, 1.0);
    let still = Bench::tool(&source, "enhance/upscale_still", json!({}));
    let video = Bench::tool(&source, "upscale/video", json!({ "output": "factor", "factor": 4 }));
    assert_eq!(still.out(), video.out());
    assert_eq!((still.clip("t").width, still.clip("t").height), (80, 56));
    let advised = Bench::tool(&source, "enhance/upscale_still", json!({ "sharpen": 0.2 })).advice("t");
    assert_eq!(advised[0].fix, [("sharpen".into(), json!(0.0)), ("denoise".into(), json!(0.0))]);
    assert!(still.advice("t").is_empty());
}
