//! A profile, and those that lead to its keys.

use super::{
    environment::all,
    kind::{Group, Kind},
    layout::{FileKind, Layout},
};

pub(super) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

/// A profile: its kinds, at most one of each group, and its role if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kinds: Vec<Kind>,
    pub(super) role: Option<Source>,
}

/// Whose keys assume a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Profile(Box<Section>),
    Named(NamedSource),
}

all! {
    /// Sources of a role that are not profiles of their own, and roles without a source that can be used.
    NamedSource {
        Environment,
        EcsContainer,
        Ec2InstanceMetadata,
        EnvironmentInLowerCase,
        Unknown,
        /// Both settings.
        Both,
        /// None of the two.
        Neither,
        Itself,
        MissingProfile,
        /// Another role, whose source is this profile.
        Loop,
    }
}

impl Section {
    pub(super) fn of(kinds: &[Kind]) -> Self {
        Self { kinds: kinds.to_vec(), role: None }
    }

    pub(super) fn role_of(self) -> Self {
        Self { kinds: Vec::new(), role: Some(Source::Profile(Box::new(self))) }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    pub(super) fn has_group(&self, group: Group) -> bool {
        self.kinds.iter().any(|kind| kind.group() == group)
    }

    pub(super) fn is_named_source(&self, source: NamedSource) -> bool {
        self.role == Some(Source::Named(source))
    }

    /// The profile that its `source_profile` names, if that is another one that is there.
    pub(super) fn source(&self) -> Option<&Self> {
        match &self.role {
            Some(Source::Profile(section)) => Some(section),
            _ => None,
        }
    }

    pub(super) fn lay(&self, name: &str, layout: &mut Layout<'_>) {
        for kind in &self.kinds {
            kind.lay(name, layout);
        }
        let Some(source) = &self.role else { return };
        let other = format!("{name}-source");
        let mut line = |key: &str, value: &str| layout.line(FileKind::Config, name, key, value);
        line("role_arn", &role_arn(name));
        match source {
            Source::Profile(section) => {
                line("source_profile", &other);
                section.lay(&other, layout);
            }
            Source::Named(named) => match named {
                NamedSource::Environment => line("credential_source", "Environment"),
                NamedSource::EcsContainer => line("credential_source", "EcsContainer"),
                NamedSource::Ec2InstanceMetadata => line("credential_source", "Ec2InstanceMetadata"),
                NamedSource::EnvironmentInLowerCase => line("credential_source", "environment"),
                NamedSource::Unknown => line("credential_source", "Elsewhere"),
                NamedSource::Both => {
                    line("credential_source", "Environment");
                    line("source_profile", &other);
                    layout.keys(FileKind::Credentials, &other);
                }
                NamedSource::Neither => {}
                NamedSource::Itself => line("source_profile", name),
                NamedSource::MissingProfile => line("source_profile", "missing"),
                NamedSource::Loop => {
                    line("source_profile", &other);
                    layout.line(FileKind::Config, &other, "role_arn", &role_arn(&other));
                    layout.line(FileKind::Config, &other, "source_profile", name);
                }
            },
        }
    }
}
