//! The scripts as they lie, before the eyes of those who know the grammar.

use super::{Home, peer};

fn script(path: &str) -> String {
    format!("{}/shell/{path}", env!("CARGO_MANIFEST_DIR"))
}

#[cfg(target_os = "linux")]
#[test]
fn nushell_finds_no_fault() {
    let Some(nushell) = peer::nushell() else { return };
    let nushell = nushell.to_str().expect("a path");
    let check = |path: &str| format!("print (nu-check '{path}')");
    let home = Home::new();
    let broken = home.write("broken.nu", "def kf [...words { }\n");
    let text = |path: &str| std::fs::read_to_string(script(path)).expect("it lies there");
    // The function names what completes it.
    let both = home.write("both.nu", text("completions/keyfob.nu") + &text("keyfob.nu"));
    let paths = [both.display().to_string(), script("completions/keyfob.nu"), broken.display().to_string()];
    let checks = paths.map(|path| check(&path));
    home.program(nushell, ["-n", "-c", &checks.join("; ")]).stdout("true\ntrue\nfalse\n").run();
}

/// What completes is known to a shell with a terminal alone; there, the tests of completion run it.
#[cfg(unix)]
#[test]
fn elvish_finds_no_fault() {
    let Some(elvish) = peer::program("elvish") else { return };
    let elvish = elvish.to_str().expect("a path");
    let home = Home::new();
    home.program(elvish, ["-compileonly", &script("keyfob.elv")]).run();
    let broken = home.write("broken.elv", "fn kf {|@words| if (eq $a b) { }\n");
    home.program(elvish, ["-compileonly", &broken.display().to_string()]).code(2).any_stderr().run();
}

#[cfg(unix)]
#[test]
fn tcsh_finds_no_fault() {
    let Some(tcsh) = peer::program("tcsh") else { return };
    let tcsh = tcsh.to_str().expect("a path");
    let home = Home::new();
    for path in ["keyfob.tcsh", "completions/keyfob.tcsh"] {
        home.program(tcsh, ["-f", "-n", &script(path)]).run();
        // Lines are joined by blanks before they are evaluated.
        let text = std::fs::read_to_string(script(path)).expect("it lies there");
        assert!(text.lines().all(|line| line.ends_with(';')), "{path}");
    }
    let broken = home.write("broken.tcsh", "alias kf 'a';\nset x = (a;\n");
    home.program(tcsh, ["-f", "-n", &broken.display().to_string()]).any_code().stderr("Too many ('s.\n").run();
}

/// What stands bare on a line of PowerShell's has to mean itself there: no quote, no operator, and no number.
/// <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing>
#[test]
fn powershell_is_given_bare_words_that_mean_themselves() {
    let Some(python) = peer::python(&["tree_sitter"]) else { return };
    let text = std::fs::read_to_string(script("completions/keyfob.ps1")).expect("it lies there");
    let pattern = text.split("-cnotmatch '").nth(1).and_then(|rest| rest.split('\'').next()).expect("a pattern");
    let program = r#"
import re, sys
bare = re.compile(sys.argv[1]).match
plain = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.:=+%-")
print("within:", *(hex(n) for n in range(0x2100) if bare(f"a{chr(n)}b") and chr(n) not in plain))
starts = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/")
print("first:", *(hex(n) for n in range(0x2100) if bare(chr(n) + "b") and chr(n) not in starts | {"-"}))
for word in sys.argv[2:]:
    print(word, bool(bare(word)))
"#;
    let words = [
        "dev",
        "team:x/y",
        "--region",
        "-p",
        "012345678901",
        "1kb",
        ".5",
        "-1",
        "-x.y",
        "--profile=a:b",
        "--%",
        "--",
        "-",
    ];
    let expected = "within:\nfirst:\ndev True\nteam:x/y True\n--region True\n-p True\n012345678901 False\n1kb False\n\
                    .5 False\n-1 False\n-x.y False\n--profile=a:b False\n--% False\n-- False\n- False\n";
    let words = ["-I", "-c", program, pattern].into_iter().chain(words);
    Home::new().program(python.to_str().expect("a path"), words).stdout(expected).run();
}

/// In strict mode, an index past the end is an error.
#[test]
fn powershell_takes_no_element_that_may_not_be_there() {
    let text = std::fs::read_to_string(script("completions/keyfob.ps1")).expect("it lies there");
    let guarded = "if ($number -lt $commandAst.CommandElements.Count) {";
    let (before, after) = text.split_once(guarded).expect("the count comes first");
    assert_eq!(before.matches("CommandElements[").count(), 0);
    assert_eq!(after.matches("CommandElements[").count(), 1);
}

/// The parser of editors. Nobody here can run PowerShell: what its scripts do rests on its documentation.
/// <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter>
#[test]
fn a_parser_of_powershell_finds_no_fault() {
    let Some(python) = peer::python(&["tree_sitter", "tree_sitter_powershell"]) else { return };
    let python = python.to_str().expect("the test's own path is UTF-8");
    let parser = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/powershell_syntax.py");
    let home = Home::new();
    for (path, statements) in [("keyfob.ps1", 3), ("completions/keyfob.ps1", 1)] {
        let text = std::fs::read_to_string(script(path)).expect("it lies there");
        home.program(python, ["-I", parser]).stdin(text.as_str()).stdout(format!("{statements} statements\n")).run();
        let last_brace = text.rfind('}').expect("there are blocks");
        let broken = text[..last_brace].to_owned();
        home.program(python, ["-I", parser]).stdin(broken).code(1).any_stderr().run();
    }
}
