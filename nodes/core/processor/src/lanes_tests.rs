//! The lanes' functions against double precision.

use super::lanes::{F, I, LANES, U, transposed, weighted};
use std::array::from_fn;

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
    for log in [F::vlog2, F::vlog] {
        for (v, want) in [(0.0, f32::NEG_INFINITY), (-1.0, f32::NEG_INFINITY), (f32::INFINITY, f32::INFINITY)]
        {
            assert_eq!(log(F::splat(v)).to_array(), [want; LANES], "{v}");
        }
        assert!(log(F::splat(f32::NAN)).to_array()[0].is_nan());
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

/// Numbers of all kinds, and what is none.
const ODD: [f32; 17] = [
    f32::NEG_INFINITY,
    -3.5,
    -2.5,
    -0.3,
    -0.0,
    0.0,
    1e-40,
    3e-8,
    6e-5,
    0.5,
    1.5,
    2_047.0,
    65_519.0,
    65_520.0,
    8_388_607.5,
    f32::INFINITY,
    f32::NAN,
];

/// What `one` makes of each pair of numbers is in each lane what `all` makes of them, to the bit.
fn same(name: &str, all: fn(F, F) -> F, one: fn(f32, f32) -> f32) {
    for a in ODD {
        for b in ODD {
            let want = one(a, b);
            for got in all(F::splat(a), F::splat(b)).to_array() {
                assert!(
                    got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan()),
                    "{name} of {a} and {b}: {got} not {want}"
                );
            }
        }
    }
}

#[test]
fn floats_are_rusts_to_the_bit() {
    if !super::is_there() {
        return;
    }
    same("sum", F::vadd, |a, b| a + b);
    same("difference", F::vsub, |a, b| a - b);
    same("product", F::vmul, |a, b| a * b);
    same("quotient", F::vdiv, |a, b| a / b);
    // The second of two that are equal, or where one is no number.
    same("min", F::vmin, |a, b| if a < b { a } else { b });
    same("max", F::vmax, |a, b| if a > b { a } else { b });
    same("negative", |a, _| a.vneg(), |a, _| -a);
    same("size", |a, _| a.vabs(), |a, _| a.abs());
    same("floor", |a, _| a.vfloor(), |a, _| a.floor());
    same("ceil", |a, _| a.vceil(), |a, _| a.ceil());
    same("round", |a, _| a.vround(), |a, _| a.round_ties_even());
    same("trunc", |a, _| a.vtrunc(), |a, _| a.trunc());
    same("root", |a, _| a.vsqrt(), |a, _| a.sqrt());
    same("half", |a, _| a.half(), |a, _| half::f16::from_f32(a).to_f32());
    same("stored half", |a, _| F::load_half(&a.to_half()), |a, _| half::f16::from_f32(a).to_f32());
    same("equal", |a, b| a.veq(b).to_f(), |a, b| f32::from(u8::from(a == b)));
    same("not equal", |a, b| a.vne(b).to_f(), |a, b| f32::from(u8::from(a != b)));
    same("less", |a, b| a.vlt(b).to_f(), |a, b| f32::from(u8::from(a < b)));
    same("at most", |a, b| a.vle(b).to_f(), |a, b| f32::from(u8::from(a <= b)));
    same("more", |a, b| a.vgt(b).to_f(), |a, b| f32::from(u8::from(a > b)));
    same("at least", |a, b| a.vge(b).to_f(), |a, b| f32::from(u8::from(a >= b)));
    // Exact, so that it does not matter whether they are rounded once or twice.
    let small = [-3.0, 0.5, 2.0, 2_047.0];
    for (a, b, c) in small.iter().flat_map(|a| small.iter().flat_map(move |b| small.map(|c| (*a, *b, c)))) {
        let (x, y, z) = (F::splat(a), F::splat(b), F::splat(c));
        assert_eq!(x.vfma(y, z).to_array(), [a * b + c; LANES]);
        assert_eq!(x.vfms(y, z).to_array(), [a * b - c; LANES]);
        assert_eq!(x.vfnma(y, z).to_array(), [c - a * b; LANES]);
    }
}

