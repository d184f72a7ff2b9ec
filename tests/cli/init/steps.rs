//! The function, in every shell that there is: the same steps in each of them.

use super::super::keyfob::{Home, Terminal, has_terminal};
use super::session::{LIMIT, SHELLS, Shell, Step, step};
use std::fmt::Write as _;

const CONFIG: &str =
    "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = us-east-1\n[profile plain]\noutput = json\n";

/// Names that somebody could give to a profile, though nobody should.
const HOSTILE: [&str; 12] = [
    "a b",
    "it's",
    "a\"b",
    "$(touch canary)",
    "`touch canary`",
    "*",
    "x&touch canary|cat",
    "back\\slash\\\\",
    "!x !! ^x^y",
    "~/x",
    "naïve 日本",
    "%PATH% $HOME {a,b}",
];

fn home() -> Home {
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let folder = keyfob.rsplit_once('/').expect("a full path").0;
    let mut config = CONFIG.to_owned();
    for name in HOSTILE {
        let quote = if name.contains('"') { '\'' } else { '"' };
        let keys = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x";
        writeln!(config, "[profile {quote}{name}{quote}]\n{keys}").expect("a String takes all");
    }
    Home::new().config(&config).env("PATH", &format!("{folder}:/usr/bin:/bin")).env("LC_ALL", "C.UTF-8")
}

/// A profile whose region is in both variables, and what is set aside.
fn using(profile: &str, region: &str, memory: &str) -> String {
    let memory = if memory.is_empty() { String::new() } else { format!("{memory} ") };
    format!("AWS_DEFAULT_REGION={region} AWS_PROFILE={profile} AWS_REGION={region} {memory}KEYFOB_USED_REGION={region}")
}

/// A day at work.
fn steps(shell: Shell) -> Vec<Step> {
    let dev = |memory| using("dev", "eu-west-1", memory);
    let own = "KEYFOB_OWN_REGION=ap-south-1";
    let mut steps = vec![
        step("kf use", 2, ""),
        step("kf use -", 1, ""),
        step("kf use dev", 0, dev("")),
        step("kf use -", 0, "KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use -", 0, dev("")),
        step("kf use plain", 0, "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use -", 0, dev("KEYFOB_PREVIOUS_PROFILE=plain")),
        step("kf use -", 0, "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use nosuch", 4, "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use --nosuch", 2, "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use prod --help", 0, "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev"),
        step(
            shell.export("AWS_REGION", "ap-south-1"),
            0,
            "AWS_PROFILE=plain AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE=dev",
        ),
        step(
            "kf use -p prod --region sa-east-1",
            0,
            using("prod", "sa-east-1", &format!("{own} KEYFOB_PREVIOUS_PROFILE=plain")),
        ),
        step("kf use --unset", 0, "AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE=prod"),
        step("kf use -", 0, using("prod", "us-east-1", own)),
    ];
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"];
    let exports: Vec<String> = keys.iter().map(|name| shell.export(name, "stale")).collect();
    let dev_again = dev(&format!("{own} KEYFOB_PREVIOUS_PROFILE=prod"));
    steps.push(step(exports.join("; ") + "; kf use dev", 0, &*dev_again));
    steps.extend(passed_through(shell, &dev_again));
    // What one does that is started here is none of this one's business.
    steps.push(step(shell.running("./nested"), 0, &*dev_again));
    if !shell.is_fish() {
        steps.push(step("(kf use plain)", 0, &*dev_again));
        steps.push(step("(kf use plain && test \"$AWS_PROFILE\" = plain)", 0, &*dev_again));
    }
    steps.push(step("kf use --unset", 0, "AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE=dev"));
    let mut previous = "dev";
    for name in HOSTILE {
        let environment = match previous {
            "dev" => format!("AWS_PROFILE={name} AWS_REGION=ap-south-1"),
            previous => format!("AWS_PROFILE={name} AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE={previous}"),
        };
        steps.push(step(format!("kf use {}", shell.quoted(name)), 0, environment));
        previous = name;
    }
    steps
}

/// What is no `use` goes to keyfob as it is, and its exit code comes back.
fn passed_through(shell: Shell, environment: &str) -> Vec<Step> {
    let name = shell.quoted(HOSTILE[0]);
    vec![
        step("kf", 2, environment),
        step(format!("kf exec {name} -- sh -c 'exit 7'"), 7, environment),
        step(format!("kf exec {name} -- printf '[%s]' 'x  y' '' '*' '$HOME' > passed"), 0, environment),
        step("kf --version > version", 0, environment),
    ]
}

/// A shell that is started by another one goes on where that one is.
fn write_nested(home: &Home, shell: Shell) {
    let lines = "kf use -\ntest \"$AWS_PROFILE $AWS_REGION $KEYFOB_PREVIOUS_PROFILE\" = 'prod us-east-1 dev'\n";
    home.write("nested", shell.init("") + lines);
}

