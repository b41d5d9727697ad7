//! Expressions of time. Equal on every machine: sums, products, quotients and square roots are exact by IEEE 754, and
//! the other functions are the portable ones of `libm`, never the platform's.

use super::ParamTime;
use super::parse::parse;
use crate::{Error, Result};

/// A compiled expression, such as `1 + 0.1*sin(t)`.
///
/// Names: `t` seconds, `f` the frame, `n` how many frames, `pi`, `e`. Operators, loosest first: `a ? b : c`, `||`,
/// `&&`, one comparison (`< <= > >= == !=`, 1 or 0), `+ -`, `* / %`, `- !` before a number, `^` (from the right;
/// `-2^2` is -4). `%` has the sign of its right side. Any number but 0 is true. Functions: `if(c, a, b)`,
/// `min`, `max` (two or more), `clamp(x, low, high)`, `abs`, `floor`, `ceil`, `round` (halves away from 0), `sqrt`, `exp`,
/// `log` (natural), `sin`, `cos`, `tan` (radians), `atan2(y, x)`, `pow`, `mix(a, b, u)`,
/// `smoothstep(from, to, x)` and `noise(x)` or `noise(x, seed)`: smooth, between -1 and 1, 0 on average, with one
/// fixed random value at each whole x for each whole seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    source: String,
    code: Vec<Op>,
}

/// A step of the stack machine that an expression is compiled to. There is no jump: a program of `k` steps takes `k`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    Number(f64),
    Seconds,
    Frame,
    Frames,
    Negate,
    Not,
    Binary(Binary),
    /// Condition, if true, if false.
    Select,
    /// A function of so many arguments.
    Call(Function, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    If,
    Min,
    Max,
    Clamp,
    Abs,
    Floor,
    Ceil,
    Round,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Atan2,
    Pow,
    Mix,
    Smoothstep,
    Noise,
}

impl Function {
    /// Every function with its name and how many arguments it takes at least and at most.
    pub(super) const ALL: [(&'static str, Self, usize, usize); 19] = [
        ("if", Self::If, 3, 3),
        ("min", Self::Min, 2, 16),
        ("max", Self::Max, 2, 16),
        ("clamp", Self::Clamp, 3, 3),
        ("abs", Self::Abs, 1, 1),
        ("floor", Self::Floor, 1, 1),
        ("ceil", Self::Ceil, 1, 1),
        ("round", Self::Round, 1, 1),
        ("sqrt", Self::Sqrt, 1, 1),
        ("exp", Self::Exp, 1, 1),
        ("log", Self::Log, 1, 1),
        ("sin", Self::Sin, 1, 1),
        ("cos", Self::Cos, 1, 1),
        ("tan", Self::Tan, 1, 1),
        ("atan2", Self::Atan2, 2, 2),
        ("pow", Self::Pow, 2, 2),
        ("mix", Self::Mix, 3, 3),
        ("smoothstep", Self::Smoothstep, 3, 3),
        ("noise", Self::Noise, 1, 2),
    ];
}

impl Expr {
    /// The longest expression, in bytes.
    pub const MAX_LEN: usize = 4096;
    /// The most steps an expression may take.
    pub const MAX_STEPS: usize = 1024;

    /// Reads an expression. Errors name the column.
    pub fn parse(source: &str) -> Result<Self> {
        if source.len() > Self::MAX_LEN {
            return Err(Error::usage(format!("the expression is longer than {} bytes", Self::MAX_LEN)));
        }
        Ok(Self { source: source.to_owned(), code: parse(source)? })
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True if it reads neither seconds nor frame.
    pub fn is_constant(&self) -> bool {
        !self.code.iter().any(|op| matches!(op, Op::Seconds | Op::Frame))
    }

    /// Its value, which is finite or an error.
    pub fn at(&self, time: ParamTime) -> Result<f64> {
        let value = run(&self.code, time).filter(|x| x.is_finite());
        value.map(|x| x + 0.0).ok_or_else(|| {
            Error::usage(format!("the expression gives no finite number at frame {}", time.frame))
                .at(format!("“{}”", self.source))
                .help("keep it from dividing by zero, from roots and logarithms of negative numbers, and from overflow")
        })
    }
}

fn run(code: &[Op], time: ParamTime) -> Option<f64> {
    let mut stack: Vec<f64> = Vec::with_capacity(16);
    for op in code {
        let value = match *op {
            Op::Number(x) => x,
            Op::Seconds => time.seconds,
            Op::Frame => time.frame as f64,
            Op::Frames => time.frames as f64,
            Op::Negate => -stack.pop()?,
            Op::Not => truth(stack.pop()? == 0.0),
            Op::Binary(binary) => {
                let b = stack.pop()?;
                apply(binary, stack.pop()?, b)
            }
            Op::Select => {
                let (c, b, a) = (stack.pop()?, stack.pop()?, stack.pop()?);
                if a != 0.0 { b } else { c }
            }
            Op::Call(function, count) => {
                let from = stack.len().checked_sub(count)?;
                let value = call(function, stack.get(from..)?)?;
                stack.truncate(from);
                value
            }
        };
        stack.push(value);
    }
    stack.pop()
}

fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}

#[allow(clippy::float_cmp, reason = "== in an expression is equality")]
fn apply(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Rem => a - b * (a / b).floor(),
        Binary::Pow => libm::pow(a, b),
        Binary::Less => truth(a < b),
        Binary::LessEqual => truth(a <= b),
        Binary::Greater => truth(a > b),
        Binary::GreaterEqual => truth(a >= b),
        Binary::Equal => truth(a == b),
        Binary::NotEqual => truth(a != b),
        Binary::And => truth(a != 0.0 && b != 0.0),
        Binary::Or => truth(a != 0.0 || b != 0.0),
    }
}

