//! `credential_source = EcsContainer`: the role of a task of Amazon ECS, of a pod of Amazon EKS, or of whatever speaks
//! like them.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>

use crate::api::container::Container;
use crate::api::http::Client;
use crate::api::{Reason, ServiceError};
use crate::context::{Clock, Vars};
use crate::credentials::{Credentials, is_key_text};
use crate::error::Error;
use crate::file::{self, Read};
use crate::secret::Secret;
use crate::settings::{FULL_URI, RELATIVE_URI, TOKEN, TOKEN_FILE};
use std::path::Path;
use std::time::Instant;

/// Where to ask, and for how long.
pub(crate) struct Request<'a> {
    pub(crate) client: &'a Client,
    pub(crate) url: &'a str,
    /// Tries in all.
    pub(crate) max_attempts: u32,
    pub(crate) deadline: Instant,
}

/// The container's credentials. `failed` is the head of every error.
pub(crate) fn credentials(
    request: &Request<'_>,
    failed: &dyn Fn() -> Error,
    vars: &Vars,
    clock: &Clock,
) -> Result<Credentials, Error> {
    let Request { client, url, max_attempts, deadline } = *request;
    let authorization = authorization(vars, failed)?;
    let container = Container { client, url, authorization: authorization.as_ref(), clock, max_attempts, deadline };
    let credentials =
        container.get_credentials().map_err(|error| failed().cause(error.to_string()).hint(hint(&error)))?;
    match credentials.expiration {
        Some(end) if end <= clock.now() => Err(failed()
            .cause(format!("the endpoint handed out credentials that expired at {end}"))
            .hint("set this machine's clock, or see why the endpoint does not renew them")),
        _ => Ok(credentials),
    }
}

/// What the container shows at the endpoint. The file is read each time, since somebody renews it.
fn authorization(vars: &Vars, failed: &dyn Fn() -> Error) -> Result<Option<Secret>, Error> {
    let (text, source) = if let Some(path) = vars.os(TOKEN_FILE) {
        let path = Path::new(path);
        let cannot = |why: &str| {
            let path = path.display();
            failed().cause(format!("cannot read the token in \"{path}\": {why}")).hint(format!("{TOKEN_FILE} names it"))
        };
        let text = match file::read_shared(path) {
            Read::Bytes(bytes) => String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8"))?,
            Read::Missing => return Err(cannot("there is no such file")),
            Read::Refused(why) => return Err(cannot(&why)),
        };
        (text, format!("\"{}\"", path.display()))
    } else if let Some(text) = vars.get(TOKEN) {
        (text.to_owned(), TOKEN.to_owned())
    } else {
        return Ok(None);
    };
    let token = Secret::new(text);
    let unusable = |why: &str| failed().cause(format!("the token in {source} {why}"));
    match token.expose().trim_end_matches(['\r', '\n']) {
        "" => Err(unusable("is empty")),
        text if is_key_text(text) => Ok(Some(Secret::new(text))),
        text if text.contains(['\r', '\n']) => Err(unusable("is more than one line")),
        _ => Err(unusable("holds a control character")),
    }
}

fn hint(error: &ServiceError) -> String {
    match &error.reason {
        Reason::Refused { status: 401 | 403, .. } | Reason::Unreadable { status: 401 | 403, .. } => {
            format!("see whether {TOKEN_FILE} or {TOKEN} is that of this container")
        }
        Reason::Refused { status: 400..500, .. } | Reason::Unreadable { status: 400..500, .. } => {
            "see that the task or pod has a role".into()
        }
        Reason::Transport(error) if !error.untrusted => {
            format!("outside of containers unset {RELATIVE_URI} and {FULL_URI}; inside, see what answers at the host")
        }
        Reason::Transport(_) => "name the authority's certificate in AWS_CA_BUNDLE or the profile's ca_bundle".into(),
        Reason::Refused { .. } | Reason::Unreadable { .. } | Reason::Unsendable => "try again in a moment".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(vars: &[(&str, &str)]) -> Result<Option<String>, Error> {
        let vars = vars.iter().fold(Vars::default(), |all, (name, value)| all.with(name, *value));
        authorization(&vars, &|| Error::new("x")).map(|token| token.map(|token| token.expose().to_owned()))
    }

    #[test]
    fn token_is_one_line_without_its_end() {
        for (text, expected) in [("Basic abc", "Basic abc"), ("t\r\n", "t"), ("t\n\n", "t"), (" t ", " t ")] {
            assert_eq!(token(&[(TOKEN, text)]), Ok(Some(expected.to_owned())));
        }
        assert_eq!(token(&[]), Ok(None));
        for (text, why) in [
            ("hidden\nhidden", "more than one line"),
            ("hidden\rX: y", "more than one line"),
            ("hid\u{0}den", "control"),
        ] {
            let error = token(&[(TOKEN, text)]).expect_err(why).to_string();
            assert!(error.contains(why) && error.contains(TOKEN) && !error.contains("hidden"), "{error}");
        }
    }
}
