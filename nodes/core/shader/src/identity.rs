//! What tells one tool's text from another's, whatever the order in which its pieces were put together.

use crate::lexer::{self, Declaration, Token};
use crate::library::LIBRARY;
use std::collections::{BTreeMap, BTreeSet};

/// The identity of a tool's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Equal for texts that mean the same: those whose `tool` reaches the same declarations.
    pub key: u128,
    /// The counts that the text declares, by name. They are left out of the key: one translation serves all.
    pub counts: BTreeMap<String, u32>,
}

/// Whether a declaration is a count: `const NAME = 2u;`, in capitals and without a type. A tool writes it before its
/// shader to have several that differ by it alone.
pub fn is_count(declaration: &Declaration) -> Option<(&str, u32)> {
    let tokens = lexer::tokens(&declaration.text);
    let [Token::Word("const"), Token::Word(name), Token::Sign('='), Token::Number(value), Token::Sign(';')] =
        tokens.as_slice()
    else {
        return None;
    };
    let value = value.strip_suffix('u')?.parse().ok()?;
    (declaration.name == *name && !name.contains(char::is_lowercase))
        .then_some((declaration.name.as_str(), value))
}

/// The identity of a tool's whole text.
pub fn identity(source: &str) -> Identity {
    let own = lexer::declarations(source);
    // A tool's own declarations hide the library's of the same name.
    let mut by_name: BTreeMap<&str, &Declaration> = LIBRARY.iter().map(|d| (d.name.as_str(), d)).collect();
    by_name.extend(own.iter().map(|d| (d.name.as_str(), d)));
    let counts: BTreeMap<String, u32> =
        own.iter().filter_map(is_count).map(|(name, value)| (name.to_owned(), value)).collect();
    let mut reached = BTreeSet::new();
    let mut open = vec!["tool"];
    while let Some(name) = open.pop() {
        if !counts.contains_key(name)
            && let Some(declaration) = by_name.get(name)
            && reached.insert(name)
        {
            open.extend(declaration.words.iter().map(String::as_str));
        }
    }
    let mut key = FNV_OFFSET;
    for name in reached {
        let text = by_name.get(name).map_or("", |d| d.text.as_str());
        for byte in text.bytes().chain([0]) {
            key = (key ^ u128::from(byte)).wrapping_mul(FNV_PRIME);
        }
    }
    Identity { key, counts }
}

// Fowler, Noll and Vo's hash of 128 bits, variant 1a. It tells a hundred texts apart; nothing is kept by it.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_comments_and_counts_do_not_tell_texts_apart_but_what_is_reached_does() {
        let one = "const N = 2u; fn a() -> f32 { return f32(N); } fn tool() -> f32 { return a(); }";
        let two =
            "fn tool() -> f32 { return a(); } // as before\nfn a() -> f32 { return f32(N); } const N = 4u;";
        assert_eq!(identity(one).key, identity(two).key);
        assert_eq!(identity(two).counts["N"], 4);
        let unreached = format!("{one} fn b() {{}}");
        assert_eq!(identity(one).key, identity(&unreached).key);
        assert_ne!(identity(one).key, identity(&one.replace("f32(N)", "f32(N + 1u)")).key);
        let calls = "fn tool() -> f32 { return luma(vec3f(1.0)); }";
        let hides = format!("{calls} fn luma(v: vec3f) -> f32 {{ return v.x; }}");
        assert_ne!(identity(calls).key, identity(&hides).key);
    }
}
