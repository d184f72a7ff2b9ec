//! `keyfob profile set`: makes and changes profiles.

mod draft;
mod keeping;
mod key_pair;
mod kinds;
mod password;
mod questions;
mod settings;
pub(super) mod values;

use super::key::Key;
use crate::cli::Selection;
use crate::cli::location::Location;
use crate::cli::place::Place;
use crate::context::Context;
use crate::error::Error;
use crate::profile::{Profiles, kind};
use crate::secret::{Secret, is_secret};
use crate::shell;
use crate::terminal::stdin_is_terminal;
use argh::{ArgsInfo, FromArgs};
use draft::Draft;
use key_pair::KeyPair;
use questions::{Answers, Asked};

/// Make a profile or change its settings; ask for what is missing where nothing is given.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "set",
    help_triggers("--help"),
    note = "A profile has credentials of one kind: settings of other kinds are removed from it, unless --merge keeps them."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Set {
    /// profile to make or change
    #[argh(positional, arg_name = "name")]
    name: String,

    /// settings as key=value; `s3.max_queue_size=10` is one of a nested block
    #[argh(positional, arg_name = "setting")]
    settings: Vec<String>,

    /// store a key pair with this access key id; its secret is asked for
    #[argh(option, arg_name = "id")]
    access_key: Option<String>,

    /// the key pair is temporary, and has a session token, which is asked for, too
    #[argh(switch)]
    session: bool,

    /// read the secret and then the token, or the password, from lines of standard input
    #[argh(switch)]
    stdin: bool,

    /// assume this role
    #[argh(option, arg_name = "arn")]
    role_arn: Option<String>,

    /// with the credentials of this profile
    #[argh(option, arg_name = "name")]
    source_profile: Option<String>,

    /// with those of `Environment`, `Ec2InstanceMetadata` or `EcsContainer`
    #[argh(option, arg_name = "source")]
    credential_source: Option<String>,

    /// id that the role asks for
    #[argh(option, arg_name = "id")]
    external_id: Option<String>,

    /// MFA device that the role asks for
    #[argh(option, arg_name = "serial")]
    mfa_serial: Option<String>,

    /// name of the role's sessions
    #[argh(option, arg_name = "name")]
    role_session_name: Option<String>,

    /// how long they last, 900 to 43200
    #[argh(option, arg_name = "seconds")]
    duration_seconds: Option<String>,

    /// assume the role with the token in this file
    #[argh(option, arg_name = "file")]
    web_identity_token_file: Option<String>,

    /// run this command, which prints credentials
    #[argh(option, arg_name = "command")]
    credential_process: Option<String>,

    /// sign in at this page of AD FS or another SAML identity provider
    #[argh(option, arg_name = "url")]
    saml_endpoint: Option<String>,

    /// run this command, which prints a SAML assertion
    #[argh(option, arg_name = "command")]
    saml_process: Option<String>,

    /// who signs in there
    #[argh(option, arg_name = "name")]
    saml_user: Option<String>,

    /// role to get of those that the assertion has
    #[argh(option, arg_name = "arn")]
    saml_role_arn: Option<String>,

    /// region of the profile
    #[argh(option, arg_name = "region")]
    region: Option<String>,

    /// output format of the AWS CLI
    #[argh(option, arg_name = "format")]
    output: Option<String>,

    /// where the key pair is kept: credentials, config, auto, secret-service, keychain, sdk, sealed or exec:COMMAND; where
    /// the password is kept that is used with --saml-endpoint: all but the files and sdk
    #[argh(option, arg_name = "store")]
    store: Option<String>,

    /// keep the settings of other kinds of credentials
    #[argh(switch)]
    merge: bool,

    /// remove copies of the secrets from the other file, and replace nested blocks
    #[argh(switch)]
    force: bool,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Set {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        context.terminal.set_verbose(self.verbose);
        let places = [profile, None, Some(self.name.clone())];
        let name = Selection::new(places, None, None, self.verbose)?.name(&context.vars);
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load(&location.vars)?;
        let profile = profiles.profile(&name)?;
        let place = self.store.as_deref().map(|store| Place::parse(store, "--store", context)).transpose()?;
        let draft = Draft::new(context, &name, &profiles, profile.as_ref(), &location)?;
        let draft = Draft { place, merge: self.merge, force: self.force, ..draft };
        let settings = self.settings()?;
        let is_password = self.is_password(&settings, draft.was_saml);
        let key_pair = if is_password { None } else { self.key_pair(&draft)? };
        let answers = Answers { settings, key_pair, asks_region: false };
        let is_empty = answers.is_empty() && !is_password;
        let answers = match is_empty.then(|| questions::ask(&draft)).transpose()? {
            None => answers,
            Some(Asked::Answers(answers)) => answers,
            Some(Asked::Elsewhere(text)) => return Ok(text),
        };
        let Answers { settings, key_pair, asks_region } = answers;
        let mut draft = Draft { settings, ..draft };
        self.warn_of_secrets(&draft, context);
        draft.check()?;
        if key_pair.is_none() && draft.lacks_source()? && context.terminal.can_ask() {
            let mut answers = Answers::default();
            draft.ask_source(&mut answers)?;
            draft.settings.extend(answers.settings);
        }
        // What is typed at a terminal would be seen.
        let from_stdin = self.stdin && !stdin_is_terminal();
        if is_password {
            return draft.with_password(from_stdin, self.dry_run)?.carry_out(self.dry_run);
        }
        let Some((id, is_session)) = key_pair else { return draft.carry_out(self.dry_run) };
        let before = draft.keys_of(&id)?;
        let options = draft.place.as_ref().map_or(String::new(), Place::option) + &location.option;
        let pair = KeyPair { profile: &name, id: &id, is_session, from_stdin, options, before };
        pair.check()?;
        draft.refuse_keys_twice()?;
        draft.refuse_store(is_session)?;
        let keys = if self.dry_run { pair.placeholder() } else { pair.read(context)? };
        if asks_region {
            let mut answers = Answers::default();
            draft.ask_region(&mut answers)?;
            draft.settings.extend(answers.settings);
        }
        draft.with_keys(keys).carry_out(self.dry_run)
    }

    /// What options and words say, in the order of the help.
    fn settings(&self) -> Result<Vec<(Key, Secret)>, Error> {
        let mut settings = Vec::new();
        for (key, value) in [
            ("role_arn", &self.role_arn),
            ("source_profile", &self.source_profile),
            ("credential_source", &self.credential_source),
            ("external_id", &self.external_id),
            ("mfa_serial", &self.mfa_serial),
            ("role_session_name", &self.role_session_name),
            ("duration_seconds", &self.duration_seconds),
            ("web_identity_token_file", &self.web_identity_token_file),
            ("credential_process", &self.credential_process),
            ("saml_endpoint", &self.saml_endpoint),
            ("saml_process", &self.saml_process),
            ("saml_user", &self.saml_user),
            ("saml_role_arn", &self.saml_role_arn),
            ("region", &self.region),
            ("output", &self.output),
        ] {
            settings.extend(value.as_ref().map(|value| (Key::Plain(key.into()), Secret::new(value))));
        }
        for setting in &self.settings {
            settings.push(settings::parse(setting)?);
        }
        for (number, (key, _)) in settings.iter().enumerate() {
            if settings[..number].iter().any(|(before, _)| before == key) {
                return Err(Error::usage(format!("\"{key}\" is set twice")));
            }
        }
        Ok(settings)
    }

    /// Whether what is to be stored is the password of a profile that signs in with SAML.
    fn is_password(&self, settings: &[(Key, Secret)], was_saml: bool) -> bool {
        let is_given = settings.iter().any(|(key, _)| key.is("saml_endpoint") || key.is("saml_process"));
        let is_of_keys = self.access_key.is_some() || self.session;
        !is_of_keys && (self.store.is_some() || self.stdin) && (is_given || was_saml)
    }

    /// The id of a pair that is to be stored, and whether it has a token.
    fn key_pair(&self, draft: &Draft<'_>) -> Result<Option<(String, bool)>, Error> {
        if let Some(id) = &self.access_key {
            return Ok(Some((id.clone(), self.session)));
        }
        let options = [(self.session, "--session"), (self.stdin, "--stdin"), (self.store.is_some(), "--store")];
        let Some((_, option)) = options.into_iter().find(|(is_given, _)| *is_given) else { return Ok(None) };
        if self.stdin || !draft.context.terminal.can_ask() {
            return Err(Error::usage(format!("{option} is about keys, and there are none")).hint(
                "name the pair with --access-key; keys that are stored already are moved by `keyfob store move`",
            ));
        }
        draft.refuse_store(self.session)?;
        let id = draft.ask_id()?;
        let is_session = self.session || id.starts_with("ASIA");
        Ok(Some((id, is_session)))
    }

    fn warn_of_secrets(&self, draft: &Draft<'_>, context: &Context) {
        let mut given = draft.settings.iter().map(|(key, _)| key.to_string()).filter(|_| !self.settings.is_empty());
        let Some(key) = given.find(|key| is_secret(key)) else { return };
        let of_keys = kind::KEYS.contains(&key.strip_prefix("keyfob_").unwrap_or(&key));
        let word = shell::word(draft.name);
        let way = match () {
            () if of_keys => format!("; it is asked for, unseen, by `keyfob profile set {word} --access-key ID`"),
            () if key == "saml_password" => {
                format!("; it is asked for, unseen, by `keyfob profile set {word} --store STORE`")
            }
            () => String::new(),
        };
        context.terminal.warn(&format!(
            "\"{key}\" was on the command line, where other programs and the shell's history have it{way}"
        ));
    }
}
