//! Where a person signs in with an identity provider that speaks SAML 2.0, and the role that is theirs there.
//!
//! ```text
//! [profile corp]                                    [profile other]
//! saml_endpoint = https://adfs.example.com/…        saml_process = get-assertion --app aws
//! saml_user = jane                                  saml_role_arn = arn:aws:iam::123456789012:role/Dev
//! saml_domain = CORP
//! saml_role_arn = arn:aws:iam::123456789012:role/Dev
//! ```
//!
//! These settings are keyfob's own: no other tool has SAML in the shared files.

use super::build::STORE;
use super::sso::Broken;
use crate::error::Error;
use crate::profile::{Place, Profile, Setting};
use crate::saml::{Address, Way};
use crate::store::StoreName;

/// A role that an assertion gives somebody. Members are named after their settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SamlRole {
    pub(crate) assertion: AssertionFrom,
    /// `None`: the one that the assertion has, or the one that is chosen of them.
    pub(crate) saml_role_arn: Option<String>,
    /// The identity provider as IAM knows it; `None`: the one that the assertion has beside the role.
    pub(crate) saml_principal_arn: Option<String>,
    /// In seconds; `None`: the service's hour.
    pub(crate) duration_seconds: Option<u32>,
}

/// Who says who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AssertionFrom {
    /// A web page where one signs in, as AD FS has it.
    Endpoint {
        saml_endpoint: String,
        /// How one signs in there; `None`: as the page asks for.
        saml_authentication: Option<String>,
        saml_user: Option<String>,
        saml_domain: Option<String>,
        /// Where the password is kept; `None`: a person is asked for it.
        store: Option<StoreName>,
    },
    /// A program that prints an assertion.
    Process { saml_process: String },
}

impl SamlRole {
    /// That of a profile, and where it stands; `None` when the profile has nothing to do with SAML. `broken` makes the
    /// error for what is wrong at a place.
    pub(super) fn of<'a>(profile: &Profile<'a>, broken: &Broken<'_>) -> Result<Option<(Self, Place<'a>)>, Error> {
        let text = |key| profile.get(key).map(|setting| setting.map(|setting| setting.value.into_owned()));
        let (endpoint, process) = (profile.get("saml_endpoint")?, profile.get("saml_process")?);
        let (assertion, place) = match (endpoint, process) {
            (None, None) => return Ok(None),
            (Some(_), Some(process)) => {
                return Err(broken(process.place, "profile contained both saml_endpoint and saml_process"));
            }
            (None, Some(process)) => {
                (AssertionFrom::Process { saml_process: process.value.into_owned() }, process.place)
            }
            (Some(endpoint), None) => {
                let assertion = AssertionFrom::Endpoint {
                    saml_endpoint: sign_on_url(&endpoint, broken)?,
                    saml_authentication: authentication(profile, broken)?,
                    saml_user: text("saml_user")?,
                    saml_domain: text("saml_domain")?,
                    store: store(profile, broken)?,
                };
                (assertion, endpoint.place)
            }
        };
        let role = Self {
            assertion,
            saml_role_arn: arn("saml_role_arn", profile, broken)?,
            saml_principal_arn: arn("saml_principal_arn", profile, broken)?,
            duration_seconds: duration(profile, broken)?,
        };
        Ok(Some((role, place)))
    }
}

/// A password is sent there.
fn sign_on_url(setting: &Setting<'_>, broken: &Broken<'_>) -> Result<String, Error> {
    let address = Address::parse(&setting.value);
    let address =
        address.ok_or_else(|| broken(setting.place, "`saml_endpoint` is an https URL without a user name in it"))?;
    if !address.keeps_secrets() {
        return Err(broken(setting.place, "`saml_endpoint` is an https URL: a password is not sent over plain HTTP"));
    }
    Ok(setting.value.trim().to_owned())
}

fn authentication(profile: &Profile<'_>, broken: &Broken<'_>) -> Result<Option<String>, Error> {
    let Some(setting) = profile.get("saml_authentication")? else { return Ok(None) };
    if Way::parse(&setting.value).is_none() {
        let why = format!("there is no such `saml_authentication`; there are {}", Way::ALL);
        return Err(broken(setting.place, &why));
    }
    Ok(Some(setting.value.into_owned()))
}

/// An ARN, whose shape is left to the service.
fn arn(key: &'static str, profile: &Profile<'_>, broken: &Broken<'_>) -> Result<Option<String>, Error> {
    let Some(setting) = profile.get(key)? else { return Ok(None) };
    if setting.value.chars().any(char::is_whitespace) || !(20..=2048).contains(&setting.value.len()) {
        return Err(broken(setting.place, &format!("`{key}` is an ARN of 20 to 2048 characters, without blanks")));
    }
    Ok(Some(setting.value.into_owned()))
}

