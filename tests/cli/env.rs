//! `keyfob env`: what it prints, to the byte, and how it finds out for whom.
//!
//! That real shells take the lines, whatever the values hold, is in `shells`.

#[cfg(unix)]
mod detection;
mod formats;

use super::{
    fake::{Sts, assume_role},
    keyfob::Home,
};

const ROLE: &str = "arn:aws:iam::123456789012:role/Demo";

const JANE: &str = "MARKERsecret/jane+XXXXXXXXXXXXXXXXXXXXXX";
const ISSUED: &str = "MARKERsecret/issued0001+XXXXXXXXXXXXXXXX";
const TOKEN: &str = "MARKERsecret//token/issued0001+EXAMPLE==";

/// How fish unsets a variable, but for one that it keeps for all windows.
const FISH_UNSET: &str =
    "set -eg NAME; set -qU NAME; and echo 'keyfob: NAME is universal; to unset it: set -eU NAME' >&2;";

/// The long-term keys of jane in profile `base`.
fn base() -> Home {
    Home::new()
        .credentials(&format!("[base]\naws_access_key_id = AKIAJANE000000000000\naws_secret_access_key = {JANE}\n"))
}

/// Profile `demo`: a role assumed with jane's keys, in a region, until 2099.
fn demo(sts: &Sts) -> Home {
    let jane = sts.add_user("jane");
    sts.expect(assume_role(ROLE).signed_by(&jane).expiring("2099-01-02T03:04:05Z"));
    base().sts(sts).config(&format!(
        "[profile demo]\nrole_arn = {ROLE}\nsource_profile = base\nregion = eu-west-1\n\
         [profile home]\nsource_profile = base\nregion = eu-north-1\n"
    ))
}

#[test]
fn static_keys_are_set_and_what_a_session_left_is_unset() {
    base()
        .keyfob(["env", "base", "--shell", "bash"])
        .stdout(format!(
            "export AWS_ACCESS_KEY_ID='AKIAJANE000000000000';\n\
             export AWS_SECRET_ACCESS_KEY='{JANE}';\n\
             unset AWS_SESSION_TOKEN;\n\
             unset AWS_CREDENTIAL_EXPIRATION;\n\
             unset AWS_ACCOUNT_ID;\n\
             unset AWS_SECURITY_TOKEN;\n\
             unset AWS_PROFILE;\n\
             unset AWS_DEFAULT_PROFILE;\n"
        ))
        .run();
}

/// That these are the lines for the role of profile `demo`, new each time.
#[track_caller]
fn check_demo<const N: usize>(cases: [(&str, String); N]) {
    for (shell, expected) in cases {
        let sts = Sts::start();
        demo(&sts).keyfob(["env", "demo", "--shell", shell]).stdout(expected).run();
    }
}