fn call(function: Function, args: &[f64]) -> Option<f64> {
    Some(match (function, args) {
        (Function::If, [c, a, b]) => {
            if *c != 0.0 {
                *a
            } else {
                *b
            }
        }
        (Function::Min, all) => all.iter().copied().reduce(|a, b| if b < a || b.is_nan() { b } else { a })?,
        (Function::Max, all) => all.iter().copied().reduce(|a, b| if b > a || b.is_nan() { b } else { a })?,
        (Function::Clamp, [x, low, high]) => {
            // As GLSL has it, defined also where the bounds cross.
            let x = if *x < *low { *low } else { *x };
            if x > *high { *high } else { x }
        }
        (Function::Abs, [x]) => x.abs(),
        (Function::Floor, [x]) => x.floor(),
        (Function::Ceil, [x]) => x.ceil(),
        (Function::Round, [x]) => x.round(),
        (Function::Sqrt, [x]) => x.sqrt(),
        (Function::Exp, [x]) => libm::exp(*x),
        (Function::Log, [x]) => libm::log(*x),
        (Function::Sin, [x]) => libm::sin(*x),
        (Function::Cos, [x]) => libm::cos(*x),
        (Function::Tan, [x]) => libm::tan(*x),
        (Function::Atan2, [y, x]) => libm::atan2(*y, *x),
        (Function::Pow, [x, y]) => libm::pow(*x, *y),
        (Function::Mix, [a, b, u]) => a * (1.0 - u) + b * u,
        (Function::Smoothstep, [from, to, x]) => {
            let u = if from == to { truth(x >= from) } else { ((x - from) / (to - from)).clamp(0.0, 1.0) };
            u * u * (3.0 - 2.0 * u)
        }
        (Function::Noise, [x]) => noise(*x, 0.0),
        (Function::Noise, [x, seed]) => noise(*x, *seed),
        _ => return None,
    })
}

