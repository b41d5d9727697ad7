//! Pictures that are larger than the caches are written in another way, which must not be seen.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod passes;

use half::f16;
use passes::{Passes, apart, picture};
use rushes_engine::Cancel;
use rushes_gpu::{Edge, Executor, Expr, Filter, Light, Precision, Resize, resize};
use rushes_processor::Processor;

#[test]
fn a_large_picture_holds_what_was_put_into_it() {
    let whole = |v: f32| v;
    let half = |v: f32| f16::from_f32(v).to_f32();
    let sides =
        [(Precision::Float, (1302, 1001), whole as fn(f32) -> f32), (Precision::Half, (1811, 1203), half)];
    for exec in Processor::of_each_kind() {
        for (precision, (width, height), stored) in sides {
            for opaque in [true, false] {
                let mut pixels = picture(width, height, 7, opaque);
                // Some bands of it are opaque all the same.
                let rows = pixels.rgba.chunks_mut(width as usize).skip(100).take(200);
                rows.flatten().for_each(|pixel| pixel[3] = 1.0);
                let image = exec.image(&pixels, precision).unwrap();
                let back = exec.read(&image, &Cancel::new()).unwrap();
                let want: Vec<_> = pixels.rgba.iter().map(|pixel| pixel.map(stored)).collect();
                assert!(back.rgba == want, "{precision:?}, opaque {opaque}");
            }
        }
    }
}

#[test]
fn a_large_resize_is_what_its_passes_make() {
    // Rows that end where a cache line does, and rows that do not.
    for (width, height, precision, most) in [
        (2048, 1030, Precision::Half, 1e-3_f32),
        (2010, 1050, Precision::Half, 1e-3),
        (1280, 830, Precision::Float, 2e-5),
        (1302, 811, Precision::Float, 2e-5),
    ] {
        for (opaque, light) in
            [(true, Light::Encoded), (true, Light::Linear), (false, Light::Encoded), (false, Light::Linear)]
        {
            let mut pixels = picture(width / 2, height / 2, 7, opaque);
            // Where much can be seen through, some bands and some rows of others are opaque all the same.
            let rows = pixels.rgba.chunks_mut(width as usize / 2).skip(height as usize / 5);
            rows.take(height as usize / 6).flatten().for_each(|pixel| pixel[3] = 1.0);
            let (filter, edge) = (Filter::Lanczos3, Edge::Clamp);
            let to = Resize { width, height, source: None, filter, light, edge };
            let made = |exec: &dyn Executor| {
                let expr: Expr = exec.image(&pixels, precision).unwrap().into();
                let larger = resize(exec, &expr, &to, precision, 0).unwrap();
                let image = exec.materialise(&larger, precision, 0).unwrap();
                exec.read(&image, &Cancel::new()).unwrap()
            };
            let theirs = made(&Passes(Processor::new()));
            for exec in Processor::of_each_kind() {
                let off = apart(&made(&exec), &theirs);
                let most = if light == Light::Linear { most.max(2e-3) } else { most };
                assert!(off < most, "{width} wide, {precision:?}, {light:?}, opaque {opaque}: {off} apart");
            }
        }
    }
}