#[test]
fn temporary_keys_come_with_token_expiration_account_and_region() {
    check_demo([
        (
            "zsh",
            format!(
                "export AWS_ACCESS_KEY_ID='ASIAISSUED0001000000';\n\
                 export AWS_SECRET_ACCESS_KEY='{ISSUED}';\n\
                 export AWS_SESSION_TOKEN='{TOKEN}';\n\
                 export AWS_CREDENTIAL_EXPIRATION='2099-01-02T03:04:05Z';\n\
                 export AWS_ACCOUNT_ID='123456789012';\n\
                 export AWS_REGION='eu-west-1';\n\
                 export AWS_DEFAULT_REGION='eu-west-1';\n\
                 unset AWS_SECURITY_TOKEN;\n\
                 unset AWS_PROFILE;\n\
                 unset AWS_DEFAULT_PROFILE;\n"
            ),
        ),
        (
            "fish",
            format!(
                "set -gx AWS_ACCESS_KEY_ID 'ASIAISSUED0001000000';\n\
                 set -gx AWS_SECRET_ACCESS_KEY '{ISSUED}';\n\
                 set -gx AWS_SESSION_TOKEN '{TOKEN}';\n\
                 set -gx AWS_CREDENTIAL_EXPIRATION '2099-01-02T03:04:05Z';\n\
                 set -gx AWS_ACCOUNT_ID '123456789012';\n\
                 set -gx AWS_REGION 'eu-west-1';\n\
                 set -gx AWS_DEFAULT_REGION 'eu-west-1';\n\
                 {}\n\
                 {}\n\
                 {}\n\
                 true;\n",
                FISH_UNSET.replace("NAME", "AWS_SECURITY_TOKEN"),
                FISH_UNSET.replace("NAME", "AWS_PROFILE"),
                FISH_UNSET.replace("NAME", "AWS_DEFAULT_PROFILE"),
            ),
        ),
        (
            "powershell",
            format!(
                "$Env:AWS_ACCESS_KEY_ID = 'ASIAISSUED0001000000'\n\
                 $Env:AWS_SECRET_ACCESS_KEY = '{ISSUED}'\n\
                 $Env:AWS_SESSION_TOKEN = '{TOKEN}'\n\
                 $Env:AWS_CREDENTIAL_EXPIRATION = '2099-01-02T03:04:05Z'\n\
                 $Env:AWS_ACCOUNT_ID = '123456789012'\n\
                 $Env:AWS_REGION = 'eu-west-1'\n\
                 $Env:AWS_DEFAULT_REGION = 'eu-west-1'\n\
                 Remove-Item -LiteralPath Env:AWS_SECURITY_TOKEN -ErrorAction SilentlyContinue\n\
                 Remove-Item -LiteralPath Env:AWS_PROFILE -ErrorAction SilentlyContinue\n\
                 Remove-Item -LiteralPath Env:AWS_DEFAULT_PROFILE -ErrorAction SilentlyContinue\n"
            ),
        ),
        (
            "cmd",
            format!(
                "AWS_ACCESS_KEY_ID=ASIAISSUED0001000000\n\
                 AWS_SECRET_ACCESS_KEY={ISSUED}\n\
                 AWS_SESSION_TOKEN={TOKEN}\n\
                 AWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05Z\n\
                 AWS_ACCOUNT_ID=123456789012\n\
                 AWS_REGION=eu-west-1\n\
                 AWS_DEFAULT_REGION=eu-west-1\n\
                 AWS_SECURITY_TOKEN=\n\
                 AWS_PROFILE=\n\
                 AWS_DEFAULT_PROFILE=\n"
            ),
        ),
    ]);
}

#[test]
fn temporary_keys_come_whole_in_every_other_shell() {
    check_demo([
        (
            "tcsh",
            format!(
                "setenv AWS_ACCESS_KEY_ID 'ASIAISSUED0001000000';\n\
                 setenv AWS_SECRET_ACCESS_KEY '{ISSUED}';\n\
                 setenv AWS_SESSION_TOKEN '{TOKEN}';\n\
                 setenv AWS_CREDENTIAL_EXPIRATION '2099-01-02T03:04:05Z';\n\
                 setenv AWS_ACCOUNT_ID '123456789012';\n\
                 setenv AWS_REGION 'eu-west-1';\n\
                 setenv AWS_DEFAULT_REGION 'eu-west-1';\n\
                 unsetenv AWS_SECURITY_TOKEN;\n\
                 unsetenv AWS_PROFILE;\n\
                 unsetenv AWS_DEFAULT_PROFILE;\n"
            ),
        ),
        (
            "elvish",
            format!(
                "set-env AWS_ACCESS_KEY_ID 'ASIAISSUED0001000000'\n\
                 set-env AWS_SECRET_ACCESS_KEY '{ISSUED}'\n\
                 set-env AWS_SESSION_TOKEN '{TOKEN}'\n\
                 set-env AWS_CREDENTIAL_EXPIRATION '2099-01-02T03:04:05Z'\n\
                 set-env AWS_ACCOUNT_ID '123456789012'\n\
                 set-env AWS_REGION 'eu-west-1'\n\
                 set-env AWS_DEFAULT_REGION 'eu-west-1'\n\
                 unset-env AWS_SECURITY_TOKEN\n\
                 unset-env AWS_PROFILE\n\
                 unset-env AWS_DEFAULT_PROFILE\n"
            ),
        ),
        (
            "xonsh",
            format!(
                "$AWS_ACCESS_KEY_ID = 'ASIAISSUED0001000000'\n\
                 $AWS_SECRET_ACCESS_KEY = '{ISSUED}'\n\
                 $AWS_SESSION_TOKEN = '{TOKEN}'\n\
                 $AWS_CREDENTIAL_EXPIRATION = '2099-01-02T03:04:05Z'\n\
                 $AWS_ACCOUNT_ID = '123456789012'\n\
                 $AWS_REGION = 'eu-west-1'\n\
                 $AWS_DEFAULT_REGION = 'eu-west-1'\n\
                 ${{...}}.pop('AWS_SECURITY_TOKEN', None)\n\
                 ${{...}}.pop('AWS_PROFILE', None)\n\
                 ${{...}}.pop('AWS_DEFAULT_PROFILE', None)\n"
            ),
        ),
        (
            "nushell",
            format!(
                "{{\"AWS_ACCESS_KEY_ID\":\"ASIAISSUED0001000000\",\"AWS_ACCOUNT_ID\":\"123456789012\",\
                 \"AWS_CREDENTIAL_EXPIRATION\":\"2099-01-02T03:04:05Z\",\"AWS_DEFAULT_PROFILE\":null,\
                 \"AWS_DEFAULT_REGION\":\"eu-west-1\",\"AWS_PROFILE\":null,\"AWS_REGION\":\"eu-west-1\",\
                 \"AWS_SECRET_ACCESS_KEY\":\"{ISSUED}\",\"AWS_SECURITY_TOKEN\":null,\
                 \"AWS_SESSION_TOKEN\":\"{TOKEN}\"}}\n"
            ),
        ),
    ]);
}

