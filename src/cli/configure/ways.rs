//! How a profile comes by credentials: the command that makes them is run as if it had been typed.

use super::{Answers, Setup};
use crate::cli;
use crate::error::Error;
use crate::profile;
use crate::terminal::NoAnswer;
use std::ffi::OsString;

/// The commands from which a profile gets credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    IdentityCenter,
    Console,
    Set,
    Later,
}

impl Way {
    fn title(self) -> &'static str {
        match self {
            Self::IdentityCenter => "a role of IAM Identity Center",
            Self::Console => "a sign-in with the AWS console",
            Self::Set => "access keys, a role to assume, SAML, or a command",
            Self::Later => "none for now",
        }
    }
}

impl Setup<'_> {
    /// Asks how, and does that.
    pub(super) fn lead_on(&self, answers: &Answers) -> Result<String, Error> {
        let all = [Way::IdentityCenter, Way::Console, Way::Set, Way::Later];
        // A sign-in is kept for the files that every program reads.
        let ways: Vec<Way> = match self.elsewhere {
            None => all.to_vec(),
            Some(_) => vec![Way::Set, Way::Later],
        };
        let titles: Vec<String> = ways.iter().map(|way| way.title().to_owned()).collect();
        let unanswered = |why: NoAnswer| {
            let error = Error::new(format!("profile \"{}\" has no credentials yet", self.name));
            why.explain(error.hint(self.ways_to_begin()))
        };
        let chosen = self.choose("Credentials", &titles).map(|place| ways[place]).map_err(unanswered)?;
        match self.words(chosen, answers) {
            None => Ok(self.next_step()),
            Some(words) => {
                let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
                cli::run(&words, self.context)
            }
        }
    }

    /// The command line; `None`: nothing is to be done.
    fn words(&self, way: Way, answers: &Answers) -> Option<Vec<String>> {
        let mut words: Vec<String> = match way {
            Way::IdentityCenter => vec!["configure".into(), "sso".into()],
            Way::Console => vec!["login".into()],
            Way::Set => vec!["profile".into(), "set".into()],
            Way::Later => return None,
        };
        let option = |name: &str, value: Option<&str>| value.map(|value| format!("--{name}={value}"));
        if way == Way::IdentityCenter {
            words.extend(option("region", answers.region.as_deref()));
            words.extend(option("output", answers.output.as_deref()));
        }
        words.extend(option("profile-location", self.elsewhere));
        words.extend(self.context.terminal.is_verbose().then(|| "--verbose".to_owned()));
        words.extend(["--".to_owned(), self.name.to_owned()]);
        Some(words)
    }

    /// What to type for credentials.
    pub(super) fn next_step(&self) -> String {
        format!("It has no credentials yet: {}\n", self.ways_to_begin())
    }

    fn ways_to_begin(&self) -> String {
        match self.elsewhere {
            None => profile::ways_to_begin(self.name),
            Some(_) => format!("`{}` asks for them", self.command_line("profile set")),
        }
    }
}
