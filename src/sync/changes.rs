//! What has to change in the config file for it to have a profile for each role.

use super::names::{Named, names};
use super::{MARKER, Template};
use crate::assignments::{Assigned, Assignments, Unread};
use crate::bridge::{LINE, Program};
use crate::context::Vars;
use crate::profile::{Change, Edit, FileKind, Profile, Profiles, SectionKind, SectionName};
use crate::recursion;
use std::collections::{HashMap, HashSet};

const DEFAULT: &str = "default";
const PLAIN: [&str; 3] = ["sso_session", "sso_account_id", "sso_role_name"];
const BRIDGED: [&str; 3] = ["keyfob_sso_session", "keyfob_sso_account_id", "keyfob_sso_role_name"];

/// What a person wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub(crate) session: &'a str,
    pub(crate) template: &'a Template,
    /// Of all profiles, and in their names.
    pub(crate) region: Option<&'a str>,
    /// Of those that have none.
    pub(crate) usual_region: Option<&'a str>,
    pub(crate) prune: bool,
    /// By which every program gets their credentials, if so.
    pub(crate) bridge: Option<&'a Program>,
}

/// What has to change, and what does not.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) added: Vec<Entry>,
    pub(crate) changed: Vec<Entry>,
    /// Names.
    pub(crate) removed: Vec<String>,
    /// Names, those too that a person has made for the same roles.
    pub(crate) unchanged: Vec<String>,
    pub(crate) skipped: Vec<Skipped>,
    /// Names of those that would be removed, were they to be.
    pub(crate) left_over: Vec<String>,
}

/// A profile that is made or changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    settings: Vec<(&'static str, String)>,
    /// Keys that it must not have.
    without: Vec<&'static str>,
}

/// A role that gets no profile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) account_id: String,
    pub(crate) role_name: String,
    pub(crate) name: String,
    pub(crate) why: String,
}

/// The profiles that are there; `None` for one that cannot be read.
type Present<'a> = HashMap<&'a str, Option<Profile<'a>>>;

impl Changes {
    pub(crate) fn make(order: &Order<'_>, assignments: &Assignments, profiles: &Profiles, vars: &Vars) -> Self {
        let present: Present<'_> =
            profiles.names().into_iter().map(|name| (name, profiles.profile(name).ok().flatten())).collect();
        let remembered = remembered(assignments, &present, order.session);
        let all = assignments.accounts.iter().chain(&remembered);
        let mut names = names(order.template, order.session, order.region, all);
        let is_unread = |account_id: &str| remembered.iter().any(|unread| unread.account.account_id == account_id);
        names.retain(|named| !is_unread(named.account_id));
        let wanted: HashSet<&str> = names.iter().map(|named| named.name.as_str()).collect();
        let mut changes = Self::default();
        for (name, profile) in &present {
            let Some(profile) = profile.as_ref().filter(|profile| is_marked(profile, order.session)) else { continue };
            // What is not known is not gone.
            let is_unread = role_of(profile).is_some_and(|(account_id, _)| is_unread(account_id));
            if !wanted.contains(name) && !is_unread && *name != DEFAULT {
                let list = if order.prune { &mut changes.removed } else { &mut changes.left_over };
                list.push((*name).to_owned());
            }
        }
        changes.removed.sort_unstable();
        changes.left_over.sort_unstable();
        for named in names {
            changes.take(order, named, &present, vars);
        }
        changes
    }

    /// Decides on one role.
    fn take(&mut self, order: &Order<'_>, named: Named<'_>, present: &Present<'_>, vars: &Vars) {
        match decide(order, &named, present, vars) {
            Ok(entry) => match present.get(named.name.as_str()).and_then(Option::as_ref) {
                None => self.added.push(entry),
                Some(profile) if is_of_hand(profile, order.session) || entry.is_in(profile) => {
                    self.unchanged.push(entry.name);
                }
                Some(_) => self.changed.push(entry),
            },
            Err(why) => {
                let Named { account_id, role_name, name, .. } = named;
                self.skipped.push(Skipped { account_id: account_id.into(), role_name: role_name.into(), name, why });
            }
        }
    }

