//! What a person says, as an option or at a question, and whether that will do.

use crate::api::endpoint::{self, Region};
use crate::credentials::is_account_id;
use crate::error::Error;
use crate::login::start_url::{self as url, tidy};
use crate::profile::SectionName;
use crate::profile::kind::OUTPUTS;
use crate::shell;

/// What the scopes are where nobody says otherwise: all that listing accounts and getting credentials takes.
pub(super) const USUAL_SCOPES: &str = "sso:account:access";

/// What options say. Each is as it is going to be written, and will do.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) sso_session: Option<String>,
    pub(super) start_url: Option<String>,
    pub(super) sso_region: Option<String>,
    pub(super) scopes: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) role_name: Option<String>,
    pub(super) region: Option<String>,
    pub(super) output: Option<String>,
}

/// An option, and what an example of it says.
pub(super) type Missing = (&'static str, &'static str);

pub(super) const START_URL: Missing = ("--start-url", "https://d-1234567890.awsapps.com/start");
pub(super) const SSO_REGION: Missing = ("--sso-region", "us-east-1");
pub(super) const ACCOUNT_ID: Missing = ("--account-id", "111122223333");
pub(super) const ROLE_NAME: Missing = ("--role-name", "AdministratorAccess");

impl Answers {
    /// An error that names the option where one will not do.
    pub(super) fn check(self) -> Result<Self, Error> {
        Ok(Self {
            sso_session: checked("--sso-session", self.sso_session, some_text)?,
            start_url: checked("--start-url", self.start_url, start_url)?,
            sso_region: checked(SSO_REGION.0, self.sso_region, region)?,
            scopes: checked("--scopes", self.scopes, scopes)?,
            account_id: checked(ACCOUNT_ID.0, self.account_id, account_id)?,
            role_name: checked(ROLE_NAME.0, self.role_name, some_text)?,
            region: checked("--region", self.region, region)?,
            output: checked("--output", self.output, output)?,
        })
    }

    /// A line to type: with what was said, and with examples of what is missing.
    pub(super) fn example(&self, profile: Option<&str>, missing: &[Missing]) -> String {
        let mut words = vec!["keyfob".to_owned(), "configure".into(), "sso".into()];
        words.extend(profile.map(|name| shell::word(name).into_owned()));
        for (option, said) in [
            ("--sso-session", &self.sso_session),
            (START_URL.0, &self.start_url),
            (SSO_REGION.0, &self.sso_region),
            ("--scopes", &self.scopes),
            (ACCOUNT_ID.0, &self.account_id),
            (ROLE_NAME.0, &self.role_name),
            ("--region", &self.region),
            ("--output", &self.output),
        ] {
            let example = missing.iter().find(|(name, _)| *name == option).map(|(_, example)| *example);
            if let Some(value) = said.as_deref().or(example) {
                words.extend([option.to_owned(), shell::word(value).into_owned()]);
            }
        }
        words.join(" ")
    }
}

fn checked(option: &str, value: Option<String>, check: Check) -> Result<Option<String>, Error> {
    let Some(value) = value else { return Ok(None) };
    let refused = |why| Error::usage(format!("cannot use {option}")).cause(why);
    check(value.trim()).map(Some).map_err(refused)
}

/// What an answer becomes, or why it will not do. Blanks around it are gone.
pub(super) type Check = fn(&str) -> Result<String, String>;

/// Of a new configuration: what may stand at its end and is no part of it would only make for two of each file.
pub(super) fn start_url(text: &str) -> Result<String, String> {
    some_text(text)?;
    let bare = tidy(text);
    url::check(bare)?;
    if !bare.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) {
        return Err("it does not begin with https://".into());
    }
    Ok(bare.to_owned())
}

pub(super) fn region(text: &str) -> Result<String, String> {
    some_text(text)?;
    let region = Region::parse(text).ok_or("it is not the name of a region, which looks like us-east-1")?;
    Ok(region.to_string())
}

pub(super) fn scopes(text: &str) -> Result<String, String> {
    let scopes: Vec<&str> = text.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect();
    match scopes.as_slice() {
        [] => Err("it is empty".into()),
        scopes if scopes.iter().any(|scope| scope.contains(char::is_whitespace)) => {
            Err("a scope has no blanks in it, and commas stand between scopes".into())
        }
        _ => Ok(text.to_owned()),
    }
}

