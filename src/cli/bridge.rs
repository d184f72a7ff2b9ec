//! `keyfob bridge`: every SDK reaches a profile through keyfob.

mod second;

use super::{Selection, changes};
use crate::bridge::{self, Bridging, Program};
use crate::chain;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{self, Edits, FileKind, Kind, Profile, Profiles};
use crate::shell;
use crate::sync::MARKER;
use argh::{ArgsInfo, FromArgs};
use second::Second;
use std::path::Path;

/// Let every AWS tool get the credentials of a profile from keyfob.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "bridge",
    help_triggers("--help"),
    note = "The profile's own settings get names that only keyfob reads, like keyfob_role_arn, and a line credential_process leads to it."
)]
pub(super) struct Bridge {
    /// profile to bridge
    #[argh(positional, arg_name = "name")]
    word: Option<String>,

    /// profile to bridge
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// write a second profile that leads to the first, and leave that alone
    #[argh(option, arg_name = "name", long = "as")]
    other: Option<String>,

    /// make the profile what it was before
    #[argh(switch)]
    undo: bool,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Bridge {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let selection = Selection::new([profile, self.profile.clone(), self.word.clone()], None, None, self.verbose)?;
        context.terminal.set_verbose(self.verbose);
        context.vars.refuse_what_is_not_text()?;
        let name = selection.name(&context.vars);
        let profiles = Profiles::load(&context.vars)?;
        let profile = profiles.profile(&name)?.ok_or_else(|| profiles.no_such_profile(&name));
        if let Some(other) = &self.other {
            let second = Second { name: &name, other, profiles: &profiles, context };
            return if self.undo { second.remove(self.dry_run) } else { second.write(&profile?, self.dry_run) };
        }
        let profile = profile?;
        if self.undo {
            return self.undo(&profile, context);
        }
        let kind = Kind::of(&profile, &context.vars)?;
        let Some(kind) = kind else { return Err(without_credentials(&name)) };
        let store = store_of(&profile)?;
        if store.is_none() && has_only_keys(kind, &profile) {
            let text = "has keys of its own, which every program reads: there is nothing to bridge";
            return Ok(format!("Profile \"{name}\" {text}.\n"));
        }
        refuse_broken(&profile, &profiles, context)?;
        refuse_keys(&profile, store.as_deref(), &profiles)?;
        let line = Program::of(context).line(&name)?;
        let bridging = match bridge::line_of(&profile, &context.vars) {
            Some((file, old)) if leads_nowhere(old) => Bridging::renew(&profile, file, line),
            _ => Bridging::make(&profile, line, &context.vars)?,
        };
        if bridging.are_none() {
            let word = shell::word(&name);
            return Ok(format!("Profile \"{name}\" is bridged already. To undo that: keyfob bridge --undo {word}\n"));
        }
        let session = profile.get("sso_session")?.map(|setting| setting.value.into_owned());
        self.carry_out(&bridging.edits(), || bridged(&profile, session.as_deref(), &bridging), context)
    }

    fn undo(&self, profile: &Profile<'_>, context: &Context) -> Result<String, Error> {
        let name = &profile.name;
        let bridging = Bridging::undo(profile, &context.vars)?;
        if bridging.are_none() {
            return Ok(format!("Profile \"{name}\" is not bridged.\n"));
        }
        // Where a store has the keys, the line was the only way there.
        let now = match store_of(profile)? {
            _ if profile.is_saml()? => "keyfob alone knows what it says of SAML",
            Some(_) => "keyfob alone has a way to its keys, which are in a store",
            None => "programs read its settings themselves",
        };
        self.carry_out(&bridging.edits(), || format!("Profile \"{name}\" is not bridged any more: {now}.\n"), context)
    }

    fn carry_out(&self, edits: &Edits<'_>, text: impl FnOnce() -> String, context: &Context) -> Result<String, Error> {
        if self.dry_run { edits.diff(&context.vars) } else { write(edits, context).map(|()| text()) }
    }
}

fn write(edits: &Edits<'_>, context: &Context) -> Result<(), Error> {
    let written = edits.apply(&context.vars)?;
    changes::note(&written, context);
    written.iter().flat_map(|written| &written.warnings).for_each(|warning| context.terminal.warn(warning));
    Ok(())
}

