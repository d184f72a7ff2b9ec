//! Homes to measure in: many profiles that assume roles, one of them in the cache.

use super::{
    Outcome,
    fake::{self, Expected, Sts},
    stage::{Finished, Home, at_once},
    tools,
};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A home, the STS that its profiles go to, and keyfob.
pub(crate) struct Fixture {
    keyfob: PathBuf,
    home: Home,
    pub(crate) sts: Sts,
    /// The profile in the middle of the file.
    profile: String,
}

impl Fixture {
    /// A home with so many role profiles, and nothing in the cache.
    pub(crate) fn new(keyfob: &Path, roles: usize, sts: Sts) -> Outcome<Self> {
        let home = Home::new().map_err(|error| format!("cannot make a home: {error}"))?;
        let jane = sts.add_user("jane");
        write(&home, ".aws/config", &config(roles))?;
        write(&home, ".aws/credentials", &jane.section("base"))?;
        if let Some(pem) = sts.ca_pem() {
            write(&home, "ca.pem", pem)?;
        }
        Ok(Self { keyfob: keyfob.to_owned(), home, sts, profile: name(roles / 2) })
    }

    /// The same with the role of the middle profile in the cache.
    pub(crate) fn cached(keyfob: &Path, roles: usize) -> Outcome<Self> {
        let fixture = Self::new(keyfob, roles, Sts::start())?;
        fixture.sts.expect(fixture.assume_role());
        tools::run(&mut fixture.role())?;
        Ok(fixture)
    }

    /// The call that fetches the role of the middle profile.
    pub(crate) fn assume_role(&self) -> Expected {
        fake::assume_role(&arn(&self.profile)).session_name("jane").field("DurationSeconds", "3600")
    }

    pub(crate) fn path(&self) -> &Path {
        self.home.path()
    }

    /// keyfob, asked for the middle profile.
    pub(crate) fn role(&self) -> Command {
        self.process(&self.profile)
    }

    /// keyfob, asked for the profile with long-term keys.
    pub(crate) fn keys(&self) -> Command {
        self.process("base")
    }

    /// keyfob, asked for the names of all profiles.
    pub(crate) fn names(&self) -> Command {
        self.keyfob(&["profile", "list", "--names"])
    }

    /// The same by a shell that completes a word.
    pub(crate) fn complete(&self) -> Command {
        self.keyfob(&["complete", "--shell", "zsh", "--", "use", ""])
    }

    /// keyfob, asked for a prompt in which the middle profile is selected.
    pub(crate) fn prompt(&self) -> Command {
        let mut command = self.keyfob(&["prompt", "--shell", "zsh"]);
        command.env("AWS_PROFILE", &self.profile);
        command
    }

    /// keyfob, asked to select the middle profile.
    pub(crate) fn select(&self) -> Command {
        self.keyfob(&["use", "--shell", "zsh", &self.profile])
    }

    /// keyfob with these arguments.
    pub(crate) fn keyfob(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(&self.keyfob);
        command.args(arguments);
        command
    }

    fn process(&self, profile: &str) -> Command {
        let mut command = self.keyfob(&["process", "--profile", profile]);
        command.env("AWS_ENDPOINT_URL_STS", self.sts.url());
        if self.sts.ca_pem().is_some() {
            command.env("AWS_CA_BUNDLE", self.home.path().join("ca.pem"));
        }
        command
    }

    /// Another program, in the same environment.
    pub(crate) fn program(&self, program: &Path) -> Command {
        let mut command = self.home.command(program);
        command.env("LC_ALL", "C");
        command
    }

    /// Runs keyfob for the middle profile so many times at once.
    pub(crate) fn at_once(&self, count: usize) -> Outcome<Vec<Finished>> {
        at_once(count, || self.role()).map_err(|error| format!("cannot run keyfob {count} times: {error}"))
    }

    /// Makes keyfob forget.
    pub(crate) fn clear_cache(&self) -> Outcome {
        match fs::remove_dir_all(self.cache_folder()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(format!("cannot clear the cache: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// The file of the one set of credentials in the cache.
    pub(crate) fn cache_file(&self) -> Outcome<PathBuf> {
        let entries = fs::read_dir(self.cache_folder()).map_err(|error| format!("there is no cache: {error}"))?;
        let mut paths = entries.flatten().map(|entry| entry.path());
        let file = paths.find(|path| path.extension().is_some_and(|extension| extension == "json"));
        file.ok_or_else(|| "the cache is empty".to_owned())
    }

    fn cache_folder(&self) -> PathBuf {
        let folder = if cfg!(target_os = "macos") { "Library/Caches/keyfob" } else { ".cache/keyfob" };
        self.home.path().join(folder)
    }
}

fn write(home: &Home, path: &str, text: &str) -> Outcome {
    home.write(path, text).map(drop).map_err(|error| format!("cannot write {path}: {error}"))
}

/// About 170 bytes for a role.
fn config(roles: usize) -> String {
    let mut config = String::from("[profile base]\nregion = eu-west-1\n\n");
    for name in (1..=roles).map(name) {
        write!(
            config,
            "[profile {name}]\nrole_arn = {}\nsource_profile = base\nrole_session_name = jane\n\
             duration_seconds = 3600\nregion = eu-west-1\n\n",
            arn(&name)
        )
        .expect("a String takes all");
    }
    config
}

fn name(number: usize) -> String {
    format!("role-{number:04}")
}

fn arn(profile: &str) -> String {
    format!("arn:aws:iam::123456789012:role/team/{profile}")
}
