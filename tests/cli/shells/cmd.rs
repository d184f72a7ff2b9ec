//! cmd reads `NAME=value` by a loop over lines, and wine has a cmd.
//!
//! keyfob is no program for Windows here, so that the loop reads files of its lines in place of its output; the rules are
//! the same.

use super::{NAMES, Profiles, peer, values};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Where distributions keep wine's programs and libraries for 64 bits.
const WINE: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows",
    "/usr/lib64/wine/x86_64-windows",
    "/usr/lib/wine/x86_64-windows",
    "/opt/wine-stable/lib64/wine/x86_64-windows",
];

/// What the manual says, as it stands in a batch file.
const TAKE: &str = r#"for /f "tokens=1* delims==" %%i in (FILE) do @set "%%i=%%j""#;

/// Such a value AWS never gives out.
fn is_refused(value: &str) -> bool {
    value.starts_with('=')
        || value.contains('!')
        || !value.is_ascii()
        || ["%i", "%j", "%~"].iter().any(|odd| value.contains(odd))
}

/// A Windows of links alone: nothing is installed, which would take many seconds.
fn make_windows(prefix: &Path, programs: &Path) {
    let system = prefix.join("drive_c/windows/system32");
    fs::create_dir_all(&system).expect("the home is ours");
    for entry in fs::read_dir(programs).expect("wine is installed").map(|entry| entry.expect("it can be listed")) {
        std::os::unix::fs::symlink(entry.path(), system.join(entry.file_name())).expect("the home is ours");
    }
}

/// What cmd says in the course of a batch file.
fn run_batch(profiles: &Profiles, batch: &str) -> Option<String> {
    let wine = peer::program("wine")?;
    let Some(programs) = WINE.iter().map(Path::new).find(|folder| folder.join("cmd.exe").exists()) else {
        peer::missing("wine's own programs are not where they are looked for");
        return None;
    };
    let home = &profiles.home;
    let prefix = home.path().join("windows");
    make_windows(&prefix, programs);
    home.write("batch.bat", batch.replace('\n', "\r\n"));
    let wine = wine.to_str().expect("programs lie on paths that are UTF-8");
    let prefix = prefix.to_str().expect("temporary paths are UTF-8");
    // Nothing is to be set up, and nobody to be asked.
    let without = "rundll32.exe=;mscoree=;mshtml=;winemenubuilder.exe=;explorer.exe=";
    let invocation = |program: &str, arguments: &[&str]| {
        let run = home.program(program, arguments.iter().copied()).env("WINEPREFIX", prefix);
        run.env("WINEDEBUG", "-all").env("WINEDLLOVERRIDES", without).any_stderr().secrets_expected()
    };
    let run = invocation(wine, &["cmd", "/c", "batch.bat"]).any_stdout().run();
    // It would wait for more programs to serve.
    let server = Path::new(wine).with_file_name("wineserver");
    invocation(server.to_str().expect("it lies beside wine"), &["-k"]).any_code().run();
    Some(run.stdout.replace("\r\n", "\n"))
}

#[test]
fn cmd_takes_every_value_that_is_not_refused() {
    let values: Vec<String> = values().into_iter().filter(|value| !is_refused(value)).collect();
    assert!(values.len() > 60, "most values were left out");
    let profiles = Profiles::new(values);
    let mut batch = "@echo off\n".to_owned();
    let mut take = |lines: String| {
        let file = format!("lines{}.txt", batch.len());
        profiles.home.write(&file, lines);
        write!(batch, "{}\nset AWS_\necho end\n", TAKE.replace("FILE", &file)).expect("a String takes all");
    };
    for number in 0..profiles.count() {
        take(profiles.lines(number, "cmd").stdout);
    }
    for _ in 0..2 {
        take(profiles.home.keyfob(["env", "--unset", "--shell", "cmd"]).any_stdout().run().stdout);
    }
    let Some(output) = run_batch(&profiles, &batch) else { return };
    let environments: Vec<&str> = output.split_terminator("end\n").collect();
    assert_eq!(environments.len(), profiles.count() + 2, "cmd did not end");
    let (taken, given_back) = environments.split_at(profiles.count());
    for (number, environment) in taken.iter().enumerate() {
        let value = |name: &str| environment.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        profiles.check(number, "cmd", &NAMES.map(|name| value(name).map(str::to_owned)));
    }
    for environment in given_back {
        assert_eq!(*environment, "AWS_EC2_METADATA_DISABLED=true\n");
    }
    assert!(!profiles.home.path().join("canary").exists(), "cmd ran something");
}

/// Which shows that the test above could fail, and that what is refused is refused for a reason.
#[test]
fn cmd_changes_what_is_refused() {
    let profiles = Profiles::new(Vec::new());
    profiles.home.write("lines.txt", "FIRST==a=\nSECOND=a!NAME!b\n");
    let batch = format!(
        "@echo off\nsetlocal enabledelayedexpansion\n{}\nset FIRST\nset SECOND\n",
        TAKE.replace("FILE", "lines.txt")
    );
    let Some(output) = run_batch(&profiles, &batch) else { return };
    assert_eq!(output, "FIRST=a=\nSECOND=ab\n");
}

#[test]
fn what_cmd_cannot_carry_is_refused() {
    let profiles = Profiles::new(values().into_iter().filter(|value| is_refused(value)).collect());
    for name in profiles.names() {
        profiles
            .home
            .keyfob(["env", &name, "--shell", "cmd"])
            .code(1)
            .stderr(
                "keyfob: cannot hand AWS_SECRET_ACCESS_KEY to a shell\n  \
                 cause: its value holds what cmd would change on the way\n  \
                 hint: `keyfob exec` hands it over as it is\n",
            )
            .run();
    }
}
