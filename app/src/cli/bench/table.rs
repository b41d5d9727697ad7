//! A table for people: words to the left, figures to the right, columns as wide as what stands in them.

use crate::cli::say;
use rushes_engine::Result;

/// Rows under a head.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    /// Columns of words, before those of figures.
    words: usize,
}

impl Table {
    /// Under `head`, whose first `words` columns are words.
    pub(super) fn new(words: usize, head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|&cell| cell.to_owned()).collect()], words }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Tells all of it.
    pub(super) fn say(&self) -> Result<()> {
        self.lines().iter().try_for_each(|line| say(line))
    }

    fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                let room = " ".repeat(width.saturating_sub(cell.chars().count()));
                if column < self.words { format!("{cell}{room}") } else { format!("{room}{cell}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect()
    }
}

/// A figure with as many digits as people read.
pub(super) fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A figure, or a dash where there is none.
pub(super) fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figure)
}

/// One figure over another; nothing where one is missing or there is nothing to divide by.
pub(super) fn ratio(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    let (ours, theirs) = (ours?, theirs?);
    (theirs > 0.0).then_some(ours / theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let mut table = Table::new(1, &["", "wall", "×"]);
        table.row(["Größe".to_owned(), figure(3.21), figure(1234.5)]);
        table.row(["b".to_owned()]);
        assert_eq!(table.lines(), ["       wall     ×", "Größe  3.21  1234", "b"]);
    }

    #[test]
    fn figures_and_ratios_are_short() {
        assert_eq!([figure(0.123), figure(12.34), figure(123.4)], ["0.12", "12.3", "123"]);
        assert_eq!(maybe(None), "–");
        assert_eq!(ratio(Some(3.0), Some(2.0)), Some(1.5));
        assert_eq!((ratio(None, Some(1.0)), ratio(Some(1.0), Some(0.0))), (None, None));
    }
}