#[test]
fn every_name_of_a_shell_means_its_family() {
    let home = base();
    let printed = |shell: &str| home.keyfob(["env", "base", "--shell", shell]).any_stdout().run().stdout;
    for (family, names) in [
        ("sh", ["bash", "zsh", "ksh", "dash"].as_slice()),
        ("fish", &["/usr/bin/fish"]),
        ("powershell", &["pwsh", "PowerShell"]),
        ("cmd", &["cmd.exe"]),
        ("nushell", &["nu"]),
        ("tcsh", &["csh"]),
    ] {
        for name in names {
            assert_eq!(printed(name), printed(family), "{name}");
        }
    }
}

#[test]
fn profile_that_looks_like_an_option_is_named_after_two_hyphens_or_an_equals_sign() {
    let home = Home::new()
        .credentials("[--json]\naws_access_key_id = AKIAODDNAME000000000\naws_secret_access_key = MARKERsecret\n");
    let expected = "export AWS_ACCESS_KEY_ID=AKIAODDNAME000000000\nexport AWS_SECRET_ACCESS_KEY=MARKERsecret\n";
    for arguments in [["env", "--format=env", "--", "--json"].as_slice(), &["env", "--profile=--json", "--format=env"]]
    {
        home.keyfob(arguments.iter().copied()).stdout(expected).run();
    }
    let stderr = "keyfob: --profile has no value; --json follows it\n  \
                  hint: write a value that begins with hyphens after `=`\n";
    home.keyfob(["env", "--format=env", "--profile", "--json"]).code(2).stderr(stderr).run();
}

#[test]
fn region_is_left_alone_where_nobody_names_one() {
    let run = base().keyfob(["env", "base", "--shell", "sh"]).any_stdout().run();
    assert!(!run.stdout.contains("REGION"), "{}", run.stdout);
}

