//! The program that opens the URL: which, with what, and what becomes of it.

use super::*;

const OPENING: &str =
    "Opening a browser to sign in to AWS in us-east-1. If none opens, open this URL on this machine:\n";

/// Notes its words, a line each, and what it finds on its stdin.
const SCRIPT: &str = "#!/bin/sh\n\
    cat > \"$HOME/stdin\"; echo noise; echo noise >&2\n\
    printf '%s\\n' \"$@\" > \"$HOME/words.new\" && mv \"$HOME/words.new\" \"$HOME/words\"\n";

/// A home with a program at this path that plays the browser.
#[track_caller]
fn with_browser(path: &str) -> (Desk, PathBuf) {
    let desk = Desk::new();
    // Written by another process: a file that is open for writing, be it in a fork of ours, cannot be run.
    let script = "cat > \"$0\" && chmod 700 \"$0\"";
    desk.home.program("/bin/sh", ["-c", script, path]).stdin(SCRIPT).run();
    let path = desk.home.path().join(path);
    (desk, path)
}

/// The words that the browser was given.
#[track_caller]
fn words(desk: &Desk) -> Vec<String> {
    let path = desk.home.path().join("words");
    let began = Instant::now();
    while !path.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "no browser was opened");
        std::thread::sleep(Duration::from_millis(5));
    }
    desk.home.read(path).lines().map(str::to_owned).collect()
}

/// Signs in by the URL that the browser was given among these words.
#[track_caller]
fn opens(desk: &Desk, run: Invocation, expected: &[&str]) {
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin_telling(run.any_stdout(), OPENING);
    let expected: Vec<String> = expected.iter().map(|word| word.replace("URL", &begun.url)).collect();
    assert_eq!(words(desk), expected);
    begun.allow();
}

fn login(desk: &Desk, arguments: &[&str]) -> Invocation {
    desk.home.keyfob(["login", "dev"].iter().chain(arguments).copied())
}

#[test]
fn command_gets_the_url_where_it_says_or_last() {
    each(
        [
            ("browser", "PATH", &["URL"][..]),
            ("browser", "PATH -n", &["-n", "URL"]),
            ("browser", "PATH --app=%s -x", &["--app=URL", "-x"]),
            ("browser", "PATH %s %s", &["URL", "URL"]),
            ("my browser", "PATH", &["URL"]),
            ("my browser", "\"PATH\" -n 'a b'", &["-n", "a b", "URL"]),
            // A shell is needed, which is not to read the URL.
            ("browser", "$HOME/browser -n", &["-n", "URL"]),
            ("browser", "~/browser %s 2>&1", &["URL"]),
            ("browser", "$HOME/browser '%s' --app=\"%s\"", &["URL", "--app=URL"]),
        ],
        |(path, command, expected)| {
            let (desk, path) = with_browser(path);
            let command = command.replace("PATH", path.to_str().expect("temporary paths are UTF-8"));
            opens(&desk, login(&desk, &["--browser", &command]), expected);
        },
    );
}

#[test]
fn variable_names_browsers_of_which_the_first_that_works_is_used() {
    each(
        [
            ("PATH", &["URL"][..]),
            ("no-such-browser:PATH -n", &["-n", "URL"]),
            ("/no/such/browser %s: /bin/false :PATH --app=%s:", &["--app=URL"]),
        ],
        |(variable, expected)| {
            let (desk, path) = with_browser("browser");
            let variable = variable.replace("PATH", path.to_str().expect("temporary paths are UTF-8"));
            opens(&desk, login(&desk, &[]).env("BROWSER", &variable), expected);
        },
    );
}

#[test]
fn option_goes_before_the_variable_and_no_browser_before_both() {
    let (desk, path) = with_browser("browser");
    let path = path.to_str().expect("temporary paths are UTF-8");
    opens(&desk, login(&desk, &["--browser", path]).env("BROWSER", "/bin/false"), &["URL"]);
    fs::remove_file(desk.home.path().join("words")).expect("the browser wrote it");
    desk.signs_in(desk.login(&["dev", "--force"]).env("BROWSER", path), ALICE);
    assert!(!desk.home.path().join("words").exists());
}

