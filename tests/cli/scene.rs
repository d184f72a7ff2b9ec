//! What most command tests begin with: a fake STS, jane's long-term keys, and profiles around them.

#![cfg_attr(not(unix), allow(dead_code, reason = "many of the tests need a POSIX shell or terminal"))]

use super::{
    fake::{ACCOUNT, Expected, Keys, Sts, Timestamp, assume_role},
    keyfob::{Home, Invocation},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/Demo";
/// When keys end that shall not end during the test.
pub(crate) const END: &str = "2099-01-02T03:04:05Z";
/// The MFA device of jane.
pub(crate) const SERIAL: &str = "arn:aws:iam::123456789012:mfa/jane";

/// Profile `base` has jane's keys, profile `dev` assumes [`ROLE`] with them.
pub(crate) struct Scene {
    pub(crate) sts: Sts,
    pub(crate) jane: Keys,
    pub(crate) home: Home,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// The same, with these lines more in profile `dev`; further sections may follow them.
    pub(crate) fn with(lines: &str) -> Self {
        Self::around(Sts::start(), lines)
    }

    /// The same with an STS that speaks https, and whose authority nobody trusts yet.
    pub(crate) fn over_tls() -> Self {
        let mut scene = Self::around(Sts::start_tls(), "");
        scene.home.remove_env("AWS_CA_BUNDLE");
        scene
    }

    /// The same with an STS of the test's own.
    pub(crate) fn around(sts: Sts, lines: &str) -> Self {
        let jane = sts.add_user("jane");
        let home = Home::new().sts(&sts).credentials(&jane.section("base"));
        let home = home.config(&(role_section("dev", ROLE, "base") + lines));
        Self { sts, jane, home }
    }

    /// A run of `keyfob process` for profile `dev`.
    pub(crate) fn process(&self) -> Invocation {
        self.home.keyfob(["process", "--profile", "dev"])
    }

    /// Makes the cached keys look issued and ending so long ago and so far from now.
    #[track_caller]
    pub(crate) fn age_cache(&self, issued_ago: Duration, left: Left) {
        self.age_entry(&self.cached_entry(), issued_ago, left);
    }

    /// The same for one entry among several.
    #[track_caller]
    pub(crate) fn age_entry(&self, path: &Path, issued_ago: Duration, left: Left) {
        age_entry(&self.home, path, issued_ago, left);
    }

    /// The one file with keys in the cache.
    #[track_caller]
    pub(crate) fn cached_entry(&self) -> PathBuf {
        let mut entries = entries(&self.home);
        assert_eq!(entries.len(), 1, "{entries:?}");
        entries.remove(0)
    }
}

/// Makes cached keys look issued and ending so long ago and so far from now.
#[track_caller]
pub(crate) fn age_entry(home: &Home, path: &Path, issued_ago: Duration, left: Left) {
    let now = Timestamp::now();
    let end = match left {
        Left::Still(span) => now.plus(span),
        Left::EndedAgo(span) => now.minus(span),
    };
    let mut entry: serde_json::Value = serde_json::from_str(&home.read(path)).expect("an entry is JSON");
    entry["Issued"] = now.minus(issued_ago).rfc3339().into();
    entry["Expiration"] = end.rfc3339().into();
    std::fs::write(path, entry.to_string()).expect("the entry is ours");
}

/// How far cached keys are from their end.
#[derive(Clone, Copy)]
pub(crate) enum Left {
    Still(Duration),
    EndedAgo(Duration),
}

/// The files with keys in the cache.
pub(crate) fn entries(home: &Home) -> Vec<PathBuf> {
    home.cache_files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

/// A profile that assumes a role; more lines may follow.
pub(crate) fn role_section(profile: &str, role_arn: &str, source_profile: &str) -> String {
    format!("[profile {profile}]\nrole_arn = {role_arn}\nsource_profile = {source_profile}\n")
}

/// The call for [`ROLE`], answered with keys that outlive the test.
pub(crate) fn demo_role() -> Expected {
    assume_role(ROLE).expiring(END)
}

/// What the fake hands out as its `number`-th keys, when they outlive the test.
pub(crate) fn issued(number: usize) -> Keys {
    Keys::issued(number, Timestamp::parse_rfc3339(END).expect("this is how the fake spells times"))
}

/// The same keys as keyfob prints them when they are a role's of the fake's account.
pub(crate) fn issued_document(number: usize) -> String {
    issued(number).document(Some(ACCOUNT))
}
