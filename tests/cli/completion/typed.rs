//! A person at a terminal types the beginning of a profile's name, in quotes or not, and presses TAB and Enter. What the
//! command then gets is the name, whatever it is made of.
//!
//! keyfob itself is a function of the shell there, which notes its words; the script goes past it.

use super::{
    super::keyfob::{Home, Terminal, has_terminal},
    peer, script, with_keyfob,
};
use std::{fmt::Write as _, path::Path, time::Duration};

/// Each begins in a way of its own.
const NAMES: [&str; 20] = [
    "a:b:c",
    "b/c/d",
    "c=d=e",
    "two  blanks here",
    "it's one",
    "say \"hi\" now",
    "$HOME/x",
    "h$(touch canary)x",
    "w`touch canary`x",
    "j\\k\\\\l",
    "größe é 日本",
    "!x!y",
    "l!m",
    "m*n?o{p,q}",
    "n&o|p<q>r(s)",
    "~x~y",
    "%x",
    "p@q^r+s,t",
    "\"u",
    "'v",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
    Double,
    /// `$'…'`
    Dollar,
}

/// How a person types the beginning of a word.
type Typing = fn(&str, Quotes) -> Option<String>;

fn in_posix(text: &str, quotes: Quotes) -> Option<String> {
    let escaped = |signs: &str| {
        text.chars().fold(String::new(), |mut typed, letter| {
            if signs.contains(letter) {
                typed.push('\\');
            }
            typed.push(letter);
            typed
        })
    };
    Some(match quotes {
        Quotes::None => escaped(" \t'\"\\$`!*?{}&|<>()~^#;[]"),
        Quotes::Single => format!("'{}", text.replace('\'', r"'\''")),
        // There the history would be meant.
        Quotes::Double if text.contains('!') => return None,
        Quotes::Double => format!("\"{}", escaped("\"\\$`")),
        Quotes::Dollar => format!("$'{}", escaped("'\\")),
    })
}

fn in_fish(text: &str, quotes: Quotes) -> Option<String> {
    let escaped = |signs: &str| {
        text.chars().fold(String::new(), |mut typed, letter| {
            if signs.contains(letter) {
                typed.push('\\');
            }
            typed.push(letter);
            typed
        })
    };
    Some(match quotes {
        Quotes::None => escaped(" \t'\"\\$*?{}&|<>()~^#;[]%"),
        Quotes::Single => format!("'{}", escaped("'\\")),
        Quotes::Double => format!("\"{}", escaped("\"\\$")),
        Quotes::Dollar => return None,
    })
}

fn home() -> Home {
    let config = NAMES.iter().fold(String::new(), |mut config, name| {
        let quote = if name.contains('\'') { '"' } else { '\'' };
        writeln!(config, "[profile {quote}{name}{quote}]").expect("a String takes all");
        config
    });
    Home::new().config(&config)
}

