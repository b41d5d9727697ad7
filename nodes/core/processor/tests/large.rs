//! Pictures that are larger than the caches are written in another way, which must not be seen.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod passes;

use half::f16;
use passes::picture;
use rushes_engine::Cancel;
use rushes_gpu::{Executor, Precision};
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