#[test]
fn shells_are_pointed_at_profiles_and_back() {
    for shell in SHELLS {
        let home = home();
        write_nested(&home, shell);
        let mut before = shell.init("");
        before.push_str(&shell.init(""));
        let mut steps = steps(shell);
        steps.retain(|step| !(shell.is_restricted() && step.line.contains('>')));
        shell.take(&home, &before, &steps);
        if home.path().join("passed").exists() {
            assert_eq!(home.read("passed"), "[x  y][][*][$HOME]", "{shell:?}");
            assert!(home.read("version").starts_with("keyfob "), "{shell:?}");
        }
    }
}

/// What people and their colleagues do to shells.
fn trouble(shell: Shell) -> String {
    let around = match shell.init {
        "fish" => {
            "function keyfob; echo a function; end\nfunction kf; echo a function; end\nset -e HOME\nset -g IFS ''\n"
        }
        _ => {
            "case ${BASH_VERSION-} in ?*) shopt -s expand_aliases; set -mE; trap 'echo trapped' ERR ;; esac\n\
             keyfob() { echo a function; }\ncommand() { echo a function; }\nunset HOME\n\
             alias kf='echo an alias' keyfob='echo an alias' exec='echo an alias' return='echo an alias'\n\
             alias builtin='echo an alias' local='echo an alias' shift='echo an alias'\n\
             alias eval='echo an alias' unalias='echo an alias' printf='echo an alias'\n"
        }
    };
    let options = match shell.init {
        "fish" => "",
        "zsh" => {
            "setopt no_unset err_exit no_glob err_return warn_create_global ksh_arrays csh_junkie_quotes\nIFS=aefkpsuv\n"
        }
        _ => "set -eu\nset -f\nIFS=aefkpsuv\n",
    };
    let init = shell.init("").replacen("eval ", "\\eval ", 1);
    format!("{around}{init}{options}{init}")
}

#[test]
fn nothing_that_is_done_to_a_shell_is_in_the_way() {
    for shell in SHELLS.into_iter().filter(|shell| !shell.is_restricted()) {
        let home = home();
        // Without HOME, the account's own home is not what a test may touch.
        let path = |path: &str| home.path().join(path).display().to_string();
        let [config, credentials, cache] = [".aws/config", ".aws/credentials", "cache"].map(path);
        let home = home
            .env("AWS_CONFIG_FILE", &config)
            .env("AWS_SHARED_CREDENTIALS_FILE", &credentials)
            .env("XDG_CACHE_HOME", &cache);
        let dev = using("dev", "eu-west-1", "");
        let mut steps = vec![
            step("kf use dev", 0, &*dev),
            step("kf use nosuch", 4, &*dev),
            step("kf use 'a b' ", 0, "AWS_PROFILE=a b KEYFOB_PREVIOUS_PROFILE=dev"),
            step("kf use -", 0, using("dev", "eu-west-1", "KEYFOB_PREVIOUS_PROFILE=a b")),
        ];
        steps.extend(passed_through(shell, &using("dev", "eu-west-1", "KEYFOB_PREVIOUS_PROFILE=a b")));
        steps.push(step("kf use --unset", 0, "KEYFOB_PREVIOUS_PROFILE=dev"));
        shell.take(&home, &trouble(shell), &steps);
    }
}

#[test]
fn function_may_have_the_name_of_the_program() {
    for shell in SHELLS {
        for name in ["keyfob", "aws_use"] {
            let home = home();
            let dev = using("dev", "eu-west-1", "");
            let steps = [
                step(format!("{name} use dev"), 0, &*dev),
                step(format!("{name} use nosuch"), 4, &*dev),
                step(format!("{name} --version | grep -q keyfob"), 0, &*dev),
            ];
            shell.take(&home, &shell.init(&format!("--cmd {name}")), &steps);
        }
    }
}

/// What is run there has the terminal, and the shell has it again.
#[test]
fn shells_at_a_terminal_hand_it_on_and_have_it_back() {
    if !has_terminal() {
        return;
    }
    for shell in SHELLS {
        let home = home().env("TERM", "xterm");
        let said = |word: &str| format!("printf '<%s>\\n' {word}");
        let lines = [
            shell.init(""),
            "kf exec 'a b' -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo all three'\n".to_owned(),
            format!("kf use\n{}\n", said("\"$AWS_PROFILE\"")),
            format!("kf use\n{}\n", said("\"still $AWS_PROFILE\"")),
        ];
        home.write("script", lines.concat());
        let Some((program, arguments)) = shell.at_terminal("./script") else { continue };
        let choices = 3 + HOSTILE.len();
        let list = format!("{choices} of {choices}; ");
        let person = Terminal::new().with_stdin().with_stdout().with_stderr();
        let person = person.answer(&list, "plai\r").answer(&list, "\x1b");
        let run = home.program(&program, arguments).terminal(person).any_screen().timeout(LIMIT).run();
        for said in ["all three\n", "<plain>\n", "keyfob: no profile is chosen\n", "<still plain>\n"] {
            assert!(run.screen.contains(said), "{shell:?}, {said}: {}", run.screen);
        }
    }
}
