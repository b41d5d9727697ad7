//! The device: what it says of itself, what it refuses, what it keeps, and how it goes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{gpu, noise};
use rushes_engine::{Cancel, Payload, Tier};
use rushes_gpu::{
    DeviceChoice, Executor, Expr, Gpu, Kernel, KernelRun, Light, ParamValues, Pixels, Place, Precision,
    Resize, blur, resize,
};

#[test]
fn software_is_used_where_it_is_asked_for_and_says_so() {
    let gpu = gpu();
    let report = gpu.report();
    assert!(report.software && !report.name.is_empty() && report.max_side >= 8192, "{report:?}");
    assert!(report.to_string().contains("software was asked for"));
    assert_eq!(gpu.health(), Default::default());
    // Where the machine has no other adapter, asking for a GPU is an error with help, not the processor.
    match Gpu::open(DeviceChoice::Gpu) {
        Ok(real) => assert!(!real.report().software),
        Err(e) => assert!(e.help_text().contains("RUSHES_DEVICE")),
    }
}

#[test]
fn textures_are_used_again_once_nobody_holds_them() {
    let gpu = gpu();
    let source = noise(64, 64, 0.0, 1.0);
    let first = gpu.image(&source, Precision::Half).unwrap();
    assert_eq!((first.bytes(), first.tier()), (64 * 64 * 8, Tier::Device));
    let held = first.clone();
    drop(first);
    let second = gpu.image(&source, Precision::Half).unwrap();
    assert_eq!(gpu.pool_stats().created, 2, "the first one is still held");
    drop((held, second));
    for _ in 0..10 {
        gpu.image(&source, Precision::Half).unwrap();
    }
    let stats = gpu.pool_stats();
    assert_eq!((stats.created, stats.reused, stats.free_bytes), (2, 10, 2 * 64 * 64 * 8));
    gpu.set_pool_budget(0);
    assert_eq!(gpu.pool_stats().textures, 0);
    // What is counted is each picture once, however often a tree names it.
    let image = gpu.image(&source, Precision::Float).unwrap();
    assert_eq!(Expr::from(image).bytes(), 64 * 64 * 16);
}

#[test]
fn what_no_device_holds_is_an_error() {
    let gpu = gpu();
    let image = Expr::from(gpu.image(&noise(8, 8, 0.0, 1.0), Precision::Half).unwrap());
    for (w, h) in [(100_000, 100_000), (0, 5), (16_385, 1)] {
        let e = resize(&gpu, &image, &Resize::to(w, h), Precision::Half, 0).unwrap_err();
        assert!(!e.help_text().is_empty(), "{e}");
    }
    let wrong = Pixels { width: 70_000, height: 1, rgba: vec![[0.0; 4]; 70_000] };
    assert!(gpu.image(&wrong, Precision::Half).unwrap_err().help_text().contains("sides"));
    let wrong = Pixels { width: 7, height: 7, rgba: vec![] };
    assert!(gpu.image(&wrong, Precision::Half).is_err());
    assert_eq!(gpu.health().errors, 0, "refused before the device saw it");
}

#[test]
fn a_wrong_shader_is_an_error_that_names_its_line() {
    static WRONG: Kernel = Kernel::new(
        "wrong",
        "fn tool(at: Pixel) -> vec4f { return nothing(load0(vec2i(at.pos))); }",
        1,
        &[],
        rushes_gpu::Border::Clamp,
    );
    let gpu = gpu();
    let image = gpu.image(&noise(8, 8, 0.0, 1.0), Precision::Half).unwrap();
    let run = KernelRun {
        kernel: &WRONG,
        inputs: &[&image],
        params: &ParamValues::new(),
        tables: &[],
        place: Place::of_size(8, 8),
        precision: Precision::Half,
    };
    let e = gpu.kernel(&run, 0).unwrap_err();
    assert!(e.to_string().contains("nothing") && e.to_string().contains("wrong"), "{e}");
}

#[test]
fn time_is_told_by_label() {
    let gpu = gpu();
    if !gpu.report().timestamps {
        return;
    }
    let image = Expr::from(gpu.image(&noise(64, 64, 0.0, 1.0), Precision::Half).unwrap());
    blur(&gpu, &image, 3.0, Light::Linear, Precision::Half, 41).unwrap();
    blur(&gpu, &image, 3.0, Light::Linear, Precision::Half, 42).unwrap();
    gpu.finish().unwrap();
    let timings = gpu.take_timings();
    assert_eq!(timings.keys().copied().collect::<Vec<_>>(), [41, 42]);
    assert!(timings.values().all(|ms| *ms >= 0.0));
    assert!(gpu.take_timings().is_empty(), "each is told once");
}

#[test]
fn many_threads_share_a_device() {
    let gpu = gpu();
    let source = noise(32, 32, 0.0, 1.0);
    std::thread::scope(|scope| {
        for sigma in 1..6 {
            let (gpu, source) = (gpu.clone(), &source);
            scope.spawn(move || {
                for _ in 0..5 {
                    let image = Expr::from(gpu.image(source, Precision::Half).unwrap());
                    let out =
                        blur(&gpu, &image, f64::from(sigma), Light::Encoded, Precision::Half, 0).unwrap();
                    let image = gpu.materialise(&out, Precision::Half, 0).unwrap();
                    let pixels = gpu.read(&image, &Cancel::new()).unwrap();
                    let mean = |p: &Pixels| p.rgba.iter().map(|c| c[0]).sum::<f32>() / p.rgba.len() as f32;
                    assert!((mean(&pixels) - mean(source)).abs() < 0.05);
                }
            });
        }
    });
    assert_eq!(gpu.health().errors, 0);
}

#[test]
fn a_picture_of_another_device_is_an_error() {
    let (one, other) = (gpu(), gpu());
    let image = one.image(&noise(8, 8, 0.0, 1.0), Precision::Half).unwrap();
    assert!(other.read(&image, &Cancel::new()).is_err());
    let e = blur(&other, &image.into(), 1.0, Light::Linear, Precision::Half, 0).unwrap_err();
    assert!(e.to_string().contains("another device"), "{e}");
    assert_eq!(other.health().errors, 0);
}

#[test]
fn after_loss_every_call_is_an_error() {
    let gpu = gpu();
    let source = noise(16, 16, 0.0, 1.0);
    let image = gpu.image(&source, Precision::Half).unwrap();
    gpu.device().destroy();
    // The loss is told by the device's own callback.
    for _ in 0..200 {
        let _ended = gpu.device().poll(wgpu::PollType::Poll);
        if gpu.health().lost.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(gpu.health().lost.is_some());
    let expr = Expr::from(image.clone());
    assert!(gpu.image(&source, Precision::Half).is_err());
    assert!(gpu.read(&image, &Cancel::new()).is_err());
    assert!(resize(&gpu, &expr, &Resize::to(8, 8), Precision::Half, 0).is_err());
    assert!(gpu.materialise(&expr, Precision::Float, 0).unwrap_err().to_string().contains("lost"));
    assert!(gpu.finish().is_err());
    assert!(gpu.take_timings().is_empty());
}
