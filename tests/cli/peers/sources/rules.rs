//! Where keyfob is meant to differ from botocore. A rule that no case needs any more is a fault.

use super::{
    Outcome,
    case::Case,
    environment::{Container, Instance, Keys, Naming, Web},
    files::{Files, Legacy},
    kind::{Group, Kind},
    section::{NamedSource, Section},
};

/// A difference: in which cases, and what becomes of them.
pub(super) struct Rule {
    pub(super) why: &'static str,
    pub(super) applies: fn(&Case) -> bool,
    pub(super) botocore: Expected,
    pub(super) keyfob: Expected,
}

impl Rule {
    /// Whether this is the difference.
    pub(super) fn allows(&self, case: &Case, botocore: &Outcome, keyfob: &Outcome) -> bool {
        (self.applies)(case) && self.botocore.fits(botocore) && self.keyfob.fits(keyfob)
    }
}

/// What is expected of one of the two.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    Fails,
    /// Keys whose road begins with one of these.
    Finds(&'static [&'static str]),
    /// Keys with an empty id, or a role by these.
    FindsEmpty,
    /// Anything but what the other does.
    Differs,
}

impl Expected {
    fn fits(self, outcome: &Outcome) -> bool {
        match self {
            Self::Fails => matches!(outcome, Outcome::Fails(_)),
            Self::Finds(roads) => roads.iter().any(|road| outcome.begins(road)),
            Self::FindsEmpty => {
                outcome.begins(">") || matches!(outcome, Outcome::Finds(found) if found.access_key_id.is_empty())
            }
            Self::Differs => true,
        }
    }
}

use Expected::{Differs, Fails, Finds, FindsEmpty};

