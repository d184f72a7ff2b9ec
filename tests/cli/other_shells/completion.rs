//! Completion, driven in the real shells. What is inserted is evaluated there, too, and must be the name again.

use super::session::{SHELLS, Shell, with_path, write_program};
use super::{Home, Terminal, has_terminal, peer};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Names, and how each begins that no other begins so.
const NAMES: [(&str, &str); 8] = [
    ("a b", "a"),
    ("it's (x)  y", "it"),
    ("q\"$(touch canary)`touch canary`", "q"),
    ("*", "*"),
    ("back\\slash\\\\", "back"),
    ("!x", "!"),
    ("~/x", "~"),
    ("na\u{ef}ve $HOME {a,b}", "na"),
];

const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

fn home() -> Home {
    let mut config = format!("[profile dev]\n{KEYS}[profile team:x/y]\noutput = json\n");
    for (name, _) in NAMES {
        let quote = if name.contains('"') { '\'' } else { '"' };
        writeln!(config, "[profile {quote}{name}{quote}]\noutput = json").expect("a String takes all");
    }
    let home = Home::new().config(&config);
    home.write("notes.ini", "");
    write_program(&home, "nu-check", "#!/bin/sh\nprintf '[%s]' \"$@\"\n");
    with_path(home)
}

/// Lines, and what each becomes; `None`: nothing fits. A blank at the end says that the word is whole.
const LINES: [(&str, Option<&str>); 9] = [
    ("keyfob logou", Some("keyfob logout ")),
    ("kf logou", Some("kf logout ")),
    ("kf use team", Some("kf use team:x/y ")),
    ("kf use --unse", Some("kf use --unset ")),
    ("kf use --region eu-north", Some("kf use --region eu-north-1 ")),
    ("kf use --region=eu-north", Some("kf use --region=eu-north-1 ")),
    ("kf init elv", Some("kf init elvish ")),
    ("kf logout --nosuch x", None),
    ("kf use nosuch", None),
];

/// What the shells themselves complete: a file; a command, which for Nushell is one of its own unless a person types.
const ELSEWHERE: [(&str, &str); 3] = [
    ("kf profile list --profile-location note", "kf profile list --profile-location notes.ini"),
    ("kf profile list --profile-location=note", "kf profile list --profile-location=notes.ini"),
    ("kf exec -- nu-chec", "kf exec -- nu-check"),
];

fn lines() -> Vec<String> {
    let names = NAMES.iter().map(|(_, beginning)| format!("kf use {beginning}"));
    let lines = LINES.iter().map(|(line, _)| *line).chain(ELSEWHERE.iter().map(|(line, _)| *line));
    lines.map(str::to_owned).chain(names).collect()
}

/// Checks what lines have become, and returns those with names.
#[track_caller]
fn check(shell: Shell, found: &Value) -> Vec<String> {
    let mut found = found.as_array().expect("a list").iter();
    let mut next = |line: &str| {
        let lines = found.next().and_then(Value::as_array).unwrap_or_else(|| panic!("{shell:?} ended before {line}"));
        assert!(lines.len() < 2, "{shell:?}, {line}: {lines:?}");
        lines.first().map(|line| line.as_str().expect("text").to_owned())
    };
    for (line, wanted) in LINES {
        assert_eq!(next(line).as_deref(), wanted, "{shell:?}, {line}");
    }
    for (line, wanted) in ELSEWHERE {
        assert_eq!(next(line).as_deref().map(str::trim_end), Some(wanted), "{shell:?}, {line}");
    }
    NAMES
        .iter()
        .map(|(name, beginning)| next(beginning).unwrap_or_else(|| panic!("{shell:?} knows no {name}")))
        .collect()
}

