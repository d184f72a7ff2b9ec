//! From a profile to its chain: the rules on which the AWS SDKs agree. Where several kinds of keys stand in one
//! profile, botocore's order decides.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

use super::{
    Base, Chain, Origin, Referrer, Role, SamlRole, Source, SsoRole, WebIdentity, environment_keys, sso, unusable,
};
use crate::context::Vars;
use crate::credentials::{Credentials, is_account_id, is_key_text};
use crate::error::Error;
use crate::profile::{FileKind, Place, Profile, Profiles, Setting};
use crate::recursion;
use crate::secret::Secret;
use crate::store::StoreName;

/// The setting that says in which store the keys of a profile are, or its password.
pub(super) const STORE: &str = "keyfob_store";

/// The chain of a profile. `None` when the profile has nothing to do with credentials.
pub(crate) fn of_profile<'a>(
    profile: Profile<'a>,
    profiles: &'a Profiles,
    vars: &Vars,
) -> Result<Option<Chain<'a>>, Error> {
    let mut hop = Hop { profile, profiles, vars, referrer: None };
    let mut visited: Vec<String> = Vec::new();
    let mut roles: Vec<Role<'a>> = Vec::new();
    loop {
        visited.push(hop.profile.name.clone());
        if let Some(role) = roles.last_mut().filter(|role| role.mfa_process.is_none()) {
            role.mfa_process = hop.text("mfa_process")?;
        }
        let step = hop.step()?;
        roles.extend(step.role);
        let source_profile = match step.then {
            Then::Base(Some(base)) => {
                // They were met from the last to the first.
                roles.reverse();
                return Ok(Some(Chain { base, roles }));
            }
            Then::Base(None) if visited.len() == 1 && roles.is_empty() => return Ok(None),
            Then::Base(None) => return Err(hop.without_credentials()),
            Then::SourceProfile(setting) => setting,
        };
        hop = hop.source(&source_profile, &visited)?;
    }
}

/// A profile on the way, and how we came to it.
struct Hop<'a, 'v> {
    profile: Profile<'a>,
    profiles: &'a Profiles,
    vars: &'v Vars,
    referrer: Option<Referrer<'a>>,
}

struct Step<'a> {
    role: Option<Role<'a>>,
    then: Then<'a>,
}

