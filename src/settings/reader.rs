//! One setting after another, from the variables and the selected profile: a value, and who said so.

use crate::api::imds;
use crate::context::Vars;
use crate::error::Error;
use crate::paths;
use crate::profile::{Place, Profile, Profiles, Setting};
use std::path::{Path, PathBuf};
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
    fn is_true(&self) -> bool {
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

    fn value(&self, variable: &'static str, key: &'static str) -> Result<Option<Said<'a>>, Error> {
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

    pub(super) fn ca_bundle(&self) -> Result<Option<PathBuf>, Error> {
        if let Some(path) = self.vars.os("AWS_CA_BUNDLE") {
            return Ok(Some(paths::expand_tilde(self.vars, Path::new(path))));
        }
        if let Some(said) = self.setting("ca_bundle")? {
            return Ok(Some(paths::expand_tilde(self.vars, Path::new(&said.value))));
        }
        Ok(self.vars.os("SSL_CERT_FILE").map(PathBuf::from))
    }

    /// Where EC2 instances ask what they are; `None`: somebody does not want them to.
    pub(super) fn instance_metadata(&self) -> Result<Option<String>, Error> {
        if self.is_true("AWS_EC2_METADATA_DISABLED", "disable_ec2_metadata")? {
            return Ok(None);
        }
        match self.value("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")? {
            Some(said) if !is_http_url(&said.value) => {
                return Err(said.refused("it is not an http:// or https:// URL of a host, a port and a path"));
            }
            Some(said) => return Ok(Some(said.value)),
            None => {}
        }
        let mode = self.value("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")?;
        match mode.as_ref().map(|said| said.value.trim().to_ascii_lowercase()).as_deref() {
            None | Some("ipv4") => Ok(Some(imds::IPV4.to_owned())),
            Some("ipv6") => Ok(Some(imds::IPV6.to_owned())),
            Some(_) => Err(mode.expect("somebody said it").refused("there are IPv4 and IPv6")),
        }
    }

    pub(super) fn max_attempts(&self) -> Result<u32, Error> {
        const STANDARD: u32 = 3;
        let Some(said) = self.value("AWS_MAX_ATTEMPTS", "max_attempts")? else { return Ok(STANDARD) };
        let number = said.value.trim().parse().ok().filter(|tries| *tries > 0);
        number.ok_or_else(|| said.refused("it is not a number above 0"))
    }
}

/// A URL that a request can be signed for: with a host, perhaps a port and a path, and nothing else. A password in it
/// would reach messages.
fn is_http_url(url: &str) -> bool {
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
