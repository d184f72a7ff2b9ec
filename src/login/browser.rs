//! Opening AWS's page in the person's browser, and telling where that is of no use.

use crate::command_line::Invocation;
use crate::context::Vars;
use crate::terminal;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

/// Where a page is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// The command lines of `--browser` or `$BROWSER`: the first that works. `%s` in one stands for the URL, which else
    /// follows it.
    Named(Vec<String>),
    /// The one that the platform opens pages with.
    Usual,
}

impl Browser {
    /// What `$BROWSER` names: several, in their order, as on every Unix.
    pub(crate) fn of_vars(vars: &Vars) -> Option<Self> {
        let separator = if cfg!(windows) { ';' } else { ':' };
        let lines = vars.get("BROWSER")?.split(separator).map(str::trim).filter(|line| !line.is_empty());
        Some(Self::Named(lines.map(str::to_owned).collect())).filter(|browser| *browser != Self::Named(Vec::new()))
    }

    /// Begins to open a page.
    pub(super) fn open(&self, url: &str, vars: &Vars) -> Opening {
        let commands = match self {
            Self::Named(lines) => lines.iter().map(|line| named(line, url)).collect(),
            Self::Usual => usual(url, vars),
        };
        let mut opening = Opening { commands: commands.into_iter(), current: None, failures: Vec::new() };
        opening.try_next();
        opening
    }
}

/// A page that is being opened: a command that was started, and those to try when it fails.
pub(super) struct Opening {
    commands: std::vec::IntoIter<Vec<String>>,
    current: Option<Started>,
    failures: Vec<String>,
}

struct Started {
    program: String,
    child: Child,
    since: Instant,
}

impl Opening {
    /// Why no browser could be opened; told once, when it has turned out.
    pub(super) fn failed(&mut self) -> Option<String> {
        /// A browser that ends later was closed by the person.
        const OPENED: Duration = Duration::from_secs(5);
        if let Some(Started { program, child, since }) = &mut self.current {
            // A browser may stay, or hand the page to one that is open already and end at once.
            match child.try_wait() {
                Ok(Some(status)) if !status.success() && since.elapsed() < OPENED => {
                    self.failures.push(format!("\"{program}\" ended with {status}"));
                }
                _ => return None,
            }
            self.current = None;
            self.try_next();
        }
        let is_over = self.current.is_none() && !self.failures.is_empty();
        is_over.then(|| std::mem::take(&mut self.failures).join("; "))
    }

    fn try_next(&mut self) {
        for words in self.commands.by_ref() {
            match terminal::start_apart(&words) {
                Ok(child) => {
                    self.current = Some(Started { program: words[0].clone(), child, since: Instant::now() });
                    return;
                }
                Err(error) => self.failures.push(format!("cannot run \"{}\": {error}", words[0])),
            }
        }
    }
}

fn named(line: &str, url: &str) -> Vec<String> {
    const URL: &str = "%s";
    /// Stands for the URL while the line is read: no shell takes it for a sign of its own.
    const MARK: &str = "\u{1a}";
    if Path::new(line).is_file() {
        return vec![line.to_owned(), url.to_owned()];
    }
    let line = line.replace(URL, MARK);
    let has_mark = line.contains(MARK);
    match Invocation::parse(&line) {
        Invocation::Direct(words) => {
            let with_url = words.into_iter().map(|word| word.replace(MARK, url));
            with_url.chain((!has_mark).then(|| url.to_owned())).collect()
        }
        // The URL is handed on as a parameter, so that no shell reads it.
        Invocation::Shell(line) => {
            let parameter = "\"$1\"";
            // Its own quotes take the place of those around it.
            let line = line.replace(&format!("'{MARK}'"), MARK).replace(&format!("\"{MARK}\""), MARK);
            let script = if has_mark { line.replace(MARK, parameter) } else { format!("{line} {parameter}") };
            ["sh", "-c", &script, "sh", url].map(str::to_owned).into()
        }
    }
}

/// The platform's ways to open a page, the usual one first.
fn usual(url: &str, vars: &Vars) -> Vec<Vec<String>> {
    // The handler that `start` of cmd.exe ends at, without cmd.exe, to which `&` in a URL is a command.
    const WINDOWS: [&str; 2] = ["rundll32.exe", "url.dll,FileProtocolHandler"];
    const WINDOWS_SEEN_FROM_LINUX: [&str; 2] = ["/mnt/c/Windows/System32/rundll32.exe", "url.dll,FileProtocolHandler"];
    let programs: &[&[&str]] = if cfg!(windows) {
        &[&WINDOWS]
    } else if cfg!(target_os = "macos") {
        &[&["/usr/bin/open"]]
    } else if is_wsl(vars) {
        &[&["wslview"], &WINDOWS, &WINDOWS_SEEN_FROM_LINUX, &["xdg-open"]]
    } else {
        &[&["xdg-open"], &["gio", "open"], &["x-www-browser"]]
    };
    let with_url = |words: &&[&str]| words.iter().chain([&url]).map(|word| (*word).to_owned()).collect();
    programs.iter().map(with_url).collect()
}

