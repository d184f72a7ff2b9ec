//! The function: the same steps in each shell.

use super::Home;
use super::session::{SHELLS, Shell, Step, step, with_path, write_program};
use std::fmt::Write as _;

const CONFIG: &str =
    "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = us-east-1\n[profile plain]\noutput = json\n";

/// Names that somebody could give to a profile, though nobody should.
const HOSTILE: [&str; 12] = [
    "a b",
    "it's (x)  y",
    "a\"b",
    "$(touch canary)",
    "`touch canary`",
    "*",
    "x&touch canary|cat",
    "back\\slash\\\\",
    "!x !! ^x^y",
    "~/x",
    "na\u{ef}ve \u{65e5}\u{672c}",
    "%PATH% $HOME {a,b}",
];

/// Its arguments, one by one.
const SHOW: &str = "#!/bin/sh\nprintf '[%s]' \"$@\"\nexit 7\n";

fn home() -> Home {
    let mut config = CONFIG.to_owned();
    for name in HOSTILE {
        let quote = if name.contains('"') { '\'' } else { '"' };
        let keys = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x";
        writeln!(config, "[profile {quote}{name}{quote}]\n{keys}").expect("a String takes all");
    }
    let home = Home::new().config(&config);
    write_program(&home, "show", SHOW);
    with_path(home)
}

/// A profile whose region is in both variables, and what is set aside.
fn using(profile: &str, region: &str, memory: &str) -> String {
    let memory = if memory.is_empty() { String::new() } else { format!("{memory} ") };
    format!("AWS_DEFAULT_REGION={region} AWS_PROFILE={profile} AWS_REGION={region} {memory}KEYFOB_USED_REGION={region}")
}

/// A day at work.
fn steps(shell: Shell) -> Vec<Step> {
    let own = "KEYFOB_OWN_REGION=ap-south-1";
    let dev = using("dev", "eu-west-1", "");
    let plain = "AWS_PROFILE=plain KEYFOB_PREVIOUS_PROFILE=dev";
    let mut steps = vec![
        step("kf use -", 1, ""),
        step("kf use dev", 0, &*dev),
        step("kf use -", 0, "KEYFOB_PREVIOUS_PROFILE=dev"),
        step("kf use -", 0, &*dev),
        step("kf use plain", 0, plain),
        step("kf use nosuch", 4, plain),
        step("kf use --nosuch", 2, plain),
        step("kf use prod --help", 0, plain),
        step("kf use -h", 0, plain),
    ];
    // At a terminal, a profile is chosen.
    if shell != Shell::Elvish {
        steps.push(step("kf use", 2, plain));
    }
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"];
    let mut exports: Vec<String> = keys.iter().map(|name| shell.export(name, "stale")).collect();
    exports.push(shell.export("AWS_REGION", "ap-south-1"));
    exports.push("kf use -p prod --region sa-east-1".to_owned());
    let prod = using("prod", "sa-east-1", &format!("{own} KEYFOB_PREVIOUS_PROFILE=plain"));
    // What one does that is started here is none of this one's business.
    exports.push("sh nested".to_owned());
    steps.push(step(exports.join("; "), 0, &*prod));
    steps.extend(passed_through(shell, &prod));
    steps.push(step("kf use --unset", 0, "AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE=prod"));
    let mut previous = "prod";
    for name in HOSTILE {
        let environment = match previous {
            "prod" => format!("AWS_PROFILE={name} AWS_REGION=ap-south-1"),
            previous => format!("AWS_PROFILE={name} AWS_REGION=ap-south-1 KEYFOB_PREVIOUS_PROFILE={previous}"),
        };
        steps.push(step(format!("kf use {}", shell.quoted(name)), 0, environment));
        previous = name;
    }
    steps
}

const PASSED: &str = "[x  y][it's \"$HOME\"][*][-h][--][--a=b c][!x][`touch canary`]";

