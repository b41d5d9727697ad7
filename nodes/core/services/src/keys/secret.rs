//! A key in memory. It has no `Debug` and no `Display` that would show it.

use rushes_engine::{Error, Result};

/// The most that a key may have.
const LONGEST: usize = 512;

/// A provider's key.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The key itself, for the one header that it belongs in and for the place it is kept.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `words` without the key or either half of it: a provider may say it back.
    pub fn hide_in(&self, words: &str) -> String {
        let halves = self.0.split(':').filter(|half| half.len() >= 8);
        let hidden = words.replace(&self.0, "•••");
        halves.fold(hidden, |words, half| words.replace(half, "•••"))
    }
}

/// A key as typed or pasted, without white space around it, or why it can be none. The words never hold it.
pub(super) fn checked(key: &str) -> Result<Secret> {
    let key = key.trim();
    let wrong = if key.is_empty() {
        "the key is empty"
    } else if key.len() > LONGEST {
        "the key is too long"
    } else if key.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "the key holds white space"
    } else if !key.is_ascii() {
        "the key holds characters that no key has"
    } else {
        return Ok(Secret(key.to_owned()));
    };
    Err(Error::usage(wrong).help("copy it again from the provider's page, nothing more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_key_is_one() {
        assert_eq!(checked(" id:secret\n").unwrap().reveal(), "id:secret");
        for wrong in ["", "  ", "a b", "a\u{7}b", "ключ", &"x".repeat(513)] {
            let error = checked(wrong).unwrap_err();
            assert!(wrong.trim().is_empty() || !error.to_string().contains(wrong), "{error}");
        }
        assert_eq!(format!("{:?}", checked("id:secret").unwrap()), "Secret");
    }

    #[test]
    fn a_key_said_back_is_hidden() {
        let key = checked("abcdefgh:12345678").unwrap();
        assert_eq!(key.hide_in("no user for abcdefgh:12345678"), "no user for •••");
        assert_eq!(key.hide_in("no user abcdefgh"), "no user •••");
    }
}
