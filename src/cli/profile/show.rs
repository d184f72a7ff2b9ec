//! `keyfob profile show`: what a profile says.

mod section;

use super::super::Selection;
use super::super::location::Location;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{Profile, Profiles, SectionKind, SectionName};
use argh::{ArgsInfo, FromArgs};
use section::{Reading, Section};
use serde::Serialize;

/// Show the settings of a profile, or of all, with secrets masked.
#[derive(ArgsInfo, FromArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[argh(
    subcommand,
    name = "show",
    help_triggers("--help"),
    note = "Of several lines for one key the one that counts is shown: those of the credentials file go first."
)]
pub(super) struct Show {
    /// profile to show
    #[argh(positional, arg_name = "name")]
    word: Option<String>,

    /// profile to show
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// show every profile, sso-session and services section
    #[argh(switch)]
    all: bool,

    /// print JSON
    #[argh(switch)]
    json: bool,

    /// show secrets as they are
    #[argh(switch)]
    reveal: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// show where each setting stands, too
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Show {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let Self { word, profile: option, all, json, reveal, profile_location, verbose } = self;
        let selection = Selection::new([profile, option, word], None, None, verbose)?;
        if all && let Some(name) = &selection.profile {
            return Err(Error::usage(format!("--all shows every profile, and \"{name}\" is named")));
        }
        context.terminal.set_verbose(verbose);
        context.vars.refuse_what_is_not_text()?;
        let location = Location::of(profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let lines = verbose.then(|| profiles.lines());
        let reading = Reading { reveal, lines: lines.as_ref() };
        if all {
            return show_all(&profiles, &reading, json, context);
        }
        let name = selection.name(&location.vars);
        let profile = profiles.profile(&name)?.ok_or_else(|| profiles.no_such_profile(&name))?;
        let section = Section::of(&profile, &reading)?;
        Ok(if json { to_json(&section) } else { section.to_text() })
    }
}

/// What the shared files say, in the words of botocore's `full_config`.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(serialize_with = "section::as_map")]
    profiles: Vec<(&'a str, Section)>,
    #[serde(serialize_with = "section::as_map")]
    sso_sessions: Vec<(&'a str, Section)>,
    #[serde(serialize_with = "section::as_map")]
    services: Vec<(&'a str, Section)>,
}

/// Every section has to be readable: whoever asks for all takes what he gets for all there is.
fn show_all(profiles: &Profiles, reading: &Reading<'_>, json: bool, context: &Context) -> Result<String, Error> {
    profiles.notes().for_each(|note| context.terminal.warn(note));
    profiles.refuse_damage()?;
    let read = |name, profile: Option<Profile<'_>>| {
        let section = profile.map(|profile| Section::of(&profile, reading)).transpose()?;
        Ok(section.map(|section| (name, section)))
    };
    let of_profiles = profiles.all().into_iter().map(|listed| read(listed.name, Some(listed.profile?)));
    let sso_sessions = profiles.sso_session_names().into_iter().map(|name| read(name, profiles.sso_session(name)?));
    let services = profiles.services_names().into_iter().map(|name| read(name, profiles.services(name)?));
    let all = |sections: &mut dyn Iterator<Item = Result<Option<(_, Section)>, Error>>| {
        sections.filter_map(Result::transpose).collect::<Result<Vec<_>, Error>>()
    };
    let document = Document {
        profiles: all(&mut { of_profiles })?,
        sso_sessions: all(&mut { sso_sessions })?,
        services: all(&mut { services })?,
    };
    Ok(if json { to_json(&document) } else { to_text(&document) })
}

fn to_json(document: &impl Serialize) -> String {
    let mut json = serde_json::to_string(document).expect("texts always serialize");
    json.push('\n');
    json
}

fn to_text(document: &Document<'_>) -> String {
    let Document { profiles, sso_sessions, services } = document;
    let mut texts = Vec::new();
    for (kind, sections) in
        [(SectionKind::Profile, profiles), (SectionKind::SsoSession, sso_sessions), (SectionKind::Services, services)]
    {
        for (name, section) in sections {
            texts.push(section::header(SectionName { kind, name }) + &section.to_text());
        }
    }
    texts.join("\n")
}
