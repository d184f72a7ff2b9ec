use super::*;
use crate::context::Vars;

/// What is offered after a line whose words have no quotes: values and directives.
fn offered(line: &str) -> Vec<String> {
    let vars = Vars::from([
        ("HOME", "/nowhere"),
        ("AWS_CONFIG_FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/completion.ini")),
        ("KEYFOB_PREVIOUS_PROFILE", "dev"),
    ]);
    let located = |location: &str| (location != "/absent").then(|| Vars::from([("HOME", "/nowhere")]));
    let known = Known { vars: &vars, located: &located };
    let words: Vec<&str> = line.split(' ').collect();
    let lines = of_words(&words, Shell::Elvish, &known);
    let value = |line: &str| line.strip_prefix('\t').or_else(|| line.split('\t').next()).unwrap_or_default().to_owned();
    lines.lines().map(value).collect()
}

#[track_caller]
fn check(line: &str, expected: &str) {
    assert_eq!(offered(line).join(" "), expected, "{line}");
}

#[test]
fn commands_come_at_every_level() {
    for (line, expected) in [
        ("pro", "process profile prompt"),
        ("h", "help"),
        ("--profile dev e", "env exec explain"),
        ("profile c", "check copy"),
        ("profile check ", ""),
        ("help pr", "process profile prompt"),
        ("help h", ""),
        ("help fi", "files"),
        ("help tu", "tutorial"),
        ("help profile fi", ""),
        ("fi", ""),
        ("help profile re", "remove rename"),
        ("help profile remove ", ""),
        ("help profile remove -", ""),
        ("help --", ""),
        ("configure s", "sso say:hi"),
        ("nonsense pro", "process profile prompt"),
    ] {
        check(line, expected);
    }
}

#[test]
fn options_come_once_by_both_names() {
    for (line, expected) in [
        ("-", "--help -h --version -V --profile -p"),
        ("--v", "--version"),
        ("logout -", "--help -h --profile -p --all --verbose -v"),
        ("logout --all -v -", "--help -h --profile -p"),
        ("logout -h -", "--profile -p --all --verbose -v"),
        ("logout -pdev --", "--help --all --verbose"),
        ("-p dev logout --", "--help --all --verbose"),
        ("logout -p", "-p"),
        ("logout -x", ""),
        ("logout -- --", ""),
        ("logout --all=", ""),
        ("use --sh", "--shell"),
        ("env --sh", "--shell"),
        ("use -", "--help -h --profile -p --unset --region --picker -"),
    ] {
        check(line, expected);
    }
}

#[test]
fn values_come_in_every_form() {
    for (line, expected) in [
        ("env --profile dev", "dev"),
        ("env --profile=dev", "--profile=dev"),
        ("env -p dev", "dev"),
        ("env -pdev", "-pdev"),
        ("env -p=dev", "-p=dev"),
        ("-p dev", "dev"),
        ("env dev", "dev"),
        ("env -p dev d", ""),
        ("-p dev env d", ""),
        ("env dev d", ""),
        ("env -- -", "-odd"),
        ("env -- --", ""),
        ("env --profile -", "-odd"),
        ("env --profile --", ""),
        ("env --profile=-", "--profile=-odd"),
        ("env --mfa-code ", ""),
        ("env --region eu-w", "eu-west-1 eu-west-2 eu-west-3"),
        ("env --shell z", "zsh"),
        ("env --shell c", "cmd"),
        ("complete --shell c", ""),
        ("completions s", ""),
        ("init s", "sh"),
        ("init c", ""),
        ("configure --output y", "yaml yaml-stream"),
        ("sso login --sso-session ", "corp"),
        ("sso login --sso-session=", "--sso-session=corp"),
        ("profile set new --credential-source E", "Environment Ec2InstanceMetadata EcsContainer"),
        ("profile set new --store se", "secret-service sealed"),
        ("store move dev --to exec", "exec:"),
        ("profile rename dev ", ""),
        ("env --format github", "github github-mask"),
        ("prompt --format {profile}-{acc", "{profile}-{account}"),
        ("use dev", "dev"),
        ("use --picker f", "command 3"),
        ("use --picker=f", ""),
        ("profile list --profile-location ", "files"),
        ("profile list --profile-location=/x", "files"),
    ] {
        check(line, expected);
    }
}

#[test]
fn settings_come_with_their_values() {
    for (line, expected) in [
        ("profile set dev re", "region= retry_mode="),
        ("profile set dev region=x re", "retry_mode="),
        ("profile set dev keyfob_re", "keyfob_region= keyfob_retry_mode="),
        ("profile set dev keyfob_cli", ""),
        ("profile set dev cli_p", "cli_pager="),
        ("profile set dev mfa", "mfa_serial= mfa_process="),
        ("profile set dev region=eu-north", "region=eu-north-1"),
        ("profile set dev keyfob_region=eu-north", "keyfob_region=eu-north-1"),
        ("profile set dev output=o x=y source_profile=d", "source_profile=default source_profile=dev"),
        ("profile set dev web_identity_token_file=x", "files"),
        ("profile set dev credential_process=x", ""),
        ("profile set dev unknown=x", ""),
        ("profile set dev aws_secret", ""),
        ("profile unset dev ", "region s3 s3.max_queue_size"),
        ("profile unset dev region s", "s3 s3.max_queue_size"),
        ("profile unset nobody ", ""),
        (
            "sso sync --template ",
            "{account_name}/{role_name} {account_name} {account_id} {role_name} {email} {session} {region}",
        ),
        ("sso sync --template x-{role", "x-{role_name}"),
        ("sso sync --template={email}/{se", "--template={email}/{session}"),
    ] {
        check(line, expected);
    }
}

