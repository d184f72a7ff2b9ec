//! `keyfob explain`: what it says, about which lines, and what it leaves unsaid. Which chain a profile has is
//! the matter of `chains`.

use super::keyfob::{Home, Invocation, json};
use std::fmt::Write as _;

/// A home from which every call would go to a port that nobody listens on.
fn offline() -> Home {
    let unreachable = "http://127.0.0.1:9";
    Home::new().env("AWS_ENDPOINT_URL", unreachable).env("HTTPS_PROXY", unreachable)
}

/// The text with `~` in the place of its full path, and with `/` in paths.
fn said(home: &Home, text: &str) -> String {
    let text = text.replace(&home.path().display().to_string(), "~");
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// The lines that begin with `note: `.
fn notes(home: &Home, run: Invocation) -> Vec<String> {
    let shown = said(home, &run.any_stdout().run().stdout);
    shown.lines().filter_map(|line| line.strip_prefix("note: ")).map(str::to_owned).collect()
}

const KEYS: &str = "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = MARKERsecret\n";

#[test]
fn the_whole_road_is_told_without_a_network() {
    let home = offline()
        .config(
            "# The team's roles.\n\
             [profile dev]\n\
             role_arn = arn:aws:iam::123456789012:role/Dev\n\
             source_profile = hub\n\
             role_session_name = jane\n\
             duration_seconds = 3600\n\
             session_tags = team=x\n\
             region = eu-west-1\n\
             \n\
             [profile hub]\n\
             source_profile = base\n\
             mfa_serial = arn:aws:iam::123456789012:mfa/jane\n\
             role_arn = arn:aws:iam::123456789012:role/Hub\n",
        )
        .credentials(KEYS);
    let expected = "profile \"dev\"\n\
        1. static of profile \"base\", ~/.aws/credentials:2\n   \
           access_key_id = AKIAIOSFODNN7EXAMPLE\n\
        2. assume_role of profile \"hub\", ~/.aws/config:13\n   \
           mfa_serial = arn:aws:iam::123456789012:mfa/jane\n   \
           role_arn = arn:aws:iam::123456789012:role/Hub\n\
        3. assume_role of profile \"dev\", ~/.aws/config:3\n   \
           duration_seconds = 3600\n   \
           role_arn = arn:aws:iam::123456789012:role/Dev\n   \
           role_session_name = jane\n   \
           session_tags = team=x\n\
        \n\
        region: eu-west-1\n\
        sts: http://127.0.0.1:9\n\
        cache: nothing\n";
    for words in [&["explain", "dev"] as &[&str], &["explain", "--profile", "dev"], &["--profile=dev", "explain"]] {
        let run = home.keyfob(words.iter().copied()).any_stdout().run();
        assert_eq!(said(&home, &run.stdout), expected, "{words:?}");
    }
    assert!(home.cache_files().is_empty(), "explaining leaves nothing behind");
}

#[test]
fn json_is_one_line_with_every_link_and_its_place() {
    let home = offline()
        .config("[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = base\n")
        .credentials(KEYS);
    let file = |name: &str| serde_json::json!(home.path().join(".aws").join(name));
    let expected = format!(
        "{{\"profile\":\"dev\",\"chain\":[\
         {{\"type\":\"static\",\"profile\":\"base\",\"access_key_id\":\"AKIAIOSFODNN7EXAMPLE\",\"file\":{0},\"line\":2}},\
         {{\"type\":\"assume_role\",\"profile\":\"dev\",\"role_arn\":\"arn:aws:iam::123456789012:role/Dev\",\"file\":{1},\"line\":2}}]}}\n",
        file("credentials"),
        file("config")
    );
    home.keyfob(["explain", "--json", "dev"]).stdout(expected).run();
}

#[test]
fn region_and_endpoint_are_those_of_the_selected_profile() {
    const ROLE: &str = "role_arn = arn:aws-cn:iam::123456789012:role/Dev\nsource_profile = base\n";
    for (settings, words, expected) in [
        ("", &[] as &[&str], "region: none is set\nsts: https://sts.cn-northwest-1.amazonaws.com.cn\n"),
        ("region = cn-north-1\n", &[], "region: cn-north-1\nsts: https://sts.cn-north-1.amazonaws.com.cn\n"),
        (
            "region = cn-north-1\n",
            &["--region", "eu-west-1"],
            "region: eu-west-1\nsts: https://sts.eu-west-1.amazonaws.com\n",
        ),
        ("endpoint_url = http://127.0.0.1:9\n", &[], "region: none is set\nsts: http://127.0.0.1:9\n"),
    ] {
        let home = Home::new().config(&format!("[profile dev]\n{ROLE}{settings}")).credentials(KEYS);
        let words = ["explain", "dev"].iter().chain(words).copied();
        let shown = home.keyfob(words).any_stdout().run().stdout;
        assert!(shown.contains(expected), "{settings:?}: {shown}");
    }
}

#[test]
fn nothing_secret_is_shown() {
    let home = offline()
        .config(
            "[profile direct]\ncredential_process = /opt/tool --token MARKERsecret \"MARKERsecret\"\n\
             [profile shell]\ncredential_process = /opt/tool --token MARKERsecret | cat\n\
             [profile variable]\ncredential_process = TOKEN=MARKERsecret /opt/tool\n",
        )
        .credentials("[session]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = MARKERsecret\naws_session_token = MARKERsecret\n");
    for (profile, setting) in [
        ("direct", "credential_process = /opt/tool\n"),
        ("shell", "credential_process = /opt/tool\n"),
        ("variable", "credential_process = sh\n"),
        ("session", "access_key_id = ASIAIOSFODNN7EXAMPLE\n"),
    ] {
        // The builder looks for the marker in all that is printed.
        let text = home.keyfob(["explain", profile]).any_stdout().run().stdout;
        let last = text.lines().take_while(|line| !line.is_empty()).last();
        assert_eq!(last, Some(format!("   {setting}").trim_end()), "{profile}");
        home.keyfob(["explain", "--json", profile]).any_stdout().run();
    }
}

#[test]
fn what_came_from_a_file_cannot_control_the_terminal() {
    let home = offline().config("[profile \"a\x1b[2J\"]\nlogin_session = arn\x1b]0;x\x07\n");
    let shown = home.keyfob(["explain", "a\x1b[2J"]).any_stdout().run().stdout;
    assert!(
        shown.contains(r#"profile "a\u{1b}[2J""#) && shown.contains(r"login_session = arn\u{1b}]0;x\u{7}"),
        "{shown}"
    );
    home.keyfob(["explain", "b\x1b[2J"]).code(4).any_stderr().run();
}

#[test]
fn notes_tell_what_may_surprise() {
    let whole = "[profile dev]\nlogin_session = arn\n";
    let named = ["explain", "dev"].as_slice();
    for (config, vars, words, expected) in [
        (whole, &[] as &[(&str, &str)], named, &[] as &[&str]),
        (whole, &[("AWS_PROFILE", "dev")], &["explain"], &[]),
        (
            whole,
            &[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "MARKERsecret")],
            named,
            &["AWS_ACCESS_KEY_ID is set; keyfob ignores it for a named profile, other tools may not"],
        ),
        (whole, &[("AWS_PROFILE", "dev"), ("AWS_DEFAULT_PROFILE", "dev")], &["explain"], &[]),
        (
            whole,
            &[("AWS_PROFILE", "dev"), ("AWS_DEFAULT_PROFILE", "other")],
            &["explain"],
            &["AWS_PROFILE and AWS_DEFAULT_PROFILE differ; boto goes by the second"],
        ),
        (
            "\u{feff}[profile dev]\nlogin_session = arn\n",
            &[],
            named,
            &["\"~/.aws/config\" begins with a byte order mark, which the AWS CLI refuses"],
        ),
        (
            "stray\n[profile dev]\nlogin_session = arn\nregion = eu-west-1\nregion = eu-west-1\n[other]\n[profile b]\nx\n",
            &[],
            named,
            &[
                "~/.aws/config:1:1: Expected a profile definition",
                "~/.aws/config:5: a second line for this key, which the AWS CLI refuses; the last one counts",
                "~/.aws/config:6: ignored: profiles here are written [profile NAME]",
                "~/.aws/config:8:1: Expected an '=' sign defining a property",
            ],
        ),
        (
            whole,
            &[("AWS_SHARED_CREDENTIALS_FILE", "~/gone")],
            named,
            &["AWS_SHARED_CREDENTIALS_FILE names a file that does not exist: \"~/gone\""],
        ),
    ] {
        let home = offline().config(config);
        let run = vars.iter().fold(home.keyfob(words.iter().copied()), |run, (name, value)| run.env(name, value));
        assert_eq!(notes(&home, run), expected, "{config:?} {vars:?}");
    }
}

#[test]
#[cfg(unix)]
fn credentials_that_others_can_read_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let home = offline().config("[profile dev]\nlogin_session = arn\n").credentials(KEYS);
    let set_mode = |file: &str, mode| {
        std::fs::set_permissions(home.path().join(file), std::fs::Permissions::from_mode(mode)).expect("our own file");
    };
    set_mode(".aws/config", 0o644);
    for (mode, is_told) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true), (0o604, true)] {
        set_mode(".aws/credentials", mode);
        let told = "The file '~/.aws/credentials' is accessible by other users. Consider running 'chmod 600 ~/.aws/credentials'";
        let expected: &[&str] = if is_told { &[told] } else { &[] };
        assert_eq!(notes(&home, home.keyfob(["explain", "dev"])), expected, "{mode:o}");
    }
}