const KEYS_IN_FILES: Expected = Finds(&["credentials(", "config(", "split("]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        why: "AWS_SESSION_TOKEN goes before AWS_SECURITY_TOKEN, as in every other SDK",
        applies: |case| case.keys == Keys::BothTokens,
        botocore: Finds(&["variables"]),
        keyfob: Finds(&["variables"]),
    },
    Rule {
        why: "variables that are blank count as unset, not only those that are empty",
        applies: |case| case.keys == Keys::Blank,
        botocore: Finds(&[" "]),
        keyfob: Differs,
    },
    Rule {
        why: "an old AWS_CREDENTIAL_EXPIRATION does not end keys that have no token",
        applies: |case| case.keys == Keys::StalePair,
        botocore: Fails,
        keyfob: Finds(&["variables"]),
    },
    Rule {
        why: "keys in variables go before AWS_PROFILE, also where that names no profile",
        applies: |case| case.section.is_none() && !case.naming.is_explicit() && case.keys != Keys::None,
        botocore: Fails,
        keyfob: Finds(&["variables"]),
    },
    Rule {
        why: "AWS_PROFILE goes before AWS_DEFAULT_PROFILE, as in version 2 of the AWS CLI",
        applies: |case| case.naming == Naming::BothVariables,
        botocore: Finds(&["credentials(other)", "jwt-variables"]),
        keyfob: Differs,
    },
    Rule {
        why: "an empty AWS_PROFILE counts as unset",
        applies: |case| case.naming == Naming::EmptyVariable,
        botocore: Fails,
        keyfob: Differs,
    },
    Rule {
        why: "a profile that was named by option is the only place to look at",
        applies: |case| case.naming.is_explicit(),
        botocore: Finds(&["boto(", "ec2(", "container(", "instance("]),
        keyfob: Fails,
    },
    Rule {
        why: "a profile goes before the variables of web identity, as in AWS's SDK for Rust",
        applies: |case| !case.naming.is_explicit() && case.web != Web::None && case.section.is_some(),
        botocore: Finds(&["jwt-variables"]),
        keyfob: Differs,
    },
    Rule {
        why: "a profile goes before them also where they lead to nothing",
        applies: |case| {
            !case.naming.is_explicit() && matches!(case.web, Web::Missing | Web::TokenAlone) && case.section.is_some()
        },
        botocore: Fails,
        keyfob: Finds(&["credentials(", "config(", "split(", "jwt-", "sso-", "login(", "process("]),
    },
    Rule {
        why: "a token's file without a role is no web identity, and others may follow",
        applies: |case| !case.naming.is_explicit() && case.web == Web::TokenAlone,
        botocore: Fails,
        keyfob: Finds(&["boto(", "container(", "instance("]),
    },
    Rule {
        why: "an empty AWS_WEB_IDENTITY_TOKEN_FILE counts as unset, and the profile's file is taken",
        applies: |case| !case.naming.is_explicit() && case.web == Web::Empty,
        botocore: Differs,
        keyfob: Finds(&["jwt-"]),
    },
    Rule {
        why: "blanks around a web identity token are cut",
        applies: |case| case.web == Web::Newline,
        botocore: Finds(&["jwt-variables(newline)"]),
        keyfob: Finds(&["jwt-variables>"]),
    },
    Rule {
        why: "half a pair in a profile is an error, whichever half",
        applies: |case| case.any_section_is(has_secret_alone),
        botocore: Differs,
        keyfob: Fails,
    },
    Rule {
        why: "a profile with nothing but an sso-session is an error: that yields a token, not keys",
        applies: |case| case.any_section_is(|section| section.has(Kind::SsoSessionAlone)),
        botocore: Differs,
        keyfob: Fails,
    },
    Rule {
        why: "an access key and its secret may stand in two files",
        applies: |case| case.any_section_is(|section| section.has(Kind::SplitKeys) || has_both_files(section)),
        botocore: Fails,
        keyfob: Finds(&["split(", "half("]),
    },
    Rule {
        why: "the credentials file goes before the config file, line by line",
        applies: |case| {
            case.any_section_is(|section| section.has(Kind::SecretInCredentials) && has_both_files(section))
        },
        botocore: Finds(&["config("]),
        keyfob: Finds(&["config("]),
    },
    Rule {
        why: "empty settings count as unset",
        applies: |case| case.any_section_is(|section| section.has(Kind::EmptyKeysInConfig)),
        botocore: FindsEmpty,
        keyfob: Differs,
    },
    Rule {
        why: "a role may get its caller's keys from any source in its own profile, not only keys",
        applies: |case| case.any_section_is(|section| section.is_named_source(NamedSource::Itself)),
        botocore: Fails,
        keyfob: Finds(&["sso-", "login(", "process("]),
    },
    Rule {
        why: "the case of a credential_source does not matter",
        applies: |case| case.any_section_is(|section| section.is_named_source(NamedSource::EnvironmentInLowerCase)),
        botocore: Fails,
        keyfob: Finds(&["variables>"]),
    },
    Rule {
        why: "whole keys of a source_profile go before whatever else it has",
        applies: |case| case.any_source_is(has_keys),
        botocore: Differs,
        keyfob: KEYS_IN_FILES,
    },
    Rule {
        why: "half a pair in a source_profile does not hide its role",
        applies: |case| case.any_source_is(|section| section.role.is_some() && has_half(section)),
        botocore: Differs,
        keyfob: Differs,
    },
    Rule {
        why: "only what leads to keys is read: an sso-session that is not there does no harm to a role",
        applies: |case| {
            let is_role = |section: &Section| section.role.is_some() || section.has_group(Group::WebIdentity);
            case.section_is(|section| section.has(Kind::SsoUnknownSession) && is_role(section))
        },
        botocore: Fails,
        keyfob: Differs,
    },
    Rule {
        why: "a line that is no setting does harm to its own profile alone",
        applies: |case| case.files != Files::Whole,
        botocore: Fails,
        keyfob: Differs,
    },
    Rule {
        why: "mfa_process answers for the person, as in aws-vault",
        applies: |case| case.any_section_is(|section| section.has(Kind::MfaProcess)),
        botocore: Fails,
        keyfob: Differs,
    },
    Rule {
        why: "a duration that is no number is an error",
        applies: |case| case.any_section_is(|section| section.has(Kind::OddDuration) && section.role.is_some()),
        botocore: Differs,
        keyfob: Fails,
    },
    Rule {
        why: "a newline at the end of a container's token is cut",
        applies: |case| case.container == Container::Newline,
        botocore: Fails,
        keyfob: Finds(&["container(task:token-file)"]),
    },
    Rule {
        why: "an empty variable of a container counts as unset",
        applies: |case| case.container == Container::Empty,
        botocore: Fails,
        keyfob: Differs,
    },
    Rule {
        why: "metadata of version 1 is not asked",
        applies: |case| case.instance == Instance::OfVersion1,
        botocore: Finds(&["instance(Machine)"]),
        keyfob: Fails,
    },
    Rule {
        why: "AWS_EC2_INSTANCE_PROFILE_NAME is heeded",
        applies: |case| case.instance == Instance::Preset,
        botocore: Finds(&["instance(Machine)"]),
        keyfob: Finds(&["instance(Preset)"]),
    },
    Rule {
        why: "disable_ec2_metadata of the profile is heeded",
        applies: |case| case.section_is(|section| section.has(Kind::RegionWithoutMetadata)),
        botocore: Finds(&["instance(Machine)"]),
        keyfob: Fails,
    },
    Rule {
        why: "the file of the first tools for EC2 is not read",
        applies: |case| case.legacy == Legacy::Ec2Tools,
        botocore: Finds(&["ec2("]),
        keyfob: Differs,
    },
    Rule {
        why: "a boto file with half a pair has no keys",
        applies: |case| case.legacy == Legacy::BotoHalf,
        botocore: Fails,
        keyfob: Differs,
    },
];

fn has_keys(section: &Section) -> bool {
    let kinds = [Kind::KeysInCredentials, Kind::SessionInCredentials, Kind::SplitKeys, Kind::KeysInConfig];
    kinds.iter().any(|kind| section.has(*kind))
}

fn has_half(section: &Section) -> bool {
    !has_keys(section) && (section.has_group(Group::Credentials) || section.has_group(Group::Config))
}

fn has_both_files(section: &Section) -> bool {
    section.has_group(Group::Credentials) && section.has_group(Group::Config)
}

fn has_secret_alone(section: &Section) -> bool {
    section.has(Kind::SecretInCredentials) || section.has(Kind::SecretInConfig)
}
