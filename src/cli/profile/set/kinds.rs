//! From one kind of credentials to another: what a profile must not keep.
//!
//! Of a profile with settings of two kinds every tool makes something else: some go by the role, some by the keys, and
//! some refuse it.

use super::draft::Draft;
use crate::bridge;
use crate::cli::changes::Changes;
use crate::cli::keys_in_store::{self, SETTINGS};
use crate::error::Error;
use crate::profile::{FileKind, Kind, kind};
use crate::recursion;

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
        let process = self.given("credential_process");
        if process.is_some_and(|line| !recursion::is_keyfob_for(line, self.name, &self.context.vars)) {
            kinds.push(Kind::Process);
        }
        let has_keys = is_given(&kind::KEYS) && has("aws_access_key_id")? && has("aws_secret_access_key")?;
        let is_own_source = kinds == [Kind::Role] && self.is_own_source()?;
        if (self.keys.is_some() || has_keys) && !is_own_source {
            let token = self.keys.as_ref().map_or(self.gives_token(), |keys| keys.session_token.is_some());
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

    /// Whether a role is assumed with the profile's own keys, which stay where they are.
    pub(super) fn keeps_keys(&self, kind: Option<Kind>) -> bool {
        kind == Some(Kind::Role) && self.is_own_source().unwrap_or(false)
    }

    /// Whether other programs go on reaching the profile through keyfob: what keyfob alone is to read of it is then
    /// written `keyfob_KEY`.
    pub(super) fn stays_bridged(&self, kind: Option<Kind>) -> bool {
        let can_be = match kind {
            Some(Kind::Static | Kind::Session) => false,
            kind => self.kept_in.is_none() || self.keeps_keys(kind),
        };
        can_be && self.profile.is_some_and(|profile| bridge::line_of(profile, &self.context.vars).is_some())
    }

    /// Whether the line leads to a store of keys, and goes or stays with them.
    fn leads_to_store(&self, kind: Option<Kind>) -> bool {
        let are_keys = matches!(kind, Some(Kind::Static | Kind::Session)) && self.kept_in.is_some();
        are_keys && self.profile.is_some_and(|profile| bridge::line_of(profile, &self.context.vars).is_some())
    }

    /// Whether the profile becomes one of another kind than that of its keys in a store.
    pub(super) fn leaves_store(&self, kind: Option<Kind>) -> bool {
        let are_keys = matches!(kind, None | Some(Kind::Static | Kind::Session));
        self.kept_in.is_some() && !are_keys && !self.keeps_keys(kind)
    }

    /// Takes away what belongs to other credentials than those of this kind. Returns the names.
    pub(super) fn drop_others(&self, kind: Option<Kind>, changes: &mut Changes) -> Result<Vec<String>, Error> {
        let Some(profile) = self.profile else { return Ok(Vec::new()) };
        let mut others: Vec<&str> = self.stale_token();
        if let Some(kind) = kind.filter(|_| !self.merge) {
            others.extend(self.of_other_kinds(kind)?);
            if self.leaves_store(Some(kind)) {
                keys_in_store::unnote(profile, changes, self.context);
                others.extend(SETTINGS);
            }
        }
        let mut dropped = Vec::new();
        for key in others {
            let keeps_plain = key == bridge::LINE && (self.stays_bridged(kind) || self.leads_to_store(kind));
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
        let has_other_keys = match &self.keys {
            Some(keys) => keys.session_token.is_none(),
            // As the AWS CLI has it: the id of a session comes before its token.
            None => self.given("aws_access_key_id").is_some_and(|id| !id.starts_with("ASIA")),
        };
        match given.as_slice() {
            [] if self.keys.as_ref().is_some_and(|keys| keys.session_token.is_some()) => vec![kind::TOKENS[1]],
            [] if has_other_keys => kind::TOKENS.into(),
            [one] => kind::TOKENS.into_iter().filter(|token| token != one).collect(),
            _ => Vec::new(),
        }
    }

    fn of_other_kinds(&self, kind: Kind) -> Result<Vec<&'static str>, Error> {
        let was_role = self.setting("role_arn")?.is_some();
        let keeps_keys = self.keeps_keys(Some(kind));
        let mut others = kind.keys_of_others();
        others.extend(self.rivals());
        others.retain(|key| {
            self.given(key).is_none()
                && (was_role || !COMPANIONS.contains(key))
                && !(keeps_keys && kind::KEYS.contains(key))
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
        ] {
            if self.given(given).is_some() {
                rivals.extend(others);
            }
        }
        rivals
    }
}
