//! WGSL as tokens: enough to rename and pick module-scope declarations, whatever their names.
//!
//! Tools are fused by putting their texts into one module. Their declarations are renamed by tokens, never by
//! searching the text, so that a comment, a member or a swizzle of the same spelling stays what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A run of source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A name or keyword.
    Word(&'a str),
    /// A number with its suffix.
    Number(&'a str),
    /// One other character.
    Sign(char),
    /// Space between two signs, so that `a - -b` does not become `a--b`.
    Gap,
}

/// One declaration of module scope, without comments.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The name it declares; empty for directives and `const_assert`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Every word in it.
    pub words: BTreeSet<String>,
}

/// Splits `source` into tokens. Comments and space are left out.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = source;
    let mut spaced = false;
    while let Some(first) = rest.chars().next() {
        let space = if first.is_whitespace() {
            first.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else {
            0
        };
        if space > 0 {
            spaced = true;
            rest = &rest[space..];
            continue;
        }
        let length = if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            out.push(Token::Word(&rest[..end]));
            end
        } else if first.is_ascii_digit() {
            let end = number(rest);
            out.push(Token::Number(&rest[..end]));
            end
        } else {
            if spaced && matches!(out.last(), Some(Token::Sign(_))) {
                out.push(Token::Gap);
            }
            out.push(Token::Sign(first));
            first.len_utf8()
        };
        spaced = false;
        rest = &rest[length..];
    }
    out
}

/// The length of a block comment at the head of `text`; they nest in WGSL.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let tail = &text[at..];
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a number at the head of `text`, with exponent and suffix.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let hex = text.starts_with("0x") || text.starts_with("0X");
    let mut end = 0;
    while let Some(&b) = bytes.get(end) {
        let exponent = end > 0
            && matches!(b, b'+' | b'-')
            && matches!((hex, bytes[end - 1]), (false, b'e' | b'E') | (true, b'p' | b'P'));
        if b.is_ascii_alphanumeric() || b == b'.' || exponent {
            end += 1;
        } else {
            break;
        }
    }
    end
}

/// Writes tokens back as text, one declaration or statement a line.
pub fn text(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut worded = false;
    for token in tokens {
        match token {
            Token::Word(word) | Token::Number(word) => {
                if worded {
                    out.push(' ');
                }
                out.push_str(word);
                worded = true;
            }
            Token::Sign(sign) => {
                out.push(*sign);
                if matches!(sign, ';' | '{' | '}') {
                    out.push('\n');
                }
                worded = false;
            }
            Token::Gap => out.push(' '),
        }
    }
    out
}

/// Splits a module into its declarations, in order.
pub fn declarations(source: &str) -> Vec<Declaration> {
    let tokens = tokens(source);
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (i, token) in tokens.iter().enumerate() {
        let ends = match token {
            Token::Sign('{' | '(' | '[') => {
                depth += 1;
                false
            }
            Token::Sign(c @ ('}' | ')' | ']')) => {
                depth = depth.saturating_sub(1);
                depth == 0 && *c == '}'
            }
            Token::Sign(';') => depth == 0,
            _ => false,
        };
        if ends {
            let own = &tokens[start..=i];
            start = i + 1;
            // A semicolon after a struct's brace is a declaration of nothing.
            if own.len() > 1 {
                out.push(Declaration {
                    name: declared(own).unwrap_or_default().to_owned(),
                    text: text(own),
                    words: own
                        .iter()
                        .filter_map(|t| if let Token::Word(w) = t { Some((*w).to_owned()) } else { None })
                        .collect(),
                });
            }
        }
    }
    if start < tokens.len() {
        out.push(Declaration { name: String::new(), text: text(&tokens[start..]), words: BTreeSet::new() });
    }
    out
}

/// The name that a declaration declares.
fn declared<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let at = tokens
        .iter()
        .position(|t| matches!(t, Token::Word("fn" | "struct" | "alias" | "const" | "override" | "var")))?;
    let mut rest = tokens.get(at + 1..)?;
    if tokens[at] == Token::Word("var") && rest.first() == Some(&Token::Sign('<')) {
        let close = rest.iter().position(|t| *t == Token::Sign('>'))?;
        rest = rest.get(close + 1..)?;
    }
    match rest.first()? {
        Token::Word(name) => Some(name),
        _ => None,
    }
}

/// `source` with every use of the names in `names` replaced, except members, attributes and directives.
pub fn renamed(source: &str, names: &BTreeMap<String, String>) -> String {
    let tokens = tokens(source);
    let members = member_declarations(&tokens);
    let mut out: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| tokens.get(b));
        let keeps = matches!(before, Some(Token::Sign('.' | '@'))) || members.contains(&i);
        out.push(match token {
            Token::Word(word) if !keeps => Token::Word(names.get(*word).map_or(*word, String::as_str)),
            other => *other,
        });
    }
    text(&out)
}

/// The positions of the names of members inside struct declarations.
fn member_declarations(tokens: &[Token<'_>]) -> BTreeSet<usize> {
    let mut out = BTreeSet::new();
    let mut inside = false;
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Word("struct") => inside = true,
            Token::Sign('}') => inside = false,
            Token::Word(_) if inside && tokens.get(i + 1) == Some(&Token::Sign(':')) => {
                out.insert(i);
            }
            _ => {}
        }
    }
    out
}

/// The declarations of `library` that `words` lead to, in the library's order, as text.
pub fn reached(library: &[Declaration], words: impl IntoIterator<Item = String>) -> String {
    let by_name: BTreeMap<&str, usize> =
        library.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
    let mut wanted = BTreeSet::new();
    let mut open: Vec<String> = words.into_iter().collect();
    while let Some(word) = open.pop() {
        if let Some(&i) = by_name.get(word.as_str())
            && wanted.insert(i)
        {
            open.extend(library[i].words.iter().cloned());
        }
    }
    let mut out = String::new();
    for i in wanted {
        writeln!(out, "{}", library[i].text).ok();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_renamed_and_members_swizzles_comments_are_not() {
        let source = "struct Params { x: f32, gain: f32 }; // gain x\nconst x = 1.5e-3f;\n\
            fn gain(v: vec4f) -> f32 { return v.x * x; }\n\
            fn tool(c: vec4f, p: Params) -> vec4f { /* x /* y */ */ let r = gain(c) * p.gain; return vec4f(r) + p.x - -r; }";
        let names: BTreeMap<_, _> =
            declarations(source).into_iter().map(|d| (d.name.clone(), format!("t0_{}", d.name))).collect();
        assert_eq!(names.keys().cloned().collect::<Vec<_>>(), ["Params", "gain", "tool", "x"]);
        let out = renamed(source, &names);
        for wanted in [
            "struct t0_Params{\nx:f32,gain:f32}",
            "const t0_x=1.5e-3f;",
            "return v.x*t0_x;",
            "t0_gain(c) *p.gain",
            "+p.x- -r;",
        ] {
            assert!(out.contains(wanted), "{wanted} in {out}");
        }
    }

    #[test]
    fn only_what_is_reached_is_taken() {
        let library = declarations("fn a() -> f32 { return b(); } fn b() -> f32 { return 1.0; } fn c() {}");
        let text = reached(&library, ["a".to_owned()]);
        assert!(text.contains("fn a") && text.contains("fn b") && !text.contains("fn c"));
    }
}
