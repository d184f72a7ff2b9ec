//! A combination of sources, and what it looks like.

use super::{
    environment::{Container, Instance, Keys, Naming, Web},
    files::{Files, Legacy},
    layout::{Aws, Layout},
    section::Section,
};
use std::fmt::Write as _;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) naming: Naming,
    /// The profile that counts; `None`: there is none of its name.
    pub(super) section: Option<Section>,
    pub(super) keys: Keys,
    pub(super) web: Web,
    pub(super) container: Container,
    pub(super) instance: Instance,
    pub(super) legacy: Legacy,
    pub(super) files: Files,
}

impl Case {
    /// Nothing anywhere.
    pub(super) const NOTHING: Self = Self {
        naming: Naming::Nobody,
        section: None,
        keys: Keys::None,
        web: Web::None,
        container: Container::None,
        instance: Instance::Disabled,
        legacy: Legacy::None,
        files: Files::Whole,
    };

    /// Everything but a profile, and keys in variables.
    pub(super) const EVERYTHING_ELSE: Self = Self {
        web: Web::Whole,
        container: Container::Token,
        instance: Instance::Whole,
        legacy: Legacy::BotoInHome,
        ..Self::NOTHING
    };

    pub(super) fn lay<'a>(&self, aws: &'a Aws) -> Layout<'a> {
        let mut layout = Layout::new(aws);
        for region in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            layout.set(region, "us-east-1");
        }
        for service in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"] {
            layout.set(service, &aws.url);
        }
        self.naming.lay(&mut layout);
        if let Some(section) = &self.section {
            section.lay(self.naming.profile(), &mut layout);
        }
        self.keys.lay(&mut layout);
        self.web.lay(&mut layout);
        self.container.lay(&mut layout);
        self.instance.lay(&mut layout);
        self.legacy.lay(&mut layout);
        self.files.lay(self.naming.profile(), &mut layout);
        layout
    }

    /// The profile that the caller names.
    pub(super) fn named(&self) -> Option<&'static str> {
        self.naming.is_explicit().then(|| self.naming.profile())
    }

    /// Whether the profile that counts is so.
    pub(super) fn section_is(&self, is: impl Fn(&Section) -> bool) -> bool {
        self.section.as_ref().is_some_and(is)
    }

    /// Whether the profile that counts is so, or one of those that lead to its keys.
    pub(super) fn any_section_is(&self, is: impl Fn(&Section) -> bool) -> bool {
        let sections = std::iter::successors(self.section.as_ref(), |section| section.source());
        sections.into_iter().any(is)
    }

    /// Whether one of the profiles that lead to its keys is so.
    pub(super) fn any_source_is(&self, is: impl Fn(&Section) -> bool) -> bool {
        let first = self.section.as_ref().and_then(Section::source);
        std::iter::successors(first, |section| section.source()).any(is)
    }
}

/// The variables that a case sets and the two files, a line each.
pub(super) fn table(layout: &Layout<'_>) -> String {
    let mut table = String::new();
    let of_all = |name: &str| name.contains("REGION") || name.starts_with("AWS_ENDPOINT_URL");
    for (name, value) in layout.vars.iter().filter(|(name, _)| !of_all(name)) {
        writeln!(table, "    {name}={value}").expect("a String takes all");
    }
    for (path, content) in layout.texts() {
        if !content.is_empty() {
            let lines: Vec<&str> = content.lines().collect();
            writeln!(table, "    {path}: {}", lines.join(" | ")).expect("a String takes all");
        }
    }
    table
}
