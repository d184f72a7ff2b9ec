//! What only one kind of shell has: a terminal that is taken away, patterns without a match, no prompt, an older release.

use super::session::{SHELLS, Shell, step, with_path, write_program};
use super::{Home, Terminal, has_terminal, peer};

const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

/// Which of its streams are a terminal.
const SEES: &str = "#!/bin/sh\nseen=\nfor stream in 0 1 2; do\n    if [ -t $stream ]; then seen=$seen$stream; fi\ndone\n\
                    echo \"$seen\" > \"$1\"\n";

fn home() -> Home {
    let home = Home::new().config(&format!(
        "[profile dev]\nregion = eu-west-1\n{KEYS}[profile prod]\nregion = us-east-1\n[profile team:x/y]\n"
    ));
    write_program(&home, "sees", SEES);
    with_path(home)
}

#[test]
fn whatever_kf_runs_in_other_shells_has_the_terminal() {
    if !has_terminal() {
        return;
    }
    for shell in SHELLS {
        let home = home();
        // An alias of tcsh's that is several commands stands in no pipeline.
        let name = if shell == Shell::Tcsh { "keyfob" } else { "kf" };
        let script = format!("kf exec -p dev -- sees seen\n{name} exec -p dev -- sees piped | cat\n");
        if shell.run_at_terminal(&home, &shell.init(""), &script) {
            assert_eq!((home.read("seen").as_str(), home.read("piped").as_str()), ("012\n", "02\n"), "{shell:?}");
        }
    }
}

/// Debian 12 has 0.13, in which no alias gives a command back.
#[test]
fn a_xonsh_before_0_18_does_without_what_it_has_not() {
    let home = home();
    write_program(&home, "show", "#!/bin/sh\nprintf '[%s]' \"$@\"\nexit 7\n");
    let older = "import xonsh.aliases\ndel xonsh.aliases.Aliases.return_command\n$XONSH_SUBPROC_RAISE_ERROR = False\n";
    let dev = "AWS_DEFAULT_REGION=eu-west-1 AWS_PROFILE=dev AWS_REGION=eu-west-1 KEYFOB_USED_REGION=eu-west-1";
    let steps = [
        step("kf use dev", 0, dev),
        step("kf use nosuch", 4, dev),
        step("kf exec -p dev -- show 'a  b' '*' > passed", 7, dev),
        step("kf exec -p dev -- show @('~$HOME') > exactly", 7, dev),
        step("echo through | kf exec -p dev -- cat > piped", 0, dev),
    ];
    Shell::Xonsh.take(&home, &(older.to_owned() + &Shell::Xonsh.init("")), &steps, "");
    if home.path().join("piped").exists() {
        let files = ["passed", "exactly", "piped"].map(|file| home.read(file));
        assert_eq!(files, ["[a  b][*]", "[~$HOME]", "through\n"]);
    }
}

#[test]
fn elvish_without_a_prompt_takes_what_it_has_no_use_for() {
    let Some(elvish) = peer::program("elvish") else { return };
    let home = home();
    home.write("script", Shell::Elvish.init("") + "echo done\n");
    home.program(elvish.to_str().expect("a path"), ["-norc", "script"]).stdout("done\n").run();
}

/// `set` keeps the words of a `kf use`, and has kept those of the last one.
#[test]
fn tcsh_uses_nothing_where_a_pattern_has_no_match() {
    let Some(tcsh) = peer::program("tcsh").filter(|_| has_terminal()) else { return };
    let home = home();
    home.write(".tcshrc", "set prompt = READY\nset nobeep\neval \"`keyfob init tcsh`\"\n");
    let mut terminal = Terminal::new().with_stdin().with_stdout().with_stderr();
    for line in [
        "kf use dev",
        "kf use zz*",
        "echo \"$status $AWS_PROFILE\" > after",
        "kf use prod",
        "echo \"$status $AWS_PROFILE\" >> after",
        "exit",
    ] {
        terminal = terminal.answer("READY", &format!("{line}\r"));
    }
    let tcsh = tcsh.to_str().expect("a path");
    home.program(tcsh, [""; 0]).terminal(terminal).any_screen().any_code().run();
    assert_eq!(home.read("after"), "1 dev\n0 prod\n");
    // A script ends there.
    home.write("script", Shell::Tcsh.init("") + "kf use zz*\necho after\n");
    home.program(tcsh, ["-f", "script"]).code(1).stderr("set: No match.\n").run();
}

/// An `if` without `then` takes no alias, as its manual says.
#[test]
fn tcsh_takes_kf_in_every_form_that_takes_an_alias() {
    let Some(tcsh) = peer::program("tcsh") else { return };
    let home = home();
    let script = Shell::Tcsh.init("")
        + "if (1) then\n    kf use dev\nendif\necho \"$AWS_PROFILE\"\n\
           kf use prod && echo \"$AWS_PROFILE\"\nif (1) kf use dev\necho \"$AWS_PROFILE\"\n";
    home.write("script", script);
    home.program(tcsh.to_str().expect("a path"), ["-f", "script"])
        .stdout("dev\nprod\nprod\n")
        .stderr("kf: Command not found.\n")
        .run();
}