#[test]
fn another_programs_line_is_left_to_the_shell() {
    for (line, expected) in [
        ("exec d", "default dev"),
        ("exec dev ", "command 3"),
        ("exec dev -- ls -", "command 4"),
        ("exec - d", "default dev"),
        ("exec - dev ", "command 4"),
        ("exec -- ", "command 3"),
        ("exec -- --", "command 3"),
        ("exec -p dev ls --profile ", "command 4"),
        ("-pdev exec ls", "command 3"),
        ("exec dev --reg", "--region"),
        ("exec dev --region eu-north", "eu-north-1"),
        ("exec dev --region eu-north-1 ls exec ", "command 5"),
        ("help exec dev ", ""),
    ] {
        check(line, expected);
    }
}

#[test]
fn other_files_have_other_profiles() {
    check("profile show d", "default dev");
    check("profile show --profile-location /empty d", "");
    check("profile show --profile-location=/absent d", "");
}

#[test]
fn no_line_at_all_offers_nothing() {
    let known = Known { vars: &Vars::default(), located: &|_| None };
    assert_eq!(of_words(&[], Shell::Zsh, &known), "");
    for line in ["", "keyfo", "'", "keyfob $"] {
        for shell in [Shell::Bash, Shell::Tcsh, Shell::Nushell] {
            assert_eq!(of_line(line, shell, &known), "", "{line}");
        }
    }
}

#[test]
fn tcsh_is_told_words_alone_and_no_more() {
    let known = Known { vars: &Vars::default(), located: &|_| None };
    assert_eq!(of_line("kf logou", Shell::Tcsh, &known), "logout\n");
    assert_eq!(of_line("kf init tc", Shell::Tcsh, &known), "tcsh\n");
}

#[cfg(unix)]
#[test]
fn tcsh_is_told_files_and_programs_as_they_are_found() {
    let home = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let vars = Vars::from([("HOME", home), ("PATH", "/nowhere:/bin")]);
    let known = Known { vars: &vars, located: &|_| None };
    for line in [
        "kf profile list --profile-location ~/completi",
        "kf profile list --profile-location=~/completi",
        "kf profile set dev ca_bundle=~/completi",
        "kf exec dev -- cat ~/completi",
        "kf exec dev cat x ~/completi",
        "kf env > ~/completi",
    ] {
        let lead = line.rsplit(' ').next().and_then(|word| word.strip_suffix("~/completi")).unwrap_or_default();
        assert_eq!(of_line(line, Shell::Tcsh, &known), format!("{lead}~/completion.ini\n"), "{line}");
    }
    for line in ["kf exec -- tru", "kf exec dev tru", "kf use --picker tru"] {
        assert!(of_line(line, Shell::Tcsh, &known).lines().any(|program| program == "true"), "{line}");
    }
    let folder = of_line(concat!("kf exec dev cat ", env!("CARGO_MANIFEST_DIR"), "/src/completi"), Shell::Tcsh, &known);
    let of_folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/completion/");
    assert!(folder.starts_with(&format!("{of_folder}\n{of_folder}commands.rs\n")), "{folder}");
    assert_eq!(of_line("kf exec dev cat ~/none/", Shell::Tcsh, &known), "");
}

#[test]
fn descriptions_are_those_of_the_help() {
    let known = Known { vars: &Vars::default(), located: &|_| None };
    assert_eq!(
        of_words(&["logou"], Shell::Elvish, &known),
        "logout\tForget a profile's console sign-in, and the credentials that were got with it.\n"
    );
    assert_eq!(of_words(&["env", "--region", "eu-west-1"], Shell::Elvish, &known), "eu-west-1\tEurope (Ireland)\n");
    assert_eq!(
        of_words(&["env", "--regi"], Shell::Elvish, &known),
        "--region\tregion to set, and whose STS is called\n"
    );
}

#[test]
fn shells_that_look_into_words_are_given_all_where_none_begins_so() {
    let known = Known { vars: &Vars::default(), located: &|_| None };
    for (words, all) in [
        (&["configure", "--output", "x"][..], "json\t\ntext\t\ntable\t\nyaml\t\nyaml-stream\t\noff\t\n"),
        (
            &["profile", "set", "--credential-source=x"],
            "--credential-source=Environment\t\n--credential-source=Ec2InstanceMetadata\t\n--credential-source=EcsContainer\t\n",
        ),
        (&["logout", "--credential-source=x"], ""),
    ] {
        assert_eq!(of_words(words, Shell::Zsh, &known), all, "{words:?}");
        assert_eq!(of_words(words, Shell::Fish, &known), all, "{words:?}");
        assert_eq!(of_words(words, Shell::Elvish, &known), "", "{words:?}");
    }
}

#[test]
fn descriptions_are_lines() {
    let vars = Vars::from([("HOME", "/nowhere"), ("KEYFOB_PREVIOUS_PROFILE", "a\u{2028}b\u{202e}c\td \u{e9}")]);
    let known = Known { vars: &vars, located: &|_| None };
    assert_eq!(of_words(&["use", ""], Shell::Elvish, &known), "-\ta b c d \u{e9}\n");
}
