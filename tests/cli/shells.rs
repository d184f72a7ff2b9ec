//! That shells take what `keyfob env` prints for what it is, whatever the values hold.
//!
//! A credentials file holds hostile values, real shells evaluate the output, and `env -0` tells what came of it.
//! Every value that could run a command would make a file named `canary`.

mod powershell;

use super::{
    keyfob::{Home, Run},
    peer,
};
use std::fmt::Write as _;

/// Values that stay in one piece in a file: no outer blanks, no comment sign after a blank, no control
/// characters.
const HOSTILE: [&str; 59] = [
    "plain/EXAMPLE+KEY=",
    "it's",
    "'",
    "''",
    "'''",
    "\"",
    "\"\"",
    "'\"'",
    "\"'\"",
    "\\",
    "\\\\",
    "\\'",
    "'\\",
    "\\\\'",
    "a\\",
    "a\\nb\\tc\\0d\\x41\\u0041\\101",
    "`touch canary`",
    "$(touch canary)",
    "'$(touch canary)'",
    "\"$(touch canary)\"",
    "'; touch canary; '",
    "\"; touch canary; \"",
    "\\'; touch canary; \\'",
    "x; touch canary;",
    "| touch canary",
    "& touch canary &",
    "&& touch canary",
    "|| touch canary",
    "> canary",
    ">> canary <canary",
    "' > canary '",
    "<(touch canary)",
    "=(touch canary)",
    "(touch canary)",
    "{ touch canary; }",
    "'+(touch canary)+'",
    "’; touch canary; ’",
    "‘ ’ ‚ ‛ “ ” „",
    "$HOME ${HOME} $PATH $0 $$ $? $! $*",
    "${HOME:-$(touch canary)}",
    "$Env:HOME $(touch canary) @(touch canary)",
    "%PATH% %HOME %% 100%",
    "!PATH! !! !-1 !$ history!",
    "^ ^& ^^ caret^",
    "* ? [a-z] ~ ~root ~/x {a,b} {1..3} **/*",
    "=ls ~+ ~-",
    "a#b;c",
    "-n -e --",
    "a  b   c",
    "a = b = c",
    "naïve été Ωmega 日本語",
    "\u{a0}no-break\u{a0}",
    "\u{2028}line\u{2029}paragraph\u{200b}\u{feff}",
    "😀👩‍👩‍👧‍👦🇪🇺",
    "e\u{301}\u{202e}reversed",
    "\u{fffd}\u{10ffff}\u{e000}",
    "export AWS_ACCESS_KEY_ID='x'",
    "set -gx AWS_ACCESS_KEY_ID x",
    "EOF",
];

/// Some beside [`HOSTILE`] that nobody thought of, always the same, made of what shells care about.
fn random_values() -> Vec<String> {
    const PIECES: [&str; 32] = [
        "'",
        "'",
        "\"",
        "\\",
        "\\",
        "$",
        "`",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "!",
        "^",
        "&",
        "|",
        ";",
        "<",
        ">",
        "*",
        "?",
        "~",
        "#",
        "%",
        "=",
        "a",
        " ",
        "touch canary",
        "$(touch canary)",
        "’",
        "😀",
    ];
    let mut state: u64 = 1;
    let mut next = |below: usize| {
        // Knuth's MMIX generator; its upper bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let mut value = || {
        let inner: String = (0..next(24)).map(|_| PIECES[next(PIECES.len())]).collect();
        format!("x{inner}x").replace(" #", "#").replace(" ;", ";")
    };
    (0..60).map(|_| value()).collect()
}

fn values() -> Vec<String> {
    let long = ["x".repeat(3000), "'".repeat(3000), "\\".repeat(3000)];
    HOSTILE.map(str::to_owned).into_iter().chain(random_values()).chain(long).collect()
}

/// Profiles `p0`, `p1` … with one value as the secret key and another as the token.
struct Profiles {
    home: Home,
    values: Vec<String>,
}

impl Profiles {
    fn new(values: Vec<String>) -> Self {
        let mut text = String::new();
        for number in 0..values.len() {
            let (key, token) = Self::pick(&values, number);
            let id = Self::id(number);
            write!(
                text,
                "[p{number}]\naws_access_key_id = {id}\naws_secret_access_key = {key}\naws_session_token = {token}\n"
            )
            .expect("a String takes all");
        }
        Self { home: Home::new().credentials(&text), values }
    }

    fn names(&self) -> Vec<String> {
        (0..self.values.len()).map(|number| format!("p{number}")).collect()
    }

    fn id(number: usize) -> String {
        format!("AKIA{number:016}")
    }

    fn pick(values: &[String], number: usize) -> (&str, &str) {
        (&values[number], &values[(number + 1) % values.len()])
    }

    /// The lines for one profile.
    fn lines(&self, number: usize, shell: &str) -> Run {
        let name = format!("p{number}");
        self.home.keyfob(["env", &name, "--shell", shell]).any_stdout().any_stderr().run()
    }

    /// That what a shell ended up with is what the profile holds.
    #[track_caller]
    fn check(&self, number: usize, shell: &str, found: &[Option<String>; 3]) {
        let (key, token) = Self::pick(&self.values, number);
        let wanted = [Some(Self::id(number)), Some(key.to_owned()), Some(token.to_owned())];
        assert_eq!(found, &wanted, "{shell}, profile p{number}");
    }
}

