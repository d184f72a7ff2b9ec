//! `keyfob profile check`: lines that some AWS tool refuses, ignores or reads differently.

use super::super::location::Location;
use super::set::values;
use super::takes_no_profile;
use crate::chain;
use crate::context::{Context, Vars};
use crate::error::{Error, Printable};
use crate::profile::{Kind, Profile, Profiles};
use crate::store::StoreName;
use argh::{ArgsInfo, FromArgs};
use std::collections::HashSet;

/// Check the shared files for what AWS tools refuse, ignore or read differently.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "check",
    help_triggers("--help"),
    note = "Each line is a finding: file, line, and what is found. The exit code is 1 where there is one.",
    error_code(1, "something was found, or failed")
)]
pub(super) struct Check {
    /// credentials file that holds the profiles; the config file is the one beside it
    #[argh(option, arg_name = "file")]
    profile_location: Option<String>,
}

impl Check {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        takes_no_profile(profile, "check")?;
        let location = Location::of(self.profile_location.as_deref(), &context.vars)?;
        let profiles = Profiles::load_what_can_be_read(&location.vars);
        let mut seen = HashSet::new();
        let of_lines = profiles.findings().into_iter().map(|finding| finding.to_string());
        let mut found: Vec<String> = of_lines.chain(of_profiles(&profiles, &location.vars)).collect();
        found.retain(|line| seen.insert(line.clone()));
        if found.is_empty() {
            context.terminal.tell(&format!("Nothing was found in {}.", profiles.places()));
            return Ok(String::new());
        }
        let things = if found.len() == 1 { "thing" } else { "things" };
        let count = found.len();
        let text = found.iter().map(|line| Printable(line).to_string() + "\n").collect();
        Err(Error::new(format!("found {count} {things} that AWS tools refuse, pass over or read differently"))
            .beside(text))
    }
}

/// What is wrong with profiles whose every line can be read.
fn of_profiles(profiles: &Profiles, vars: &Vars) -> Vec<String> {
    // Whatever the environment holds, the files are the same.
    let vars = vars.with("AWS_ACCESS_KEY_ID", "x").with("AWS_SECRET_ACCESS_KEY", "x");
    let mut found = Vec::new();
    for listed in profiles.all() {
        let Ok(profile) = listed.profile else { continue };
        let shadows = profile.shadows(&vars).unwrap_or_default();
        found.extend(shadows.iter().map(|shadow| format!("{}: {shadow}", shadow.place)));
        found.extend(missing_services(&profile, profiles));
        let odd = odd_saml(&profile);
        let is_told = |why: &str| odd.iter().any(|(place, _)| why.starts_with(&format!("{place}: ")));
        if let Err(error) = leads_to_credentials(profile, profiles, &vars) {
            let why = error.cause.unwrap_or(error.message);
            let has_place = profiles.files().iter().any(|file| why.starts_with(&*file.path.to_string_lossy()));
            if !is_told(&why) {
                found.push(if has_place { why } else { format!("{}: {why}", listed.place) });
            }
        }
        found.extend(odd.iter().map(|(place, why)| format!("{place}: {why}")));
    }
    found
}

/// The error of a profile that is meant to yield credentials, and cannot.
fn leads_to_credentials(profile: Profile<'_>, profiles: &Profiles, vars: &Vars) -> Result<(), Error> {
    let has = |key| profile.get(key).map(|setting| setting.is_some());
    if Kind::of(&profile, vars)? == Some(Kind::Sso) && !has("sso_account_id")? && !has("sso_role_name")? {
        // It is there for its token.
        return Ok(());
    }
    let name = profile.name.clone();
    match chain::of_profile(profile, profiles, vars)? {
        Some(chain) => chain.validate(profiles, &name, |_| None),
        None => Ok(()),
    }
}

/// What is wrong with its settings for SAML, and where: no AWS tool looks at them, so nobody else says it.
fn odd_saml(profile: &Profile<'_>) -> Vec<(String, String)> {
    const SAML: [&str; 5] =
        ["saml_endpoint", "saml_authentication", "saml_role_arn", "saml_principal_arn", "saml_password"];
    let setting = |key: &str| profile.get(key).ok().flatten();
    let objection = |key: &&str| {
        let setting = setting(key)?;
        let why = values::objection(key, &setting.value)?;
        Some((setting.place.to_string(), format!("`{key}` will not do: {why}")))
    };
    let mut odd: Vec<_> = SAML.iter().filter_map(objection).collect();
    if setting("saml_endpoint").is_none()
        && setting("saml_process").is_some()
        && let Some(store) = setting("keyfob_store")
    {
        odd.push((store.place.to_string(), "it says where a password is, and saml_process needs none".to_owned()));
    }
    if setting("saml_endpoint").is_some()
        && setting("saml_user").is_none()
        && let Some(store) = setting("keyfob_store").filter(|store| StoreName::parse(&store.value).is_some())
    {
        let why = "it says where a password is, which is used together with `saml_user` alone";
        odd.push((store.place.to_string(), why.to_owned()));
    }
    odd
}

fn missing_services(profile: &Profile<'_>, profiles: &Profiles) -> Option<String> {
    let named = profile.get("services").ok()??;
    let is_missing = profiles.services(&named.value).is_ok_and(|section| section.is_none());
    is_missing.then(|| format!("{}: there is no section [services {}]", named.place, named.value))
}
