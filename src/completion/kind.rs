//! What kind of value an option, a word or a setting takes.

/// A kind of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    /// A profile, or `-` for the one before.
    ProfileOrPrevious,
    /// A profile that has a sign-in to IAM Identity Center.
    SsoProfile,
    SsoSession,
    Region,
    /// A shell that lines are printed for.
    Shell,
    /// One that has a function for it.
    ShellWithFunction,
    /// One that completes.
    ShellWithCompletion,
    ExportFormat,
    /// An output format of the AWS CLI.
    Output,
    CredentialSource,
    /// Where keys are kept: a store, or one of the shared files.
    Place,
    /// How profiles are named.
    Template,
    /// What a prompt shows.
    Prompt,
    /// `KEY=VALUE`.
    Setting,
    /// A setting that the profile has.
    Key,
    File,
    /// A program, and perhaps its arguments.
    Program,
    /// What nobody knows beforehand: a code, a number, a name that is new.
    Free,
    /// One of a few words, with bars between them.
    OneOf(&'static str),
}

impl Kind {
    /// The kind that the texts call so.
    pub(super) fn named(name: &'static str) -> Option<Self> {
        Some(match name {
            "profile" => Self::Profile,
            "profile-or-previous" => Self::ProfileOrPrevious,
            "sso-profile" => Self::SsoProfile,
            "sso-session" => Self::SsoSession,
            "region" => Self::Region,
            "shell" => Self::Shell,
            "shell-with-function" => Self::ShellWithFunction,
            "shell-with-completion" => Self::ShellWithCompletion,
            "export-format" => Self::ExportFormat,
            "output" => Self::Output,
            "credential-source" => Self::CredentialSource,
            "place" => Self::Place,
            "template" => Self::Template,
            "prompt" => Self::Prompt,
            "setting" => Self::Setting,
            "key" => Self::Key,
            "file" => Self::File,
            "program" => Self::Program,
            "free" => Self::Free,
            words if words.contains('|') => Self::OneOf(words),
            _ => return None,
        })
    }
}
