//! What `profile set NAME` asks where nothing is said: for a kind of credentials, what that takes, and a region.

use super::draft::Draft;
use super::values;
use crate::cli::QUESTION_LIMIT;
use crate::cli::profile::key::Key;
use crate::error::Error;
use crate::profile::Kind;
use crate::profile::kind::CREDENTIAL_SOURCES;
use crate::secret::Secret;
use crate::shell;
use crate::terminal::{NoAnswer, Pick, Question, Typing};

/// What is to be set, said on the command line or at the terminal.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) settings: Vec<(Key, Secret)>,
    /// The id of a pair that is to be stored, and whether it has a token.
    pub(super) key_pair: Option<(String, bool)>,
    /// Whether the region is yet to be asked for: people expect a secret right after its id, and it must not be seen.
    pub(super) asks_region: bool,
}

impl Answers {
    pub(super) fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.key_pair.is_none()
    }
}

/// What came of the questions.
pub(super) enum Asked {
    Answers(Answers),
    /// Another command asks for the rest; a text that says so.
    Elsewhere(String),
}

/// Each with the setting that makes a profile one of it.
const KINDS: [(&str, Kind, &str); 8] = [
    ("Access keys", Kind::Static, "aws_access_key_id"),
    ("Role, assumed with other credentials", Kind::Role, "role_arn"),
    ("Role, assumed with a token in a file", Kind::WebIdentity, "role_arn"),
    ("IAM Identity Center", Kind::Sso, "sso_account_id"),
    ("Sign-in with the AWS console", Kind::Login, "login_session"),
    ("Command that prints credentials", Kind::Process, "credential_process"),
    ("Sign-in at AD FS or another SAML page", Kind::Saml, "saml_endpoint"),
    ("Command that prints a SAML assertion", Kind::Saml, "saml_process"),
];

/// Asks step by step; what the profile says already is offered.
pub(super) fn ask(draft: &Draft<'_>) -> Result<Asked, Error> {
    let name = draft.name;
    if !draft.context.terminal.can_ask() {
        return Err(Error::usage(format!("nothing to set in profile \"{name}\"")).hint(
            "name settings, like region=eu-west-1, or use --access-key, --role-arn with --source-profile, \
             --web-identity-token-file, --saml-endpoint or --credential-process; on a terminal they are asked for",
        ));
    }
    let word = shell::word(name);
    let mut answers = Answers::default();
    let elsewhere = |command| Ok(Asked::Elsewhere(format!("That takes more than settings: keyfob {command} {word}\n")));
    let (kind, key) = draft.ask_kind()?;
    match kind {
        Kind::Sso => return elsewhere("configure sso"),
        Kind::Login => return elsewhere("login"),
        Kind::Role | Kind::RoleWithMfa => {
            draft.needed("role_arn", "Role ARN", &mut answers)?;
            draft.ask_source(&mut answers)?;
            for (key, text) in [
                ("external_id", "External ID"),
                ("mfa_serial", "MFA device"),
                ("role_session_name", "Name of its sessions"),
            ] {
                draft.optional(key, text, None, &mut answers)?;
            }
        }
        Kind::WebIdentity => {
            draft.needed("role_arn", "Role ARN", &mut answers)?;
            draft.needed("web_identity_token_file", "File that has the token", &mut answers)?;
        }
        Kind::Saml if key == "saml_process" => {
            draft.needed(key, "Command", &mut answers)?;
            draft.optional("saml_role_arn", "Role ARN", None, &mut answers)?;
        }
        Kind::Saml => {
            draft.needed(key, "Page to sign in at", &mut answers)?;
            for (key, text) in [("saml_user", "User"), ("saml_domain", "Domain"), ("saml_role_arn", "Role ARN")] {
                draft.optional(key, text, None, &mut answers)?;
            }
        }
        Kind::Process => draft.needed("credential_process", "Command", &mut answers)?,
        Kind::Static | Kind::Session => {
            let id = draft.ask_id()?;
            let is_session = id.starts_with("ASIA");
            let key_pair = Some((id, is_session));
            return Ok(Asked::Answers(Answers { key_pair, asks_region: true, ..answers }));
        }
    }
    draft.ask_region(&mut answers)?;
    Ok(Asked::Answers(answers))
}

