//! `keyfob configure`: makes the default profile or another one, with its region and its output format, and leads on to
//! its credentials.
//!
//! Whatever an option answers is not asked, and without a terminal nothing is.

mod questions;
mod region;
mod sso;
mod ways;

use super::Selection;
use super::changes::{self, Changes};
use super::location::Location;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{Kind, Profile, Profiles, SectionKind, SectionName};
use crate::shell;
use argh::{ArgsInfo, FromArgs};
use questions::said_output;
use std::fmt::Write as _;

/// Make a profile, the default one if no other is named: its region, its output format, and its credentials.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "configure",
    help_triggers("--help"),
    note = "What no option answers is asked. Without a terminal nothing is, and only what options say is changed."
)]
pub(super) struct Configure {
    /// profile to make or change
    #[argh(positional, arg_name = "name")]
    word: Option<String>,

    /// profile to make or change
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// region of the profile
    #[argh(option)]
    region: Option<String>,

    /// output format of the AWS CLI: json, text, table, yaml, yaml-stream or off
    #[argh(option, arg_name = "format")]
    output: Option<String>,

    /// take what is usual instead of asking
    #[argh(switch, short = 'y')]
    yes: bool,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,

    #[argh(subcommand)]
    command: Option<ConfigureCommand>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
enum ConfigureCommand {
    Sso(sso::Sso),
}

/// A profile in the making.
struct Setup<'a> {
    context: &'a Context,
    location: &'a Location,
    profiles: &'a Profiles,
    profile: Option<&'a Profile<'a>>,
    name: &'a str,
    /// What `--profile-location` says.
    elsewhere: Option<&'a str>,
}

/// What the profile is to say; `None`: whatever it says.
#[derive(Default)]
struct Answers {
    region: Option<String>,
    output: Option<String>,
}

impl Configure {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        match self.command {
            Some(ConfigureCommand::Sso(ref command)) => {
                self.refuse_options()?;
                command.run(profile.or(self.profile), context)
            }
            None => self.configure(profile, context),
        }
    }

    /// Options of the command above would be taken for the one below, which has them, too.
    fn refuse_options(&self) -> Result<(), Error> {
        let Self { word, region, output, yes, dry_run, profile_location, .. } = self;
        let options = [
            (word.is_some(), "a name"),
            (region.is_some(), "--region"),
            (output.is_some(), "--output"),
            (*yes, "--yes"),
            (*dry_run, "--dry-run"),
            (profile_location.is_some(), "--profile-location"),
        ];
        match options.into_iter().find(|(is_there, _)| *is_there) {
            Some((_, option)) => Err(Error::usage(format!("{option} stands before `sso`"))
                .hint("options of `configure sso` follow it: `keyfob configure sso --help`")),
            None => Ok(()),
        }
    }

    fn configure(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let selection = Selection::new([profile, self.profile.clone(), self.word.clone()], None, None, self.verbose)?;
        context.terminal.set_verbose(self.verbose);
        context.vars.refuse_what_is_not_text()?;
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let name = selection.name(&context.vars);
        let profiles = Profiles::load(&location.vars)?;
        let profile = profiles.profile(&name)?;
        let elsewhere = self.profile_location.as_deref();
        let (profiles, profile) = (&profiles, profile.as_ref());
        let setup = Setup { context, location: &location, profiles, profile, name: &name, elsewhere };
        if profile.is_none() {
            setup.refuse_name()?;
        }
        let asks = !self.yes && context.terminal.can_ask();
        let answers = if asks { self.asked(&setup)? } else { self.said(&setup)? };
        let changes = setup.changes(&answers)?;
        if self.dry_run {
            return changes.preview(&location, context);
        }
        let written = changes.apply(&location, context)?;
        changes::note(&written, context);
        setup.warn_of_variables(&answers);
        let text = setup.told(&answers, written.iter().any(|written| written.changed));
        if setup.has_credentials()? {
            return Ok(text);
        }
        if asks {
            return match setup.lead_on(&answers) {
                Ok(more) => Ok(text + &more),
                // The profile is there all the same.
                Err(error) => Err(error.beside(text)),
            };
        }
        Ok(text + &setup.next_step())
    }

    /// What options and a person say.
    fn asked(&self, setup: &Setup<'_>) -> Result<Answers, Error> {
        let region = match self.region.as_deref() {
            Some(name) => setup.checked_region(name)?,
            None => setup.ask_region()?,
        };
        let output = match self.output.as_deref() {
            Some(output) => Some(said_output(output)?),
            None => setup.ask_output()?,
        };
        Ok(Answers { region: Some(region), output })
    }

    /// What options say, and with --yes what is usual.
    fn said(&self, setup: &Setup<'_>) -> Result<Answers, Error> {
        let like = format!("`{} --region us-east-1`", setup.command_line("configure"));
        if !self.yes && self.region.is_none() && self.output.is_none() {
            return Err(Error::usage("there is no terminal to ask on, and nothing is said")
                .hint(format!("run it like {like}, or with --yes to take what is usual")));
        }
        let region = self.region.as_deref().map(|name| setup.checked_region(name)).transpose()?;
        let output = self.output.as_deref().map(said_output).transpose()?;
        let region = match region {
            None if self.yes => setup.usual_region()?,
            region => region,
        };
        if region.is_none() && self.yes {
            return Err(Error::new("no region is usual here")
                .cause("neither the profile nor AWS_REGION names one, and this is no EC2 instance that tells")
                .hint(format!("name one: {like}")));
        }
        Ok(Answers { region, output })
    }
}