#[test]
fn a_missing_profile_ends_in_code_4_with_the_names_there_are() {
    let home = offline().config("[profile dev]\n[default]\n").credentials(KEYS);
    let aws = home.path().join(".aws");
    let error = |profile: &str, meant: &str| {
        format!(
            "keyfob: no profile \"{profile}\"\n  cause: neither \"{}\" nor \"{}\" has it\n  \
             hint: {meant}the profiles there: dev, default, base\n",
            aws.join("config").display(),
            aws.join("credentials").display()
        )
    };
    let dev = "was \"dev\" meant? ";
    for json in [&["explain"] as &[&str], &["explain", "--json"]] {
        let words = json.iter().copied().chain(["--profile", "Dev"]);
        home.keyfob(words).code(4).stderr(error("Dev", dev)).run();
        home.keyfob(json.iter().copied()).env("AWS_PROFILE", "gone").code(4).stderr(error("gone", "")).run();
    }
    home.keyfob(["process", "Dev"]).code(4).stderr(error("Dev", dev)).run();
}

#[test]
fn a_broken_line_is_told_with_its_place_and_not_its_text() {
    let home = offline().config("[profile dev]\nlogin_session = arn\n  \n MARKERsecret\nMARKERsecret\n[profile b]\n");
    let config = home.path().join(".aws/config");
    let error = format!(
        "keyfob: cannot read profile \"dev\"\n  cause: {}:5:1: Expected an '=' sign defining a property\n  \
         hint: mend that line; the other profiles in the file work on\n",
        config.display()
    );
    home.keyfob(["explain", "dev"]).code(1).stderr(error).run();
}