#[test]
fn nushell_completes_lines_that_it_then_takes() {
    let home = home();
    let complete = "each {|line| $line | commandline complete --detailed | each {|found| \
                    ($line | str substring 0..<$found.span.start) + $found.value } }";
    // Quotes that are open, and what is said of a command.
    let more = "print (['kf use \"it' \"kf use 'it\" 'kf use `it'] | COMPLETE | flatten | to json -r)\n\
                print ('kf logou' | commandline complete --detailed | get 0.description)\n"
        .replace("COMPLETE", complete);
    let script = format!(
        "{}print ('{}' | from json | {complete} | to json -r)\n{more}",
        Shell::Nushell.init(""),
        json!(lines())
    );
    // An apostrophe stands in none of the lines.
    let Some((stdout, stderr)) = Shell::Nushell.run(&home, "", &script, "") else { return };
    assert_eq!(stderr, "");
    let printed: Vec<&str> = stdout.lines().collect();
    let completed = check(Shell::Nushell, &serde_json::from_str(printed[0]).expect("JSON"));
    let quoted = "kf use \"it's (x)  y\" ";
    assert_eq!(serde_json::from_str::<Value>(printed[1]).expect("JSON"), json!([quoted, quoted, quoted]));
    assert_eq!(printed[2], "Forget a profile's console sign-in, and the credentials that were got with it.");
    let mut script = Shell::Nushell.init("");
    for line in completed {
        writeln!(script, "{line}\nprint $env.AWS_PROFILE").expect("a String takes all");
    }
    let (stdout, stderr) = Shell::Nushell.run(&home, "", &script, "").expect("it was there before");
    assert_eq!((stdout, stderr.as_str()), (NAMES.map(|(name, _)| format!("{name}\n")).concat(), ""));
    // The function alone, and the function in the program's place, complete without going round for ever.
    for (options, name, completed) in [("--no-completions", "kf", "\n"), ("--cmd keyfob", "keyfob", "logout \n")] {
        let script = Shell::Nushell.init("") + &format!("print ('{name} logou' | commandline complete | str join)\n");
        let (stdout, _) = Shell::Nushell.run(&home, "", &script, options).expect("it was there before");
        assert_eq!(stdout, completed, "{options}");
    }
    assert!(!home.path().join("canary").exists());
}

#[test]
fn xonsh_completes_lines_that_it_then_takes() {
    let home = home();
    let quotes = ["kf use \"it", "kf use 'it", "kf use r'it", "kf use 'it'"];
    home.write(
        "lines.json",
        json!(lines().into_iter().chain(quotes.map(str::to_owned)).collect::<Vec<_>>()).to_string(),
    );
    let script = "import json, os\n\
        from xonsh.completer import Completer\n\
        completer = Completer()\n\
        def completed(line, cursor):\n    \
            found, _ = completer.complete_from_context(completer.parse(line, cursor))\n    \
            return [line[:cursor - word.prefix_len] + str(word) + line[cursor:] for word in found]\n\
        with open('lines.json') as file:\n    \
            print(json.dumps([completed(line, len(line)) for line in json.load(file)]))\n\
        within = completed(\"kf use 'it'\", len(\"kf use 'it\"))[0]\n\
        print(within)\n\
        execx(within)\n\
        print($AWS_PROFILE)\n\
        found, _ = completer.complete_line('kf logou')\n\
        print(found[0].description)\n";
    let Some((stdout, stderr)) = Shell::Xonsh.run(&home, &Shell::Xonsh.init(""), script, "") else { return };
    assert_eq!(stderr, "");
    let printed: Vec<&str> = stdout.lines().collect();
    let found: Value = serde_json::from_str(printed[0]).expect("JSON");
    let completed = check(Shell::Xonsh, &found);
    let whole = json!(["kf use \"it's (x)  y\" "]);
    for (number, line) in quotes.iter().enumerate() {
        assert_eq!(found[lines().len() + number], whole, "{line}");
    }
    assert_eq!(printed[1..3], [r"kf use 'it\'s (x)  y'", "it's (x)  y"]);
    assert_eq!(printed[3], "Forget a profile's console sign-in, and the credentials that were got with it.");
    let mut script = String::new();
    for line in completed {
        writeln!(script, "{line}\nprint($AWS_PROFILE)").expect("a String takes all");
    }
    let (stdout, stderr) = Shell::Xonsh.run(&home, &Shell::Xonsh.init(""), &script, "").expect("it was there before");
    assert_eq!((stdout, stderr.as_str()), (NAMES.map(|(name, _)| format!("{name}\n")).concat(), ""));
    assert!(!home.path().join("canary").exists());
}

