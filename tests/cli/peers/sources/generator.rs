//! The combinations: each thing alone, all pairs of what a profile can have, and many by dice that always fall alike.

use super::{
    case::Case,
    environment::{Container, Instance, Keys, Naming, Web},
    files::{Files, Legacy},
    kind::{Group, Kind},
    section::{NamedSource, Section, Source},
};

/// How many there are in all.
const COUNT: usize = 1000;
const SEED: u64 = 6;

/// Kinds whose order within one profile matters.
const ORDERED: [Kind; 11] = [
    Kind::KeysInCredentials,
    Kind::KeysInConfig,
    Kind::WebIdentity,
    Kind::Sso,
    Kind::SsoOfProfile,
    Kind::SsoWithoutToken,
    Kind::Login,
    Kind::LoginMissing,
    Kind::Process,
    Kind::ProcessFails,
    Kind::Region,
];

/// Those that dice choose from. With the others botocore always fails or looks at another profile.
const NAMINGS: [Naming; 6] = [
    Naming::Nobody,
    Naming::Nobody,
    Naming::Option,
    Naming::AwsProfile,
    Naming::AwsDefaultProfile,
    Naming::OptionAgainstVariable,
];

/// Kinds that lead to keys.
const WORKING: [Kind; 9] = [
    Kind::KeysInCredentials,
    Kind::SessionInCredentials,
    Kind::KeysInConfig,
    Kind::WebIdentity,
    Kind::Sso,
    Kind::SsoOfProfile,
    Kind::Login,
    Kind::Process,
    Kind::Region,
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |case: Case| {
        if !cases.contains(&case) {
            cases.push(case);
        }
        cases.len()
    };
    variables().into_iter().chain(web_identities()).chain(profiles()).chain(pairs()).for_each(|case| {
        add(case);
    });
    let mut dice = Dice(SEED);
    while add(dice.case()) < COUNT {}
    cases
}

fn variables() -> Vec<Case> {
    let nothing = Case::NOTHING;
    let keys = Keys::ALL.iter().map(|&keys| Case { keys, ..nothing.clone() });
    let webs = Web::ALL.iter().map(|&web| Case { web, ..nothing.clone() });
    let containers = Container::ALL.iter().map(|&container| Case { container, ..nothing.clone() });
    let instances = Instance::ALL.iter().map(|&instance| Case { instance, ..nothing.clone() });
    let legacies = Legacy::ALL.iter().map(|&legacy| Case { legacy, ..nothing.clone() });
    let files = Files::ALL.iter().map(|&files| Case { files, ..nothing.clone() });
    let namings = Naming::ALL.iter().flat_map(|&naming| {
        let case = Case { naming, ..nothing.clone() };
        let section = Some(Section::of(&[Kind::KeysInCredentials]));
        [Case { keys: Keys::Pair, ..case.clone() }, Case { section, ..case.clone() }, case]
    });
    let alone: Vec<Case> =
        files.chain(keys).chain(webs).chain(containers).chain(instances).chain(legacies).chain(namings).collect();
    alone.iter().flat_map(before_others).collect()
}

/// The same alone, and with more and more of what comes later in the order.
fn before_others(case: &Case) -> [Case; 4] {
    let instance = if case.instance == Instance::Disabled { Instance::Whole } else { case.instance };
    let container = if case.container == Container::None { Container::Open } else { case.container };
    let web = if case.web == Web::None { Web::Whole } else { case.web };
    let before_instance = Case { instance, ..case.clone() };
    let before_container = Case { container, ..before_instance.clone() };
    let before_web = Case { web, ..before_container.clone() };
    [case.clone(), before_instance, before_container, before_web]
}

/// Variables of web identity beside profiles.
fn web_identities() -> Vec<Case> {
    let kinds = [Kind::KeysInCredentials, Kind::WebIdentity, Kind::WebIdentityWithoutRole, Kind::Process];
    let sections = kinds.map(|kind| Section::of(&[kind]));
    let roles = sections.clone().map(Section::role_of);
    let sections: Vec<Section> = sections.into_iter().chain(roles).collect();
    let crossed = |section: &Section| {
        let section = Some(section.clone());
        Web::ALL.iter().map(|&web| Case { web, section: section.clone(), ..Case::NOTHING }).collect::<Vec<_>>()
    };
    sections.iter().flat_map(crossed).collect()
}

