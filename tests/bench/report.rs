//! The table that the benchmark prints, and its verdict.

use std::{fmt::Write as _, process::ExitCode};

/// The rows so far.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    figure: String,
    budget: String,
    measured: String,
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Held,
    Exceeded,
    /// Shown for information; it varies with the machine.
    Shown,
    Skipped,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Held => "yes",
            Self::Exceeded => "NO",
            Self::Shown => "-",
            Self::Skipped => "skipped",
        }
    }
}

impl Report {
    /// A figure that repeats, and so can be held to its budget.
    pub(crate) fn held(&mut self, figure: &str, budget: &str, measured: String, holds: bool) {
        self.add(figure, budget, measured, if holds { Verdict::Held } else { Verdict::Exceeded });
    }

    /// A figure that varies with the machine and its load.
    pub(crate) fn shown(&mut self, figure: &str, budget: &str, measured: String) {
        self.add(figure, budget, measured, Verdict::Shown);
    }

    /// A figure whose tool is missing.
    pub(crate) fn skipped(&mut self, figure: &str, why: &str) {
        self.add(figure, "", why.to_owned(), Verdict::Skipped);
    }

    pub(crate) fn bytes(&mut self, figure: &str, bytes: u64, most: f64) {
        let budget = format!("<= {:.1} MB", most / 1e6);
        let bytes = precise(bytes);
        self.held(figure, &budget, format!("{:.2} MB", bytes / 1e6), bytes <= most);
    }

    fn add(&mut self, figure: &str, budget: &str, measured: String, verdict: Verdict) {
        self.0.push(Row { figure: figure.to_owned(), budget: budget.to_owned(), measured, verdict });
    }

    /// Prints the table; fails when a budget is exceeded, and in CI also when a row was skipped.
    pub(crate) fn print(&self) -> ExitCode {
        print!("{}", self.table());
        let count = |verdict| self.0.iter().filter(|row| row.verdict == verdict).count();
        let (exceeded, skipped) = (count(Verdict::Exceeded), count(Verdict::Skipped));
        if skipped > 0 {
            eprintln!("rows skipped because a tool is missing: {skipped}");
        }
        if exceeded > 0 {
            eprintln!("rows over their budget: {exceeded}");
        }
        if exceeded > 0 || (skipped > 0 && in_ci()) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn table(&self) -> String {
        let head = ["figure", "budget", "measured", "ok"];
        let rows = self.0.iter().map(|row| [&row.figure, &row.budget, &row.measured, row.verdict.word()]);
        let rows: Vec<[&str; 4]> = std::iter::once(head).chain(rows).collect();
        let widths = [0, 1, 2, 3].map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0));
        let mut table = String::from("\n");
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(table, "{}", cells.join(" | ").trim_end()).expect("a String takes all");
            if number == 0 {
                writeln!(table, "{}", widths.map(|width| "-".repeat(width)).join(" | ")).expect("a String takes all");
            }
        }
        table.push('\n');
        table
    }
}

/// A count as a fraction's part; counts here are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^53")]
pub(crate) fn precise(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::disallowed_methods, reason = "the benchmark is no part of the product")]
fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}