/// Where its password is kept.
fn store(profile: &Profile<'_>, broken: &Broken<'_>) -> Result<Option<StoreName>, Error> {
    let Some(setting) = profile.get(STORE)? else { return Ok(None) };
    let unknown =
        || broken(setting.place, &format!("there is no store of this name; the stores are {}", StoreName::ALL));
    StoreName::parse(&setting.value).ok_or_else(unknown).map(Some)
}

/// In seconds.
fn duration(profile: &Profile<'_>, broken: &Broken<'_>) -> Result<Option<u32>, Error> {
    let Some(setting) = profile.get("duration_seconds")? else { return Ok(None) };
    let seconds = setting.value.parse().ok().filter(|seconds| (900..=43_200).contains(seconds));
    seconds.ok_or_else(|| broken(setting.place, "`duration_seconds` is between 900 and 43200")).map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::{Source, of_profile};
    use super::*;
    use crate::context::Vars;
    use crate::profile::Profiles;

    const DEV: &str = "arn:aws:iam::123456789012:role/Dev";
    const ADFS: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";

    fn role(settings: &str) -> Result<SamlRole, String> {
        let profiles = Profiles::from_texts(format!("[profile a]\n{settings}\n"), "");
        let profile = profiles.profile("a").expect("no damage").expect("the profile");
        match of_profile(profile, &profiles, &Vars::default()) {
            Ok(Some(chain)) => match chain.base.source {
                Source::Saml(role) => Ok(role),
                other => panic!("{settings}: {other:?}"),
            },
            Ok(None) => panic!("{settings} is nothing"),
            Err(error) => Err(error.cause.unwrap_or_default()),
        }
    }

    #[test]
    fn what_is_not_set_is_left_to_the_provider() {
        let assertion = AssertionFrom::Endpoint {
            saml_endpoint: "https://adfs/x".into(),
            saml_authentication: None,
            saml_user: None,
            saml_domain: None,
            store: None,
        };
        let least = SamlRole { assertion, saml_role_arn: None, saml_principal_arn: None, duration_seconds: None };
        assert_eq!(role("saml_endpoint = https://adfs/x"), Ok(least));
    }

    #[test]
    fn every_setting_is_read_under_either_name() {
        let settings = format!(
            "saml_endpoint = http://127.0.0.1:80/x\nsaml_authentication = NTLM\nsaml_user = jane\nsaml_domain = CORP\n\
             keyfob_store = sealed\nsaml_role_arn = {DEV}\nsaml_principal_arn = {ADFS}\nduration_seconds = 900"
        );
        let assertion = AssertionFrom::Endpoint {
            saml_endpoint: "http://127.0.0.1:80/x".into(),
            saml_authentication: Some("NTLM".into()),
            saml_user: Some("jane".into()),
            saml_domain: Some("CORP".into()),
            store: Some(StoreName::Sealed),
        };
        let all = SamlRole {
            assertion,
            saml_role_arn: Some(DEV.into()),
            saml_principal_arn: Some(ADFS.into()),
            duration_seconds: Some(900),
        };
        assert_eq!(role(&settings), Ok(all.clone()));
        let hidden = settings.replace("saml_", "keyfob_saml_").replace("duration", "keyfob_duration");
        assert_eq!(role(&hidden), Ok(all));
    }

    #[test]
    fn a_program_takes_the_place_of_an_endpoint() {
        let program = role(&format!("saml_process = get it\nsaml_role_arn = {DEV}")).expect("a role");
        assert_eq!(program.assertion, AssertionFrom::Process { saml_process: "get it".into() });
        assert_eq!(program.saml_role_arn.as_deref(), Some(DEV));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (settings, why) in [
            ("saml_endpoint = http://adfs/x", "plain HTTP"),
            ("saml_endpoint = adfs/x", "https URL"),
            ("saml_endpoint = https://jane@adfs/x", "user name"),
            ("saml_endpoint = https://a/x\nsaml_authentication = digest", "form, basic, ntlm and negotiate"),
            ("saml_endpoint = https://a/x\nkeyfob_store = vault", "there is no store of this name"),
            ("saml_endpoint = https://a/x\nduration_seconds = 1h", "between 900 and 43200"),
            ("saml_endpoint = https://a/x\nsaml_process = x", "both"),
            ("saml_process = x\nsaml_role_arn = Dev", "ARN"),
        ] {
            let error = role(settings).expect_err(settings);
            assert!(error.contains(why), "{settings}: {error}");
        }
    }
}
