//! Files and lines by which programs and CI systems take in variables.
//!
//! | format | a line | who reads it |
//! |---|---|---|
//! | `json` | `{"NAME":"value","OTHER":null}` | any program; null is a variable that is to be unset |
//! | `dotenv` | `NAME=value`, `NAME='other value'` | the libraries called dotenv, Node.js's `--env-file`, Compose |
//! | `docker` | `NAME=value`, everything as it is | `docker run --env-file`, `kubectl … --from-env-file`, GitLab |
//! | `github` | the same | the file that `GITHUB_ENV` names |
//! | `github-mask` | `::add-mask::value` | the log of GitHub Actions, before anything is told that may hold it |
//! | `azure` | `##vso[task.setvariable variable=NAME]value` | the log of Azure Pipelines |
//!
//! All but the first can set and not unset. Where keys have no session token they set an empty one, which every SDK takes
//! for none: one that an earlier step left would spoil the keys. Nothing else is ever set to nothing, for an empty
//! `AWS_PROFILE`, `AWS_SECURITY_TOKEN` or expiration is an error to one SDK or another.

use super::TAKES_ALL;
use crate::error::Error;
use crate::shell::{self, Change};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariablesFormat {
    Json,
    Dotenv,
    Docker,
    Github,
    GithubMask,
    Azure,
}

impl VariablesFormat {
    pub(crate) fn can_unset(self) -> bool {
        self == Self::Json
    }

    pub(crate) fn print(self, changes: &[Change]) -> Result<String, Error> {
        if self == Self::Json {
            return shell::json(changes).map_err(|error| error.hint(TAKES_ALL));
        }
        let mut lines = String::new();
        for change in changes {
            let (name, value) = match change {
                Change::Set(name, value) => (*name, value.expose()),
                Change::Unset(name) if *name == SESSION_TOKEN => (*name, ""),
                Change::Unset(_) | Change::Keep => continue,
            };
            if value.chars().any(char::is_control) || !self.can_carry(value) {
                return Err(super::refused(name, value, "use --format json, which quotes"));
            }
            if let Some(line) = self.line(name, value) {
                lines.push_str(&line);
                lines.push('\n');
            }
        }
        Ok(lines)
    }

    fn can_carry(self, value: &str) -> bool {
        match self {
            // Some read an escape or a variable between single quotes, and some do not.
            Self::Dotenv => !value.contains(['\'', '\\', '$']),
            // Some cut off blanks.
            Self::Docker => value.trim() == value,
            // What becomes of a percent sign is a setting of the pipeline.
            Self::Azure => value.trim() == value && !value.contains('%'),
            Self::Json | Self::Github | Self::GithubMask => true,
        }
    }

    fn line(self, name: &str, value: &str) -> Option<String> {
        let is_secret = [SECRET_ACCESS_KEY, SESSION_TOKEN].contains(&name);
        match self {
            Self::Dotenv if !value.bytes().all(is_plain) => Some(format!("{name}='{value}'")),
            Self::Json | Self::Dotenv | Self::Docker | Self::Github => Some(format!("{name}={value}")),
            // As AWS's own action does, which masks the key's id as well.
            Self::GithubMask if (is_secret || name == ACCESS_KEY_ID) && !value.is_empty() => {
                Some(format!("::add-mask::{}", value.replace('%', "%25")))
            }
            Self::GithubMask => None,
            Self::Azure => {
                let secret = if is_secret { ";issecret=true" } else { "" };
                Some(format!("##vso[task.setvariable variable={name}{secret}]{value}"))
            }
        }
    }
}

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// What nobody takes for anything but itself, with quotes and without.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/+=:._@-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [VariablesFormat; 6] = [
        VariablesFormat::Json,
        VariablesFormat::Dotenv,
        VariablesFormat::Docker,
        VariablesFormat::Github,
        VariablesFormat::GithubMask,
        VariablesFormat::Azure,
    ];

    fn printed(format: VariablesFormat, value: &str) -> Result<String, Error> {
        format.print(&[Change::set(SECRET_ACCESS_KEY, value)])
    }

    #[test]
    fn each_format_writes_a_value_its_own_way() {
        const VALUE: &str = "a/b+c#\"d e";
        for (format, text) in [
            (VariablesFormat::Json, "{\"AWS_SECRET_ACCESS_KEY\":\"a/b+c#\\\"d e\"}\n"),
            (VariablesFormat::Dotenv, "AWS_SECRET_ACCESS_KEY='a/b+c#\"d e'\n"),
            (VariablesFormat::Docker, "AWS_SECRET_ACCESS_KEY=a/b+c#\"d e\n"),
            (VariablesFormat::Github, "AWS_SECRET_ACCESS_KEY=a/b+c#\"d e\n"),
            (VariablesFormat::GithubMask, "::add-mask::a/b+c#\"d e\n"),
            (
                VariablesFormat::Azure,
                "##vso[task.setvariable variable=AWS_SECRET_ACCESS_KEY;issecret=true]a/b+c#\"d e\n",
            ),
        ] {
            assert_eq!(printed(format, VALUE).as_deref(), Ok(text));
        }
        assert_eq!(printed(VariablesFormat::GithubMask, "a%0Ab").as_deref(), Ok("::add-mask::a%250Ab\n"));
    }

    #[test]
    fn what_comes_out_as_something_else_is_refused_without_showing_it() {
        for (format, value) in [
            (VariablesFormat::Dotenv, "hidden'"),
            (VariablesFormat::Dotenv, "hidden\\"),
            (VariablesFormat::Dotenv, "hidden${HOME}"),
            (VariablesFormat::Docker, "hidden "),
            (VariablesFormat::Azure, " hidden"),
            (VariablesFormat::Azure, "hidden%0D"),
        ] {
            let error = printed(format, value).expect_err("it must be refused");
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
        for format in ALL {
            for control in ["\n", "\r", "\t", "\0", "\u{85}"] {
                let error = printed(format, &format!("hidden{control}")).expect_err("it must be refused");
                assert!(!error.to_string().contains("hidden"), "{error}");
            }
        }
    }

    #[test]
    fn a_token_that_is_gone_is_emptied_and_nothing_else_is() {
        let changes = [Change::unset(SESSION_TOKEN), Change::unset("AWS_PROFILE"), Change::Keep];
        for (format, text) in [
            (VariablesFormat::Json, "{\"AWS_PROFILE\":null,\"AWS_SESSION_TOKEN\":null}\n"),
            (VariablesFormat::Dotenv, "AWS_SESSION_TOKEN=\n"),
            (VariablesFormat::Docker, "AWS_SESSION_TOKEN=\n"),
            (VariablesFormat::Github, "AWS_SESSION_TOKEN=\n"),
            (VariablesFormat::GithubMask, ""),
            (VariablesFormat::Azure, "##vso[task.setvariable variable=AWS_SESSION_TOKEN;issecret=true]\n"),
        ] {
            assert_eq!(format.print(&changes).as_deref(), Ok(text));
        }
    }
}
