//! What Linux tells in the lines of `/proc`.

/// Bytes of the line that begins with a name, as `MemTotal:` or `VmRSS:`, where there is one.
pub(crate) fn bytes_of(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::bytes_of;

    #[test]
    fn lines_are_told_in_kilobytes() {
        assert_eq!(bytes_of("Name:\tx\nVmRSS:\t  2048 kB\n", "VmRSS:"), Some(2048.0 * 1024.0));
        assert_eq!(bytes_of("", "VmRSS:"), None);
    }
}
