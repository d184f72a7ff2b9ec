//! Start URLs: where the access portal of an organisation is, as a person was told it.
//!
//! Most are of AWS's own domains. Any other, like `https://sso.example.com`, leads to one of them by a redirect, which
//! also tells the region.
//!
//! ```text
//! https://d-1234567890.awsapps.com/start
//! https://identitycenter.amazonaws.com/ssoins-1234567890abcdef
//! https://ssoins-1234567890abcdef.portal.us-east-1.app.aws
//! ```

use crate::api::endpoint::Region;
use crate::api::http::{Request, Response, TransportError};
use crate::context::Context;
use crate::error::Error;
use crate::settings::Settings;
use std::time::{Duration, Instant};

/// What AWS is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) start_url: String,
    /// Of the Identity Center instance. `None`: the URL is AWS's own, and the configured region counts.
    pub(crate) sso_region: Option<Region>,
}

/// Finds out where a start URL leads: without asking anybody for those of AWS's domains, and by one request for all
/// others.
pub(crate) fn resolve(start_url: &str, settings: &Settings, context: &Context) -> Result<Resolved, Error> {
    let failed = || Error::new(format!("cannot use the start URL {start_url}"));
    check(start_url).map_err(|why| failed().cause(why).hint("copy it from the browser, or ask for it"))?;
    let url = Url::parse(start_url).filter(|url| url.scheme == "https").ok_or_else(|| {
        failed().cause("it does not begin with https://, and AWS's portals are https only").hint("write it so")
    })?;
    if is_of_aws(&url.host) {
        return Ok(Resolved { start_url: start_url.to_owned(), sso_region: None });
    }
    context.terminal.note(&format!("{start_url} is not of AWS's domains; looking where it leads"));
    let answer = look(start_url, settings, context)?.map_err(|error| {
        let hint = "check it, the network, and HTTPS_PROXY and NO_PROXY";
        failed().cause(format!("{}: {error}", url.host)).hint(hint)
    })?;
    let ask = "ask whoever manages Identity Center for the start URL";
    let led_to = match (answer.status, answer.location) {
        (200..=299, _) => start_url.to_owned(),
        (301 | 302 | 303 | 307 | 308, Some(location)) => elsewhere(&location).ok_or_else(|| {
            failed().cause(format!("it leads back to itself, at {location}, and to no access portal of AWS")).hint(ask)
        })?,
        (status @ (301 | 302 | 303 | 307 | 308), None) => {
            return Err(failed().cause(format!("{}: HTTP {status}, which leads nowhere", url.host)).hint(ask));
        }
        (status, _) => return Err(failed().cause(format!("{}: HTTP {status}", url.host)).hint(ask)),
    };
    let own = Url::parse(&led_to).filter(|led_to| led_to.scheme == "https" && is_of_aws(&led_to.host));
    let Some(own) = own else {
        return Err(failed().cause(format!("it leads to {led_to}, which is no access portal of AWS")).hint(ask));
    };
    let resolved = Resolved { start_url: own.normalised(), sso_region: region_of(&own.host) };
    context.terminal.note(&format!("{start_url} leads to {}", resolved.start_url));
    Ok(resolved)
}

/// The head of what is there; where nobody answers that, the thing itself.
fn look(url: &str, settings: &Settings, context: &Context) -> Result<Result<Response, TransportError>, Error> {
    const LIMIT: Duration = Duration::from_secs(10);
    let client = settings.client(&context.vars, url)?;
    let began = Instant::now();
    Ok(match client.head(url, LIMIT) {
        Ok(Response { status: 405 | 501, .. }) => {
            client.send(&Request { url, headers: &[], body: None }, LIMIT.saturating_sub(began.elapsed()))
        }
        answer => answer,
    })
}