    /// The same for the file.
    pub(crate) fn edits(&self) -> Vec<Edit<'_>> {
        let section = |name| SectionName { kind: SectionKind::Profile, name };
        let removals = self.removed.iter().map(|name| Edit::remove(section(name)));
        let sets = self.changed.iter().chain(&self.added).flat_map(|Entry { name, settings, without }| {
            let changes = settings.iter().map(|(key, value)| Change { key, value }).collect();
            let unset = Edit::unset(section(name), without.clone());
            [Edit::set(section(name), changes)].into_iter().chain((!without.is_empty()).then_some(unset))
        });
        removals.chain(sets).collect()
    }

    /// The names of all profiles that there are for the roles afterwards.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let entries = self.added.iter().chain(&self.changed).map(|entry| &entry.name);
        entries.chain(&self.unchanged).map(String::as_str)
    }
}

impl Entry {
    /// Why there can be no such profile, or none that every tool reads alike.
    fn check(&self) -> Result<(), String> {
        let section = SectionName { kind: SectionKind::Profile, name: &self.name };
        if !section.can_be_made(FileKind::Config) {
            return Err("no profile can have that name".to_owned());
        }
        let mut changes = self.settings.iter().map(|(key, value)| Change { key, value });
        let obstacle = changes.find_map(|change| change.obstacle().map(|why| (change.key, why)));
        obstacle.map_or(Ok(()), |(key, why)| Err(format!("{key} cannot be written: {why}")))
    }

    /// Whether the profile says all this already.
    fn is_in(&self, profile: &Profile<'_>) -> bool {
        let line = |key| profile.line(FileKind::Config, key);
        self.settings.iter().all(|(key, value)| line(key) == Some(value))
            && self.without.iter().all(|key| line(key).is_none())
    }
}

/// The profile that a role gets, or why it gets none.
fn decide(order: &Order<'_>, named: &Named<'_>, present: &Present<'_>, vars: &Vars) -> Result<Entry, String> {
    let Named { name, clashes, .. } = named;
    let refused = |why: &str| Err(why.to_owned());
    if *clashes {
        return refused("another role would have the same name; use {role_name} and {account_id} in the template");
    } else if name.is_empty() {
        return refused("nothing is left of its name");
    } else if name == DEFAULT {
        return refused("the default profile is yours to set");
    }
    let found = present.get(name.as_str());
    let profile = found.and_then(Option::as_ref);
    let bridge = order.bridge.map(|program| program.line(name)).transpose();
    let bridge = bridge.map_err(|error| error.cause.unwrap_or(error.message))?;
    let entry = entry(order, named, profile, bridge, vars);
    let own_process = profile.and_then(|profile| profile.line(FileKind::Config, LINE));
    let own_process = own_process.filter(|line| !recursion::is_keyfob_for(line, name, vars));
    match profile {
        None if found.is_some() => refused("there is a profile of that name, which cannot be read"),
        None => entry.check().map(|()| entry),
        Some(profile) if !is_of_hand(profile, order.session) => match own_process {
            Some(_) if order.bridge.is_some() => {
                refused("it has a credential_process of its own; remove that, or leave out --bridge")
            }
            _ => entry.check().map(|()| entry),
        },
        Some(profile) if !is_for(profile, order.session, named) => {
            refused("there is a profile of that name, which sync did not make for this session")
        }
        Some(profile) if order.bridge.is_some() && !has_bridge(profile, name, vars) => {
            refused("you have made that profile yourself, so that it is not bridged")
        }
        // Somebody has made by hand what this would make.
        Some(_) => Ok(entry),
    }
}

