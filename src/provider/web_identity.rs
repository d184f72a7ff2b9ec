//! `web_identity_token_file`: a role that a token of another identity provider gives.
//!
//! The file holds the token and nothing else, commonly a JSON Web Token. Whoever issues it writes it anew before it
//! ends, as Kubernetes does for the service accounts of pods. So it is read at every call.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html>

use super::advice::web_identity::{Attempt, explain};
use super::assume_role::default_session_name;
use crate::api::jwt::Claims;
use crate::api::sts::{AssumeRoleWithWebIdentity, Sts};
use crate::chain::{Base, Origin, WebIdentity};
use crate::context::Vars;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::file::{self, Read};
use crate::paths;
use crate::secret::Secret;
use std::path::{Path, PathBuf};

/// Reads the token and trades it for a role's credentials.
pub(crate) fn credentials(
    identity: &WebIdentity,
    base: &Base<'_>,
    sts: &Sts<'_>,
    vars: &Vars,
) -> Result<Credentials, Error> {
    let token = token(identity, base, vars)?;
    let now = sts.clock.now();
    let default_name = default_session_name(vars, now);
    let request = AssumeRoleWithWebIdentity {
        role_arn: &identity.role_arn,
        role_session_name: identity.role_session_name.as_deref().unwrap_or(&default_name),
        web_identity_token: &token,
    };
    sts.assume_role_with_web_identity(&request).map_err(|refusal| {
        let (profile, role_arn, path) = (base.profile(), &identity.role_arn, path(identity, vars));
        explain(&refusal, Attempt { profile, role_arn, token: &token, path: &path, now })
    })
}

/// The file; a `~` is the home, as in the other settings that name files.
fn path(identity: &WebIdentity, vars: &Vars) -> PathBuf {
    paths::expand_tilde(vars, Path::new(&identity.web_identity_token_file))
}

/// The token as it stands in the file now, without blanks around it.
pub(crate) fn token(identity: &WebIdentity, base: &Base<'_>, vars: &Vars) -> Result<Secret, Error> {
    let path = path(identity, vars);
    let (whose, place, instead) = match &base.origin {
        Origin::Profile { name, place } => {
            (format!("profile \"{name}\""), format!("{place}: `web_identity_token_file`"), "")
        }
        _ => ("the environment".into(), "AWS_WEB_IDENTITY_TOKEN_FILE".into(), ", or unset AWS_WEB_IDENTITY_TOKEN_FILE"),
    };
    read(&path).map_err(|why| {
        Error::new(format!("cannot read the web identity token of {whose}"))
            .cause(format!("{place} names {why}"))
            .hint(format!("have whatever issues the token write it there; it is read anew at every refresh{instead}"))
    })
}

/// Of whom the token in the file is by its own account: issuer, subject and audience. Empty where there is no token, or
/// it does not say.
pub(crate) fn subject(identity: &WebIdentity, vars: &Vars) -> Vec<String> {
    let claims = read(&path(identity, vars)).ok().and_then(|token| Claims::parse(token.expose()));
    let Some(Claims { issuer, audience, subject, .. }) = claims else { return Vec::new() };
    [issuer].into_iter().chain(subject).chain(audience).collect()
}

/// An error says what the name stands for instead.
fn read(path: &Path) -> Result<Secret, String> {
    let which = |what: &str| format!("\"{}\", which {what}", path.display());
    let bytes = match file::read_shared(path) {
        Read::Bytes(bytes) => bytes,
        Read::Missing => return Err(format!("a file that does not exist: \"{}\"", path.display())),
        Read::Refused(why) => return Err(which(&format!("cannot be read: {why}"))),
    };
    let text = str::from_utf8(&bytes).map_err(|_| which("is not UTF-8"))?;
    let token = text.trim_start_matches('\u{feff}').trim();
    match token.chars().count() {
        0 => Err(which("is empty")),
        4..=20_000 => Ok(Secret::new(token)),
        count => Err(which(&format!("holds no token: there are {count} characters, and a token has 4 to 20000"))),
    }
}