const NAMES: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

#[cfg(unix)]
mod real {
    use super::{super::keyfob::Run, NAMES, Profiles, peer, values};

    const POSIX: &str =
        r#"set -eu; for name in PROFILES; do eval "$("$KEYFOB" env "$name")"; env -0; printf 'end\0'; done"#;
    const FISH: &str = r#"for name in PROFILES; "$KEYFOB" env $name | source; env -0; printf 'end\0'; end"#;
    const FISH_EVAL: &str =
        r#"for name in PROFILES; eval ("$KEYFOB" env $name | string collect); env -0; printf 'end\0'; end"#;

    /// Evaluates every profile in one shell and compares what it has then.
    fn check(program: &str, arguments: &[&str], script: &str) {
        let Some(path) = peer::program(program) else { return };
        let profiles = Profiles::new(values());
        let script = script.replace("PROFILES", &profiles.names().join(" "));
        let shell = format!("{program} {}", arguments.join(" "));
        let arguments = arguments.iter().copied().chain(["-c", &script]);
        let run = profiles.home.program(path.to_str().expect("shells lie on paths that are UTF-8"), arguments);
        let run = run.env("KEYFOB", env!("CARGO_BIN_EXE_keyfob")).any_stdout().secrets_expected().run();
        for (number, environment) in environments(&run).enumerate() {
            profiles.check(number, &shell, &environment);
        }
        assert_eq!(environments(&run).count(), profiles.values.len(), "{shell} did not end");
        assert!(!profiles.home.path().join("canary").exists(), "{shell} ran something");
    }

    fn environments(run: &Run) -> impl Iterator<Item = [Option<String>; 3]> {
        let text = run.stdout.split_terminator("end\0");
        text.map(|environment| {
            let value =
                |name: &str| environment.split('\0').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            NAMES.map(|name| value(name).map(str::to_owned))
        })
    }

    #[test]
    fn bash_takes_every_value() {
        check("bash", &["--norc"], POSIX);
        check("bash", &["--norc", "-H"], POSIX);
    }

    #[test]
    fn bash_takes_every_value_when_it_is_posix() {
        check("bash", &["--posix"], POSIX);
    }

    #[test]
    fn dash_takes_every_value() {
        check("dash", &[], POSIX);
    }

    #[test]
    fn zsh_takes_every_value() {
        check("zsh", &["-f"], POSIX);
        check("zsh", &["-f", "-o", "rc_quotes", "-o", "bang_hist", "-o", "extended_glob"], POSIX);
        check("zsh", &["--emulate", "sh", "-f"], POSIX);
    }

    #[test]
    fn ksh93_takes_every_value() {
        check("ksh93", &[], POSIX);
    }

    #[test]
    fn mksh_takes_every_value() {
        check("mksh", &[], POSIX);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn busybox_takes_every_value() {
        check("busybox", &["sh"], POSIX);
    }

    #[test]
    fn fish_takes_every_value() {
        check("fish", &["--no-config"], FISH);
        check("fish", &["--no-config"], FISH_EVAL);
    }
}

#[test]
fn keys_with_control_characters_are_refused_where_they_are_read() {
    for control in ["\u{1}", "\u{7}", "\t", "\u{b}", "\r", "\u{1b}", "\u{7f}", "\u{85}", "\u{9f}"] {
        let profiles = Profiles::new(vec![format!("MARKERsecret{control}x"), "plain".to_owned()]);
        for name in ["p0", "p1"] {
            let run = profiles.home.keyfob(["env", name, "--shell", "sh"]).code(1).any_stderr().run();
            let told = "the access key, the secret or the token holds a control character\n";
            assert!(run.stderr.starts_with(&format!("keyfob: profile \"{name}\" cannot be used\n")), "{}", run.stderr);
            assert!(run.stderr.contains(".aws/credentials:") && run.stderr.ends_with(told), "{}", run.stderr);
        }
    }
}

mod cmd {
    use super::{NAMES, Profiles, values};

    #[test]
    fn quoted_assignments_hold_every_value_that_fits() {
        let profiles = Profiles::new(values());
        let mut printed = 0;
        for number in 0..profiles.values.len() {
            let (key, token) = Profiles::pick(&profiles.values, number);
            // Inside of its quotes, cmd goes by these two characters alone.
            if [key, token].iter().any(|value| value.contains(['"', '%'])) {
                continue;
            }
            let lines = profiles.lines(number, "cmd").stdout;
            let value = |name: &str| {
                lines.lines().find_map(|line| {
                    line.strip_prefix("set \"")?.strip_suffix('"')?.strip_prefix(name)?.strip_prefix('=')
                })
            };
            profiles.check(number, "cmd", &NAMES.map(|name| value(name).map(str::to_owned)));
            printed += 1;
        }
        assert!(printed > 20, "most values were left out");
    }

    #[test]
    fn what_cmd_cannot_quote_is_refused() {
        let profiles = Profiles::new(vec!["a\"&touch canary&\"".to_owned(), "a%PATH%b".to_owned()]);
        for name in profiles.names() {
            profiles
                .home
                .keyfob(["env", &name, "--shell", "cmd"])
                .code(1)
                .stderr(
                    "keyfob: cannot hand AWS_SECRET_ACCESS_KEY to a shell\n  \
                     cause: its value holds a character that cmd cannot quote\n",
                )
                .run();
        }
    }
}