/// What is no `use` goes to keyfob as it is, and its exit code comes back.
fn passed_through(shell: Shell, environment: &str) -> Vec<Step> {
    let words = PASSED.trim_matches(['[', ']']).split("][");
    let words: String = words.fold(String::new(), |words, word| words + " " + &shell.quoted(word));
    let name = shell.quoted(HOSTILE[1]);
    let silent = |line: &str| shell.to_file(line, "version");
    vec![
        step("kf", 2, environment),
        step(shell.to_file(&format!("kf exec {name} -- show{words}"), "passed"), 7, environment),
        step(silent("kf --version"), 0, environment),
        step(silent("kf -h"), 0, environment),
    ]
}

#[test]
fn other_shells_are_pointed_at_profiles_and_back() {
    for shell in SHELLS {
        let home = home();
        // A shell that is started by another one goes on where that one is.
        let nested = "eval \"$(keyfob init sh)\"; kf use -; test \"$AWS_PROFILE $AWS_REGION\" = 'plain ap-south-1'\n";
        home.write("nested", nested);
        // Once more makes no difference.
        shell.take(&home, &(around(shell) + &shell.init("") + &shell.init("")), &steps(shell), "");
        if home.path().join("passed").exists() {
            assert_eq!(home.read("passed"), PASSED, "{shell:?}");
        }
    }
}

/// How a shell says what this test wants of it.
fn around(shell: Shell) -> String {
    match shell {
        Shell::Xonsh => "$XONSH_SUBPROC_RAISE_ERROR = False\n".to_owned(),
        _ => String::new(),
    }
}

/// What people and their colleagues do to shells.
fn trouble(shell: Shell) -> &'static str {
    match shell {
        Shell::Nushell => "alias keyfob = echo alias\nhide-env HOME\n",
        Shell::Elvish => "edit:add-var keyfob~ {|@words| echo function }\nunset-env HOME\n",
        Shell::Xonsh => "aliases['keyfob'] = 'echo alias'\ndel $HOME\n",
        Shell::Tcsh => {
            "alias keyfob 'echo alias'\nalias echo 'printf alias'\nalias eval 'printf alias'\nset noglob\nunsetenv HOME\n"
        }
    }
}

#[test]
fn nothing_that_is_done_to_other_shells_is_in_the_way() {
    for shell in SHELLS {
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
            step(format!("kf use {}", shell.quoted("a b")), 0, "AWS_PROFILE=a b KEYFOB_PREVIOUS_PROFILE=dev"),
        ];
        steps.extend(passed_through(shell, "AWS_PROFILE=a b KEYFOB_PREVIOUS_PROFILE=dev"));
        shell.take(&home, &(around(shell) + &shell.init("") + trouble(shell)), &steps, "");
    }
}

#[test]
fn function_of_other_shells_may_have_the_name_of_the_program() {
    for shell in SHELLS {
        let home = home();
        let dev = using("dev", "eu-west-1", "");
        let steps = [
            step("keyfob use dev", 0, &*dev),
            step("keyfob use nosuch", 4, &*dev),
            step(shell.to_file("keyfob --version", "version"), 0, &*dev),
        ];
        shell.take(&home, &(around(shell) + &shell.init("--cmd keyfob")), &steps, "--cmd keyfob");
    }
}

/// Evaluating starts no process, so that it works where there is no keyfob, and prints nothing.
#[test]
fn other_shells_start_in_silence() {
    for shell in SHELLS {
        let home = home().env("PATH", "/nowhere");
        let text = home.keyfob(["init", shell.name()]).any_stdout().run().stdout;
        home.write("init", text);
        let script = match shell {
            Shell::Nushell => "source init\nprint done\n",
            Shell::Elvish => "echo done\n",
            Shell::Xonsh => "with open('init') as file:\n    exec(file.read())\nprint('done')\n",
            Shell::Tcsh => "source init\necho done\n",
        };
        let before = if shell == Shell::Elvish { "eval (slurp < init)\n" } else { "" };
        let Some((stdout, stderr)) = shell.run(&home, before, script, "") else { continue };
        assert_eq!((stdout.as_str(), stderr.as_str()), ("done\n", ""), "{shell:?}");
    }
}
