//! Lists for people, in columns.

use std::fmt::Write as _;

/// What becomes of a column that nobody has anything in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EmptyColumns {
    Kept,
    LeftOut,
}

/// A line for each row. A long cell moves the rest of its own line alone.
pub(super) fn columns<const N: usize>(rows: &[[String; N]], empty: EmptyColumns) -> String {
    const WIDEST: usize = 40;
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count().min(WIDEST)).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths).filter(|(_, width)| *width > 0 || empty == EmptyColumns::Kept) {
            write!(line, "{cell:width$}  ").expect("a String takes all");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