impl<'a> Setup<'a> {
    fn section(&self) -> SectionName<'a> {
        SectionName { kind: SectionKind::Profile, name: self.name }
    }

    /// A command for this very profile, as a person types it.
    fn command_line(&self, command: &str) -> String {
        let location = self.elsewhere.map(|file| format!(" --profile-location {}", shell::word(file)));
        format!("keyfob {command} {}{}", shell::word(self.name), location.unwrap_or_default())
    }

    fn refuse_name(&self) -> Result<(), Error> {
        let refused = |why| {
            Err(Error::usage(format!("cannot make profile \"{}\"", self.name)).cause(why).hint("choose another name"))
        };
        self.section().objection().map_or(Ok(()), refused)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let Some(profile) = self.profile else { return Ok(None) };
        Ok(profile.get(key)?.map(|setting| setting.value.into_owned()))
    }

    fn has_credentials(&self) -> Result<bool, Error> {
        let Some(profile) = self.profile else { return Ok(false) };
        Ok(Kind::of(profile, &self.context.vars)?.is_some())
    }

    /// What is not so yet, each key as it is spelt.
    fn changes(&self, answers: &Answers) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        for (key, wanted) in [("region", &answers.region), ("output", &answers.output)] {
            let Some(wanted) = wanted.as_deref() else { continue };
            let there = self.profile.map_or(Ok(None), |profile| profile.get(key))?;
            match there {
                Some(setting) if setting.value == wanted => {}
                // The credentials file goes before the config file, so that it has to change where it is.
                Some(setting) => changes.set(setting.place.file.kind, self.name, &setting.key(), wanted),
                None => changes.set(self.location.file_of(key), self.name, key, wanted),
            }
        }
        Ok(changes)
    }

    /// A variable goes before every profile.
    fn warn_of_variables(&self, answers: &Answers) {
        let vars = &self.context.vars;
        let variable = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| Some((name, vars.get(name)?)));
        if let (Some((variable, value)), Some(region)) = (variable, &answers.region)
            && value.trim() != region
        {
            self.context
                .terminal
                .warn(&format!("{variable} is {value} here, and goes before the region of any profile"));
        }
    }

    fn told(&self, answers: &Answers, has_changed: bool) -> String {
        let Answers { region, output } = answers;
        let said = [("region", region), ("output", output)];
        let said = said.into_iter().filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?)));
        let said = said.collect::<Vec<_>>().join(" and ");
        let already = if has_changed { "" } else { " already" };
        let mut text = String::new();
        writeln!(text, "Profile \"{}\" has {said}{already}.", self.name).expect("a String takes all");
        text
    }
}