/// What is wrong with a start URL that a person has typed. That it begins with `https://` is looked at when it is used.
pub(crate) fn check(start_url: &str) -> Result<(), &'static str> {
    if start_url.contains(['\t', '\r', '\n']) {
        return Err("it holds a tab or the end of a line");
    }
    Url::parse(start_url).map(|_| ()).ok_or("it is no URL with a host, like https://d-1234567890.awsapps.com/start")
}

/// The region that an address of AWS's own says by itself.
pub(crate) fn region_in(start_url: &str) -> Option<Region> {
    Url::parse(start_url).and_then(|url| region_of(&url.host))
}

/// The spelling for a new configuration. One that is configured stays as it is: files are named after it.
pub(crate) fn tidy(start_url: &str) -> &str {
    start_url.trim_end_matches(['/', '#'])
}

/// The parts of a URL that decide where it leads.
#[derive(Debug, PartialEq, Eq)]
struct Url<'a> {
    /// In small letters, as the host.
    scheme: String,
    /// Without a dot at its end.
    host: String,
    port: Option<u16>,
    path: &'a str,
}

impl<'a> Url<'a> {
    /// `None` for what has no host that a name server could know, and for a name or password in it.
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        let port = if port.is_empty() { None } else { Some(port.parse().ok()?) };
        let host = host.strip_suffix('.').unwrap_or(host);
        let path = rest.split(['?', '#']).next().unwrap_or(rest);
        is_host(host).then(|| Self { scheme: scheme.to_ascii_lowercase(), host: host.to_ascii_lowercase(), port, path })
    }

    /// The spelling that AWS is told.
    fn normalised(&self) -> String {
        const USUAL: u16 = 443;
        let Self { scheme, host, port, path } = self;
        let port = port.filter(|port| *port != USUAL).map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{host}{port}{}", path.trim_end_matches('/'))
    }
}