/// Linux inside of Windows, whose browsers reach our 127.0.0.1.
fn is_wsl(vars: &Vars) -> bool {
    cfg!(target_os = "linux") && (vars.get("WSL_DISTRO_NAME").is_some() || vars.get("WSL_INTEROP").is_some())
}

/// Why no browser that is opened here would lead back to us, or to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// The person sits at another machine. Holds what `ssh` calls this one: `jane@10.0.0.1`.
    Ssh(String),
    Container,
    NoDisplay,
}

impl Elsewhere {
    /// For a person: `this is …`.
    pub(crate) fn why(&self) -> &'static str {
        match self {
            Self::Ssh(_) => "this is an SSH session",
            Self::Container => "this is a container",
            Self::NoDisplay => "there is no display",
        }
    }

    /// Looks where we are. `None` where a browser can be opened.
    pub(crate) fn find(vars: &Vars) -> Option<Self> {
        const MARKS_OF_CONTAINERS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];
        if let Some(connection) =
            vars.get("SSH_CONNECTION").or_else(|| vars.get("SSH_CLIENT")).or_else(|| vars.get("SSH_TTY"))
        {
            let server = connection.split(' ').nth(2).unwrap_or("this-host");
            let user = vars.get("USER").or_else(|| vars.get("LOGNAME")).unwrap_or("you");
            return Some(Self::Ssh(format!("{user}@{server}")));
        }
        if !cfg!(all(unix, not(target_os = "macos"))) || is_wsl(vars) {
            return None;
        }
        let in_container = vars.get("container").is_some()
            || vars.get("KUBERNETES_SERVICE_HOST").is_some()
            || MARKS_OF_CONTAINERS.iter().any(|mark| Path::new(mark).exists());
        if in_container {
            return Some(Self::Container);
        }
        let has_display = vars.get("DISPLAY").is_some() || vars.get("WAYLAND_DISPLAY").is_some();
        (!has_display).then_some(Self::NoDisplay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://a/b?c=d&e=%2F";

    #[test]
    #[cfg(unix)]
    fn browsers_get_the_url_where_their_line_says_or_last() {
        for (line, words) in [
            ("firefox", vec!["firefox", URL]),
            ("firefox --new-window", vec!["firefox", "--new-window", URL]),
            ("chromium --app=%s --x", vec!["chromium", "--app=https://a/b?c=d&e=%2F", "--x"]),
            ("\"/opt/my browser\" -n", vec!["/opt/my browser", "-n", URL]),
            ("$HOME/b", vec!["sh", "-c", "$HOME/b \"$1\"", "sh", URL]),
            ("echo %s > x", vec!["sh", "-c", "echo \"$1\" > x", "sh", URL]),
            ("echo '%s' \"%s\" > x", vec!["sh", "-c", "echo \"$1\" \"$1\" > x", "sh", URL]),
        ] {
            assert_eq!(named(line, URL), words, "{line}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_variable_may_name_several() {
        let named = |value: &str| Browser::of_vars(&Vars::from([("BROWSER", value)]));
        assert_eq!(named("a -x %s: b "), Some(Browser::Named(vec!["a -x %s".into(), "b".into()])));
        assert_eq!(named(":"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn windows_around_linux_opens_the_page() {
        let programs = |vars: &Vars| usual(URL, vars).into_iter().map(|words| words[0].clone()).collect::<Vec<_>>();
        let wsl = Vars::from([("WSL_DISTRO_NAME", "Debian")]);
        assert_eq!(programs(&wsl)[..2], ["wslview", "rundll32.exe"]);
        assert_eq!(programs(&Vars::default())[0], "xdg-open");
        assert_eq!(Elsewhere::find(&wsl), None);
    }

    #[test]
    fn an_ssh_session_is_told_with_the_name_that_leads_back_to_it() {
        for (variable, value, host) in [
            ("SSH_CONNECTION", "198.51.100.7 52000 203.0.113.9 22", "jane@203.0.113.9"),
            ("SSH_TTY", "/dev/pts/1", "jane@this-host"),
        ] {
            let vars = Vars::from([(variable, value), ("USER", "jane"), ("DISPLAY", ":0")]);
            assert_eq!(Elsewhere::find(&vars), Some(Elsewhere::Ssh(host.into())));
        }
    }
}