#[test]
fn region_of_the_option_beats_that_of_the_profile_and_that_the_environments() {
    let home = base().config("[profile base]\nregion = eu-north-1\n").env("AWS_REGION", "us-west-2");
    let region = |home: &Home, arguments: &[&str]| {
        let arguments = ["env", "--shell", "cmd"].iter().chain(arguments);
        let run = home.keyfob(arguments.copied()).any_stdout().run();
        let lines = run.stdout.lines().filter(|line| line.contains("REGION")).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let lines = |region: &str| [format!("AWS_REGION={region}"), format!("AWS_DEFAULT_REGION={region}")];
    assert_eq!(region(&home, &["base", "--region", "ap-south-1"]), lines("ap-south-1"));
    assert_eq!(region(&home, &["base"]), lines("eu-north-1"));
    let home = home.env("AWS_PROFILE", "base");
    assert_eq!(region(&home, &[]), lines("us-west-2"), "the environment goes first where it names the profile");
}

#[test]
fn account_of_the_profile_is_set() {
    let home = base().config("[profile base]\naws_account_id = 210987654321\n");
    let run = home.keyfob(["env", "base", "--shell", "sh"]).any_stdout().run();
    assert!(run.stdout.contains("export AWS_ACCOUNT_ID='210987654321';\n"), "{}", run.stdout);
}

#[test]
fn unset_takes_away_what_was_set_and_reads_no_profile() {
    const NAMES: [&str; 8] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_ACCOUNT_ID",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ];
    let home = Home::new();
    for (shell, line, end) in [
        ("bash", "unset NAME;", ""),
        ("fish", FISH_UNSET, "true;\n"),
        ("powershell", "Remove-Item -LiteralPath Env:NAME -ErrorAction SilentlyContinue", ""),
        ("cmd", "NAME=", ""),
        ("tcsh", "unsetenv NAME;", ""),
        ("elvish", "unset-env NAME", ""),
        ("xonsh", "${...}.pop('NAME', None)", ""),
    ] {
        let lines = NAMES.map(|name| line.replace("NAME", name) + "\n");
        home.keyfob(["env", "--unset", "--shell", shell]).stdout(lines.concat() + end).run();
    }
    let mut names = NAMES;
    names.sort_unstable();
    let json = format!("{{{}}}\n", names.map(|name| format!("\"{name}\":null")).join(","));
    home.keyfob(["env", "--unset", "--shell", "nushell"]).stdout(&json).run();
    home.keyfob(["env", "--unset", "--format", "json"]).stdout(&json).run();
}

#[test]
fn unset_goes_with_no_profile_and_no_region() {
    for (words, other) in [
        (["--unset", "base"].as_slice(), "a profile"),
        (&["-p", "base", "--unset"], "a profile"),
        (&["--unset", "--region", "eu-west-1"], "--region"),
    ] {
        let words = ["env", "--shell", "bash"].iter().chain(words).copied();
        base().keyfob(words).code(2).stderr(format!("keyfob: --unset and {other} exclude each other\n")).run();
    }
}

/// The region would be another one; SDKs, which call `process`, pass over such a file in silence.
#[test]
fn a_file_that_cannot_be_read_is_told() {
    let home = base().env("AWS_CONFIG_FILE", "~/.aws");
    home.keyfob(["env", "base", "--shell", "bash"])
        .any_stdout()
        .stderr(format!("keyfob: cannot read \"{}\": not a regular file\n", home.path().join(".aws").display()))
        .run();
    home.keyfob(["process", "base"]).any_stdout().run();
    let home = base().env("AWS_CONFIG_FILE", "/dev/null");
    home.keyfob(["env", "base", "--shell", "bash"]).any_stdout().run();
}

#[test]
fn help_names_all_shells_and_formats() {
    let help = base().keyfob(["env", "--help"]).any_stdout().run().stdout;
    let options = base().keyfob(["complete", "--shell", "fish", "--", "env", "--format", ""]).any_stdout().run().stdout;
    let shells = base().keyfob(["complete", "--shell", "fish", "--", "env", "--shell", ""]).any_stdout().run().stdout;
    let words: Vec<&str> = help.split([',', ' ', '\n']).collect();
    let names: Vec<&str> = options.lines().chain(shells.lines()).filter_map(|line| line.split('\t').next()).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(words.contains(&name), "{name}: {help}");
    }
}

