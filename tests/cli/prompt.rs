//! `keyfob prompt`: what is shown of what, and that nothing keeps a prompt from appearing.

mod left;
#[cfg(unix)]
mod shells;
#[cfg(target_os = "linux")]
mod silence;

use super::keyfob::{Home, Invocation};

const CONFIG: &str = "[default]\nregion = us-east-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = MARKERsecret\n\
    [profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = default\nregion = eu-west-1\n\
    [profile bad]\nrole_arn = arn:aws:iam::111122223333:role/Bad\nsource_profile = gone\n\
    [profile torn]\nnonsense\n\
    [profile keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = MARKERsecret\n";
const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "MARKERsecret")];

/// A run in this environment.
fn prompt(home: &Home, words: &[&str], vars: &[(&str, &str)]) -> Invocation {
    let run = home.keyfob(["prompt"].iter().chain(words).copied());
    vars.iter().fold(run, |run, (name, value)| run.env(name, value))
}

#[test]
fn what_the_environment_selects_is_shown() {
    let home = Home::new().config(CONFIG);
    for (vars, words, shown) in [
        // A default that nobody has named is not worth the room.
        (&[] as &[(&str, &str)], &[] as &[&str], ""),
        (&[], &["--format", "aws {profile}"], ""),
        (&[("AWS_PROFILE", "dev")], &[], "dev 123456789012"),
        (&[("AWS_DEFAULT_PROFILE", "dev")], &[], "dev 123456789012"),
        (&[("AWS_PROFILE", "dev"), ("AWS_DEFAULT_PROFILE", "keys")], &[], "dev 123456789012"),
        (&[("AWS_PROFILE", "default")], &[], "default"),
        (&[("AWS_PROFILE", "keys")], &[], "keys"),
        (&[("AWS_PROFILE", "gone")], &[], "gone?"),
        (&[("AWS_PROFILE", "bad")], &[], "bad? 111122223333"),
        (&[("AWS_PROFILE", "torn")], &[], "torn?"),
        (&[("AWS_PROFILE", "dev")], &["--profile", "keys"], "keys"),
        (&[], &["dev"], "dev 123456789012"),
        (&[("AWS_PROFILE", "dev"), ("AWS_REGION", "nowhere!")], &[], "dev? 123456789012"),
        (&[("AWS_PROFILE", "dev")], &["--format", "{profile}@{region}"], "dev@eu-west-1"),
        (&[("AWS_PROFILE", "dev"), ("AWS_REGION", "eu-central-1")], &["--format", "{region}"], "eu-central-1"),
        (&[("AWS_REGION", "eu-central-1")], &["--format", "{region}", "dev"], "eu-west-1"),
        (&[("AWS_PROFILE", "gone")], &["--format", "[<{state}>]"], "<unknown>"),
    ] {
        prompt(&home, words, vars).stdout(shown).run();
    }
    assert!(home.cache_files().is_empty());
}

#[test]
fn keys_in_the_environment_go_before_the_profile() {
    let home = Home::new().config(CONFIG).env("AWS_PROFILE", "dev");
    for (vars, shown) in [
        (&[] as &[(&str, &str)], "(env)"),
        (&[("AWS_ACCOUNT_ID", "444455556666")], "(env) 444455556666"),
        (&[("AWS_ACCOUNT_ID", "none")], "(env)"),
        (&[("AWS_SECRET_ACCESS_KEY", "")], "(env)?"),
        (&[("AWS_ACCESS_KEY_ID", "")], "dev 123456789012"),
    ] {
        prompt(&home, &[], &[&KEYS[..], vars].concat()).stdout(shown).run();
    }
    prompt(&home, &["dev"], &KEYS).stdout("dev 123456789012").run();
}

const OTHER: &str = "arn:aws:iam::999933334444:role/Other";

/// Profiles that the default order mixes with variables, or goes past.
fn mixed() -> Home {
    let home = Home::new().config(
        "[profile wi]\nrole_arn = arn:aws:iam::222233334444:role/Wi\nweb_identity_token_file = ~/token\n\
         [profile ronly]\nregion = us-east-1\naws_account_id = 123412341234\n",
    );
    home.write("token", "some.token");
    home
}

#[test]
fn the_account_is_that_of_the_credentials_whatever_the_profile_says() {
    let home = mixed();
    let file = home.path().join("token").display().to_string();
    let web_identity = [("AWS_ROLE_ARN", OTHER), ("AWS_WEB_IDENTITY_TOKEN_FILE", &file)];
    let container = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/")];
    let format = ["--format", "{profile}[ {account}][ {left}][ {state}]"];
    for (profile, vars, shown, kind) in [
        ("wi", &[] as &[(&str, &str)], "wi 222233334444", "web identity"),
        ("wi", &web_identity[..1], "wi 999933334444", "web identity"),
        ("wi", &web_identity, "wi 999933334444", "web identity"),
        ("ronly", &web_identity, "ronly 999933334444", "web identity"),
        ("ronly", &container, "ronly", "container"),
        ("ronly", &[("AWS_EC2_METADATA_DISABLED", "false")], "ronly ? unsure", "instance"),
        ("ronly", &[("AWS_EC2_METADATA_DISABLED", "true")], "ronly? 123412341234 broken", ""),
    ] {
        let vars = [&[("AWS_PROFILE", profile)], vars].concat();
        prompt(&home, &format, &vars).stdout(shown).run();
        let json = prompt(&home, &["--json"], &vars).any_stdout().run().stdout;
        let shown: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(shown["type"].as_str().unwrap_or_default(), kind, "{vars:?}");
    }
    // By name it is that profile alone.
    prompt(&home, &["wi"], &web_identity).stdout("wi 222233334444").run();
    prompt(&home, &["ronly"], &web_identity).stdout("ronly? 123412341234").run();
}