/// A person types what stands here, and presses Enter.
#[test]
fn elvish_completes_lines_that_it_then_takes() {
    let Some(program) = Shell::Elvish.program() else { return };
    let home = home();
    let start = "set edit:prompt = { put READY }\nset edit:rprompt = { }\neval (keyfob init elvish | slurp)\n";
    home.write(".config/elvish/rc.elv", start);
    let mut terminal = Terminal::new().with_stdin().with_stdout().with_stderr();
    for (_, beginning) in NAMES {
        // What is more than itself has to stand in quotes, and is then completed at once; else the candidate is shown first.
        let typed = match beginning {
            "*" | "~" | "!" => format!("'{beginning}\t"),
            "it" => "'it\t".to_owned(),
            _ => format!("{beginning}\t\r"),
        };
        terminal = terminal.answer("READY", &format!("kf use {typed}; echo $E:AWS_PROFILE >> used\r"));
    }
    terminal = terminal
        .answer("READY", "keyfob profile lis\t--names > names\r")
        .answer("READY", "kf profile list --names --profile-location note\t; echo done > file\r")
        .answer("READY", "kf profile list --names --profile-location=note\t\r; echo done >> file\r")
        .answer("READY", "kf exec -p dev -- nu-chec\t done > shown\r")
        .answer("READY", "exit\r");
    home.program(program.to_str().expect("a path"), [""; 0]).terminal(terminal).any_screen().run();
    assert_eq!(home.read("used"), NAMES.map(|(name, _)| format!("{name}\n")).concat());
    assert!(home.read("names").starts_with("dev\nteam:x/y\na b\n"), "{}", home.read("names"));
    assert_eq!((home.read("file").as_str(), home.read("shown").as_str()), ("done\ndone\n", "[done]"));
    assert!(!home.path().join("canary").exists());
}

/// tcsh ends words at every blank, and shows no names that have one.
#[test]
fn tcsh_completes_lines_that_it_then_takes() {
    const NAMES: [(&str, &str); 5] =
        [("team:x/y", "te"), ("it's", "it"), ("it's", "\"it"), ("q\"$HOME`x`", "q"), ("back\\slash", "'back")];
    let Some(tcsh) = peer::program("tcsh").filter(|_| has_terminal()) else { return };
    let home = home();
    let profiles = "[profile team:x/y]\noutput = json\n[profile \"it's\"]\noutput = json\n[profile \"two words\"]\n\
                    [profile 'q\"$HOME`x`']\noutput = json\n[profile \"back\\slash\"]\noutput = json\n";
    home.write(".aws/config", profiles.to_owned() + "[profile keys]\n" + KEYS);
    home.write(".tcshrc", "set prompt = READY\nset nobeep\neval \"`keyfob init tcsh`\"\n");
    let mut terminal = Terminal::new().with_stdin().with_stdout().with_stderr();
    for (_, beginning) in NAMES {
        terminal = terminal.answer("READY", &format!("kf use {beginning}\t; echo \"$AWS_PROFILE\" >> used\r"));
    }
    terminal = terminal
        .answer("READY", "keyfob profile li\t--names > names\r")
        .answer("READY", "kf use --region=eu-nor\tteam:x/y\r")
        .answer("READY", "echo $AWS_REGION > region\r")
        .answer("READY", "kf exec -p keys -- nu-chec\t done > shown\r")
        .answer("READY", "kf exec -p keys nu-chec\tlone/fi\t > given\r")
        .answer("READY", "kf exec keys -- cat -u lon\tfi\t > read\r")
        .answer("READY", "keyfob profile list --profile-location lone/cr\t --names > listed\r")
        .answer("READY", "keyfob profile list --profile-location=lone/cr\t --names >> lis\t\r")
        .answer("READY", "exit\r");
    home.write("lone/file", "read");
    home.write("lone/credentials", "[within]\n");
    home.program(tcsh.to_str().expect("a path"), [""; 0]).terminal(terminal).any_screen().any_code().run();
    assert_eq!(home.read("used"), NAMES.map(|(name, _)| format!("{name}\n")).concat());
    assert_eq!(home.read("names"), "team:x/y\nit's\ntwo words\nq\"$HOME`x`\nback\\slash\nkeys\n");
    assert_eq!(home.read("shown"), "[done]");
    assert_eq!(home.read("region"), "eu-north-1\n");
    assert_eq!((home.read("given").as_str(), home.read("read").as_str()), ("[lone/file]", "read"));
    assert_eq!(home.read("listed"), "within\nwithin\n");
}

