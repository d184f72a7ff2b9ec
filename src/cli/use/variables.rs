//! Which variables change when a shell turns to another profile.
//!
//! What a person has set is set aside while a profile takes its place, in variables of its own: shells hand them on to
//! those that they start, and forget them with themselves. Keys are not kept: what is secret does not stay behind.

use crate::cli::env::KEYS;
use crate::cli::regions::{self, set_aside};
use crate::context::Vars;
use crate::error::Error;
use crate::profile::named_by_vars;
use crate::shell::Change;

/// What a shell is pointed at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) profile: &'a str,
    pub(super) region: Option<&'a str>,
}

/// The profile that was used before.
const PREVIOUS: &str = "KEYFOB_PREVIOUS_PROFILE";

/// What machines such as the pods of EKS are given, and what goes before a profile in several SDKs; where it is kept.
const IDENTITY: [(&str, &str); 3] = [
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "KEYFOB_OWN_WEB_IDENTITY_TOKEN_FILE"),
    ("AWS_ROLE_ARN", "KEYFOB_OWN_ROLE_ARN"),
    ("AWS_ROLE_SESSION_NAME", "KEYFOB_OWN_ROLE_SESSION_NAME"),
];

/// Other names of keys, by which the SDKs for Go and Ruby take them as well. `env` sets none of them.
const OTHER_KEYS: [&str; 2] = ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"];

/// The variable of a key that is lost when a profile is used.
pub(super) fn key_in_the_way(vars: &Vars) -> Option<&'static str> {
    [KEYS[0], OTHER_KEYS[0]].into_iter().find(|name| vars.os(name).is_some())
}

/// The profile before this one. `None`: none was used then.
///
/// An error where none is used now, either.
pub(super) fn before(vars: &Vars) -> Result<Option<&str>, Error> {
    let now = named_by_vars(vars);
    let previous = vars.get(PREVIOUS).filter(|previous| now != Some(previous));
    match previous.or(now) {
        Some(_) => Ok(previous),
        None => Err(Error::new("no profile was used before").hint("name one, as in `kf use dev`")),
    }
}

/// What changes so that a shell uses this profile, or none any more.
pub(super) fn changes(target: Option<Target<'_>>, vars: &Vars) -> Vec<Change> {
    let profile = target.map(|target| target.profile);
    let region = target.and_then(|target| target.region);
    let now = named_by_vars(vars);
    let mut changes = vec![Change::to("AWS_PROFILE", profile)];
    // Botocore prefers it to AWS_PROFILE.
    changes.push(Change::unset("AWS_DEFAULT_PROFILE"));
    if profile != now {
        changes.push(set_aside(PREVIOUS, now, vars));
    }
    changes.extend(regions::taking_turns(region, vars));
    for (name, place) in IDENTITY {
        let own = vars.get(name).or_else(|| vars.get(place));
        changes.push(Change::to(name, own.filter(|_| target.is_none())));
        changes.push(set_aside(place, own.filter(|_| target.is_some()), vars));
    }
    if target.is_some() {
        changes.extend(KEYS.into_iter().chain(OTHER_KEYS).map(Change::unset));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// An environment that changes as a shell's does.
    #[derive(Default)]
    struct Shell(BTreeMap<String, String>);

    impl Shell {
        fn vars(&self) -> Vars {
            self.0.iter().fold(Vars::default(), |vars, (name, value)| vars.with(name, value))
        }

        fn set(&mut self, name: &str, value: &str) {
            self.0.insert(name.into(), value.into());
        }

        fn take(&mut self, target: Option<Target<'_>>) {
            for change in changes(target, &self.vars()) {
                match change {
                    Change::Set(name, value) => drop(self.0.insert(name.into(), value.expose().into())),
                    Change::Unset(name) => drop(self.0.remove(name)),
                    Change::Keep => {}
                }
            }
        }

        fn uses(&mut self, profile: &str, region: Option<&str>) {
            self.take(Some(Target { profile, region }));
        }

        fn get(&self, name: &str) -> Option<&str> {
            self.0.get(name).map(String::as_str)
        }

        fn regions(&self) -> [Option<&str>; 2] {
            ["AWS_REGION", "AWS_DEFAULT_REGION"].map(|name| self.get(name))
        }
    }

    #[test]
    fn nothing_is_left_when_no_profile_is_used_any_more() {
        for own in [
            &[][..],
            &[("AWS_REGION", "eu-west-1")],
            &[("AWS_DEFAULT_REGION", "eu-west-2")],
            &[("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2")],
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod")],
        ] {
            let mut shell = Shell::default();
            for (name, value) in own {
                shell.set(name, value);
            }
            let before = shell.0.clone();
            for region in [None, Some("us-east-1"), Some("us-west-2"), None, Some("eu-west-1")] {
                shell.uses("dev", region);
                assert_eq!(shell.get("AWS_WEB_IDENTITY_TOKEN_FILE"), None);
            }
            shell.take(None);
            assert_eq!(shell.0.remove(PREVIOUS).as_deref(), Some("dev"));
            assert_eq!(shell.0, before);
        }
    }

    #[test]
    fn a_profile_brings_its_region_along_and_takes_it_away_again() {
        let mut shell = Shell::default();
        shell.uses("dev", Some("us-east-1"));
        assert_eq!(shell.regions(), [Some("us-east-1"); 2]);
        shell.uses("plain", None);
        assert_eq!(shell.regions(), [None; 2]);
        shell.set("AWS_REGION", "eu-west-1");
        shell.uses("dev", Some("us-east-1"));
        shell.uses("plain", None);
        assert_eq!(shell.regions(), [Some("eu-west-1"), None]);
    }

    #[test]
    fn a_region_that_is_changed_meanwhile_is_a_persons_own() {
        let mut shell = Shell::default();
        shell.set("AWS_REGION", "eu-west-1");
        shell.uses("dev", Some("us-east-1"));
        shell.set("AWS_REGION", "ap-south-1");
        shell.uses("prod", Some("us-west-2"));
        assert_eq!(shell.regions(), [Some("us-west-2"); 2]);
        shell.uses("plain", None);
        assert_eq!(shell.regions(), [Some("ap-south-1"), None]);
        shell.uses("dev", Some("us-east-1"));
        shell.0.remove("AWS_REGION");
        shell.take(None);
        assert_eq!(shell.regions(), [None; 2]);
    }

    #[test]
    fn the_way_back_leads_to_what_was_used_before() {
        let mut shell = Shell::default();
        assert_eq!(before(&shell.vars()).ok(), None);
        shell.uses("dev", None);
        assert_eq!(before(&shell.vars()), Ok(None));
        shell.uses("prod", None);
        shell.uses("prod", Some("us-east-1"));
        assert_eq!(before(&shell.vars()), Ok(Some("dev")));
        shell.set("AWS_PROFILE", "dev");
        assert_eq!(before(&shell.vars()), Ok(None));
        shell.take(None);
        shell.take(None);
        assert_eq!(before(&shell.vars()), Ok(Some("dev")));
    }

    #[test]
    fn keys_go_with_a_profile_and_stay_without_one() {
        let mut shell = Shell::default();
        for name in KEYS.into_iter().chain(OTHER_KEYS) {
            shell.set(name, "x");
        }
        shell.take(None);
        assert_eq!(shell.0.len(), KEYS.len() + OTHER_KEYS.len());
        shell.uses("dev", None);
        assert_eq!(shell.0.len(), 1);
    }
}
