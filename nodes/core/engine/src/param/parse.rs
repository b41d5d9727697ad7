//! The expression parser: recursive descent by precedence, straight to the stack machine's code.

use super::Expr;
use super::expr::{Binary, Function, Op};
use crate::{Error, Result};

/// How deep parentheses, calls, signs, powers and choices may nest.
const MAX_DEPTH: usize = 64;

/// The binary operators by how tightly they bind, loosest first; longer symbols before their own beginnings.
const LEVELS: [&[(&str, Binary)]; 5] = [
    &[("||", Binary::Or)],
    &[("&&", Binary::And)],
    &[
        ("<=", Binary::LessEqual),
        (">=", Binary::GreaterEqual),
        ("==", Binary::Equal),
        ("!=", Binary::NotEqual),
        ("<", Binary::Less),
        (">", Binary::Greater),
    ],
    &[("+", Binary::Add), ("-", Binary::Sub)],
    &[("*", Binary::Mul), ("/", Binary::Div), ("%", Binary::Rem)],
];
const COMPARISON: usize = 2;

/// Compiles `source`, whose length is already bounded.
pub(super) fn parse(source: &str) -> Result<Vec<Op>> {
    let mut parser = Parser { source, at: 0, depth: 0, code: Vec::new() };
    parser.choice()?;
    match parser.rest() {
        "" => Ok(parser.code),
        rest => Err(parser.error_here(&format!("“{}” was not expected", first_word(rest)))),
    }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    code: Vec<Op>,
}

impl<'a> Parser<'a> {
    /// What is left after white space.
    fn rest(&mut self) -> &'a str {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.take(symbol) {
            return Ok(());
        }
        Err(match self.rest() {
            "" => self.error_here(&format!("the expression ends where “{symbol}” must come")),
            rest => self.error_here(&format!("“{}” stands where “{symbol}” must come", first_word(rest))),
        })
    }

    fn error_here(&self, what: &str) -> Error {
        self.error(self.at, what)
    }

    fn error(&self, at: usize, what: &str) -> Error {
        let column = self.source.get(..at).unwrap_or_default().chars().count() + 1;
        let shown: String = self.source.chars().take(80).collect();
        Error::usage(what)
            .at(format!("column {column} of “{shown}”"))
            .help("an expression is numbers, t, f, n, pi, e, + - * / % ^, comparisons, a ? b : c and functions such as sin(t)")
    }

    fn push(&mut self, op: Op) -> Result<()> {
        if self.code.len() >= Expr::MAX_STEPS {
            return Err(self.error_here(&format!("the expression takes more than {} steps", Expr::MAX_STEPS)));
        }
        self.code.push(op);
        Ok(())
    }

    fn nested(&mut self, part: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error_here(&format!("the expression nests deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        part(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn choice(&mut self) -> Result<()> {
        self.binary(0)?;
        if self.take("?") {
            self.nested(Self::choice)?;
            self.expect(":")?;
            self.nested(Self::choice)?;
            self.push(Op::Select)?;
        }
        Ok(())
    }

    fn binary(&mut self, level: usize) -> Result<()> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        self.binary(level + 1)?;
        let mut compared = false;
        loop {
            let rest = self.rest();
            let Some((symbol, op)) = operators.iter().find(|(symbol, _)| rest.starts_with(symbol)) else {
                return Ok(());
            };
            if level == COMPARISON && std::mem::replace(&mut compared, true) {
                return Err(self.error_here("one comparison cannot follow another; join two with &&"));
            }
            self.at += symbol.len();
            self.binary(level + 1)?;
            self.push(Op::Binary(*op))?;
        }
    }

    fn unary(&mut self) -> Result<()> {
        if self.take("-") {
            self.nested(Self::unary)?;
            return self.push(Op::Negate);
        }
        if self.take("+") {
            return self.nested(Self::unary);
        }
        if self.take("!") {
            self.nested(Self::unary)?;
            return self.push(Op::Not);
        }
        self.atom()?;
        if self.take("^") {
            self.nested(Self::unary)?;
            return self.push(Op::Binary(Binary::Pow));
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<()> {
        let rest = self.rest();
        match rest.chars().next() {
            None => Err(self.error_here("the expression ends where a number must come")),
            Some('(') => {
                self.at += 1;
                self.nested(Self::choice)?;
                self.expect(")")
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(rest),
            Some(c) if c.is_ascii_alphabetic() => self.name(rest),
            Some(_) => {
                Err(self.error_here(&format!("“{}” stands where a number must come", first_word(rest))))
            }
        }
    }

    fn number(&mut self, rest: &str) -> Result<()> {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let mut len = digits(rest);
        if let Some(fraction) = rest.get(len..).and_then(|r| r.strip_prefix('.')) {
            len += 1 + digits(fraction);
        }
        if let Some(exponent) = rest.get(len..).and_then(|r| r.strip_prefix(['e', 'E'])) {
            let sign = usize::from(exponent.starts_with(['+', '-']));
            let count = digits(exponent.get(sign..).unwrap_or_default());
            if count > 0 {
                len += 1 + sign + count;
            }
        }
        let text = rest.get(..len).unwrap_or_default();
        let value = text.parse::<f64>().ok().filter(|x| x.is_finite());
        let value = value.ok_or_else(|| self.error_here(&format!("“{text}” is no finite number")))?;
        self.at += len;
        self.push(Op::Number(value))
    }

    fn name(&mut self, rest: &str) -> Result<()> {
        let start = self.at;
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = rest.get(..len).unwrap_or_default();
        self.at += len;
        let function = Function::ALL.iter().find(|(known, ..)| *known == name).copied();
        if self.take("(") {
            let Some((_, function, least, most)) = function else {
                return Err(self.error(start, &format!("there is no function “{name}”")));
            };
            let mut count = 0;
            if !self.take(")") {
                loop {
                    self.nested(Self::choice)?;
                    count += 1;
                    if !self.take(",") {
                        break;
                    }
                }
                self.expect(")")?;
            }
            if (least..=most).contains(&count) {
                return self.push(Op::Call(function, count));
            }
            let wanted = match (least, most) {
                (1, 1) => "1 argument".to_owned(),
                (a, b) if a == b => format!("{a} arguments"),
                (a, b) => format!("{a} to {b} arguments"),
            };
            return Err(self.error(start, &format!("{name} takes {wanted}, not {count}")));
        }
        match name {
            "t" => self.push(Op::Seconds),
            "f" => self.push(Op::Frame),
            "n" => self.push(Op::Frames),
            "pi" => self.push(Op::Number(std::f64::consts::PI)),
            "e" => self.push(Op::Number(std::f64::consts::E)),
            _ if function.is_some() => {
                Err(self.error(start, &format!("“{name}” is a function and needs its arguments")))
            }
            _ => Err(self.error(start, &format!("there is no “{name}”"))),
        }
    }
}

/// The beginning of `rest`, for an error.
fn first_word(rest: &str) -> String {
    rest.split_whitespace().next().unwrap_or_default().chars().take(20).collect()
}
