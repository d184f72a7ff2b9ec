//! Where the values of each kind come from.

use super::Known;
use super::entry::Entry;
use super::kind::Kind;
use super::offers::Offers;
use super::reading::Reading;
use super::settings;
use crate::api::regions::REGIONS;
use crate::context::Vars;
use crate::export_format::Format;
use crate::profile::Profiles;
use crate::profile::kind::{CREDENTIAL_SOURCES, OUTPUTS};
use crate::shell::{self, Shell};
use crate::sync::Template;
use std::borrow::Cow;

/// What `--store` may name, `exec:` with a command behind it.
const PLACES: &str = "\
auto: the usual store of this machine
credentials: the credentials file
config: the config file
secret-service: the desktop's keyring
keychain: the keychain of macOS
sdk: the store of AWS's .NET SDK
sealed: a sealed file
exec:: a program of your own";

/// What a prompt may show.
const PROMPT: &str = "\
    profile account region left state color red yellow green blue magenta cyan bold dim reset";

/// The variable in which `use` keeps the profile before.
const PREVIOUS_PROFILE: &str = "KEYFOB_PREVIOUS_PROFILE";

/// What is known, for one place on a command line.
pub(super) struct Sources<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) reading: &'a Reading<'a>,
    /// Where the word in question stands, counted from 0.
    pub(super) at: usize,
}

impl Sources<'_> {
    pub(super) fn offer(&self, kind: Kind, offers: &mut Offers<'_>) {
        match kind {
            Kind::Profile => self.offer_profiles(offers),
            Kind::ProfileOrPrevious => {
                if let Some(previous) = self.known.vars.get(PREVIOUS_PROFILE) {
                    offers.put("-", previous);
                }
                self.offer_profiles(offers);
            }
            Kind::SsoProfile => self.offer_profiles_that(has_sign_in, offers),
            Kind::SsoSession => {
                if let Some(profiles) = self.profiles() {
                    profiles.sso_session_names().into_iter().for_each(|name| offers.offer(name, ""));
                }
            }
            Kind::Region => REGIONS.into_iter().for_each(|(name, place)| offers.offer(name, place)),
            Kind::Shell => offer_shells(offers, |_| true),
            Kind::ShellWithFunction => offer_shells(offers, |shell| shell.scripts().is_some()),
            Kind::ShellWithCompletion => offer_shells(offers, Shell::completes),
            Kind::ExportFormat => Format::names().for_each(|name| offers.offer(name, "")),
            Kind::Output => offer_words(offers, OUTPUTS),
            Kind::CredentialSource => offer_words(offers, CREDENTIAL_SOURCES),
            Kind::OneOf(words) => offer_words(offers, words.split('|')),
            Kind::Place => {
                PLACES.lines().map(Entry::parse).for_each(|place| offers.offer(place.name, place.description));
            }
            Kind::Template => {
                if offers.typed().is_empty() {
                    offers.offer(Template::DEFAULT, "if no other is given");
                }
                offer_fields(offers, Template::fields());
            }
            Kind::Prompt => offer_fields(offers, PROMPT.split(' ')),
            Kind::Setting => self.offer_settings(offers),
            Kind::Key => self.offer_keys(offers),
            Kind::File => offers.files(),
            // A program's name is a word of its own.
            Kind::Program if offers.lead_length() == 0 => offers.command(self.at + 1, true),
            Kind::Program | Kind::Free => {}
        }
    }

    /// The shared files. `None`: the line names others, which are nowhere.
    fn profiles(&self) -> Option<Profiles> {
        let vars: Cow<'_, Vars> = match self.reading.location {
            Some(location) => Cow::Owned((self.known.located)(location)?),
            None => Cow::Borrowed(self.known.vars),
        };
        Some(Profiles::load_what_can_be_read(&vars))
    }

    fn offer_profiles(&self, offers: &mut Offers<'_>) {
        self.offer_profiles_that(|_, _| true, offers);
    }

    fn offer_profiles_that(&self, fits: impl Fn(&Profiles, &str) -> bool, offers: &mut Offers<'_>) {
        let Some(profiles) = self.profiles() else { return };
        // Where there is a command of that name, the word is the command.
        let commands: Vec<&str> = self.reading.command.commands().map(|below| below.name).collect();
        let is_command = |name: &str| commands.contains(&name);
        for name in profiles.names() {
            let is_word = offers.lead_length() > 0 || self.reading.awaits.is_some() || !is_command(name);
            if is_word && fits(&profiles, name) {
                offers.offer(name, "");
            }
        }
    }

    /// `KEY=`, or the values of the key that is typed already.
    fn offer_settings(&self, offers: &mut Offers<'_>) {
        let typed = offers.typed();
        if let Some((key, value)) = typed.split_once('=') {
            let key = key.to_ascii_lowercase();
            let key = key.strip_prefix(settings::OWN).unwrap_or(&key);
            let setting = settings::all().find(|setting| setting.name == key);
            offers.lead(offers.lead_length() + typed.len() - value.len());
            if let Some(kind) = setting.and_then(|setting| setting.kind) {
                self.offer(kind, offers);
            }
            return;
        }
        let is_given = |key: &str| self.reading.words.iter().any(|word| word.split('=').next() == Some(key));
        let mut offer = |own: &str, setting: Entry| {
            let key = format!("{own}{}", setting.name);
            if !is_given(&key) {
                offers.offer(&format!("{key}="), setting.description);
            }
        };
        if typed.starts_with(settings::OWN) {
            settings::of_keyfob().for_each(|setting| offer(settings::OWN, setting));
        } else {
            settings::all().for_each(|setting| offer("", setting));
        }
    }

    /// The keys that the profile in question has, and those of its nested blocks.
    fn offer_keys(&self, offers: &mut Offers<'_>) {
        let Some((profiles, name)) = self.profiles().zip(self.reading.words.first()) else { return };
        let Ok(Some(profile)) = profiles.profile(name) else { return };
        let mut offer = |key: &str| {
            if !self.reading.words[1..].contains(&key) {
                offers.offer(key, "");
            }
        };
        for setting in profile.effective().unwrap_or_default() {
            let key = setting.key();
            offer(&key);
            for (nested, _) in setting.sub_properties().unwrap_or_default() {
                offer(&format!("{key}.{nested}"));
            }
        }
    }
}

/// Whether a profile has a sign-in to IAM Identity Center.
fn has_sign_in(profiles: &Profiles, name: &str) -> bool {
    let has = |key: &str| {
        profiles.profile(name)?.map_or(Ok(None), |profile| profile.get(key)).map(|setting| setting.is_some())
    };
    ["sso_session", "sso_start_url"].iter().any(|key| has(key).unwrap_or(false))
}

fn offer_words<'a>(offers: &mut Offers<'_>, words: impl IntoIterator<Item = &'a str>) {
    for word in words {
        offers.offer(word, "");
    }
}

fn offer_shells(offers: &mut Offers<'_>, is_meant: impl Fn(Shell) -> bool) {
    let names = shell::NAMES.split(", ");
    names.filter(|name| Shell::named(name).is_ok_and(&is_meant)).for_each(|name| offers.offer(name, ""));
}

/// The fields of a text, in the place of the one that has begun.
fn offer_fields(offers: &mut Offers<'_>, fields: impl Iterator<Item = &'static str>) {
    let typed = offers.typed();
    let begun = typed.rfind('{').filter(|at| !typed[*at..].contains('}'));
    let before = &typed[..begun.unwrap_or(typed.len())];
    for field in fields {
        offers.offer(&format!("{before}{{{field}}}"), "");
    }
}
