//! One setting after another, from the variables and the selected profile: a value, and who said so.

use crate::context::Vars;
use crate::error::Error;
use crate::profile::{Place, Profile, Profiles, Setting};
use ureq::http::Uri;

/// Reads one setting after another from the variables and the selected profile.
pub(super) struct Reader<'a> {
    pub(super) vars: &'a Vars,
    pub(super) profiles: &'a Profiles,
    pub(super) profile: Option<&'a Profile<'a>>,
}

/// A value, and who said so.
#[derive(Clone)]
pub(super) struct Said<'a> {
    pub(super) value: String,
    pub(super) by: By<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    Option(&'static str),
    Variable(&'static str),
    Profile { key: &'static str, place: Place<'a> },
}

impl Said<'_> {
    pub(super) fn is_true(&self) -> bool {
        self.value.trim().eq_ignore_ascii_case("true")
    }

    pub(super) fn refused(&self, why: &str) -> Error {
        match self.by {
            By::Option(name) => Error::usage(format!("cannot use {name}")).cause(why),
            By::Variable(name) => Error::new(format!("cannot use {name}")).cause(why),
            By::Profile { key, place } => Error::new(format!("cannot use {key}")).cause(format!("{place}: {why}")),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn variable(&self, name: &'static str) -> Option<Said<'a>> {
        self.vars.get(name).map(|value| Said { value: value.to_owned(), by: By::Variable(name) })
    }

    pub(super) fn setting(&self, key: &'static str) -> Result<Option<Said<'a>>, Error> {
        let Some(profile) = self.profile else { return Ok(None) };
        let setting = profile.get(key)?;
        Ok(setting.map(|Setting { value, place, .. }| Said { value: value.into(), by: By::Profile { key, place } }))
    }

    pub(super) fn value(&self, variable: &'static str, key: &'static str) -> Result<Option<Said<'a>>, Error> {
        self.variable(variable).map_or_else(|| self.setting(key), |said| Ok(Some(said)))
    }

    pub(super) fn is_true(&self, variable: &'static str, key: &'static str) -> Result<bool, Error> {
        Ok(self.value(variable, key)?.is_some_and(|said| said.is_true()))
    }

    pub(super) fn is_legacy_global(&self) -> Result<bool, Error> {
        let Some(said) = self.value("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints")? else { return Ok(false) };
        match said.value.trim().to_ascii_lowercase().as_str() {
            "regional" => Ok(false),
            "legacy" => Ok(true),
            _ => Err(said.refused("there are regional and legacy")),
        }
    }

    /// The endpoint that was set for a service, or for all.
    pub(super) fn endpoint_url(&self, variable: &'static str, service: &str) -> Result<Option<String>, Error> {
        if self.is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")? {
            return Ok(None);
        }
        let of_vars = self.variable(variable).or_else(|| self.variable("AWS_ENDPOINT_URL"));
        let said = match of_vars {
            Some(said) => Some(said),
            None => {
                self.services_endpoint(service)?.map_or_else(|| self.setting("endpoint_url"), |said| Ok(Some(said)))?
            }
        };
        match said {
            Some(said) if !is_http_url(&said.value) => {
                Err(said.refused("it is not an http:// or https:// URL of a host, a port and a path"))
            }
            said => Ok(said.map(|said| said.value)),
        }
    }

    fn services_endpoint(&self, service: &str) -> Result<Option<Said<'a>>, Error> {
        let Some(said) = self.setting("services")? else { return Ok(None) };
        let name = &said.value;
        let Some(services) = self.profiles.services(name)? else {
            let missing = format!("there is no section [services {name}]");
            return Err(said.refused(&missing).hint("add the section, or remove the setting"));
        };
        let value = services.nested(service, "endpoint_url")?;
        Ok(value.map(|value| Said { value, ..said }))
    }

    /// Tries in all: as many as are set, or as the mode has them. What else the modes differ in does not matter to a
    /// program that makes a call or two.
    pub(super) fn max_attempts(&self) -> Result<u32, Error> {
        let of_mode = match self.value("AWS_RETRY_MODE", "retry_mode")? {
            None => 3,
            Some(said) => match said.value.trim().to_ascii_lowercase().as_str() {
                "standard" | "adaptive" => 3,
                "legacy" => 5,
                _ => return Err(said.refused("there are standard, adaptive and legacy")),
            },
        };
        let Some(said) = self.value("AWS_MAX_ATTEMPTS", "max_attempts")? else { return Ok(of_mode) };
        let number = said.value.trim().parse().ok().filter(|tries| *tries > 0);
        number.ok_or_else(|| said.refused("it is not a number above 0"))
    }
}

/// A URL that a request can be signed for: with a host, perhaps a port and a path, and nothing else. A password in it
/// would reach messages.
pub(super) fn is_http_url(url: &str) -> bool {
    let Ok(parsed) = url.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (parsed.scheme_str(), parsed.authority()) else { return false };
    let has_user = authority.as_str().contains('@');
    let has_port = authority.as_str() != authority.host();
    let port_is_good = !has_port || authority.port_u16().is_some_and(|port| port > 0);
    let host_is_good = !authority.host().is_empty() && !has_user && port_is_good;
    matches!(scheme, "http" | "https") && host_is_good && parsed.query().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_no_request_can_be_signed_for_are_refused() {
        for url in [
            "http://a b",
            "http://[::1",
            "http://%zz",
            "http://user@",
            "http://@",
            "http://user:hidden@host",
            "http://user:hidden@host:1",
            "http://a{b",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:-1",
            "http://127.0.0.1:port",
            "http://127.0.0.1:0",
            "http://a/b c",
            "http://a?q=b",
            "ftp://a",
            "http://",
            "a",
            "https://é.com",
        ] {
            assert!(!is_http_url(url), "{url}");
        }
        for url in ["http://a", "https://a:8443", "http://[::1]:5000/", "https://a/b/c", "http://127.0.0.1:1"] {
            assert!(is_http_url(url), "{url}");
        }
    }
}