fn profiles() -> Vec<Case> {
    let kinds = Kind::ALL.iter().map(|&kind| Section::of(&[kind]));
    let roles = NamedSource::ALL.iter().map(|&named| Section { kinds: Vec::new(), role: Some(Source::Named(named)) });
    let settings = Kind::ALL.iter().filter(|kind| kind.group() == Group::OfRole);
    let of_keys = Section::of(&[Kind::KeysInCredentials]).role_of();
    let roles_with = settings.map(|&kind| Section { kinds: vec![kind], ..of_keys.clone() });
    let beside_a_role = [
        Kind::IdInCredentials,
        Kind::SecretInCredentials,
        Kind::IdInConfig,
        Kind::SecretInConfig,
        Kind::SsoUnknownSession,
    ];
    let named = Some(Source::Named(NamedSource::Environment));
    let half_roles = beside_a_role.map(|kind| Section { kinds: vec![kind], role: named.clone() });
    let two_files = [
        [Kind::IdInCredentials, Kind::KeysInConfig],
        [Kind::SecretInCredentials, Kind::KeysInConfig],
        [Kind::SecretInCredentials, Kind::IdInConfig],
    ];
    let two_files = two_files.map(|kinds| Section::of(&kinds));
    let sections = kinds.chain(roles).chain(roles_with).chain(half_roles).chain(two_files);
    sections.flat_map(|section| everywhere(&section)).collect()
}

/// A profile alone and among everything else, named and not, and as the source of others.
fn everywhere(section: &Section) -> [Case; 7] {
    let case = Case { section: Some(section.clone()), ..Case::NOTHING };
    let among = Case { section: Some(section.clone()), ..Case::EVERYTHING_ELSE };
    let explicit = Case { naming: Naming::Option, keys: Keys::Session, ..among.clone() };
    let source = section.clone().role_of();
    let instance = Instance::Whole;
    [
        Case { instance, ..case.clone() },
        Case { web: Web::None, ..among.clone() },
        Case { section: Some(source.clone()), ..explicit.clone() },
        Case { section: Some(source.role_of()), naming: Naming::AwsProfile, ..Case::EVERYTHING_ELSE },
        case,
        among,
        explicit,
    ]
}

/// Two kinds in one profile, which is the one that counts, or the source of that.
fn pairs() -> Vec<Case> {
    let mut pairs = Vec::new();
    for (number, &first) in ORDERED.iter().enumerate() {
        for &second in ORDERED[number + 1..].iter().filter(|kind| kind.group() != first.group()) {
            let section = Section::of(&[first, second]);
            let explicit = Case { naming: Naming::Option, section: Some(section.clone()), ..Case::NOTHING };
            pairs.push(Case { section: Some(section.role_of()), ..explicit.clone() });
            pairs.push(explicit);
        }
        for &named in NamedSource::ALL {
            let section = Section { kinds: vec![first], role: Some(Source::Named(named)) };
            let keys = Keys::Pair;
            pairs.push(Case { naming: Naming::Option, section: Some(section), keys, ..Case::EVERYTHING_ELSE });
        }
    }
    pairs
}

/// `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    fn any<T: Copy>(&mut self, all: &[T]) -> T {
        let below = u64::try_from(all.len()).expect("lists are short");
        all[usize::try_from(self.next() % below).expect("it is below a length")]
    }

    /// The first half the time, else what usually works, and now and then anything.
    fn some<T: Copy>(&mut self, all: &[T], working: &[T]) -> T {
        match self.next() % 100 {
            0..50 => all[0],
            50..85 => self.any(working),
            _ => self.any(all),
        }
    }

    fn case(&mut self) -> Case {
        let naming = self.any(&NAMINGS);
        Case {
            naming,
            section: if naming == Naming::Nobody && self.percent(30) { None } else { Some(self.section(2)) },
            keys: self.some(Keys::ALL, &[Keys::Pair, Keys::Session, Keys::FreshSession]),
            web: self.some(Web::ALL, &[Web::Whole, Web::Named]),
            container: self.some(Container::ALL, &[Container::Open, Container::Token, Container::TokenFile]),
            instance: self.some(Instance::ALL, &[Instance::Whole]),
            files: if self.percent(95) { Files::Whole } else { self.any(Files::ALL) },
            legacy: self.some(Legacy::ALL, &[Legacy::BotoInHome, Legacy::BotoByVariable, Legacy::None, Legacy::None]),
        }
    }

    /// A profile, with so many more behind it at most.
    fn section(&mut self, depth: u64) -> Section {
        let mut section = Section::default();
        let wanted = self.any(&[1, 1, 1, 2, 2, 3]);
        while section.kinds.len() < wanted {
            let kind = if self.percent(80) { self.any(&WORKING) } else { self.any(Kind::ALL) };
            if !section.has_group(kind.group()) {
                section.kinds.push(kind);
            }
        }
        if section.has_group(Group::Role) || !self.percent(45) {
            return section;
        }
        section.role = Some(match self.next() % 100 {
            0..60 if depth > 0 => Source::Profile(Box::new(self.section(depth - 1))),
            0..90 => Source::Named(self.any(&NamedSource::ALL[..3])),
            _ => Source::Named(self.any(NamedSource::ALL)),
        });
        section
    }
}
