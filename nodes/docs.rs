//! The user documentation of a tool is the head of its file: one text for readers of the code and of the program.

/// The `//!` lines at the head of `source`, as text.
pub(crate) fn head(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The user documentation of the file in which it stands.
macro_rules! docs {
    () => {
        $crate::docs::head(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../", file!())))
    };
}
pub(crate) use docs;

#[cfg(test)]
mod tests {
    #[test]
    fn the_head_of_a_file_is_its_documentation() {
        assert_eq!(super::head("//! One.\n//!\n//! Two.\n\nuse x;\n//! no"), "One.\n\nTwo.");
        assert!(super::docs!().starts_with("The user documentation of a tool"));
    }
}