/// Value noise: a hash at each whole number, joined by the quintic of Perlin 2002.
fn noise(x: f64, seed: f64) -> f64 {
    let at = x.floor();
    let u = x - at;
    let w = u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
    let lattice = |i: f64| {
        // splitmix64 (Steele, Lea, Flood 2014), once over the place and once over the seed.
        let bits = mix64(mix64(seed as i64 as u64).wrapping_add(i as i64 as u64));
        (bits >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    lattice(at) * (1.0 - w) + lattice(at + 1.0) * w
}

fn mix64(x: u64) -> u64 {
    let z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eval(source: &str) -> f64 {
        Expr::parse(source).unwrap().at(ParamTime { frame: 12, seconds: 0.5, frames: 48 }).unwrap()
    }

    #[test]
    fn arithmetic_is_that_of_school() {
        for (source, value) in [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("7 - 2 - 1", 4.0),
            ("2 ^ 3 ^ 2", 512.0),
            ("-2 ^ 2", -4.0),
            ("2 ^ -1", 0.5),
            ("- -2", 2.0),
            ("-7 % 3", 2.0),
            ("7 % -3", -2.0),
            ("8 / 4 / 2", 1.0),
            (".5e1 + 1e-1", 5.1),
            ("1 < 2 && 2 >= 2 || 0", 1.0),
            ("!(1 == 1)", 0.0),
            ("0 ? 1 : 1 ? 2 : 3", 2.0),
            ("f == 12 ? 10 : 20", 10.0),
            ("if(0, 1/0, 3)", 3.0),
            ("0 ? sqrt(-1) : 5", 5.0),
            ("n * t + f", 36.0),
            ("min(3, 1, 2) + max(4, 5)", 6.0),
            ("clamp(9, 0, 1)", 1.0),
            ("round(2.5) + round(-2.5) + floor(-0.5) + ceil(0.5)", 0.0),
            ("mix(10, 20, 0.25)", 12.5),
            ("smoothstep(0, 1, 0.5) + smoothstep(1, 1, 0)", 0.5),
            ("log(e) + exp(0) + abs(-1)", 3.0),
            ("1 + 0.1*sin(pi*t)", 1.1),
            ("pow(2, 10) + sqrt(16) + cos(0) + tan(0)", 1029.0),
        ] {
            assert!(
                (eval(source) - value).abs() < 1e-15 * value.abs().max(1.0),
                "{source} = {}",
                eval(source)
            );
        }
        assert!((eval("atan2(1, -1)") - 3.0 * std::f64::consts::FRAC_PI_4).abs() < 1e-15);
    }

    #[test]
    fn errors_name_the_column() {
        for (source, column, word) in [
            ("", "column 1", "ends"),
            ("1 +", "column 4", "ends"),
            ("1 + foo", "column 5", "foo"),
            ("foo(1)", "column 1", "foo"),
            ("sin(1, 2)", "column 1", "1 argument"),
            ("min(1)", "column 1", "2"),
            ("(1", "column 3", ")"),
            ("1 2", "column 3", "“2”"),
            ("1 < 2 < 3", "column 7", "compar"),
            ("é", "column 1", "é"),
            ("1 ? 2", "column 6", ":"),
            ("1e999", "column 1", "finite"),
            ("sin", "column 1", "function"),
            ("1..2", "column 3", "“.2”"),
        ] {
            let error = Expr::parse(source).unwrap_err();
            assert!(error.place().contains(column), "{source}: {error}");
            assert!(error.what().contains(word), "{source}: {error}");
        }
    }

    #[test]
    fn what_is_not_finite_is_an_error() {
        for source in ["1/0", "sqrt(-1)", "log(0)", "10^400", "0/0"] {
            let error =
                Expr::parse(source).unwrap().at(ParamTime { frame: 3, seconds: 0.0, frames: 9 }).unwrap_err();
            assert!(error.to_string().contains("frame 3"), "{error}");
        }
    }

    #[test]
    fn size_and_depth_are_bounded() {
        for source in [
            "(".repeat(3000),
            "-".repeat(4000),
            "1^".repeat(2000),
            "1?".repeat(2000),
            "0".repeat(5000),
            format!("1{}", "+1".repeat(2000)),
            format!("min(1{})", ",1".repeat(40)),
        ] {
            assert!(Expr::parse(&source).is_err());
        }
        assert!(Expr::parse(&format!("{}1{}", "(".repeat(30), ")".repeat(30))).is_ok());
    }

    #[test]
    fn noise_is_fixed_smooth_and_centred() {
        // Worked out in Python from the paper's constants. A change here changes every film that uses noise.
        assert_eq!((eval("noise(3)"), eval("noise(3, 1)")), (0.9511433980574184, 0.38489116974932647));
        let values: Vec<f64> = (0..20_000).map(|i| noise(f64::from(i), 7.0)).collect();
        let mean = values.iter().sum::<f64>() / 2e4;
        let variance = values.iter().map(|v| v * v).sum::<f64>() / 2e4;
        // Uniform on -1..1: mean 0 within five standard errors, variance 1/3.
        assert!(mean.abs() < 5.0 * (1.0 / 3.0_f64 / 2e4).sqrt(), "{mean}");
        assert!((variance - 1.0 / 3.0).abs() < 0.01, "{variance}");
        for i in 0..4000 {
            let (a, b) = (noise(f64::from(i) / 1000.0, 7.0), noise(f64::from(i + 1) / 1000.0, 7.0));
            // The quintic is at most 1.875 steep, over a step of at most 2.
            assert!((a - b).abs() <= 2.0 * 1.875 / 1000.0 + 1e-12);
        }
    }

    #[test]
    fn constant_means_without_time() {
        assert!(Expr::parse("n * 2 + noise(1)").unwrap().is_constant());
        assert!(!Expr::parse("f").unwrap().is_constant());
        assert!(!Expr::parse("0 * t").unwrap().is_constant());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in "\\PC{0,60}") {
            if let Ok(expr) = Expr::parse(&source) {
                let value = expr.at(ParamTime { frame: 1, seconds: 0.1, frames: 2 });
                prop_assert!(value.map_or(true, f64::is_finite));
            }
        }

        #[test]
        fn likely_text_is_read_or_refused(parts in prop::collection::vec(
            prop::sample::select(vec!["1", "t", "f", "+", "-", "*", "^", "(", ")", "?", ":", ",", "min(", "noise(", "<", "!", "e"]), 0..40)) {
            if let Ok(expr) = Expr::parse(&parts.concat()) {
                let value = expr.at(ParamTime { frame: 1, seconds: 0.1, frames: 2 });
                prop_assert!(value.map_or(true, f64::is_finite));
            }
        }

        #[test]
        fn sums_and_products_are_those_of_the_machine(a in -1e6..1e6_f64, b in -1e6..1e6_f64, c in 0.1..1e6_f64) {
            let (got, want) = (eval(&format!("({a:?}) + ({b:?}) * ({c:?}) - ({a:?}) / ({c:?})")), a + b * c - a / c);
            prop_assert_eq!(got, want + 0.0);
        }
    }
}