impl Draft<'_> {
    /// The kind of credentials, and the setting that makes a profile one of it.
    fn ask_kind(&self) -> Result<(Kind, &'static str), Error> {
        let now = self.profile.map_or(Ok(None), |profile| Kind::of(profile, &self.context.vars))?;
        let now = match now {
            Some(Kind::RoleWithMfa) => Some(Kind::Role),
            Some(Kind::Session) => Some(Kind::Static),
            now => now,
        };
        let has_process = self.setting("saml_process")?.is_some();
        let is_now =
            |kind: Kind, key: &str| Some(kind) == now && (kind != Kind::Saml || has_process == (key == "saml_process"));
        let usually = KINDS.iter().position(|(_, kind, key)| is_now(*kind, key));
        let place = self.choose("Credentials", &KINDS.map(|(text, ..)| text.to_owned()), usually)?;
        let (_, kind, key) = KINDS[place];
        Ok((kind, key))
    }

    /// Where there is none yet: who comes from `configure` has just said it.
    pub(super) fn ask_region(&self, answers: &mut Answers) -> Result<(), Error> {
        if self.setting("region")?.is_some() {
            return Ok(());
        }
        let vars = &self.context.vars;
        let region = vars.get("AWS_REGION").or_else(|| vars.get("AWS_DEFAULT_REGION"));
        self.optional("region", "Default region", region, answers)
    }

    /// The id of a pair.
    pub(super) fn ask_id(&self) -> Result<String, Error> {
        self.ask_until_given("aws_access_key_id", "AWS Access Key ID")
    }

    /// Which credentials a role is assumed with: those of a profile, or of the machine.
    pub(super) fn ask_source(&self, answers: &mut Answers) -> Result<(), Error> {
        let profiles = self.profiles.names();
        let mut texts: Vec<String> = profiles.iter().map(|name| format!("Profile {name}")).collect();
        texts.extend(CREDENTIAL_SOURCES.map(str::to_owned));
        let (profile, source) = (self.setting("source_profile")?, self.setting("credential_source")?);
        let now = profile.map(|name| format!("Profile {name}")).or(source);
        let usually = texts.iter().position(|text| Some(text) == now.as_ref());
        let place = self.choose("Assumed with", &texts, usually)?;
        let (key, value) = match profiles.get(place) {
            Some(name) => ("source_profile", *name),
            None => ("credential_source", CREDENTIAL_SOURCES[place - profiles.len()]),
        };
        answers.settings.push((Key::Plain(key.into()), Secret::new(value)));
        Ok(())
    }

    fn choose(&self, title: &str, choices: &[String], usually: Option<usize>) -> Result<usize, Error> {
        let moves = self.context.vars.can_move_cursor();
        let pick = Pick { title, choices, left: None, usually, otherwise: None, limit: QUESTION_LIMIT, moves };
        self.context.terminal.pick(&pick).map_err(|why| self.unanswered(why))
    }

    fn needed(&self, key: &str, text: &str, answers: &mut Answers) -> Result<(), Error> {
        let value = self.ask_until_given(key, text)?;
        answers.settings.push((Key::Plain(key.into()), Secret::new(value)));
        Ok(())
    }

    fn optional(&self, key: &str, text: &str, usually: Option<&str>, answers: &mut Answers) -> Result<(), Error> {
        let now = self.setting(key)?;
        let value = self.ask(key, text, now.as_deref().or(usually))?;
        answers.settings.extend(value.map(|value| (Key::Plain(key.into()), Secret::new(value))));
        Ok(())
    }

    fn ask_until_given(&self, key: &str, text: &str) -> Result<String, Error> {
        let now = self.setting(key)?;
        loop {
            if let Some(value) = self.ask(key, text, now.as_deref())? {
                return Ok(value);
            }
        }
    }

    /// `None`: an empty answer, where nothing is usual.
    fn ask(&self, key: &str, text: &str, usually: Option<&str>) -> Result<Option<String>, Error> {
        let text = format!("{text} [{}]: ", usually.unwrap_or("None"));
        loop {
            let question = Question { text: &text, typing: Typing::Shown, limit: QUESTION_LIMIT, lock: None };
            let answer = self.context.terminal.ask(&question).map_err(|why| self.unanswered(why))?;
            match answer.expose().trim() {
                "" => return Ok(usually.map(str::to_owned)),
                answer => match values::check(key, answer) {
                    Ok(()) => return Ok(Some(answer.to_owned())),
                    Err(error) => {
                        let why = error.cause.unwrap_or_default();
                        self.context.terminal.tell(&format!("That will not do: {why}."));
                    }
                },
            }
        }
    }

    fn unanswered(&self, why: NoAnswer) -> Error {
        why.explain(
            Error::new(format!("profile \"{}\" stays as it is", self.name))
                .hint("options answer the questions, too: `keyfob profile set --help`"),
        )
    }
}
