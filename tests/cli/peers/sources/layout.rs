//! A home and an environment in the making.

use super::super::{
    super::{fake::MARKER, keyfob::Home},
    Server, text,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// Where the services are that `sources_aws.py` plays. Members tell what their metadata is like.
pub(super) struct Aws {
    pub(super) url: String,
    pub(super) without_role: String,
    pub(super) of_version_1: String,
    pub(super) refusing: String,
    pub(super) not_trusted: String,
    /// Nobody is there.
    pub(super) silent: String,
}

impl Aws {
    pub(super) fn of(server: &Server) -> Self {
        let fact = |name: &str| server.fact(name).to_owned();
        Self {
            url: fact("whole"),
            without_role: fact("without a role"),
            of_version_1: fact("of version 1"),
            refusing: fact("refusing"),
            not_trusted: fact("not trusted"),
            silent: fact("silent"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Config,
    Credentials,
}

/// Lines by the header of their section, in the order in which they came.
type Sections = Vec<(String, Vec<(String, String)>)>;

pub(super) struct Layout<'a> {
    pub(super) aws: &'a Aws,
    pub(super) home: Home,
    pub(super) vars: BTreeMap<String, String>,
    /// The profile whose section in the config file has a line that is no setting.
    pub(super) damaged: Option<String>,
    config: Sections,
    credentials: Sections,
}

impl<'a> Layout<'a> {
    pub(super) fn new(aws: &'a Aws) -> Self {
        let mut home = Home::new();
        home.remove_env("AWS_EC2_METADATA_DISABLED");
        Self { aws, home, vars: BTreeMap::new(), damaged: None, config: Vec::new(), credentials: Vec::new() }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.vars.insert(name.to_owned(), value.to_owned());
    }

    /// The full path of a file in the home.
    pub(super) fn path(&self, name: &str) -> String {
        text(&self.home.path().join(name)).to_owned()
    }

    /// Writes a file in the home, and gives its full path.
    pub(super) fn file(&self, name: &str, content: &str) -> String {
        text(&self.home.write(name, content)).to_owned()
    }

    /// A line of a profile. The first for a key counts, so that no file has two.
    pub(super) fn line(&mut self, file: FileKind, profile: &str, key: &str, value: &str) {
        let header = match file {
            FileKind::Config => header(profile),
            FileKind::Credentials => profile.to_owned(),
        };
        self.line_of(file, &header, key, value);
    }

    /// A line of the config file, below any header.
    pub(super) fn config_line(&mut self, header: &str, key: &str, value: &str) {
        self.line_of(FileKind::Config, header, key, value);
    }

    /// Keys that say where they stand.
    pub(super) fn keys(&mut self, file: FileKind, profile: &str) {
        let stand = match file {
            FileKind::Config => "config",
            FileKind::Credentials => "credentials",
        };
        self.line(file, profile, "aws_access_key_id", &format!("{stand}({profile})"));
        self.line(file, profile, "aws_secret_access_key", MARKER);
    }

    fn line_of(&mut self, file: FileKind, header: &str, key: &str, value: &str) {
        let sections = match file {
            FileKind::Config => &mut self.config,
            FileKind::Credentials => &mut self.credentials,
        };
        let at = sections.iter().position(|(found, _)| found == header).unwrap_or_else(|| {
            sections.push((header.to_owned(), Vec::new()));
            sections.len() - 1
        });
        let lines = &mut sections[at].1;
        if lines.iter().all(|(found, _)| found != key) {
            lines.push((key.to_owned(), value.to_owned()));
        }
    }

    /// The texts of the two files.
    pub(super) fn texts(&self) -> [(&'static str, String); 2] {
        let mut config = written(&self.config);
        if let Some(profile) = &self.damaged {
            writeln!(config, "[{}]\nthis is no setting", header(profile)).expect("a String takes all");
        }
        [(".aws/config", config), (".aws/credentials", written(&self.credentials))]
    }

    /// The home, with all that was said of it.
    pub(super) fn finish(self) -> Home {
        for (path, content) in self.texts() {
            if !content.is_empty() {
                self.home.write(path, content);
            }
        }
        self.vars.iter().fold(self.home, |home, (name, value)| home.env(name, value))
    }
}

/// Of a profile in the config file.
pub(super) fn header(profile: &str) -> String {
    if profile == "default" { profile.to_owned() } else { format!("profile {profile}") }
}

fn written(sections: &Sections) -> String {
    let mut written = String::new();
    for (header, lines) in sections {
        writeln!(written, "[{header}]").expect("a String takes all");
        for (key, value) in lines {
            writeln!(written, "{key} = {value}").expect("a String takes all");
        }
    }
    written
}