/// The store that a profile names for its keys.
fn store_of(profile: &Profile<'_>) -> Result<Option<String>, Error> {
    Ok(profile.store_of_keys()?.map(|setting| setting.value.into_owned()))
}

/// Whether a profile has credentials in the form that every program reads.
fn has_only_keys(kind: Kind, profile: &Profile<'_>) -> bool {
    matches!(kind, Kind::Static | Kind::Session) && secret_file(profile).is_some()
}

/// Where a secret stands under the name that every program reads.
fn secret_file(profile: &Profile<'_>) -> Option<FileKind> {
    let has_secret = |file: &FileKind| profile.line(*file, "aws_secret_access_key").is_some();
    FileKind::ALL.into_iter().find(has_secret)
}

fn without_credentials(name: &str) -> Error {
    refused(name).cause("it has no credentials of its own").hint(profile::ways_to_begin(name))
}

/// An error where the profile leads nowhere, whatever keys the environment holds at this moment.
fn refuse_broken(profile: &Profile<'_>, profiles: &Profiles, context: &Context) -> Result<(), Error> {
    let again = profiles.profile(&profile.name)?.expect("it is there");
    let vars = context.vars.with("AWS_ACCESS_KEY_ID", "any").with("AWS_SECRET_ACCESS_KEY", "any");
    chain::of_profile(again, profiles, &vars).map(|_| ())
}

/// An error where programs would go on using something else.
fn refuse_keys(profile: &Profile<'_>, store: Option<&str>, profiles: &Profiles) -> Result<(), Error> {
    let Some(kind) = secret_file(profile) else { return Ok(()) };
    let path = profiles.files().into_iter().find(|file| file.kind == kind).map(|file| file.path.display());
    let place = path.map(|path| format!(", in \"{path}\"")).unwrap_or_default();
    let word = shell::word(&profile.name);
    let hint = match store {
        Some(store) => {
            // What such a line says besides its program may be secret.
            let store = if store.starts_with("exec:") { "exec:COMMAND" } else { store };
            format!("let the store alone have them: `keyfob store move {word} --to {}`", shell::word(store))
        }
        None => format!("leave it as it is, and write a second profile: `keyfob bridge {word} --as NAME`"),
    };
    Err(refused(&profile.name)
        .cause(format!("it has keys of its own, too{place}, and many programs would take them instead"))
        .hint(hint))
}

fn refused(name: &str) -> Error {
    Error::new(format!("cannot bridge profile \"{name}\""))
}

/// Whether a bridge's program is gone, as after a move.
fn leads_nowhere(line: &str) -> bool {
    let invocation = crate::command_line::Invocation::parse(line);
    let program = Path::new(invocation.program());
    program.is_absolute() && !program.exists()
}

/// What is different now.
fn bridged(profile: &Profile<'_>, sso_session: Option<&str>, bridging: &Bridging<'_>) -> String {
    let name = &profile.name;
    let is_synced = profile.has(FileKind::Config, MARKER);
    let word = shell::word(name);
    let renames = |keys: &[&str]| keys.iter().any(|key| bridging.rename(key));
    let is_sso = renames(&["sso_session", "sso_start_url", "sso_account_id"]);
    let mut lines = vec![format!("Every program gets the credentials of profile \"{name}\" through keyfob now.")];
    if is_sso {
        let session = sso_session.map(|session| format!(", or aws sso login --sso-session {}", shell::word(session)));
        let instead = format!("keyfob sso login {word}{}", session.unwrap_or_default());
        lines.push(format!("`aws sso login --profile {word}` does not know it any more: {instead}"));
    }
    if is_sso || renames(&["role_arn"]) {
        let either = if is_sso { "do not, either" } else { "do not know it any more" };
        lines.push(format!(
            "Tools that read such settings themselves (aws-vault, Granted, toolkits of editors) {either}."
        ));
    }
    if renames(&["mfa_serial"]) {
        lines.push("keyfob asks for the MFA code, at the terminal, where programs asked themselves.".to_owned());
    }
    if renames(&[bridge::LINE]) {
        let kept = "Its own command is keyfob_credential_process now, and its answers are kept until they expire.";
        lines.push(kept.to_owned());
    }
    if is_synced {
        lines.push("The next `keyfob sso sync` undoes that, unless it is run with --bridge.".to_owned());
    }
    lines.push(format!("To undo that: keyfob bridge --undo {word}\n"));
    lines.join("\n")
}