/// A text, not a number: zeros at its beginning count.
pub(super) fn account_id(text: &str) -> Result<String, String> {
    some_text(text)?;
    is_account_id(text)
        .then(|| text.to_owned())
        .ok_or_else(|| "an account's number has 12 digits, like 111122223333".into())
}

pub(in crate::cli::configure) fn output(text: &str) -> Result<String, String> {
    some_text(text)?;
    let is_known = OUTPUTS.contains(&text);
    is_known.then(|| text.to_owned()).ok_or_else(|| format!("there are {}", OUTPUTS.join(", ")))
}

pub(super) fn some_text(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("it is empty".into()) } else { Ok(text.to_owned()) }
}

/// Why no such section can be made, if so.
pub(super) fn refuse_new(section: SectionName<'_>) -> Result<(), String> {
    section.objection().map_or(Ok(()), |why| Err(why.into()))
}

/// What AWS Tools for PowerShell calls the session of a start URL, so that both find the same sign-in. Only where AWS's
/// host is the same for every organisation, it is called after the instance that follows.
pub(super) fn usual_session(start_url: &str) -> String {
    let host = endpoint::host(start_url).to_ascii_lowercase();
    let label = host.split(['.', ':']).next().unwrap_or(&host);
    let path = start_url.split(['?', '#']).next().unwrap_or(start_url);
    let instance = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_of_all = label == "identitycenter" && host.contains(".amazonaws.");
    let is_instance = instance.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    format!("sso-session-{}", if is_of_all && is_instance { &instance } else { label })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_tidied_or_refused() {
        for (check, text, becomes) in [
            (start_url as Check, "https://d-1.awsapps.com/start/", Some("https://d-1.awsapps.com/start")),
            (start_url, "https://d-1.awsapps.com/start#/", Some("https://d-1.awsapps.com/start")),
            (start_url, "https://d-1.awsapps.com/start#", Some("https://d-1.awsapps.com/start")),
            (start_url, "https://sso.example.com", Some("https://sso.example.com")),
            (start_url, "", None),
            (start_url, "https:///", None),
            (start_url, "https://-a.example.com", None),
            (start_url, "start", None),
            (start_url, "http://d-1.awsapps.com/start", None),
            (region, "us-east-1", Some("us-east-1")),
            (region, "us east 1", None),
            (region, "us-east-1.evil.com", None),
            (scopes, "a, b,", Some("a, b,")),
            (scopes, "a b", None),
            (scopes, " ,", None),
            (account_id, "000011112222", Some("000011112222")),
            (account_id, "1111-2222-3333", None),
            (account_id, "11112222333", None),
            (account_id, "1111222233334", None),
            (account_id, "", None),
            (output, "yaml-stream", Some("yaml-stream")),
            (output, "JSON", None),
        ] {
            assert_eq!(check(text).ok().as_deref(), becomes, "{text}");
        }
    }

    #[test]
    fn a_session_is_called_after_the_first_label_of_its_host_or_its_instance() {
        for (start_url, name) in [
            ("https://d-1234567890.awsapps.com/start", "sso-session-d-1234567890"),
            ("https://MyCorp.awsapps.com", "sso-session-mycorp"),
            ("https://localhost:8000/x", "sso-session-localhost"),
            ("https://identitycenter.amazonaws.com/ssoins-12ab/", "sso-session-ssoins-12ab"),
            ("https://identitycenter.us-gov.amazonaws.com/ssoins-34CD?x", "sso-session-ssoins-34cd"),
            ("https://identitycenter.amazonaws.com", "sso-session-identitycenter"),
            ("https://identitycenter.amazonaws.com/a%20b", "sso-session-identitycenter"),
            ("https://identitycenter.example.com/start", "sso-session-identitycenter"),
        ] {
            assert_eq!(usual_session(start_url), name);
        }
    }

    #[test]
    fn an_example_has_what_was_said_and_what_is_missing() {
        let answers =
            Answers { start_url: Some("https://x/a b".into()), output: Some("json".into()), ..Answers::default() };
        assert_eq!(
            answers.example(Some("my dev"), &[SSO_REGION, ROLE_NAME]),
            "keyfob configure sso 'my dev' --start-url 'https://x/a b' --sso-region us-east-1 \
             --role-name AdministratorAccess --output json"
        );
    }
}
