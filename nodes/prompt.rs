//! What prompts are made of: words for framings and camera moves, where they stand, and which contradict.

use std::ops::Range;

/// Words for framings, longest first where one holds another, with the parameter word they mean.
pub(crate) const FRAMINGS: &[(&str, &str)] = &[
    ("extreme close-up", "extreme_close_up"),
    ("extreme close up", "extreme_close_up"),
    ("medium close-up", "medium_close_up"),
    ("medium close up", "medium_close_up"),
    ("medium wide shot", "medium_wide"),
    ("extreme wide shot", "extreme_wide"),
    ("establishing shot", "extreme_wide"),
    ("close-up", "close_up"),
    ("close up", "close_up"),
    ("medium shot", "medium"),
    ("mid shot", "medium"),
    ("wide shot", "wide"),
    ("long shot", "wide"),
    ("full shot", "wide"),
];

/// Words for camera moves with the parameter word they mean; `""` where the direction is left open.
pub(crate) const MOVES: &[(&str, &str)] = &[
    ("static camera", "static"),
    ("locked-off camera", "static"),
    ("handheld camera", "handheld"),
    ("camera pushes in", "push_in"),
    ("push in", "push_in"),
    ("push-in", "push_in"),
    ("dolly in", "push_in"),
    ("camera pulls out", "pull_out"),
    ("pull out", "pull_out"),
    ("pull-out", "pull_out"),
    ("dolly out", "pull_out"),
    ("camera pans left", "pan_left"),
    ("pan left", "pan_left"),
    ("camera pans right", "pan_right"),
    ("pan right", "pan_right"),
    ("tilt up", "tilt_up"),
    ("camera tilts up", "tilt_up"),
    ("tilt down", "tilt_down"),
    ("camera tilts down", "tilt_down"),
    ("orbit left", "orbit_left"),
    ("orbit right", "orbit_right"),
    ("camera orbits", ""),
    ("crane up", "crane_up"),
    ("crane down", "crane_down"),
    ("tracking shot", ""),
    ("dolly zoom", ""),
];

/// Words that cannot both be meant.
const CONTRARY: &[(&[&str], &[&str])] = &[
    (&["night", "midnight", "moonlight"], &["midday", "noon", "daylight", "bright sun", "golden hour"]),
    (
        &["soft light", "soft key light", "diffused light", "overcast"],
        &["hard light", "harsh light", "hard sun"],
    ),
    (
        &["black and white", "black-and-white", "monochrome"],
        &["vibrant colours", "vibrant colors", "colourful", "colorful"],
    ),
    (
        &["photorealistic", "photograph", "photo"],
        &["cartoon", "anime", "illustration", "painting", "watercolour", "watercolor"],
    ),
    (&["shallow depth of field", "bokeh"], &["deep focus", "everything in focus"]),
    (
        &["extreme close-up", "close-up", "macro"],
        &["full body", "head to toe", "wide shot", "establishing shot", "panorama"],
    ),
    (
        &["static camera", "locked-off", "tripod"],
        &["handheld", "shaky", "push in", "pull out", "pan left", "pan right", "orbit"],
    ),
    (&["empty street", "deserted", "nobody"], &["crowd", "crowded", "busy street"]),
    (&["indoors", "interior"], &["outdoors", "exterior"]),
    (&["low angle", "worm's-eye view"], &["high angle", "overhead view", "bird's-eye view", "top-down"]),
    (&["wide-angle lens", "fisheye"], &["telephoto"]),
];

/// Where `phrase` stands in `text` as whole words, whatever the case. `phrase` is in lower case.
pub(crate) fn find(text: &str, phrase: &str) -> Option<Range<usize>> {
    // ASCII only, so that places in the lowered text are places in the text.
    let lower = text.to_ascii_lowercase();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    lower.match_indices(phrase).map(|(at, found)| at..at + found.len()).find(|range| {
        let before = lower.get(..range.start).and_then(|t| t.chars().next_back());
        let after = lower.get(range.end..).and_then(|t| t.chars().next());
        !word(before) && !word(after)
    })
}

