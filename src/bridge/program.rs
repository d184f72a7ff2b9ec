//! The line of a bridge: a command that every program reads alike.
//!
//! | reader | what it makes of the value |
//! |---|---|
//! | botocore, the AWS CLI | splits it at blanks, knows double quotes, and starts the program without a shell |
//! | the SDK for Go | first takes the quotes off when the value begins and ends with one |
//! | the other SDKs | give it to `sh -c`, or to `cmd.exe /c` |
//! | `cmd.exe` | drops the first and the last quote when there are more than two |
//!
//! So the program has an absolute path, since what runs it may have another `PATH`; and quotes stand only where there is
//! a blank, and never at both ends. On Windows its separators are backslashes: `cmd.exe` takes what follows a slash for an
//! option, and by the rules of its C runtime a backslash means nothing unless a quote follows.

use crate::context::{Context, Vars};
use crate::error::Error;
use crate::recursion;
use std::fs;
use std::path::{Path, PathBuf};

/// How profiles call this very program.
#[derive(Debug)]
pub(crate) struct Program {
    /// `None`: the system does not tell.
    path: Option<PathBuf>,
    /// Whether its mere name leads to it, here at least.
    is_on_path: bool,
}

/// Whose rules a line has to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Posix,
    Windows,
}

impl Program {
    /// Looks for it. The folder of `PATH` goes before the place where links lead, which changes with every upgrade.
    pub(crate) fn of(context: &Context) -> Self {
        let running = context.executable().ok();
        let named = on_path(&context.vars);
        // It is gone while an upgrade has put another in its place.
        let is_gone = running.as_ref().is_none_or(|running| !running.exists());
        let is_same = |named: &PathBuf| is_gone || same_file(named, running.as_deref());
        let is_on_path = named.as_ref().is_some_and(is_same);
        let path = named.filter(|named| named.is_absolute() && is_same(named)).or(running);
        Self { path, is_on_path }
    }

    /// The line for a profile.
    ///
    /// An error when no line would be read alike by every program: for the profile's name or for the program's path.
    pub(crate) fn line(&self, profile: &str) -> Result<String, Error> {
        if !is_one_word(profile) {
            return Err(Error::usage(format!("there can be no bridge for profile \"{profile}\""))
                .cause("programs would not read its name as one word in credential_process")
                .hint("choose a profile whose name is of letters, digits, blanks and _-/.@:+"));
        }
        let system = if cfg!(windows) { System::Windows } else { System::Posix };
        let path = self.path.as_deref().map(Path::to_string_lossy);
        let of_path = path.as_deref().and_then(|path| with_program(path, profile, system));
        let bare = || self.is_on_path.then(|| format!("keyfob process --profile {}", quoted(profile)));
        // Under another name keyfob would not know itself again, and run itself.
        let knows_itself = |line: &String| recursion::is_keyfob_for(line, profile, &Vars::default());
        of_path.filter(knows_itself).or_else(bare).ok_or_else(|| {
            let cause = match path {
                Some(path) => format!("programs would not read alike where keyfob is: \"{path}\""),
                None => "the system does not tell where keyfob is".to_owned(),
            };
            Error::new(format!("there can be no bridge for profile \"{profile}\""))
                .cause(cause)
                .hint("put a program \"keyfob\" into a folder of letters, digits and _-./ that is on PATH")
        })
    }
}

/// The first keyfob of the folders of `PATH`, which is the one that its name leads to.
fn on_path(vars: &Vars) -> Option<PathBuf> {
    let name = format!("keyfob{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(vars.os("PATH")?).map(|folder| folder.join(&name)).find(|program| program.is_file())
}

fn same_file(one: &Path, other: Option<&Path>) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| other.and_then(real).is_some_and(|other| one == other))
}

/// Whether a name stays one word, with quotes or without, on the way through every program's reading of such a line.
fn is_one_word(profile: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/.@:+ ".contains(&byte);
    !profile.is_empty() && !profile.starts_with('-') && profile.bytes().all(is_plain)
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}

/// `None`: there is no such line.
fn with_program(path: &str, profile: &str, system: System) -> Option<String> {
    let others: &[u8] = match system {
        System::Posix => b"_-./:@+, ",
        // With parentheses `cmd.exe` drops the quotes.
        System::Windows => b"_-.\\: ",
    };
    if !path.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte)) {
        return None;
    }
    let (program, name) = (quoted(path), quoted(profile));
    match (path.contains(' '), profile.contains(' ')) {
        (true, true) if system == System::Windows => None,
        // A quote at either end would be taken for a pair around the whole.
        (true, true) => Some(format!("{program} --profile {name} process")),
        _ => Some(format!("{program} process --profile {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_alike_by_every_program_or_there_is_none() {
        for (system, path, profile, line) in [
            (System::Posix, "/usr/bin/keyfob", "dev", Some("/usr/bin/keyfob process --profile dev")),
            (System::Posix, "/a+b@1,2/keyfob", "a/b", Some("/a+b@1,2/keyfob process --profile a/b")),
            (System::Posix, "/usr/bin/keyfob", "my team", Some("/usr/bin/keyfob process --profile \"my team\"")),
            (System::Posix, "/my tools/keyfob", "dev", Some("\"/my tools/keyfob\" process --profile dev")),
            (System::Posix, "/my tools/keyfob", "my team", Some("\"/my tools/keyfob\" --profile \"my team\" process")),
            (System::Posix, "/it's/keyfob", "dev", None),
            (System::Posix, "/größe/keyfob", "dev", None),
            (System::Posix, "/a$b/keyfob", "dev", None),
            (System::Posix, "/50%/keyfob", "dev", None),
            (System::Posix, "/a\\b/keyfob", "dev", None),
            (System::Windows, r"C:\a\keyfob.exe", "dev", Some(r"C:\a\keyfob.exe process --profile dev")),
            (System::Windows, r"C:\a\keyfob.exe", "my team", Some("C:\\a\\keyfob.exe process --profile \"my team\"")),
            (
                System::Windows,
                r"C:\my tools\keyfob.exe",
                "dev",
                Some("\"C:\\my tools\\keyfob.exe\" process --profile dev"),
            ),
            (System::Windows, r"C:\my tools\keyfob.exe", "my team", None),
            (System::Windows, r"C:\Program Files (x86)\keyfob.exe", "dev", None),
        ] {
            assert_eq!(with_program(path, profile, system).as_deref(), line, "{path} {profile}");
        }
    }

    #[test]
    fn keyfob_knows_every_line_again() {
        for path in ["/usr/bin/keyfob", "/my tools/keyfob"] {
            let program = Program { path: Some(path.into()), is_on_path: false };
            for profile in ["dev", "default", "two words", "team/dev@eu:1+x"] {
                let line = program.line(profile).expect(profile);
                assert!(recursion::is_keyfob_for(&line, profile, &Vars::default()), "{line}");
                assert!(!(line.starts_with('"') && line.ends_with('"')), "{line}");
            }
            for profile in ["", "a\"b", "a'b", "-x", "a$b", "a\\b", "50%", "é"] {
                assert!(program.line(profile).is_err(), "{profile}");
            }
        }
    }

    #[test]
    fn a_path_that_will_not_do_gives_way_to_the_name() {
        for path in [Some("/größe/keyfob"), Some("/usr/bin/keyfob-2"), None] {
            let program = |is_on_path| Program { path: path.map(PathBuf::from), is_on_path };
            assert_eq!(program(true).line("dev").as_deref(), Ok("keyfob process --profile dev"));
            assert!(program(false).line("dev").is_err());
        }
    }
}