#[test]
fn formats_are_those_of_the_aws_cli_to_the_byte() {
    for (format, expected) in [
        (
            "env",
            format!(
                "export AWS_ACCESS_KEY_ID=ASIAISSUED0001000000\nexport AWS_SECRET_ACCESS_KEY={ISSUED}\n\
                 export AWS_SESSION_TOKEN={TOKEN}\nexport AWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05+00:00\n"
            ),
        ),
        (
            "env-no-export",
            format!(
                "AWS_ACCESS_KEY_ID=ASIAISSUED0001000000\nAWS_SECRET_ACCESS_KEY={ISSUED}\n\
                 AWS_SESSION_TOKEN={TOKEN}\nAWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05+00:00\n"
            ),
        ),
        (
            "powershell",
            format!(
                "$Env:AWS_ACCESS_KEY_ID=\"ASIAISSUED0001000000\"\n$Env:AWS_SECRET_ACCESS_KEY=\"{ISSUED}\"\n\
                 $Env:AWS_SESSION_TOKEN=\"{TOKEN}\"\n$Env:AWS_CREDENTIAL_EXPIRATION=\"2099-01-02T03:04:05+00:00\"\n"
            ),
        ),
        (
            "windows-cmd",
            format!(
                "set AWS_ACCESS_KEY_ID=ASIAISSUED0001000000\nset AWS_SECRET_ACCESS_KEY={ISSUED}\n\
                 set AWS_SESSION_TOKEN={TOKEN}\nset AWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05+00:00\n"
            ),
        ),
        (
            "fish",
            format!(
                "set -gx AWS_ACCESS_KEY_ID \"ASIAISSUED0001000000\"\nset -gx AWS_SECRET_ACCESS_KEY \"{ISSUED}\"\n\
                 set -gx AWS_SESSION_TOKEN \"{TOKEN}\"\n\
                 set -gx AWS_CREDENTIAL_EXPIRATION \"2099-01-02T03:04:05+00:00\"\n"
            ),
        ),
        (
            "process",
            format!(
                "{{\n  \"Version\": 1,\n  \"AccessKeyId\": \"ASIAISSUED0001000000\",\n  \
                 \"SecretAccessKey\": \"{ISSUED}\",\n  \"SessionToken\": \"{TOKEN}\",\n  \
                 \"Expiration\": \"2099-01-02T03:04:05+00:00\"\n}}\n"
            ),
        ),
    ] {
        let sts = Sts::start();
        demo(&sts).keyfob(["env", "demo", "--format", format]).stdout(expected).run();
    }
}

#[test]
fn formats_leave_out_what_long_term_keys_do_not_have() {
    let home = base();
    for (format, expected) in [
        ("env", format!("export AWS_ACCESS_KEY_ID=AKIAJANE000000000000\nexport AWS_SECRET_ACCESS_KEY={JANE}\n")),
        (
            "process",
            format!(
                "{{\n  \"Version\": 1,\n  \"AccessKeyId\": \"AKIAJANE000000000000\",\n  \
                 \"SecretAccessKey\": \"{JANE}\"\n}}\n"
            ),
        ),
    ] {
        home.keyfob(["env", "--profile", "base", "--format", format]).stdout(expected).run();
    }
}

#[test]
fn format_that_does_not_quote_refuses_what_would_need_it() {
    let home = Home::new()
        .credentials("[odd]\naws_access_key_id = AKIAJANE000000000000\naws_secret_access_key = MARKERsecret'$(x)\n");
    let shell = "use --shell, which quotes";
    for (format, hint) in [
        ("env", shell),
        ("env-no-export", shell),
        ("powershell", shell),
        ("windows-cmd", "use --format json, which quotes, or `keyfob exec`"),
        ("fish", shell),
    ] {
        home.keyfob(["env", "odd", "--format", format])
            .code(1)
            .stderr(format!(
                "keyfob: cannot print AWS_SECRET_ACCESS_KEY in this format\n  \
                 cause: its value holds a character that the format does not quote\n  \
                 hint: {hint}\n",
            ))
            .run();
    }
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let home = base();
    for (arguments, stderr) in [
        (
            ["base", "--shell", "nosuch"].as_slice(),
            "keyfob: unknown shell \"nosuch\"\n  hint: there are bash, zsh, sh, dash, ksh, fish, powershell, cmd, \
             nushell, elvish, xonsh, tcsh\n",
        ),
        (
            &["base", "--format", "nosuch"],
            "keyfob: unknown format \"nosuch\"\n  \
             hint: there are env, env-no-export, powershell, windows-cmd, fish, process, json, dotenv, docker, github, \
             github-mask, azure\n",
        ),
        (&["base", "--format", "env", "--shell", "sh"], "keyfob: --format and --shell exclude each other\n"),
        (&["--format", "json", "--shell", "sh", "--unset"], "keyfob: --format and --shell exclude each other\n"),
        (
            &["--format", "env", "--unset"],
            "keyfob: --format env cannot unset anything\n  hint: use --unset with a shell, or with --format json\n",
        ),
        (
            &["--format", "github", "--unset"],
            "keyfob: --format github cannot unset anything\n  hint: use --unset with a shell, or with --format json\n",
        ),
        (&["base", "--profile", "other"], "keyfob: two profiles are named, \"other\" and \"base\"\n"),
    ] {
        let arguments = ["env"].iter().chain(arguments).copied();
        home.keyfob(arguments).code(2).stderr(stderr).run();
    }
}
