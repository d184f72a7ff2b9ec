//! What is offered, line by line, as the shell wants it.

use super::here;
use super::line::{Cut, Insertion};
use crate::context::Vars;
use crate::error::{is_printable, is_unprintable};
use crate::shell::Shell;
use std::fmt::Write as _;

/// How a line looks.
#[derive(Clone, Copy)]
pub(super) enum Form<'a> {
    /// The word, a tab, its description.
    Described,
    /// The word alone, as tcsh wants it: it quotes what it inserts, takes a blank for the end of a word, and looks for
    /// nothing itself once we are asked. Files and programs are found by the variables.
    Bare(&'a Vars),
    /// What the shell is to put in the place of what is typed, quoted, and where each word begins in the line.
    Inserted(&'a Insertion, &'a Cut),
}

impl<'a> Form<'a> {
    pub(super) fn of(cut: &'a Cut, shell: Shell, vars: &'a Vars) -> Self {
        if shell == Shell::Tcsh {
            return Self::Bare(vars);
        }
        cut.insertion.as_ref().map_or(Self::Described, |insertion| Self::Inserted(insertion, cut))
    }
}

/// The lines so far, and what a word has to begin with to be one.
pub(super) struct Offers<'a> {
    typed: &'a str,
    /// How much of what is typed stands before the value, in bytes.
    lead: usize,
    form: Form<'a>,
    /// Values that begin so are something else here.
    left_out: Option<&'static str>,
    lines: &'a mut String,
}

impl<'a> Offers<'a> {
    pub(super) fn new(typed: &'a str, form: Form<'a>, lines: &'a mut String) -> Self {
        Self { typed, lead: 0, form, left_out: None, lines }
    }

    /// As much of what is typed stays: `--option=`.
    pub(super) fn lead(&mut self, length: usize) {
        self.lead = length;
    }

    pub(super) fn leave_out(&mut self, beginning: &'static str) {
        self.left_out = Some(beginning);
    }

    /// What is typed of the value.
    pub(super) fn typed(&self) -> &'a str {
        &self.typed[self.lead..]
    }

    /// How much of what is typed stands before the value, in bytes.
    pub(super) fn lead_length(&self) -> usize {
        self.lead
    }

    /// Offers a value, if it goes on from what is typed.
    pub(super) fn offer(&mut self, value: &str, description: &str) {
        let is_other = self.lead == 0 && self.left_out.is_some_and(|beginning| value.starts_with(beginning));
        if !is_other {
            self.put(value, description);
        }
    }

    /// Offers a value whatever it begins with.
    pub(super) fn put(&mut self, value: &str, description: &str) {
        if value.is_empty() || !value.starts_with(self.typed()) || !is_printable(value) {
            return;
        }
        let lead = &self.typed[..self.lead];
        match self.form {
            Form::Described => {
                self.lines.extend([lead, value, "\t"]);
                self.lines.extend(description.chars().map(|letter| if is_shown(letter) { letter } else { ' ' }));
            }
            Form::Bare(_) if value.contains(char::is_whitespace) => return,
            Form::Bare(_) => self.lines.extend([lead, value]),
            Form::Inserted(insertion, _) if lead.is_empty() => insertion.write(value, self.lines),
            Form::Inserted(insertion, _) => insertion.write(&format!("{lead}{value}"), self.lines),
        }
        self.lines.push('\n');
    }

    /// Lets the shell offer files; what stands before the first `=` stays.
    pub(super) fn files(&mut self) {
        match self.form {
            Form::Bare(vars) => here::files(self.typed(), vars).iter().for_each(|file| self.put(file, "")),
            Form::Described | Form::Inserted(..) => self.lines.push_str("\tfiles\n"),
        }
    }

    /// Lets the shell complete the command line of another program, which begins at that word, counted from 1.
    /// `is_its_name`: what is typed is that word, and no later one.
    pub(super) fn command(&mut self, word: usize, is_its_name: bool) {
        let at = match self.form {
            Form::Described => word,
            Form::Inserted(_, cut) => cut.place_of(word),
            Form::Bare(_) if !is_its_name => return self.files(),
            Form::Bare(vars) => {
                for program in here::programs(self.typed(), vars) {
                    self.put(&program, "");
                }
                return;
            }
        };
        writeln!(self.lines, "\tcommand {at}").expect("a String takes all");
    }
}

/// Whether a character may stand in a line: it ends none in whatever reads it, and does nothing to a terminal.
fn is_shown(letter: char) -> bool {
    letter == ' ' || !(is_unprintable(letter) || letter.is_whitespace())
}