#[test]
fn wrong_arguments_end_in_code_2() {
    let home = offline().config("[profile dev]\nlogin_session = arn\n");
    for words in
        [&["explain", "--nonsense"] as &[&str], &["explain", "dev", "other"], &["explain", "--profile", "dev", "other"]]
    {
        let run = home.keyfob(words.iter().copied()).code(2).any_stderr().run();
        assert!(run.stderr.starts_with("keyfob: "), "{words:?}: {}", run.stderr);
    }
    home.keyfob(["explain", "--profile", "dev", "dev"]).any_stdout().run();
}

#[test]
fn a_file_in_utf_16_is_an_error_that_says_so() {
    let text = "[profile dev]\r\nlogin_session = arn\r\n";
    let little: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for (file, bytes) in [(".aws/config", &little), (".aws/config", &big), (".aws/credentials", &little)] {
        let home = offline().config(text);
        let path = home.write(file, bytes);
        let error = format!(
            "keyfob: cannot read \"{}\"\n  cause: file is UTF-16; re-save as UTF-8\n  \
             hint: PowerShell's `>` writes UTF-16; use `Set-Content -Encoding utf8`\n",
            path.display()
        );
        for command in ["explain", "process"] {
            home.keyfob([command, "dev"]).code(1).stderr(error.as_str()).run();
        }
    }
}

#[test]
fn variables_name_the_files() {
    let home = offline().config("[profile dev]\nlogin_session = wrong\n").credentials("[wrong]\n");
    home.write("my config", "[profile dev]\nrole_arn = arn:foo\nsource_profile = base\n");
    home.write("keys", KEYS);
    let keys = home.path().join("keys").display().to_string();
    let run =
        home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", "~/my config").env("AWS_SHARED_CREDENTIALS_FILE", &keys);
    let shown = said(&home, &run.any_stdout().run().stdout);
    assert!(
        shown.contains("of profile \"base\", ~/keys:2\n") && shown.contains("of profile \"dev\", ~/my config:2\n"),
        "{shown}"
    );
    // One that is set to nothing names none.
    let run = home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", "").env("AWS_SHARED_CREDENTIALS_FILE", "");
    let shown = said(&home, &run.any_stdout().run().stdout);
    assert!(shown.contains("of profile \"dev\", ~/.aws/config:2\n"), "{shown}");
    // Both may name one file, which is then read twice, once by each file's rules.
    home.write("both", "[profile dev]\nrole_arn = arn:foo\nsource_profile = base\n[base]\naws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret\n");
    let run =
        home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", "~/both").env("AWS_SHARED_CREDENTIALS_FILE", "~/both");
    let shown = said(&home, &run.any_stdout().run().stdout);
    assert!(
        shown.contains("of profile \"base\", ~/both:5\n") && shown.contains("of profile \"dev\", ~/both:2\n"),
        "{shown}"
    );
}