#[test]
fn what_an_environment_without_keys_leads_to_is_shown() {
    let home = mixed();
    let file = home.path().join("token").display().to_string();
    let [role, token] = [("AWS_ROLE_ARN", OTHER), ("AWS_WEB_IDENTITY_TOKEN_FILE", &*file)];
    let container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2");
    for (vars, shown) in [
        (&[role, token] as &[(&str, &str)], "(web identity) 999933334444"),
        (&[role, token, container], "(web identity) 999933334444"),
        (&[container], "(container)"),
        (&[role], ""),
        (&[token], ""),
        (&[role, token, ("AWS_REGION", "nowhere!")], "(web identity)?"),
        (&[role, token, KEYS[0], KEYS[1]], "(env)"),
    ] {
        prompt(&home, &[], vars).stdout(shown).run();
    }
    // The default profile goes before them, and nobody has named it.
    let home = Home::new().config(CONFIG);
    prompt(&home, &[], &[role, token]).stdout("").run();
    prompt(&home, &[], &[container]).stdout("").run();
}

#[test]
fn json_has_every_fact_under_a_name_of_its_own() {
    let home = Home::new().config(CONFIG);
    for (vars, json) in [
        (
            &[] as &[(&str, &str)],
            r#"{"profile":null,"type":null,"account_id":null,"region":null,"state":"none","expiration":null,"seconds_left":null}"#,
        ),
        (
            &[("AWS_PROFILE", "dev")],
            r#"{"profile":"dev","type":"role","account_id":"123456789012","region":"eu-west-1","state":"ok","expiration":null,"seconds_left":null}"#,
        ),
        (
            &[("AWS_PROFILE", "gone")],
            r#"{"profile":"gone","type":null,"account_id":null,"region":null,"state":"unknown","expiration":null,"seconds_left":null}"#,
        ),
        (
            &[KEYS[0], KEYS[1], ("AWS_ACCOUNT_ID", "444455556666")],
            r#"{"profile":null,"type":"environment","account_id":"444455556666","region":"us-east-1","state":"ok","expiration":null,"seconds_left":null}"#,
        ),
    ] {
        prompt(&home, &["--json"], vars).stdout(format!("{json}\n")).run();
    }
}

#[test]
fn colours_warn_where_they_are_wanted() {
    let home = Home::new().config(CONFIG).env("AWS_PROFILE", "gone");
    for (words, vars, shown) in [
        (&["--shell", "fish"] as &[&str], &[] as &[(&str, &str)], "\x1b[31mgone?\x1b[0m"),
        (&["--shell", "fish"], &[("AWS_PROFILE", "keys")], "\x1b[32mkeys\x1b[0m"),
        (&["--shell", "bash"], &[], "\x01\x1b[31m\x02gone?\x01\x1b[0m\x02"),
        (&["--shell", "fish"], &[("NO_COLOR", "1")], "gone?"),
        (&["--shell", "fish"], &[("TERM", "dumb")], "gone?"),
        (&["--shell", "sh"], &[], "gone?"),
        // A shell that is not told of them would count them as text.
        (&[], &[], "gone?"),
        (&["--format", "{color}{profile}"], &[], "\x1b[31mgone?"),
    ] {
        prompt(&home, words, vars).stdout(shown).run();
    }
}

#[test]
fn broken_files_keep_no_prompt_from_appearing() {
    for files in [&[".aws/config"] as &[&str], &[".aws/credentials"], &[".aws/config", ".aws/credentials"]] {
        for bytes in [
            &b"\xff\xfe[\0d\0e\0v\0]\0"[..],
            b"\xff\xff\xff",
            b"[",
            b"[profile dev",
            b"stray\n[profile dev]\nx\n",
            b"\0",
        ] {
            let home = Home::new().env("AWS_PROFILE", "dev");
            for file in files {
                home.write(file, bytes);
            }
            prompt(&home, &[], &[]).stdout("dev?").run();
        }
        // Folders in the place of files.
        let home = Home::new().env("AWS_PROFILE", "dev");
        for file in files {
            std::fs::create_dir_all(home.path().join(file)).expect("the home is ours");
        }
        prompt(&home, &[], &[]).stdout("dev?").run();
    }
}

#[test]
#[cfg(unix)]
fn a_home_that_is_nowhere_keeps_no_prompt_from_appearing() {
    let home = Home::new().env("AWS_PROFILE", "dev");
    prompt(&home, &[], &[("HOME", "/nonexistent/home")]).stdout("dev?").run();
    prompt(&home, &[], &[]).without_env("HOME").env("AWS_CONFIG_FILE", "/nonexistent").stdout("dev?").run();
}

#[test]
fn wrong_arguments_end_in_code_2() {
    let home = Home::new();
    for (words, message) in [
        (&["--format", "{nothing}"] as &[&str], "cannot use the format"),
        (&["--shell", "rc"], "unknown shell \"rc\""),
        (&["--json", "--format", "{profile}"], "--json and --format exclude each other"),
        (&["--profile", ""], "the profile's name is empty"),
        (&["--nonsense", "x"], "Unrecognized argument: --nonsense"),
    ] {
        let told = prompt(&home, words, &[]).code(2).any_stderr().run().stderr;
        assert!(told.starts_with(&format!("keyfob: {message}\n")), "{told}");
    }
}
