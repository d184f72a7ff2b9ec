//! What the program takes from the machine it runs on: variables, clock, terminal, and where it is itself.

use crate::error::Error;
use crate::terminal::Terminal;
use crate::timestamp::Timestamp;
use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The machine, as `main` captured it.
pub struct Context {
    pub(crate) vars: Vars,
    pub(crate) clock: Clock,
    pub(crate) terminal: Terminal,
}

impl Context {
    /// Captures the environment of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the door for variables")]
    pub fn of_this_process() -> Self {
        Self {
            vars: Vars { all: std::env::vars_os().collect(), supposed: Vec::new() },
            clock: Clock::default(),
            terminal: Terminal::default(),
        }
    }

    /// Says what belongs below the answer, which is printed now.
    pub fn end(&self) {
        self.terminal.end();
    }

    /// Where the program is that runs now, links resolved.
    #[expect(clippy::disallowed_methods, reason = "the door for the program")]
    #[expect(clippy::unused_self, reason = "who may know is decided by who has a Context")]
    pub(crate) fn executable(&self) -> io::Result<PathBuf> {
        std::env::current_exe()
    }
}

/// Environment variables. One that is set to nothing counts as unset, as the SDKs have it.
#[derive(Clone, Default)]
pub(crate) struct Vars {
    all: Vec<(OsString, OsString)>,
    /// The names of those that nobody has set.
    supposed: Vec<&'static str>,
}

impl Vars {
    /// Whether the terminal can move its cursor, as it says itself.
    pub(crate) fn can_move_cursor(&self) -> bool {
        self.get("TERM").is_some_and(|term| term != "dumb")
    }

    pub(crate) fn os(&self, name: &str) -> Option<&OsStr> {
        let found = self.all.iter().find(|(key, _)| same_name(key, name));
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// The same with one of them set to something else.
    pub(crate) fn with(&self, name: &str, value: impl Into<OsString>) -> Self {
        let others = self.all.iter().filter(|(key, _)| !same_name(key, name)).cloned();
        Self { all: others.chain([(name.into(), value.into())]).collect(), supposed: self.supposed.clone() }
    }

    /// The same as if one of them were set, by which an option has its say.
    pub(crate) fn supposing(&self, name: &'static str, value: impl Into<OsString>) -> Self {
        let mut vars = self.with(name, value);
        vars.supposed.push(name);
        vars
    }

    /// Whether it is set, and by no option.
    pub(crate) fn is_set_by_person(&self, name: &str) -> bool {
        self.os(name).is_some() && !self.supposed.contains(&name)
    }

    /// A variable that must be text; one that is blank or not UTF-8 counts as unset.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let text = self.os(name)?.to_str()?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// Refuses variables of AWS's that are not text: to pass them over would lead to other credentials.
    pub(crate) fn refuse_what_is_not_text(&self) -> Result<(), Error> {
        let names_a_path = |name: &str| ["_FILE", "_BUNDLE", "_DIRECTORY"].iter().any(|end| name.ends_with(end));
        let is_bad = |(name, value): &(OsString, OsString)| {
            let name = name.to_str().filter(|name| name.starts_with("AWS_") && !names_a_path(name))?;
            value.to_str().is_none().then(|| name.to_owned())
        };
        match self.all.iter().find_map(is_bad) {
            Some(name) => Err(Self::is_not_text(&name)),
            None => Ok(()),
        }
    }

    /// The error for a variable that has to be text.
    pub(crate) fn is_not_text(name: &str) -> Error {
        Error::new(format!("cannot use {name}")).cause("its value is not UTF-8").hint("unset it, or set it anew")
    }

    /// Everything in the environment and the current folder that a program may go by: two runs with the same may be
    /// expected to answer alike. Left out is what changes from one command to the next and says nothing.
    pub(crate) fn surroundings(&self) -> String {
        const PASSING: [&str; 7] = ["_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "RANDOM"];
        let mut vars: Vec<_> =
            self.all.iter().filter(|(name, _)| !PASSING.iter().any(|passing| name == passing)).collect();
        vars.sort();
        format!("{vars:?} in {:?}", std::env::current_dir().ok())
    }

    /// The name of this machine, be it a computer, an instance or a container: two that share a home do not share that.
    #[cfg_attr(unix, expect(clippy::unused_self, reason = "where it is Windows, a variable says it"))]
    pub(crate) fn machine(&self) -> OsString {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            OsStr::from_bytes(rustix::system::uname().nodename().to_bytes()).to_owned()
        }
        #[cfg(windows)]
        {
            self.os("COMPUTERNAME").unwrap_or_default().to_owned()
        }
    }
}

#[cfg(windows)]
fn same_name(key: &OsStr, name: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

#[cfg(not(windows))]
fn same_name(key: &OsStr, name: &str) -> bool {
    key == name
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Vars {
    fn from(vars: [(&str, &str); N]) -> Self {
        Self { all: vars.iter().map(|(name, value)| (name.into(), value.into())).collect(), supposed: Vec::new() }
    }
}

/// The machine's clock, and how far a server found it to be off during this run.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    skew_millis: Cell<i64>,
}

impl Clock {
    /// The time now, as servers see it.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(Self::local().unix_millis() + self.skew_millis.get())
    }

    /// The time now, as this machine shows it: what file times and other processes here go by.
    #[expect(clippy::disallowed_methods, reason = "the door for the clock")]
    pub(crate) fn local() -> Timestamp {
        Timestamp::from_system_time(SystemTime::now())
    }

    /// Learns the time from a server's `Date`; returns by how much the clock was off.
    pub(crate) fn correct(&self, server: Timestamp) -> Duration {
        let off = server.unix_millis() - self.now().unix_millis();
        self.skew_millis.set(self.skew_millis.get() + off);
        Duration::from_millis(off.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_variables_count_as_unset() {
        let vars = Vars::from([("EMPTY", ""), ("BLANK", "  "), ("SET", "x")]);
        assert_eq!(vars.get("EMPTY"), None);
        assert_eq!(vars.get("BLANK"), None);
        assert_eq!(vars.get("ABSENT"), None);
        assert_eq!(vars.get("SET"), Some("x"));
    }

    #[test]
    fn what_an_option_says_is_set_by_no_person() {
        let vars = Vars::from([("A", "1"), ("B", "2")]).supposing("A", "3").with("C", "4");
        assert_eq!(["A", "B", "C"].map(|name| vars.get(name)), [Some("3"), Some("2"), Some("4")]);
        assert_eq!(["A", "B", "D"].map(|name| vars.is_set_by_person(name)), [false, true, false]);
    }

    #[test]
    fn surroundings_tell_environments_apart_but_not_their_order_or_what_passes() {
        let one = Vars::from([("A", "1"), ("B", "2"), ("SHLVL", "1")]).surroundings();
        assert_eq!(one, Vars::from([("B", "2"), ("A", "1"), ("SHLVL", "2")]).surroundings());
        assert_ne!(one, Vars::from([("A", "1"), ("B", "3"), ("SHLVL", "1")]).surroundings());
    }

    #[test]
    fn the_clock_follows_the_servers_date() {
        let clock = Clock::default();
        let hour = Duration::from_hours(1);
        let off = clock.correct(Clock::local() + hour);
        assert!(off.abs_diff(hour) < Duration::from_secs(5));
        assert!(Clock::local().until(clock.now()).abs_diff(hour) < Duration::from_secs(5));
    }
}
