//! The lanes' functions against double precision.

use super::lanes::{F, I, LANES, U};

/// Values at which a function is asked, with the lanes filled by neighbours.
fn worst(values: impl Iterator<Item = f32>, lanes: fn(F) -> F, exact: fn(f64) -> f64) -> f64 {
    let mut worst = 0.0_f64;
    for v in values {
        let ours = lanes(F::splat(v)).to_array()[LANES - 1];
        let want = exact(f64::from(v));
        // The step of floats about the exact value.
        let step = f64::from(f32::EPSILON) * want.abs().max(f64::from(f32::MIN_POSITIVE));
        worst = worst.max((f64::from(ours) - want).abs() / step);
    }
    worst
}

fn between(low: f32, high: f32) -> impl Iterator<Item = f32> {
    (0..20_000).map(move |i| low + (high - low) * (i as f32 / 19_999.0))
}

#[test]
fn elementary_functions_are_within_a_few_steps() {
    if !super::is_there() {
        return;
    }
    let positive =
        || (-120..120).flat_map(|e| between(0.5, 1.0).step_by(97).map(move |v| v * 2.0_f32.powi(e)));
    for (name, off, most) in [
        ("exp2", worst(between(-125.0, 127.0), F::vexp2, f64::exp2), 2.0),
        ("exp", worst(between(-86.0, 88.0), F::vexp, f64::exp), 2.0),
        ("log2", worst(positive(), F::vlog2, f64::log2), 3.0),
        ("log", worst(positive(), F::vlog, f64::ln), 3.0),
        ("sqrt", worst(positive(), F::vsqrt, f64::sqrt), 1.0),
    ] {
        assert!(off <= most, "{name} is off by {off} steps");
    }
}

#[test]
fn angles_are_exact_to_a_step_of_one() {
    if !super::is_there() {
        return;
    }
    for v in between(-100.0, 100.0) {
        let (sine, cosine) = (F::splat(v).vsin().to_array()[0], F::splat(v).vcos().to_array()[0]);
        assert!((f64::from(sine) - f64::from(v).sin()).abs() < 2.4e-7, "sin {v}");
        assert!((f64::from(cosine) - f64::from(v).cos()).abs() < 2.4e-7, "cos {v}");
        let angle = F::splat(v.sin()).vatan2(F::splat(v.cos())).to_array()[0];
        assert!((f64::from(angle) - f64::from(v.sin()).atan2(f64::from(v.cos()))).abs() < 5e-7, "atan2 {v}");
    }
    assert_eq!(F::splat(0.0).vatan2(F::splat(0.0)).to_array()[0], 0.0);
}

#[test]
fn powers_of_display_light_are_within_a_millionth() {
    if !super::is_there() {
        return;
    }
    for power in [2.4_f32, 1.0 / 2.4, 1.0 / 3.0, 4.0] {
        for v in between(1e-4, 4.0) {
            let ours = f64::from(F::splat(v).vpow(F::splat(power)).to_array()[0]);
            let want = f64::from(v).powf(f64::from(power));
            assert!((ours - want).abs() <= 3e-6 * want, "{v} to {power}: {ours} not {want}");
        }
        assert_eq!(F::splat(0.0).vpow(F::splat(power)).to_array()[0], 0.0);
        assert_eq!(F::splat(1.0).vpow(F::splat(power)).to_array()[0], 1.0);
    }
}

#[test]
fn integers_and_conversions_are_rusts() {
    if !super::is_there() {
        return;
    }
    let floats = [-1e20_f32, -2.5, -1.0, -0.3, 0.0, 0.7, 2.5, 7e4, 2.2e9, 4e9, 5e9, 1e20];
    for v in floats {
        assert_eq!(F::splat(v).to_i().to_array()[0], v as i32, "{v}");
        assert_eq!(F::splat(v).to_u().to_array()[0], v as u32, "{v}");
        assert_eq!(F::splat(v).half().to_array()[0], half::f16::from_f32(v).to_f32(), "{v}");
    }
    let integers = [0_u32, 1, 5, 77, 0xffff, 0x1_0001, 1 << 31, (1 << 31) + 5, u32::MAX - 1, u32::MAX];
    for a in integers {
        assert_eq!(U::splat(a).to_f().to_array()[0], a as f32);
        for b in integers {
            let (x, y) = (U::splat(a), U::splat(b));
            assert_eq!(x.vmul(y).to_array()[0], a.wrapping_mul(b));
            assert_eq!(x.vlt(y).any(), a < b);
            assert_eq!(x.vge(y).all(), a >= b);
            assert_eq!(x.vshr(y).to_array()[0], a.wrapping_shr(b));
            assert_eq!(x.vrem(y).to_array()[0], a.checked_rem(b).unwrap_or(0));
            let (x, y) = (I::splat(a as i32), I::splat(b as i32));
            assert_eq!(x.vlt(y).any(), (a as i32) < b as i32);
            assert_eq!(x.vshr(U::splat(b)).to_array()[0], (a as i32).wrapping_shr(b));
        }
    }
}