#[test]
fn browser_has_nothing_of_our_input_and_output() {
    let (desk, path) = with_browser("browser");
    let run = login(&desk, &["--browser", path.to_str().expect("temporary paths are UTF-8")]).stdin("not for you\n");
    opens(&desk, run, &["URL"]);
    assert_eq!(desk.home.read("stdin"), "");
}

#[test]
fn browser_that_stays_is_not_waited_for_and_outlives_us() {
    let desk = Desk::new();
    let browser = "while [ -d \"$HOME\" ] && ! [ -e \"$HOME/go\" ]; do sleep 0.05; done; touch \"$HOME/words\"; :";
    desk.signin.expect(sign_in(ALICE));
    desk.begin_telling(login(&desk, &["--browser", browser]).any_stdout(), OPENING).allow();
    desk.home.write("go", "");
    assert!(words(&desk).is_empty());
}

#[test]
fn browser_that_fails_is_told_and_the_wait_goes_on() {
    each(
        [
            ("/bin/false", "\"/bin/false\" ended with exit status: 1"),
            ("/bin/sh -c 'kill -9 $$'", "\"/bin/sh\" ended with signal: 9 (SIGKILL)"),
            ("/no/such/browser", "cannot run \"/no/such/browser\": No such file or directory (os error 2)"),
            ("/ -n", "cannot run \"/\": Permission denied (os error 13)"),
        ],
        |(command, why)| {
            let desk = Desk::new();
            desk.signin.expect(sign_in(ALICE));
            let mut begun = desk.begin_telling(login(&desk, &["--browser", command]).any_stdout(), OPENING);
            let told = format!("keyfob: no browser was opened: {why}; open the URL yourself, or use --remote\n");
            begun.running.wait_for_text(&told);
            begun.told += &told;
            begun.allow();
        },
    );
}

#[test]
fn every_browser_that_failed_is_told() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let run = login(&desk, &[]).env("BROWSER", "/no/such/browser:/bin/false");
    let mut begun = desk.begin_telling(run.any_stdout(), OPENING);
    let told = "keyfob: no browser was opened: cannot run \"/no/such/browser\": No such file or directory (os error 2); \
                \"/bin/false\" ended with exit status: 1; open the URL yourself, or use --remote\n";
    begun.running.wait_for_text(told);
    begun.told += told;
    begun.allow();
}

/// Over SSH, with the variables of its server.
fn over_ssh(run: Invocation) -> Invocation {
    run.env("SSH_CONNECTION", "198.51.100.7 52000 203.0.113.9 22").env("USER", "jane").env("DISPLAY", ":0")
}

#[test]
fn over_ssh_the_way_to_the_port_is_shown() {
    for arguments in [&["--redirect-port", "PORT"][..], &["--redirect-port", "PORT", "--no-browser"]] {
        let desk = Desk::new();
        desk.signin.expect(sign_in(ALICE));
        let port = port::free_port().to_string();
        let arguments: Vec<&str> = arguments.iter().map(|word| if *word == "PORT" { &port } else { *word }).collect();
        let told = format!(
            "This is an SSH session, so no browser is opened here. On the machine where you sit, forward the port:\n\n\
             ssh -L {port}:127.0.0.1:{port} jane@203.0.113.9\n\n\
             To sign in to AWS in us-east-1, open this URL in a browser there:\n"
        );
        desk.begin_telling(over_ssh(login(&desk, &arguments)).any_stdout(), &told).allow();
    }
}

#[test]
fn over_ssh_a_browser_that_was_named_is_opened_all_the_same() {
    let (desk, path) = with_browser("browser");
    let path = path.to_str().expect("temporary paths are UTF-8");
    opens(&desk, over_ssh(login(&desk, &[])).env("BROWSER", path), &["URL"]);
}

#[test]
fn over_ssh_any_device_will_do() {
    let desk = Desk::new();
    let run = over_ssh(login(&desk, &[])).code(3).any_stderr().run();
    let told = "No browser is opened here: this is an SSH session. You can sign in on any device.\n\
                To sign in to AWS in us-east-1, open this URL in a browser on any device:\n\n\
                http://127.0.0.1:";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert_eq!(desk.files(), BTreeMap::new());
}