fn has_bridge(profile: &Profile<'_>, name: &str, vars: &Vars) -> bool {
    profile.line(FileKind::Config, LINE).is_some_and(|line| recursion::is_keyfob_for(line, name, vars))
}

/// Whether sync did not make it for this session.
fn is_of_hand(profile: &Profile<'_>, session: &str) -> bool {
    !is_marked(profile, session)
}

/// Whether a profile bears the mark of this session.
fn is_marked(profile: &Profile<'_>, session: &str) -> bool {
    profile.line(FileKind::Config, MARKER) == Some(session)
}

/// The account and role of a profile, as sync writes them.
fn role_of<'a>(profile: &'a Profile<'_>) -> Option<(&'a str, &'a str)> {
    let line = |key| profile.line(FileKind::Config, key);
    let [_, account_id, role_name] = if line(BRIDGED[1]).is_some() { BRIDGED } else { PLAIN };
    Some((line(account_id)?, line(role_name)?))
}

/// The roles in accounts that AWS does not tell of now, by the profiles that were made when it did: names depend on
/// those of other roles, and must not change meanwhile.
fn remembered(assignments: &Assignments, present: &Present<'_>, session: &str) -> Vec<Assigned> {
    let ours = present.values().flatten().filter(|profile| is_marked(profile, session));
    let known: Vec<(&str, &str)> = ours.filter_map(role_of).collect();
    let of_account = |Unread { account, .. }: &Unread| {
        let mut role_names: Vec<String> = known
            .iter()
            .filter(|(account_id, _)| *account_id == account.account_id)
            .map(|(_, role_name)| (*role_name).to_owned())
            .collect();
        role_names.sort_unstable();
        role_names.dedup();
        Assigned { account: account.clone(), role_names }
    };
    assignments.unread.iter().map(of_account).collect()
}

/// The names of the profiles that bear the mark of a session.
pub(crate) fn marked_names<'a>(profiles: &'a Profiles, session: &str) -> Vec<&'a str> {
    let is_ours = |name: &&str| {
        let profile = profiles.profile(name).ok().flatten();
        profile.is_some_and(|profile| is_marked(&profile, session))
    };
    profiles.names().into_iter().filter(is_ours).collect()
}

/// Whether a profile is for a role of this session, in whichever form.
fn is_for(profile: &Profile<'_>, session: &str, named: &Named<'_>) -> bool {
    PLAIN.into_iter().zip([session, named.account_id, named.role_name]).all(|(key, wanted)| {
        let found = profile.get(key).ok().flatten();
        found.is_some_and(|found| found.value == wanted)
    })
}

/// What a profile is to say; `profile` is what it says now.
fn entry(
    order: &Order<'_>,
    named: &Named<'_>,
    profile: Option<&Profile<'_>>,
    bridge: Option<String>,
    vars: &Vars,
) -> Entry {
    let Named { account_id, role_name, name, .. } = named;
    let name = name.clone();
    let (keys, others) = if order.bridge.is_some() { (BRIDGED, PLAIN) } else { (PLAIN, BRIDGED) };
    let line = |key| profile.and_then(|profile| profile.line(FileKind::Config, key));
    let mut settings: Vec<(&'static str, String)> =
        keys.into_iter().zip([order.session, *account_id, *role_name].map(str::to_owned)).collect();
    let region = order.region.or(if line("region").is_some() { None } else { order.usual_region });
    settings.extend(region.map(|region| ("region", region.to_owned())));
    settings.extend(bridge.map(|line| (LINE, line)));
    settings.push((MARKER, order.session.to_owned()));
    let mut without: Vec<&str> = others.into_iter().filter(|key| line(key).is_some()).collect();
    let is_bridge = |line: &str| recursion::is_keyfob_for(line, &name, vars);
    if order.bridge.is_none() && line(LINE).is_some_and(is_bridge) {
        without.push(LINE);
    }
    Entry { name, settings, without }
}