enum Then<'a> {
    Base(Option<Base<'a>>),
    SourceProfile(Setting<'a>),
}

impl<'a> Hop<'a, '_> {
    /// What this profile adds to the chain, and where it goes on.
    fn step(&self) -> Result<Step<'a>, Error> {
        let base = |base| Ok(Step { role: None, then: Then::Base(base) });
        if self.referrer.is_some() && self.has_both_keys()? {
            return base(self.keys()?);
        }
        let Some(role_arn) = self.profile.get("role_arn")? else { return base(self.base()?) };
        if self.profile.get("web_identity_token_file")?.is_some() {
            return base(self.base()?);
        }
        let role = Some(self.role(&role_arn)?);
        let then = match (self.profile.get("source_profile")?, self.profile.get("credential_source")?) {
            (Some(setting), Some(_)) => {
                return Err(self.broken(setting.place, "profile contained both source_profile and credential_source"));
            }
            (None, None) => {
                let missing = "profile must contain `source_profile` or `credential_source` beside `role_arn`";
                return Err(self.broken(role_arn.place, missing));
            }
            (None, Some(named)) => Then::Base(Some(self.named_source(&named)?)),
            (Some(setting), None) if setting.value == self.profile.name.as_str() => Then::Base(self.base()?),
            (Some(setting), None) => Then::SourceProfile(setting),
        };
        Ok(Step { role, then })
    }

    fn source(self, setting: &Setting<'a>, visited: &[String]) -> Result<Self, Error> {
        let name = setting.value.as_ref();
        let referred = |damaged: Error| {
            let by = format!("the source_profile of \"{}\" ({})", self.profile.name, setting.place);
            Error { message: format!("{}, {by}", damaged.message), ..damaged }
        };
        let Some(profile) = self.profiles.profile(name).map_err(referred)? else {
            let missing = format!("could not find source profile {name} referenced from {}", self.profile.name);
            return Err(self.broken(setting.place, &missing).hint(self.profiles.known_names(name)));
        };
        if visited.iter().any(|seen| seen == name) {
            let path = format!("profile formed an infinite loop: {} -> {name}", visited.join(" -> "));
            return Err(self.broken(setting.place, &path));
        }
        Ok(Self { referrer: Some(Referrer { profile: self.profile.name, place: setting.place }), profile, ..self })
    }

    /// The base that this profile yields apart from any role of its own, in botocore's order.
    fn base(&self) -> Result<Option<Base<'a>>, Error> {
        if let Some(base) = self.web_identity()? {
            return Ok(Some(base));
        }
        if let Some(base) = self.sso()? {
            return Ok(Some(base));
        }
        let key_file = self.profile.get("aws_access_key_id")?.map(|setting| setting.place.file.kind);
        if key_file == Some(FileKind::Credentials) {
            return self.keys();
        }
        if let Some(setting) = self.profile.get("login_session")? {
            return Ok(Some(self.base_at(setting.place, Source::LoginSession { login_session: setting.value.into() })));
        }
        if let Some((role, place)) = SamlRole::of(&self.profile, &|place, why| self.broken(place, why))? {
            return Ok(Some(self.base_at(place, Source::Saml(role))));
        }
        if let Some(base) = self.credential_process()? {
            return Ok(Some(base));
        }
        match self.keys()? {
            Some(base) => Ok(Some(base)),
            None => self.token_only().map_or(Ok(None), Err),
        }
    }

    fn web_identity(&self) -> Result<Option<Base<'a>>, Error> {
        let Some(file) = self.profile.get("web_identity_token_file")? else { return Ok(None) };
        let Some(role_arn) = self.text("role_arn")? else {
            return Err(self.broken(file.place, "`role_arn` was missing beside `web_identity_token_file`"));
        };
        let role_session_name = self.text("role_session_name")?;
        let identity = WebIdentity { web_identity_token_file: file.value.into(), role_arn, role_session_name };
        Ok(Some(self.base_at(file.place, Source::WebIdentity(identity))))
    }

    fn sso(&self) -> Result<Option<Base<'a>>, Error> {
        let role = SsoRole::of(&self.profile, self.profiles, &|place, why| self.broken(place, why))?;
        Ok(role.map(|(role, place)| self.base_at(place, Source::Sso(role))))
    }

    fn token_only(&self) -> Option<Error> {
        sso::token_only(&self.profile, &|place, why| self.broken(place, why))
    }

    fn credential_process(&self) -> Result<Option<Base<'a>>, Error> {
        let Some(setting) = self.profile.get("credential_process")? else { return Ok(None) };
        if recursion::is_keyfob_for(&setting.value, &self.profile.name, self.vars) {
            return Ok(None);
        }
        let source = Source::CredentialProcess {
            credential_process: setting.value.into(),
            aws_account_id: self.text("aws_account_id")?,
        };
        Ok(Some(self.base_at(setting.place, source)))
    }

    fn has_both_keys(&self) -> Result<bool, Error> {
        let id = self.profile.get("aws_access_key_id")?;
        if self.profile.store_of_keys()?.is_some() {
            return Ok(true);
        }
        Ok(id.is_some() && self.profile.get("aws_secret_access_key")?.is_some())
    }

    fn keys(&self) -> Result<Option<Base<'a>>, Error> {
        if let Some(setting) = self.profile.store_of_keys()? {
            return self.stored_keys(&setting).map(Some);
        }
        let pair = (self.profile.get("aws_access_key_id")?, self.profile.get("aws_secret_access_key")?);
        let (id, secret) = match pair {
            (None, None) => return Ok(None),
            (Some(id), Some(secret)) => (id, secret),
            (Some(id), None) => return Err(self.broken(id.place, "profile missing aws_secret_access_key")),
            (None, Some(secret)) => return Err(self.broken(secret.place, "profile missing aws_access_key_id")),
        };
        let token = match self.text("aws_session_token")? {
            Some(token) => Some(token),
            None => self.text("aws_security_token")?,
        };
        let texts = [Some(&*id.value), Some(&*secret.value), token.as_deref()];
        if !texts.into_iter().flatten().all(is_key_text) {
            return Err(self.broken(id.place, "the access key, the secret or the token holds a control character"));
        }
        let credentials = Credentials {
            access_key_id: id.value.into(),
            secret_access_key: Secret::new(secret.value),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: self.text("aws_account_id")?.filter(|account| is_account_id(account)),
        };
        Ok(Some(self.base_at(id.place, Source::Keys(credentials))))
    }

    /// Keys that a store has; it is not opened here.
    fn stored_keys(&self, setting: &Setting<'a>) -> Result<Base<'a>, Error> {
        let Some(store) = StoreName::parse(&setting.value) else {
            let unknown = format!("there is no store of this name; the stores are {}", StoreName::ALL);
            return Err(self.broken(setting.place, &unknown));
        };
        let Some(id) = self.profile.get("aws_access_key_id")?.filter(|id| is_key_text(&id.value)) else {
            let missing = "`keyfob_aws_access_key_id` was missing beside `keyfob_store`";
            return Err(self.broken(setting.place, missing));
        };
        let source = Source::Store {
            store,
            profile: self.profile.name.clone(),
            access_key_id: id.value.into(),
            aws_account_id: self.text("aws_account_id")?.filter(|account| is_account_id(account)),
        };
        Ok(self.base_at(setting.place, source))
    }

    fn named_source(&self, named: &Setting<'a>) -> Result<Base<'a>, Error> {
        let source = match named.value.to_ascii_lowercase().as_str() {
            "environment" => {
                let empty =
                    "credential_source is Environment, but AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
                let half = |error: Error| self.broken(named.place, &error.cause.unwrap_or(error.message));
                let keys = environment_keys(self.vars).map_err(half)?.ok_or_else(|| self.broken(named.place, empty))?;
                Source::Environment(keys)
            }
            "ec2instancemetadata" => Source::Ec2InstanceMetadata,
            "ecscontainer" => Source::EcsContainer,
            _ => {
                let known = "Environment, Ec2InstanceMetadata and EcsContainer";
                let unknown = format!("unknown credential_source \"{}\"; there are {known}", named.value);
                return Err(self.broken(named.place, &unknown));
            }
        };
        Ok(self.base_at(named.place, source))
    }

    fn role(&self, role_arn: &Setting<'a>) -> Result<Role<'a>, Error> {
        Ok(Role {
            role_arn: role_arn.value.clone().into(),
            role_session_name: self.text("role_session_name")?,
            external_id: self.text("external_id")?,
            mfa_serial: self.text("mfa_serial")?,
            mfa_process: self.text("mfa_process")?,
            duration_seconds: self.number("duration_seconds")?,
            session_tags: self.tags()?,
            transitive_session_tags: self.list("transitive_session_tags")?,
            source_identity: self.text("source_identity")?,
            profile: self.profile.name.clone(),
            referrer: self.referrer.clone(),
            place: role_arn.place,
        })
    }

    fn text(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.profile.get(key)?.map(|setting| setting.value.into()))
    }

    fn number(&self, key: &str) -> Result<Option<u32>, Error> {
        let Some(setting) = self.profile.get(key)? else { return Ok(None) };
        let not_whole = |_| self.broken(setting.place, &format!("`{key}` must be a whole number of seconds"));
        setting.value.parse().map(Some).map_err(not_whole)
    }

    /// `a, b`: blanks around the items and empty items do not count.
    fn list(&self, key: &str) -> Result<Vec<String>, Error> {
        let text = self.text(key)?.unwrap_or_default();
        Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(ToOwned::to_owned).collect())
    }

    /// `key=value, key=value`.
    fn tags(&self) -> Result<Vec<(String, String)>, Error> {
        let Some(setting) = self.profile.get("session_tags")? else { return Ok(Vec::new()) };
        let tag = |item: &str| {
            let (key, value) = item.split_once('=')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        };
        let tags = setting.value.split(',').filter(|item| !item.trim().is_empty()).map(tag).collect::<Option<_>>();
        tags.ok_or_else(|| self.broken(setting.place, "`session_tags` must look like key=value,key=value"))
    }

    fn base_at(&self, place: Place<'a>, source: Source) -> Base<'a> {
        Base { source, origin: Origin::Profile { name: self.profile.name.clone(), place } }
    }

    fn without_credentials(&self) -> Error {
        let name = &self.profile.name;
        let why = format!(
            "profile `{name}` did not contain credential information: \
             expected `aws_access_key_id` and `aws_secret_access_key` to be defined"
        );
        match self.profile.declared() {
            Some(place) => self.broken(place, &why),
            None => Error::new(why),
        }
    }

    fn broken(&self, place: Place<'_>, why: &str) -> Error {
        unusable(&self.profile.name, self.referrer.as_ref()).cause(format!("{place}: {why}"))
    }
}
