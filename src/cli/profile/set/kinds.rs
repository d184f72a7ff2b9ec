//! From one kind of credentials to another: what a profile must not keep.
//!
//! Of a profile with settings of two kinds every tool makes something else: some go by the role, some by the keys, and
//! some refuse it.

use super::draft::Draft;
use crate::bridge;
use crate::cli::changes::Changes;
use crate::cli::keys_in_store::{self, SETTINGS};
use crate::cli::place::Place;
use crate::error::Error;
use crate::profile::{FileKind, Kind, kind};
use crate::recursion;
use crate::store::Kept;

/// What belongs to a role, and does no harm beside other credentials: some tools read `mfa_serial` there.
const COMPANIONS: [&str; 4] = ["external_id", "mfa_serial", "role_session_name", "duration_seconds"];

impl Draft<'_> {
    /// The kind of credentials that the settings make; `None` when they make no whole one.
    ///
    /// An error when they make two.
    pub(super) fn kind(&self) -> Result<Option<Kind>, Error> {
        let mut kinds = Vec::new();
        let is_given = |keys: &[&str]| keys.iter().any(|key| self.given(key).is_some());
        let has = |key: &str| self.has(key);
        if is_given(&["role_arn", "source_profile", "credential_source"])
            && has("role_arn")?
            && (has("source_profile")? || has("credential_source")?)
            && (is_given(&["source_profile", "credential_source"]) || !has("web_identity_token_file")?)
        {
            kinds.push(Kind::Role);
        }
        if is_given(&["role_arn", "web_identity_token_file"])
            && has("role_arn")?
            && has("web_identity_token_file")?
            && (is_given(&["web_identity_token_file"]) || kinds.is_empty())
        {
            kinds.push(Kind::WebIdentity);
        }
        if is_given(&["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"])
            && (has("sso_session")? || has("sso_start_url")?)
        {
            kinds.push(Kind::Sso);
        }
        if is_given(&["login_session"]) {
            kinds.push(Kind::Login);
        }
        if is_given(&["saml_endpoint", "saml_process"]) {
            if is_given(&["role_arn"]) && kinds.is_empty() {
                return Err(Error::usage(format!("profile \"{}\" would assume a role with nothing", self.name))
                    .cause("role_arn is for a role that other credentials assume, and SAML gives one itself")
                    .hint("name that one with --saml-role-arn"));
            }
            kinds.push(Kind::Saml);
        }
        let process = self.given("credential_process");
        if process.is_some_and(|line| !recursion::is_keyfob_for(line, self.name, &self.context.vars)) {
            kinds.push(Kind::Process);
        }
        let has_keys = is_given(&kind::KEYS) && has("aws_access_key_id")? && has("aws_secret_access_key")?;
        let is_own_source = kinds == [Kind::Role] && self.is_own_source()?;
        if (self.keys().is_some() || has_keys) && !is_own_source {
            let token = self.keys().map_or(self.gives_token(), |keys| keys.session_token.is_some());
            kinds.push(if token { Kind::Session } else { Kind::Static });
        }
        match kinds.as_slice() {
            [] => Ok(None),
            [kind] => Ok(Some(*kind)),
            [first, second, ..] => Err(Error::usage(format!("profile \"{}\" cannot be of two kinds", self.name))
                .cause(format!("these are settings of kind \"{}\" and of kind \"{}\"", first.name(), second.name()))
                .hint("leave one of them out, or keep both with --merge")),
        }
    }

    fn gives_token(&self) -> bool {
        kind::TOKENS.iter().any(|token| self.given(token).is_some())
    }

    fn is_own_source(&self) -> Result<bool, Error> {
        Ok(match self.given("source_profile") {
            Some(source) => source == self.name,
            None => self.setting("source_profile")?.is_some_and(|source| source == self.name),
        })
    }

    /// Whether a role is assumed with the profile's own keys or its own sign-in with SAML, which stay where they are.
    pub(super) fn keeps_keys(&self, kind: Option<Kind>) -> bool {
        kind == Some(Kind::Role) && self.is_own_source().unwrap_or(false)
    }

    /// Whether other programs go on reaching the profile through keyfob: what keyfob alone is to read of it is then
    /// written `keyfob_KEY`.
    pub(super) fn stays_bridged(&self, kind: Option<Kind>) -> bool {
        let can_be = match kind {
            Some(Kind::Static | Kind::Session | Kind::Saml) => false,
            // Its line is there for SAML, and goes with that.
            kind if self.was_saml => self.keeps_keys(kind),
            kind => self.kept_in.is_none() || self.keeps_keys(kind),
        };
        can_be && self.profile.is_some_and(|profile| bridge::line_of(profile, &self.context.vars).is_some())
    }

    /// Whether the line is one to keyfob that keys in a store, or SAML, need as well.
    fn keeps_line(&self, kind: Option<Kind>) -> bool {
        let is_needed = match kind {
            Some(Kind::Static | Kind::Session) if self.was_saml => self.stores_keys(),
            Some(Kind::Static | Kind::Session) => self.kept_in.is_some(),
            kind => kind == Some(Kind::Saml),
        };
        is_needed && self.profile.is_some_and(|profile| bridge::line_of(profile, &self.context.vars).is_some())
    }

    /// Whether keys are to go into a store.
    fn stores_keys(&self) -> bool {
        self.keys().is_some() && matches!(self.place, Some(Place::Store(_)))
    }

    /// Whether the profile becomes one of another kind than that of its keys in a store, or needs its password no more.
    pub(super) fn leaves_store(&self, kind: Option<Kind>) -> bool {
        if self.was_saml {
            let is_other = kind.is_some_and(|kind| kind != Kind::Saml) && !self.keeps_keys(kind);
            let leaves = is_other || self.given("saml_process").is_some();
            return self.kept_in.is_some() && leaves && !self.merge;
        }
        let are_keys = matches!(kind, None | Some(Kind::Static | Kind::Session));
        self.kept_in.is_some() && !are_keys && !self.keeps_keys(kind)
    }

    /// Takes away what belongs to other credentials than those of this kind. Returns the names.
    pub(super) fn drop_others(&self, kind: Option<Kind>, changes: &mut Changes) -> Result<Vec<String>, Error> {
        let Some(profile) = self.profile else { return Ok(Vec::new()) };
        let mut others: Vec<&str> = self.stale_token();
        if let Some(kind) = kind.filter(|_| !self.merge) {
            others.extend(self.of_other_kinds(kind)?);
            if self.leaves_store(Some(kind)) && !self.stores_keys() {
                let has_password = matches!(self.kept, Some(Kept::Password(_)));
                match kind {
                    // Of what says so, the line stays, and the name of a store where that of a password takes its place.
                    Kind::Saml => others.extend(&SETTINGS[usize::from(has_password)..]),
                    _ => {
                        keys_in_store::unnote(profile, changes, self.context);
                        others.extend(SETTINGS);
                    }
                }
            }
        }
        let mut dropped = Vec::new();
        for key in others {
            let keeps_plain = key == bridge::LINE && (self.stays_bridged(kind) || self.keeps_line(kind));
            for key in [key.to_owned(), format!("keyfob_{key}")].into_iter().skip(usize::from(keeps_plain)) {
                let files = FileKind::ALL.into_iter().filter(|file| profile.has(*file, &key));
                let count = files.map(|file| changes.unset(file, self.name, &key)).count();
                if count > 0 && !dropped.contains(&key) {
                    dropped.push(key);
                }
            }
        }
        Ok(dropped)
    }

    /// A token that belongs to other keys, and the one of its two names that is not given.
    fn stale_token(&self) -> Vec<&'static str> {
        let given: Vec<_> = kind::TOKENS.into_iter().filter(|token| self.given(token).is_some()).collect();
        let has_other_keys = match self.keys() {
            Some(keys) => keys.session_token.is_none(),
            // As the AWS CLI has it: the id of a session comes before its token.
            None => self.given("aws_access_key_id").is_some_and(|id| !id.starts_with("ASIA")),
        };
        match given.as_slice() {
            [] if self.keys().is_some_and(|keys| keys.session_token.is_some()) => vec![kind::TOKENS[1]],
            [] if has_other_keys => kind::TOKENS.into(),
            [one] => kind::TOKENS.into_iter().filter(|token| token != one).collect(),
            _ => Vec::new(),
        }
    }

    fn of_other_kinds(&self, kind: Kind) -> Result<Vec<&'static str>, Error> {
        let was_role = self.was_saml || self.setting("role_arn")?.is_some();
        let keeps_keys = self.keeps_keys(Some(kind));
        let own = if self.was_saml { Kind::Saml.keys() } else { &kind::KEYS };
        let mut others = kind.keys_of_others();
        others.extend(self.rivals());
        others.retain(|key| {
            self.given(key).is_none() && (was_role || !COMPANIONS.contains(key)) && !(keeps_keys && own.contains(key))
        });
        Ok(others)
    }

    /// What cannot stand beside the given settings of the same kind.
    fn rivals(&self) -> Vec<&'static str> {
        let mut rivals = Vec::new();
        for (given, others) in [
            ("source_profile", &["credential_source"][..]),
            ("credential_source", &["source_profile"]),
            ("sso_session", &["sso_start_url", "sso_region", "sso_registration_scopes"]),
            ("sso_start_url", &["sso_session"]),
            ("saml_endpoint", &["saml_process"]),
            ("saml_process", &["saml_endpoint", "saml_authentication", "saml_user", "saml_domain"]),
        ] {
            if self.given(given).is_some() {
                rivals.extend(others);
            }
        }
        rivals
    }
}
