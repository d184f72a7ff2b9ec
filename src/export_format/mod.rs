//! What `keyfob env --format` prints: the formats of the AWS CLI, to the byte, and those by which programs and CI systems
//! take in variables.

mod credentials;
mod variables;

pub(crate) use credentials::CredentialsFormat;
pub(crate) use variables::VariablesFormat;

use crate::error::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Keys and their expiration, as the AWS CLI prints them.
    Credentials(CredentialsFormat),
    /// All variables that `keyfob env` sets.
    Variables(VariablesFormat),
}

const NAMES: [(&str, Format); 12] = [
    ("env", Format::Credentials(CredentialsFormat::Env)),
    ("env-no-export", Format::Credentials(CredentialsFormat::EnvNoExport)),
    ("powershell", Format::Credentials(CredentialsFormat::PowerShell)),
    ("windows-cmd", Format::Credentials(CredentialsFormat::WindowsCmd)),
    ("fish", Format::Credentials(CredentialsFormat::Fish)),
    ("process", Format::Credentials(CredentialsFormat::Process)),
    ("json", Format::Variables(VariablesFormat::Json)),
    ("dotenv", Format::Variables(VariablesFormat::Dotenv)),
    ("docker", Format::Variables(VariablesFormat::Docker)),
    ("github", Format::Variables(VariablesFormat::Github)),
    ("github-mask", Format::Variables(VariablesFormat::GithubMask)),
    ("azure", Format::Variables(VariablesFormat::Azure)),
];

impl Format {
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        let found = NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
        found.ok_or_else(|| {
            let known: Vec<&str> = Self::names().collect();
            Error::usage(format!("unknown format \"{name}\"")).hint(format!("there are {}", known.join(", ")))
        })
    }

    /// The names that a person is told, and that completion offers.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

/// The way for a value that no line and no format can carry.
pub(crate) const TAKES_ALL: &str = "`keyfob exec` hands it over as it is";

/// The error for a value that would come out as another one, with what quotes it where something does.
fn refused(name: &str, value: &str, what_quotes: &str) -> Error {
    // No shell's line and no format is given these.
    let hint = if value.chars().any(char::is_control) { TAKES_ALL } else { what_quotes };
    Error::new(format!("cannot print {name} in this format"))
        .cause("its value holds a character that the format does not quote")
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Credentials;
    use crate::secret::Secret;
    use crate::shell::{Change, Shell};

    /// What a hint names, tried with the value that was refused.
    #[test]
    fn what_a_refusal_names_in_its_place_takes_the_value() {
        const NAME: &str = "AWS_SECRET_ACCESS_KEY";
        for value in ["a\"%^!'", "a'$(x)\\ ", "=a%i", "a\tb"] {
            let credentials = Credentials {
                access_key_id: "AKIA".into(),
                secret_access_key: Secret::new(value),
                session_token: None,
                expiration: None,
                account_id: None,
            };
            for (name, format) in NAMES {
                let printed = match format {
                    Format::Credentials(format) => format.print(&credentials),
                    Format::Variables(format) => format.print(&[Change::set(NAME, value)]),
                };
                let Err(error) = printed else { continue };
                let hint = error.hint.expect("there is a way");
                let is_taken = match hint.as_str() {
                    hint if hint.contains("--format json") => {
                        VariablesFormat::Json.print(&[Change::set(NAME, value)]).is_ok()
                    }
                    hint if hint.contains("--shell") => Shell::Posix.print(&[Change::set(NAME, value)]).is_ok(),
                    // A process is given anything.
                    hint => hint.contains("keyfob exec"),
                };
                assert!(is_taken, "{name}, {value:?}: {hint}");
            }
        }
    }
}