/// A line as it is typed, and the words that the command gets.
type Line = (String, Vec<&'static str>);

/// The names, begun in each kind of quotes.
fn names(typing: Typing, kinds: &[Quotes]) -> Vec<Line> {
    let mut lines = Vec::new();
    for name in NAMES {
        let ends: Vec<usize> = name.char_indices().map(|(at, _)| at).collect();
        for (quotes, length) in kinds.iter().flat_map(|quotes| [1, ends.len() / 2].map(|length| (*quotes, length))) {
            let typed = typing(&name[..ends[length.max(1)]], quotes);
            lines.extend(typed.map(|typed| (format!("keyfob env {typed}\t"), vec!["env", name])));
        }
    }
    lines.dedup();
    lines
}

/// Everything that is no name, as every shell has it.
fn others() -> Vec<Line> {
    let lines: [(&str, &[&str]); 13] = [
        ("keyfob who\t", &["whoami"]),
        ("kf who\t", &["whoami"]),
        ("keyfob profile ren\t", &["profile", "rename"]),
        ("keyfob help profile ren\t", &["help", "profile", "rename"]),
        ("keyfob env --prof\tb\t", &["env", "--profile", "b/c/d"]),
        ("keyfob env --profile=a\t", &["env", "--profile=a:b:c"]),
        ("keyfob env --profile=tw\t", &["env", "--profile=two  blanks here"]),
        ("keyfob env -pa\t", &["env", "-pa:b:c"]),
        ("keyfob profile set new regi\teu-north\t", &["profile", "set", "new", "region=eu-north-1"]),
        ("keyfob profile list --profile-location lon\t", &["profile", "list", "--profile-location", "lone file"]),
        ("keyfob profile list --profile-location=lon\t", &["profile", "list", "--profile-location=lone file"]),
        ("keyfob exec a\tpain\t", &["exec", "a:b:c", "paint"]),
        ("X=1 keyfob env two\t", &["env", "two  blanks here"]),
    ];
    lines.map(|(typed, words)| (typed.to_owned(), words.to_vec())).into()
}

/// A program that completes by itself.
const PAINT: (&str, &[&str]) = (
    "keyfob exec --region=eu-west-1 a\t-- paint gr\t",
    &["exec", "--region=eu-west-1", "a:b:c", "--", "paint", "green"],
);

fn of((typed, words): (&str, &[&'static str])) -> Line {
    (typed.to_owned(), words.to_vec())
}

/// A shell, and the file that it reads at its start.
struct Shell {
    program: &'static str,
    arguments: &'static [&'static str],
    start: (&'static str, String),
}

impl Shell {
    /// Types all lines into one shell, and looks at what its function was given. Returns what was shown.
    fn check(&self, lines: &[Line]) -> Option<String> {
        let shell = peer::program(self.program)?;
        if !has_terminal() {
            return None;
        }
        let home = home();
        home.write(self.start.0, &self.start.1);
        home.write("lone file", "");
        let mut terminal = Terminal::new().with_stdin().with_stdout().with_stderr();
        for (number, (typed, _)) in lines.iter().enumerate() {
            terminal = terminal.answer(&format!("ready{number}@"), &format!("{typed}\r"));
        }
        terminal = terminal.answer(&format!("ready{}@", lines.len()), "exit\r");
        let arguments = self.arguments.iter().copied();
        let run = with_keyfob(home.program(shell.to_str().expect("its path is UTF-8"), arguments));
        let run = run.env("SCRIPT", script(self.program).to_str().expect("its path is UTF-8")).env("TERM", "xterm");
        let ended = run.timeout(Duration::from_mins(5)).terminal(terminal).any_screen().any_code().run();
        let noted = home.read("noted");
        let noted: Vec<&str> = noted.split_terminator("\0end\0").collect();
        let mut wrong = Vec::new();
        for (number, (typed, words)) in lines.iter().enumerate() {
            let got = noted.get(number).copied().unwrap_or("nothing");
            if got != words.join("\0") {
                wrong.push(format!("{typed:?} became {got:?}, not {words:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}: {} of {}:\n{}", self.program, wrong.len(), lines.len(), wrong.join("\n"));
        assert!(!home.path().join("canary").exists(), "{} ran something", self.program);
        Some(ended.screen)
    }
}

const ALL: [Quotes; 4] = [Quotes::None, Quotes::Single, Quotes::Double, Quotes::Dollar];

const BASH: &str = r#"
count=0; PS1='ready${count}@ '; PS2='unfinished@ '
bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
keyfob() { printf '%s\0' "$@" >>~/noted; printf 'end\0' >>~/noted; count=$((count + 1)); }
kf() { keyfob "$@"; }
paint() { :; }
complete -W 'red green' paint
. "$SCRIPT"
"#;

fn bash(start: String) -> Shell {
    Shell { program: "bash", arguments: &["--noprofile", "--rcfile", "start", "-i"], start: ("start", start) }
}

#[test]
fn bash_completes_every_name() {
    let mut lines = [names(in_posix, &ALL), others()].concat();
    lines.extend([
        of(("keyfob env a:'b\t", &["env", "a:b:c"])),
        of(("keyfob env \"a\":b\t", &["env", "a:b:c"])),
        // Without the package there is nobody to ask.
        of(("keyfob exec a\t-- paint lon\t", &["exec", "a:b:c", "--", "paint", "lone file"])),
    ]);
    bash(BASH.to_owned()).check(&lines);
}

#[test]
fn bash_completes_every_name_with_the_package_for_it() {
    let package = "/usr/share/bash-completion/bash_completion";
    if !Path::new(package).is_file() {
        peer::missing("there is no bash-completion");
        return;
    }
    // Where a person has chosen that words do not break at these signs.
    let start = format!(". {package}\n{BASH}\nCOMP_WORDBREAKS=${{COMP_WORDBREAKS//[:=]}}\n");
    bash(start).check(&[names(in_posix, &[Quotes::None, Quotes::Double]), vec![of(PAINT)]].concat());
    let start = format!(". {package}\n{BASH}");
    bash(start).check(&[others(), vec![of(PAINT)]].concat());
}

const ZSH: &str = r#"
count=0; PS1='ready${count}@ '; PS2='unfinished@ '; setopt prompt_subst; unset zle_bracketed_paste
keyfob() { printf '%s\0' "$@" >>~/noted; printf 'end\0' >>~/noted; count=$((count + 1)); }
kf() { keyfob "$@" }
paint() { : }
autoload -Uz compinit
"#;
const ZSH_SYSTEM: &str = "compinit -u -D; _paint() { compadd red green }; compdef _paint paint\n";

fn zsh(start: String) -> Shell {
    Shell { program: "zsh", arguments: &["-d", "-i"], start: (".zshrc", start) }
}

#[test]
fn zsh_completes_every_name() {
    let matching = "zstyle ':completion:*' matcher-list '' 'm:{a-z}={A-Z}'\n";
    let start = format!("{ZSH}{ZSH_SYSTEM}{matching}. \"$SCRIPT\"\n");
    let small = of(("keyfob env \\$ho\t", &["env", "$HOME/x"]));
    zsh(start).check(&[names(in_posix, &ALL), others(), vec![of(PAINT), small]].concat());
}

#[test]
fn zsh_completes_where_the_script_comes_before_the_system_and_where_it_lies_among_the_functions() {
    let before = format!("{ZSH}. \"$SCRIPT\"\n. \"$SCRIPT\"\n{ZSH_SYSTEM}");
    let lines = [of(("keyfob who\t", &["whoami"])), of(("kf env a\t", &["env", "a:b:c"])), of(PAINT)];
    zsh(before).check(&lines);
    let among =
        format!("{ZSH}mkdir ~/functions; cp $SCRIPT ~/functions/_keyfob; fpath=(~/functions $fpath)\n{ZSH_SYSTEM}");
    zsh(among).check(&lines);
}

#[test]
fn zsh_shows_descriptions() {
    let start = format!("{ZSH}{ZSH_SYSTEM}. \"$SCRIPT\"\n");
    let lines =
        [of(("keyfob pro\tfile ren\t", &["profile", "rename"])), of(("keyfob env --r\t", &["env", "--region"]))];
    let Some(screen) = zsh(start).check(&lines) else { return };
    for told in ["process", "Print credentials for an SDK", "List, show, make, change and remove profiles."] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
}

const FISH: &str = r"
set -g count 0
function fish_prompt; printf 'ready%s@ ' $count; end
function fish_greeting; end
function keyfob; printf '%s\0' $argv >>~/noted; printf 'end\0' >>~/noted; set -g count (math $count + 1); end
function kf; keyfob $argv; end
function paint; end
complete -c paint -f -a 'red green'
source $SCRIPT
";

#[test]
fn fish_completes_every_name() {
    let arguments = &["--no-config", "-i", "-C", "source ~/start"];
    let shell = Shell { program: "fish", arguments, start: ("start", FISH.to_owned()) };
    let inner = of(("keyfob env lanks\t", &["env", "two  blanks here"]));
    shell.check(&[names(in_fish, &ALL), others(), vec![of(PAINT), inner]].concat());
}