#[test]
fn a_missing_file_that_a_variable_names_is_told() {
    let home = offline().config("[profile dev]\nlogin_session = arn\n");
    let path = home.path().join("gone");
    let error = format!(
        "keyfob: no profile \"dev\"\n  cause: AWS_CONFIG_FILE names a file that does not exist: \"{}\"\n  \
         hint: make one: `keyfob configure sso dev` chooses a role of IAM Identity Center, `keyfob login dev` signs in with the console, `keyfob profile set dev --access-key ID` keeps keys\n",
        path.display()
    );
    home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", "~/gone").code(4).stderr(error).run();
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_told_and_never_waited_for() {
    use std::time::Duration;
    let home = offline().credentials("[dev]\nlogin_session = arn\n");
    let fifo = home.path().join("fifo").display().to_string();
    home.program("/usr/bin/mkfifo", [fifo.as_str()]).run();
    std::os::unix::fs::symlink("loop", home.path().join("loop")).expect("a new link");
    for (config, why) in [
        ("~/.aws", "cannot read \"~/.aws\": not a regular file"),
        ("~/fifo", "cannot read \"~/fifo\": not a regular file"),
        ("/dev/null", "cannot read \"/dev/null\": not a regular file"),
        ("/dev/zero", "cannot read \"/dev/zero\": not a regular file"),
        ("~/loop", "cannot read \"~/loop\": Too many levels of symbolic links"),
        (
            "~/.aws/credentials/config",
            "AWS_CONFIG_FILE names a file that does not exist: \"~/.aws/credentials/config\"",
        ),
    ] {
        let run = home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", config).timeout(Duration::from_secs(10));
        let found = notes(&home, run);
        assert!(found.len() == 1 && found[0].starts_with(why), "{config}: {found:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_link_to_a_file_is_that_file() {
    let home = offline();
    home.write("dotfiles/aws", "[profile dev]\nlogin_session = arn\n");
    std::os::unix::fs::symlink("dotfiles/aws", home.path().join("link")).expect("a new link");
    assert_eq!(notes(&home, home.keyfob(["explain", "dev"]).env("AWS_CONFIG_FILE", "~/link")), [""; 0]);
}

#[test]
fn ten_megabytes_with_thousands_of_profiles_are_read() {
    const PROFILES: usize = 6_000;
    let filler = format!("# {}\n", "x".repeat(98)).repeat(16);
    let mut config =
        String::from("[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n");
    for number in 0..PROFILES {
        write!(
            config,
            "[profile team/p{number}]\nrole_arn = arn:aws:iam::123456789012:role/R{number}\nsource_profile = base\n{filler}"
        )
        .expect("a String takes all");
    }
    // The last of them is the source, so that the whole file has to be read.
    config += "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = MARKERsecret\n";
    assert!(config.len() > 10_000_000, "{} bytes", config.len());
    let home = offline().config(&config);
    for number in [0, PROFILES / 2, PROFILES - 1] {
        let run = home.keyfob(["explain", "--json", &format!("team/p{number}")]).any_stdout().run();
        let chain = &json(&run.stdout)["chain"];
        assert_eq!(chain[0]["line"], 4 + PROFILES * 19 + 1, "{number}");
        assert_eq!(chain[1]["line"], 4 + number * 19 + 1, "{number}");
        assert_eq!(chain[1]["role_arn"], format!("arn:aws:iam::123456789012:role/R{number}"));
    }
    assert_eq!(notes(&home, home.keyfob(["explain", "team/p0"])), [""; 0]);
    let answer = "{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"MARKERsecret\"}\n";
    home.keyfob(["process", "base"]).stdout(answer).run();
    let run = home.keyfob(["explain", "gone"]).code(4).any_stderr().run();
    let names =
        "the profiles there: team/p0, team/p1, team/p2, team/p3, team/p4, team/p5, team/p6, team/p7, and 5993 more";
    assert!(run.stderr.contains(names), "{}", run.stderr);
}