fn is_host(host: &str) -> bool {
    const LONGEST: usize = 255;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(is_letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= LONGEST && host.split('.').all(is_label)
}

/// Whether AWS alone can have pages there.
fn is_of_aws(host: &str) -> bool {
    const HOSTS: [&str; 4] = [
        "identitycenter.amazonaws.com",
        "identitycenter.amazonaws.com.cn",
        "identitycenter.amazonaws.eu",
        "identitycenter.us-gov.amazonaws.com",
    ];
    const DOMAINS: [&str; 8] = [
        "app.aws",
        "portal.amazonaws.com",
        "portal.amazonaws.com.cn",
        "app.amazonwebservices.com.cn",
        "portal.amazonaws.eu",
        "api.amazonwebservices.eu",
        "awsapps.com",
        "awsapps.cn",
    ];
    let is_in = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    HOSTS.contains(&host) || DOMAINS.into_iter().any(is_in)
}

/// The region that the host of an access portal names.
fn region_of(host: &str) -> Option<Region> {
    /// What stands before and behind the region, after the instance.
    const AROUND: [(&str, &str); 6] = [
        ("portal.", ".app.aws"),
        ("", ".portal.amazonaws.com"),
        ("", ".portal.amazonaws.com.cn"),
        ("portal.", ".app.amazonwebservices.com.cn"),
        ("", ".portal.amazonaws.eu"),
        ("portal.", ".api.amazonwebservices.eu"),
    ];
    AROUND.into_iter().find_map(|(before, behind)| {
        let (_instance, rest) = host.strip_suffix(behind)?.split_once('.')?;
        Region::parse(rest.strip_prefix(before)?)
    })
}

/// The URL that a redirect leads to; `None` for one of the same host.
fn elsewhere(location: &str) -> Option<String> {
    if location.starts_with("//") {
        return Some(format!("https:{location}"));
    }
    let (before, _) = location.split_once("://")?;
    before.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| location.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_are_told_from_those_that_only_look_like_it() {
        for host in [
            "d-1234567890.awsapps.com",
            "awsapps.com",
            "view.awsapps.com",
            "alias.awsapps.cn",
            "identitycenter.amazonaws.com",
            "identitycenter.us-gov.amazonaws.com",
            "ssoins-1.portal.us-east-1.app.aws",
            "ssoins-1.us-east-1.portal.amazonaws.com",
            "ssoins-1.cn-north-1.portal.amazonaws.com.cn",
            "ssoins-1.eusc-de-east-1.portal.amazonaws.eu",
        ] {
            assert!(is_of_aws(host), "{host}");
        }
        for host in [
            "sso.example.com",
            "evilawsapps.com",
            "awsapps.com.example.com",
            "xidentitycenter.amazonaws.com",
            "a.identitycenter.amazonaws.com",
            "amazonaws.com",
            "s3.amazonaws.com",
            "my-app.aws",
        ] {
            assert!(!is_of_aws(host), "{host}");
        }
    }

    #[test]
    fn portals_name_their_region() {
        for (host, region) in [
            ("ssoins-1.portal.us-east-1.app.aws", Some("us-east-1")),
            ("ssoins-1.eu-west-1.portal.amazonaws.com", Some("eu-west-1")),
            ("ssoins-1.cn-north-1.portal.amazonaws.com.cn", Some("cn-north-1")),
            ("ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn", Some("cn-north-1")),
            ("ssoins-1.eusc-de-east-1.portal.amazonaws.eu", Some("eusc-de-east-1")),
            ("ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu", Some("eusc-de-east-1")),
            ("d-1234567890.awsapps.com", None),
            ("identitycenter.amazonaws.com", None),
            ("a.b.us-east-1.portal.amazonaws.com", None),
            ("us-east-1.portal.amazonaws.com", None),
            ("ssoins-1.us-east-1.app.aws", None),
        ] {
            assert_eq!(region_of(host).as_ref().map(Region::as_str), region, "{host}");
        }
    }

    #[test]
    fn what_leads_to_no_host_is_no_start_url() {
        let long = format!("https://{}.example.com", "a".repeat(64));
        let endless = format!("https://{}com", "a.".repeat(130));
        for url in [
            "",
            "d-1234567890.awsapps.com/start",
            "https:/d-1234567890.awsapps.com",
            "https://",
            "https:///start",
            "https://a b.com",
            "https://-a.com",
            "https://a-.com",
            "https://a..com",
            "https://a_b.com",
            "https://é.com",
            "https://user:word@awsapps.com",
            "https://example.com\\.awsapps.com",
            "https://example.com:port",
            "https://a.com/\n",
            &long,
            &endless,
        ] {
            assert!(check(url).is_err(), "{url:?}");
        }
        for url in [
            "https://d-1234567890.awsapps.com/start#/",
            "https://d-1234567890.awsapps.com./start",
            "https://sso.example.com",
            "https://sso.example.com:8443?x",
            "http://localhost/start",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn what_a_redirect_leads_to_is_spelt_in_one_way() {
        for (location, url) in [
            ("https://D-1.AwsApps.com/Start/", "https://d-1.awsapps.com/Start"),
            ("HTTPS://d-1.awsapps.com.:443/start?a=b#c", "https://d-1.awsapps.com/start"),
            ("https://d-1.awsapps.com:8443/", "https://d-1.awsapps.com:8443"),
            ("//d-1.awsapps.com/start#/", "https://d-1.awsapps.com/start"),
        ] {
            let led_to = elsewhere(location).expect(location);
            assert_eq!(Url::parse(&led_to).map(|url| url.normalised()).as_deref(), Some(url), "{location}");
        }
    }

    #[test]
    fn redirects_to_the_same_host_lead_to_no_other() {
        for location in ["/start", "start?next=x", "/login?next=https://d-1.awsapps.com/start", "?a://b", "#://", ""] {
            assert_eq!(elsewhere(location), None, "{location}");
        }
    }

    #[test]
    fn new_configurations_get_the_shortest_spelling() {
        for end in ["", "/", "#", "#/"] {
            assert_eq!(tidy(&format!("https://d-1.awsapps.com/start{end}")), "https://d-1.awsapps.com/start");
        }
    }
}