#[test]
fn masks_choose_lane_by_lane() {
    if !super::is_there() {
        return;
    }
    let odd = I::iota(0).vand(I::splat(1)).veq(I::splat(1));
    assert_eq!(
        odd.pick(I::splat(5), I::iota(-9)).to_array(),
        from_fn(|i| if i % 2 == 1 { 5 } else { i as i32 - 9 })
    );
    assert_eq!(
        odd.vnot().pick(U::iota(7), U::splat(0)).to_array(),
        from_fn(|i| if i % 2 == 0 { i as u32 + 7 } else { 0 })
    );
    assert!(odd.any() && !odd.all());
    assert!(odd.vor(odd.vnot()).all() && !odd.vand(odd.vnot()).any());
    assert!(odd.vxor(odd.vnot()).all() && !odd.vxor(odd).any());
    assert_eq!(odd.pick(odd.vnot(), odd).to_u().to_array(), [0; LANES]);
}

#[test]
fn lanes_move_as_arrays_do() {
    if !super::is_there() {
        return;
    }
    let row = |first: usize| F::from_array(from_fn(|i| (first + i) as f32));
    let (a, b) = (row(0), row(LANES));
    let at = from_fn(|i| (5 * i + 3) as i32 % LANES as i32);
    assert_eq!(a.permuted(I::from_array(at)).to_array(), at.map(|i| i as f32));
    let far = from_fn(|i| (7 * i + 1) as i32 % (2 * LANES) as i32);
    assert_eq!(a.permuted_of_both(b, I::from_array(far)).to_array(), far.map(|i| i as f32));
    let entries: [[f32; 4]; 8] = from_fn(|i| from_fn(|channel| (4 * i + channel + 1) as f32));
    for count in 0..entries.len() {
        let want = from_fn(|i| if i < 4 * count { i as f32 + 1.0 } else { 0.0 });
        assert_eq!(F::from_entries(&entries[..count]).to_array(), want);
    }
    assert_eq!(a.evens(b).to_array(), from_fn(|i| 2.0 * i as f32));
    assert_eq!(a.odds(b).to_array(), from_fn(|i| 2.0 * i as f32 + 1.0));
    let (first, second) = a.evens(b).zipped(a.odds(b));
    assert_eq!((first.to_array(), second.to_array()), (a.to_array(), b.to_array()));

    let entries: [[f32; 4]; LANES] = from_fn(|i| from_fn(|c| (4 * i + c) as f32));
    let (r, g, b, a) = transposed(entries.each_ref());
    assert_eq!([r, g, b, a].map(F::to_array), from_fn(|c| from_fn(|i| (4 * i + c) as f32)));

    let entries = [[1.0, 2.0, 3.0, 4.0], [8.0, 4.0, 2.0, 1.0], [0.5; 4], [0.0, 1.0, 0.0, 1.0]];
    let sum = [0, 1, 2, 3].map(|c| 2.0 * entries[0][c] + entries[1][c] + 4.0 * entries[2][c] - entries[3][c]);
    assert_eq!(weighted(entries.each_ref(), [2.0, 1.0, 4.0, -1.0]), sum);

    let bytes = from_fn(|i| 255 - 15 * i as u8);
    assert_eq!(I::from_bytes(bytes).to_array(), bytes.map(i32::from));
    assert_eq!(I::from_bytes(bytes).bytes(), bytes);
    let words = from_fn(|i| u16::MAX - 4_111 * i as u16);
    assert_eq!(I::from_words(words).to_array(), words.map(i32::from));
    assert_eq!(I::from_words(words).words(), words);
}

#[test]
fn what_is_written_past_the_caches_arrives() {
    if !super::is_there() {
        return;
    }
    #[repr(align(64))]
    struct Line<T>([T; LANES]);
    let value = F::from_array(from_fn(|i| i as f32 / 3.0 - 1.0));
    let (mut floats, mut halves) = (Line([0.0; LANES]), Line([0; LANES]));
    value.put_past(&mut floats.0);
    value.put_half_past(&mut halves.0);
    crate::past::settle();
    assert_eq!((floats.0, halves.0), (value.to_array(), value.to_half()));
}
