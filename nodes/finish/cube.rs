//! `.cube` files (Adobe Cube LUT Specification 1.0, with Resolve's ranges): a bounded reader.

use rushes_engine::{Error, Result};

/// The longest file that is read: a cube of 129 entries a side with room for long numbers.
pub(crate) const MOST_BYTES: u64 = 256 << 20;
/// The most entries a side of a cube.
const MOST_SIDE: usize = 129;
/// The most entries of a curve.
const MOST_ENTRIES: usize = 65_536;

/// A look-up table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cube {
    /// Its name, if it has one.
    pub(crate) title: String,
    /// Entries of a curve, or entries a side of a cube.
    pub(crate) size: usize,
    /// Whether it is a cube.
    pub(crate) is_3d: bool,
    /// The inputs that meet the first and the last entry.
    pub(crate) domain: [[f32; 3]; 2],
    /// The outputs, red fastest.
    pub(crate) entries: Vec<[f32; 3]>,
}

/// Reads the text of a `.cube` file.
pub(crate) fn parse(text: &str) -> Result<Cube> {
    let mut title = String::new();
    let mut size: Option<(usize, bool)> = None;
    let mut domain = [[0.0_f32; 3], [1.0_f32; 3]];
    let mut entries: Vec<[f32; 3]> = Vec::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let at = |e: Error| e.at(format!("line {}", number + 1));
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word {
            "TITLE" => title = rest.trim().trim_matches('"').chars().take(200).collect(),
            "LUT_1D_SIZE" | "LUT_3D_SIZE" => {
                let is_3d = word == "LUT_3D_SIZE";
                if size.is_some() {
                    return Err(at(bad("the table's size is told twice")));
                }
                size = Some((read_size(rest, is_3d).map_err(at)?, is_3d));
            }
            "DOMAIN_MIN" => domain[0] = triple(rest).map_err(at)?,
            "DOMAIN_MAX" => domain[1] = triple(rest).map_err(at)?,
            "LUT_1D_INPUT_RANGE" | "LUT_3D_INPUT_RANGE" => {
                let [low, high] = numbers(rest).map_err(at)?;
                domain = [[low; 3], [high; 3]];
            }
            _ if word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.parse::<f32>().is_err() => {
                // Keywords of other makers carry no numbers of the table.
            }
            _ => {
                let Some((size, is_3d)) = size else {
                    return Err(at(bad("numbers come before the table's size")));
                };
                if entries.len() >= count(size, is_3d) {
                    return Err(at(bad("there are more entries than its size says")));
                }
                entries.push(triple(line).map_err(at)?);
            }
        }
    }
    let (size, is_3d) = size.ok_or_else(|| bad("it names no LUT_1D_SIZE or LUT_3D_SIZE"))?;
    if entries.len() != count(size, is_3d) {
        return Err(bad(format!(
            "it has {} entries where its size says {}",
            entries.len(),
            count(size, is_3d)
        )));
    }
    if (0..3).any(|i| domain[1][i] - domain[0][i] < 1e-6) {
        return Err(bad("its domain is empty"));
    }
    Ok(Cube { title, size, is_3d, domain, entries })
}

fn bad(what: impl Into<String>) -> Error {
    Error::media(what.into()).help("choose a whole .cube file, or export it again")
}

fn count(size: usize, is_3d: bool) -> usize {
    if is_3d { size * size * size } else { size }
}

fn read_size(text: &str, is_3d: bool) -> Result<usize> {
    let most = if is_3d { MOST_SIDE } else { MOST_ENTRIES };
    let size = text.trim().parse::<usize>().map_err(|_| bad("its size is no number"))?;
    if (2..=most).contains(&size) {
        Ok(size)
    } else {
        Err(bad(format!("a size of {size} is not from 2 to {most}")))
    }
}

fn triple(text: &str) -> Result<[f32; 3]> {
    numbers(text)
}

fn numbers<const N: usize>(text: &str) -> Result<[f32; N]> {
    let mut out = [0.0; N];
    let mut words = text.split_whitespace();
    for slot in &mut out {
        let number = words.next().and_then(|w| w.parse::<f32>().ok()).filter(|n| n.is_finite());
        *slot = number.ok_or_else(|| bad(format!("{N} numbers are expected here")))?;
    }
    if words.next().is_some() { Err(bad(format!("{N} numbers are expected here"))) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: &str =
        "# made\nTITLE \"Warm\"\nLUT_1D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 2 1\n0 0 0\n1 0.9 0.8\n";

    #[test]
    fn title_domain_and_entries_are_read() {
        let cube = parse(SMALL).unwrap();
        assert_eq!((cube.title.as_str(), cube.size, cube.is_3d), ("Warm", 2, false));
        assert_eq!((cube.domain[1], cube.entries[1]), ([1.0, 2.0, 1.0], [1.0, 0.9, 0.8]));
    }

    #[test]
    fn damaged_files_are_refused_in_words() {
        for text in [
            "",
            "hello",
            "LUT_3D_SIZE 100000",
            "LUT_3D_SIZE 2\n0 0 0",
            "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1",
            "LUT_1D_SIZE 2\n0 0 nan\n1 1 1",
            "LUT_1D_SIZE 2\n0 0\n1 1 1",
            "0 0 0\nLUT_1D_SIZE 2",
            "LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\n0 0 0\n1 1 1",
            "LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n",
        ] {
            assert!(!parse(text).unwrap_err().help_text().is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            if let Err(error) = parse(&text) {
                prop_assert!(!error.help_text().is_empty());
            }
        }

        #[test]
        fn any_change_of_a_file_is_read_or_refused(at in 0..SMALL.len(), with in "[ -~\n]{0,6}", cut in 0..40_usize) {
            let end = (at + cut).min(SMALL.len());
            let text = format!("{}{with}{}", &SMALL[..at], &SMALL[end..]);
            if let Ok(cube) = parse(&text) {
                prop_assert_eq!(cube.entries.len(), if cube.is_3d { cube.size.pow(3) } else { cube.size });
                prop_assert!(cube.entries.iter().flatten().all(|v| v.is_finite()));
            }
        }
    }
}
