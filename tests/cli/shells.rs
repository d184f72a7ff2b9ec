//! That shells take what `keyfob env` prints for what it is, whatever the values hold.
//!
//! A credentials file holds hostile values, real shells evaluate the output, and `env -0` tells what came of it.
//! Every value that could run a command would make a file named `canary`.

#[cfg(target_os = "linux")]
mod cmd;
mod formats;
mod powershell;
#[cfg(unix)]
mod real;

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

/// Pieces that shells care about.
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

/// Numbers that look random, always the same: Knuth's MMIX generator, whose upper bits are the random ones.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn piece(&mut self) -> &'static str {
        PIECES[self.below(PIECES.len())]
    }

    /// Any character but a control character, each length in UTF-8 as often as the others.
    fn character(&mut self) -> char {
        const FROM: [usize; 5] = [0, 0x80, 0x800, 0x1_0000, 0x11_0000];
        loop {
            let length = self.below(4);
            let number = FROM[length] + self.below(FROM[length + 1] - FROM[length]);
            let character = u32::try_from(number).ok().and_then(char::from_u32);
            if let Some(character) = character.filter(|character| !character.is_control()) {
                return character;
            }
        }
    }

    /// A value in one piece, of what the closure gives.
    fn value(&mut self, longest: usize, mut give: impl FnMut(&mut Self, &mut String)) -> String {
        let mut inner = String::new();
        for _ in 0..self.below(longest) {
            give(self, &mut inner);
        }
        // After a blank these begin a comment in a credentials file.
        format!("x{inner}x").replace(" #", "#").replace(" ;", ";")
    }
}

/// Some beside [`HOSTILE`] that nobody thought of.
fn random_values() -> Vec<String> {
    let mut dice = Dice(1);
    let mut values: Vec<String> = (0..60).map(|_| dice.value(24, |dice, text| text.push_str(dice.piece()))).collect();
    values.extend((0..12).map(|_| dice.value(40, |dice, text| text.push(dice.character()))));
    values
}

/// All that can be printed in ASCII; a character for each byte that begins one in UTF-8; quotes of every alphabet.
fn alphabets() -> [String; 3] {
    let ascii: String = (' '..='~').collect();
    let two_bytes = (0xc2..=0xdf).map(|lead| ((lead & 0x1f) << 6) | 0x29);
    let three_bytes = (0xe0..=0xef).map(|lead| ((lead & 0xf) << 12) | 0x821).filter(|number| *number != 0xd821);
    let four_bytes = (0xf0..=0xf4).map(|lead| ((lead & 7) << 18) | if lead == 0xf4 { 0x21 } else { 0x1_0021 });
    let leads = two_bytes.chain(three_bytes).chain([0xd7a3]).chain(four_bytes);
    let leads: String = leads.map(|number| char::from_u32(number).expect("no surrogate")).collect();
    let quotes = "\u{ab}\u{bb}\u{b4}\u{2b9}\u{2bb}\u{2bc}\u{2bd}\u{2ca}\u{2cb}\u{2018}\u{2019}\u{201a}\u{201b}\u{201c}\u{201d}\u{201e}\
                  \u{201f}\u{2032}\u{2033}\u{2035}\u{2039}\u{203a}\u{275b}\u{275c}\u{275d}\u{275e}\u{300c}\u{300d}\u{300e}\u{300f}\u{301d}\
                  \u{301e}\u{301f}\u{fe41}\u{fe42}\u{ff02}\u{ff07}\u{ff40}\u{ff62}\u{ff63}";
    [format!("x{ascii}x"), leads, quotes.to_owned()]
}

fn values() -> Vec<String> {
    let long = ["x".repeat(3000), "'".repeat(3000), "\\".repeat(3000)];
    HOSTILE.map(str::to_owned).into_iter().chain(random_values()).chain(alphabets()).chain(long).collect()
}

/// Profiles `p0`, `p1` … with one value as the secret key and the next as the token.
struct Profiles {
    home: Home,
    values: Vec<String>,
}

impl Profiles {
    fn new(values: Vec<String>) -> Self {
        let mut text = String::new();
        for number in 0..values.len().div_ceil(2) {
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
        (0..self.count()).map(|number| format!("p{number}")).collect()
    }

    /// How many profiles there are.
    fn count(&self) -> usize {
        self.values.len().div_ceil(2)
    }

    fn id(number: usize) -> String {
        format!("AKIA{number:016}")
    }

    fn pick(values: &[String], number: usize) -> (&str, &str) {
        (&values[2 * number], &values[(2 * number + 1) % values.len()])
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

#[test]
fn keys_with_control_characters_are_refused_where_they_are_read() {
    for control in ["\u{1}", "\u{7}", "\t", "\u{b}", "\r", "\u{1b}", "\u{7f}", "\u{85}", "\u{9f}"] {
        let (bad, plain) = (format!("MARKERsecret{control}x"), "plain".to_owned());
        for values in [vec![bad.clone(), plain.clone()], vec![plain, bad]] {
            let profiles = Profiles::new(values);
            let run = profiles.home.keyfob(["env", "p0", "--shell", "sh"]).code(1).any_stderr().run();
            let told = "the access key, the secret or the token holds a control character\n";
            assert!(run.stderr.starts_with("keyfob: profile \"p0\" cannot be used\n"), "{}", run.stderr);
            assert!(run.stderr.contains(".aws/credentials:") && run.stderr.ends_with(told), "{}", run.stderr);
        }
    }
}

/// Whatever the output is for: no shell's line survives it, and no file's.
#[test]
fn newlines_are_refused_for_every_shell_and_format() {
    let home = Home::new().env("AWS_ACCESS_KEY_ID", "AKIAJANE000000000000");
    let shells = ["bash", "zsh", "sh", "fish", "powershell", "cmd", "nushell", "elvish", "xonsh", "tcsh"];
    let formats = ["env", "fish", "process", "json", "dotenv", "docker", "github", "github-mask", "azure"];
    let options = shells.map(|shell| format!("--shell={shell}")).into_iter();
    for option in options.chain(formats.map(|format| format!("--format={format}"))) {
        for value in ["MARKERsecret\ntouch canary", "MARKERsecret\rx", "x\nMARKERsecret"] {
            let stderr = "keyfob: cannot use the keys in the environment\n  \
                          cause: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN holds a control character\n  \
                          hint: set them anew, or name a profile\n";
            home.keyfob(["env", &option]).env("AWS_SECRET_ACCESS_KEY", value).code(1).stderr(stderr).run();
        }
        let stderr = "keyfob: cannot use --region\n  cause: \"eu\\u{a}x\" is not the name of a region\n";
        let run = home.keyfob(["env", &option, "--region", "eu\nx"]).env("AWS_SECRET_ACCESS_KEY", "MARKERsecret");
        run.code(2).stderr(stderr).run();
    }
}