/// What people do to the name of the program, and a program that is gone.
#[test]
fn completion_of_other_shells_stands_what_is_done_to_it() {
    let commands = [
        (
            Shell::Nushell,
            "alias keyfob = echo alias\n",
            "$env.PATH = []\n",
            "print ('LINE' | commandline complete | str join)\n",
        ),
        (
            Shell::Xonsh,
            "aliases['keyfob'] = 'echo alias'\n",
            "$PATH = []\n",
            "found, _ = completer.complete_from_context(completer.parse('LINE', len('LINE')))\nprint(*found)\n",
        ),
    ];
    for (shell, trouble, nowhere, complete) in commands {
        let home = home();
        let complete = complete.replace("LINE", "kf logou");
        let needed =
            if shell == Shell::Xonsh { "from xonsh.completer import Completer\ncompleter = Completer()\n" } else { "" };
        let script = format!("{needed}{trouble}{complete}{nowhere}{complete}");
        let Some((stdout, stderr)) = shell.run(&home, &shell.init(""), &script, "") else { continue };
        let lines: Vec<&str> = stdout.lines().map(str::trim_end).collect();
        assert_eq!((&lines[..], stderr.as_str()), (&["logout", ""][..], ""), "{shell:?}");
    }
}

#[test]
fn completion_of_tcsh_and_elvish_stands_what_is_done_to_it() {
    let streams = || Terminal::new().with_stdin().with_stdout().with_stderr();
    if let Some(tcsh) = peer::program("tcsh").filter(|_| has_terminal()) {
        let home = home();
        let start =
            "set prompt = READY\nset nobeep\neval \"`keyfob init tcsh`\"\nset noglob\nalias keyfob 'echo alias'\n";
        home.write(".tcshrc", start);
        let terminal =
            streams().answer("READY", "kf use te\t; echo \"$AWS_PROFILE\" > used\r").answer("READY", "exit\r");
        home.program(tcsh.to_str().expect("a path"), [""; 0]).terminal(terminal).any_screen().any_code().run();
        assert_eq!(home.read("used"), "team:x/y\n");
    }
    if let Some(elvish) = Shell::Elvish.program() {
        let home = home();
        let start = "set edit:prompt = { put READY }\nset edit:rprompt = { }\neval (keyfob init elvish | slurp)\n\
                     edit:add-var keyfob~ {|@words| echo function }\n";
        home.write(".config/elvish/rc.elv", start);
        let terminal =
            streams().answer("READY", "kf use te\t\r; echo $E:AWS_PROFILE > used\r").answer("READY", "exit\r");
        home.program(elvish.to_str().expect("a path"), [""; 0]).terminal(terminal).any_screen().run();
        assert_eq!(home.read("used"), "team:x/y\n");
    }
}

/// Whoever wants no completion gets none.
#[test]
fn other_shells_do_without_completion() {
    for shell in SHELLS {
        let home = home();
        let text = home.keyfob(["init", shell.name(), "--no-completions"]).any_stdout().run().stdout;
        assert!(!text.contains("keyfob complete"), "{shell:?}");
    }
}