/// The phrase of a table that stands first in `text`: where, and what it means. Of two at one place the longer.
pub(crate) fn first<'a>(text: &str, table: &[(&str, &'a str)]) -> Option<(Range<usize>, &'a str)> {
    let found = table.iter().filter_map(|(phrase, meaning)| Some((find(text, phrase)?, *meaning)));
    found.min_by_key(|(range, _)| (range.start, usize::MAX - range.end))
}

/// Two phrases of `text` that cannot both be meant.
pub(crate) fn contradiction(text: &str) -> Option<(&'static str, &'static str)> {
    let any = |list: &[&'static str]| list.iter().copied().find(|p| find(text, p).is_some());
    CONTRARY.iter().find_map(|(a, b)| Some((any(a)?, any(b)?)))
}

/// Whether `text` begins with the phrase at `at`: nothing, or an article and a few describing words, before it.
pub(crate) fn leads(text: &str, at: &Range<usize>) -> bool {
    let before = text.get(..at.start).unwrap_or("");
    !before.contains([',', '.', ';', ':']) && before.split_whitespace().count() <= 3
}

/// `text` with the part that holds `at` moved to its front. Parts end at commas or full stops, as `end` says.
pub(crate) fn moved_to_front(text: &str, at: &Range<usize>, end: char) -> String {
    let before = text.get(..at.start).unwrap_or("");
    let start = before.rfind(end).map_or(0, |i| i + end.len_utf8());
    let stop = text.get(at.end..).and_then(|t| t.find(end)).map_or(text.len(), |i| at.end + i);
    let part = text.get(start..stop).unwrap_or("").trim();
    let trim = |t: &str| t.trim().trim_end_matches(end).trim().to_owned();
    let rest = [
        trim(before.get(..start).unwrap_or("")),
        trim(text.get(stop..).unwrap_or("").trim_start_matches(end)),
    ];
    let rest: Vec<_> = rest.into_iter().filter(|t| !t.is_empty()).collect();
    let gap = format!("{end} ");
    let mut moved = capital(part);
    if !rest.is_empty() {
        moved = format!("{moved}{gap}{}", rest.join(&gap));
    }
    if end == '.' && text.trim_end().ends_with('.') && !moved.ends_with('.') {
        moved.push('.');
    }
    moved
}

/// `text` without the part at `at` and the comma beside it.
pub(crate) fn without(text: &str, at: &Range<usize>) -> String {
    let before = text.get(..at.start).unwrap_or("").trim().trim_end_matches([',', ';']).trim_end();
    let after = text.get(at.end..).unwrap_or("").trim().trim_start_matches([',', ';']).trim_start();
    let after = after.strip_prefix("of ").filter(|_| before.is_empty()).unwrap_or(after);
    match (before.is_empty(), after.is_empty()) {
        (true, _) => after.to_owned(),
        (_, true) => before.to_owned(),
        _ => format!("{before}, {after}"),
    }
}

/// `text` with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words_and_the_longest_counts() {
        let (at, word) = first("An Extreme close-up of a hand", FRAMINGS).unwrap();
        assert_eq!(
            (word, &"An Extreme close-up of a hand"[at.clone()]),
            ("extreme_close_up", "Extreme close-up")
        );
        assert!(leads("An Extreme close-up of a hand", &at));
        assert!(find("he took a photograph", "photo").is_none());
        assert!(find("ÄÖ photo", "photo").is_some(), "places hold beside letters of several bytes");
    }

    #[test]
    fn parts_move_to_the_front_and_nothing_is_lost() {
        let text = "a woman reads, medium shot, soft light";
        let (at, _) = first(text, FRAMINGS).unwrap();
        assert!(!leads(text, &at));
        assert_eq!(moved_to_front(text, &at, ','), "Medium shot, a woman reads, soft light");
        let text = "She turns. Slow push in. She smiles.";
        let (at, _) = first(text, MOVES).unwrap();
        assert_eq!(moved_to_front(text, &at, '.'), "Slow push in. She turns. She smiles.");
        let text = "wide shot of a rocket";
        assert_eq!(without(text, &first(text, FRAMINGS).unwrap().0), "a rocket");
    }

    #[test]
    fn contradictions_are_named() {
        assert_eq!(contradiction("a street at night, bright sun"), Some(("night", "bright sun")));
        assert_eq!(contradiction("a street at night, wet asphalt"), None);
    }
}
