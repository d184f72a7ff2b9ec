//! The region of a shell: a profile's, which comes and goes with it, and a person's own, which is set aside meanwhile.
//!
//! The memory of it are variables: shells hand them on to those that they start, and forget them with themselves.

use crate::context::Vars;
use crate::shell::Change;

/// The region that was set along with a profile, which is no person's own.
const USED: &str = "KEYFOB_USED_REGION";

/// Boto reads the second name alone, most SDKs the first alone. With each goes where a person's own is kept.
const VARIABLES: [(&str, &str); 2] =
    [("AWS_REGION", "KEYFOB_OWN_REGION"), ("AWS_DEFAULT_REGION", "KEYFOB_OWN_DEFAULT_REGION")];

/// A profile's region in the place of a person's own. `None`: their own comes back.
pub(super) fn taking_turns(region: Option<&str>, vars: &Vars) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, place) in VARIABLES {
        let own = own(name, place, vars);
        changes.push(Change::to(name, region.or(own)));
        changes.push(set_aside(place, own.filter(|_| region.is_some()), vars));
    }
    changes.push(set_aside(USED, region, vars));
    changes
}

/// A region that stays, or the one that is there.
pub(super) fn staying(region: Option<&str>) -> Vec<Change> {
    VARIABLES.map(|(name, _)| Change::keep_or_set(name, region)).into()
}

/// No region.
pub(super) fn none() -> Vec<Change> {
    VARIABLES.map(|(name, _)| Change::unset(name)).into()
}

/// Whether the region that is set came along with a profile, so that somebody counts on their own.
pub(super) fn is_remembered(vars: &Vars) -> bool {
    vars.os(USED).is_some()
}

/// The region that a person has set, now or before a profile took its place.
fn own<'a>(name: &str, place: &str, vars: &'a Vars) -> Option<&'a str> {
    let now = vars.get(name);
    let is_of_profile = vars.get(USED).is_some_and(|used| now == Some(used));
    if is_of_profile { vars.get(place) } else { now }
}

/// Keeps a value in a variable of ours, or takes away what is there.
pub(super) fn set_aside(place: &'static str, value: Option<&str>, vars: &Vars) -> Change {
    match value {
        None if vars.os(place).is_none() => Change::Keep,
        value => Change::to(place, value),
    }
}
