//! `keyfob process`: the answer that SDKs read, on all the roads that lead to it through STS.

use super::{
    fake::{Keys, Sts, assume_role},
    keyfob::Home,
    scene::{END, ROLE, SERIAL, Scene, demo_role, issued, issued_document, role_section},
};
use std::time::Duration;

const STATIC: &str = "{\"Version\":1,\"AccessKeyId\":\"AKIAJANE000000000000\",\
                      \"SecretAccessKey\":\"MARKERsecret/jane+XXXXXXXXXXXXXXXXXXXXXX\"}\n";

/// A home with long-term keys in profile `dev`.
fn static_home() -> Home {
    Home::new().credentials(&Keys::of("jane").section("dev"))
}

#[test]
fn static_keys_are_printed_without_token_and_expiration() {
    static_home().keyfob(["process", "--profile", "dev"]).stdout(STATIC).run();
}

#[test]
fn session_keys_are_printed_with_their_token_and_account() {
    let sts = Sts::start();
    let session = Keys { expiration: None, ..sts.add_session("jane", Duration::from_hours(1)) };
    let section = session.section("dev") + "aws_account_id = 210987654321\n";
    let home = Home::new().sts(&sts).credentials(&section);
    home.keyfob(["process", "--profile", "dev"]).stdout(session.document(Some("210987654321"))).run();
}

#[test]
fn role_is_printed_with_all_its_members() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    let expected = "{\"Version\":1,\"AccessKeyId\":\"ASIAISSUED0001000000\",\
                    \"SecretAccessKey\":\"MARKERsecret/issued0001+XXXXXXXXXXXXXXXX\",\
                    \"SessionToken\":\"MARKERsecret//token/issued0001+EXAMPLE==\",\
                    \"Expiration\":\"2099-01-02T03:04:05Z\",\"AccountId\":\"123456789012\"}\n";
    scene.process().stdout(expected).run();
}

#[test]
fn every_setting_of_a_role_reaches_sts() {
    let scene = Scene::with(&format!(
        "role_session_name = jane@laptop\nexternal_id = ext/id=1\nduration_seconds = 7200\nmfa_serial = {SERIAL}\n\
         session_tags = team = a b+c , env=dev\ntransitive_session_tags = team, env\nsource_identity = jane\n"
    ));
    scene.sts.set_mfa_code(SERIAL, "123456");
    let call = demo_role().session_name("jane@laptop").field("ExternalId", "ext/id=1").mfa(SERIAL, "123456");
    let call = call.field("DurationSeconds", "7200").field("SourceIdentity", "jane");
    let call = call.field("Tags.member.1.Key", "team").field("Tags.member.1.Value", "a b+c");
    let call = call.field("Tags.member.2.Key", "env").field("Tags.member.2.Value", "dev");
    let call = call.field("TransitiveTagKeys.member.1", "team").field("TransitiveTagKeys.member.2", "env");
    scene.sts.expect(call.signed_by(&scene.jane));
    let code = ["process", "--profile", "dev", "--mfa-code", "123456"];
    scene.home.keyfob(code).stdout(issued_document(1)).run();
}

#[test]
fn each_role_of_a_chain_is_assumed_with_the_keys_of_the_one_before() {
    let roles = ["One", "Two", "Three"].map(|name| format!("arn:aws:iam::123456789012:role/{name}"));
    let [one, two, three] = &roles;
    let scene = Scene::with(
        &[role_section("1", one, "base"), role_section("2", two, "1"), role_section("3", three, "2")].concat(),
    );
    let signers = [&scene.jane, &issued(1), &issued(2)];
    for (role, signer) in roles.iter().zip(signers) {
        scene.sts.expect(assume_role(role).expiring(END).signed_by(signer));
    }
    scene.home.keyfob(["process", "3"]).stdout(issued_document(3)).run();
    scene.home.keyfob(["process", "2"]).stdout(issued_document(2)).run();
    scene.home.keyfob(["process", "1"]).stdout(issued_document(1)).run();
    assert_eq!(scene.sts.connections(), 1, "one connection serves the whole chain, and the cache what comes after");
}

#[test]
fn duration_is_clamped_to_an_hour_where_the_caller_is_temporary() {
    let scene = Scene::with(&format!("duration_seconds = 7200\n{}", role_section("next", ROLE, "dev")));
    let next = format!("{}duration_seconds = 43200\n", scene.home.read(".aws/config"));
    scene.home.write(".aws/config", next);
    scene.sts.expect(demo_role().field("DurationSeconds", "7200").signed_by(&scene.jane));
    scene.sts.expect(demo_role().field("DurationSeconds", "3600").signed_by(&issued(1)));
    scene.home.keyfob(["process", "next"]).stdout(issued_document(2)).run();
}

#[test]
fn clamping_is_told_under_verbose_alone() {
    let scene = Scene::with("duration_seconds = 7200\n");
    let session = scene.sts.add_session("joe", Duration::from_hours(1));
    scene.home.write(".aws/credentials", session.section("base"));
    scene.sts.expect(demo_role().field("DurationSeconds", "3600").signed_by(&session));
    let note = "keyfob: profile \"dev\" asks for 7200 s, but a role assumed with temporary credentials lasts at most \
                3600 s\n";
    scene.home.keyfob(["process", "dev", "-v"]).stdout(issued_document(1)).stderr(note).run();
}

#[test]
fn shorter_durations_are_asked_for_as_they_are() {
    let scene = Scene::with("duration_seconds = 900\n");
    scene.sts.expect(demo_role().field("DurationSeconds", "900"));
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn default_session_name_says_who_it_was() {
    for (user, expected) in [("jane", "keyfob-jane-"), ("CORP\\j doe", "keyfob-CORPjdoe-"), ("", "keyfob-")] {
        let scene = Scene::new();
        scene.sts.expect(demo_role());
        scene.process().env("USER", user).stdout(issued_document(1)).run();
        let calls = scene.sts.calls();
        let name = calls[0].field("RoleSessionName").expect("the fake checks that it came");
        let seconds = name.strip_prefix(expected).unwrap_or_else(|| panic!("{name} does not begin with {expected}"));
        assert!(seconds.len() >= 10 && seconds.bytes().all(|byte| byte.is_ascii_digit()), "{name}");
    }
}

#[test]
fn second_run_is_answered_by_the_cache_without_a_connection() {
    let Scene { sts, home, .. } = {
        let scene = Scene::new();
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
        scene.process().stdout(issued_document(1)).run();
        assert_eq!(scene.sts.connections(), 1);
        scene
    };
    sts.finish();
    home.keyfob(["process", "--profile", "dev"]).stdout(issued_document(1)).run();
}

#[test]
fn what_makes_other_credentials_makes_another_cache_entry() {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    let plain = scene.home.read(".aws/config");
    for (number, setting) in (2..).zip([
        ("external_id = abc", "ExternalId", "abc"),
        ("duration_seconds = 1800", "DurationSeconds", "1800"),
        ("source_identity = jane", "SourceIdentity", "jane"),
        ("role_session_name = jane", "RoleSessionName", "jane"),
    ]) {
        let (line, field, value) = setting;
        scene.home.write(".aws/config", format!("{plain}{line}\n"));
        scene.sts.expect(demo_role().field(field, value));
        scene.process().stdout(issued_document(number)).run();
        scene.process().stdout(issued_document(number)).run();
    }
    let joe = scene.sts.add_user("joe");
    scene.home.write(".aws/config", &plain);
    scene.home.write(".aws/credentials", joe.section("base"));
    scene.sts.expect(demo_role().signed_by(&joe));
    scene.process().stdout(issued_document(6)).run();
}

#[test]
fn profile_is_named_in_any_of_its_places() {
    let home = static_home();
    for line in [
        "process --profile dev",
        "process --profile=dev",
        "process -p dev",
        "process -pdev",
        "process dev",
        "process dev --profile dev",
        "credential-process dev",
        "credential-process --profile dev",
        "-p dev process",
        "--profile=dev process",
        "process --region eu-west-1 dev",
    ] {
        home.keyfob(line.split(' ')).secrets_expected().stdout(STATIC).run();
    }
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        home.keyfob(["process"]).env(variable, "dev").stdout(STATIC).run();
    }
    let both = home.keyfob(["process"]).env("AWS_DEFAULT_PROFILE", "gone");
    both.env("AWS_PROFILE", "dev").stdout(STATIC).run();
    let named = home.keyfob(["process", "dev"]);
    named.env("AWS_PROFILE", "gone").stdout(STATIC).run();
    let default = Home::new().credentials(&Keys::of("jane").section("default"));
    default.keyfob(["process"]).stdout(STATIC).run();
}

#[test]
fn keys_in_the_environment_count_only_when_no_profile_is_named() {
    let joe = Keys::of("joe");
    let mut home = static_home();
    for (name, value) in joe.vars() {
        home.set_env(&name, &value);
    }
    home.keyfob(["process", "--profile", "dev"]).stdout(STATIC).run();
    home.keyfob(["process"]).stdout(joe.document(None)).run();
    home.keyfob(["process"]).env("AWS_PROFILE", "dev").stdout(joe.document(None)).run();
}

#[test]
fn role_of_a_named_profile_is_assumed_with_its_own_source() {
    let mut scene = Scene::new();
    let joe = scene.sts.add_user("joe");
    for (name, value) in joe.vars() {
        scene.home.set_env(&name, &value);
    }
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn credential_source_environment_signs_with_the_environments_keys() {
    let mut scene = Scene::new();
    let joe = scene.sts.add_user("joe");
    for (name, value) in joe.vars() {
        scene.home.set_env(&name, &value);
    }
    let config = format!("[profile dev]\nrole_arn = {ROLE}\ncredential_source = Environment\n");
    scene.home.write(".aws/config", config);
    scene.sts.expect(demo_role().signed_by(&joe));
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn signature_is_for_the_argument_then_the_variable_then_the_selected_profile_then_the_arn() {
    let in_profile = "region = eu-west-1\n";
    let variables = [("AWS_REGION", "us-east-2"), ("AWS_DEFAULT_REGION", "us-west-1")];
    for (lines, variables, arguments, region) in [
        (in_profile, &variables[..], &["--region", "ap-south-1"][..], "ap-south-1"),
        (in_profile, &variables[..], &[], "us-east-2"),
        (in_profile, &variables[1..], &[], "us-west-1"),
        (in_profile, &[], &[], "eu-west-1"),
        ("", &[], &[], "us-east-1"),
        ("region = aws-global\n", &[], &[], "us-east-1"),
    ] {
        let scene = Scene::with(lines);
        scene.sts.expect(demo_role().region(region));
        let arguments = ["process", "dev"].iter().chain(arguments).copied();
        let run = scene.home.keyfob(arguments);
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        run.stdout(issued_document(1)).run();
    }
}

#[test]
fn region_of_a_source_profile_does_not_count() {
    let scene = Scene::with("[profile base]\nregion = eu-west-1\n");
    scene.sts.expect(demo_role().region("us-east-1"));
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn without_a_region_the_partition_of_the_arn_decides() {
    let scene = Scene::new();
    let china = "arn:aws-cn:iam::123456789012:role/Demo";
    scene.home.write(".aws/config", role_section("dev", china, "base"));
    scene.sts.expect(assume_role(china).region("cn-northwest-1").expiring(END));
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn endpoint_is_the_services_variable_then_the_general_one_then_the_profiles() {
    let elsewhere = "http://127.0.0.1:1";
    for (variables, lines) in [
        (&[("AWS_ENDPOINT_URL_STS", "here"), ("AWS_ENDPOINT_URL", elsewhere)][..], "endpoint_url = http://127.0.0.1:2"),
        (&[("AWS_ENDPOINT_URL", "here")], "endpoint_url = http://127.0.0.1:2"),
        (&[], "endpoint_url = here"),
        (&[], "endpoint_url = http://127.0.0.1:2\nservices = s\n[services s]\nsts =\n  endpoint_url = here"),
    ] {
        let mut scene = Scene::new();
        let here = scene.sts.url();
        scene.home.remove_env("AWS_ENDPOINT_URL_STS");
        for (name, value) in variables {
            scene.home.set_env(name, &value.replace("here", &here));
        }
        let config = role_section("dev", ROLE, "base") + &lines.replace("here", &here) + "\n";
        scene.home.write(".aws/config", config);
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
}

#[test]
fn each_kind_of_failure_has_its_exit_code_and_prints_nothing() {
    let scene =
        Scene::with(&format!("[profile mfa]\nrole_arn = {ROLE}\nsource_profile = base\nmfa_serial = {SERIAL}\n"));
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "no"));
    for (arguments, code) in [
        (&["process", "dev"][..], 1),
        (&["process", "dev", "--bogus"], 2),
        (&["process", "mfa"], 3),
        (&["process", "gone"], 4),
        (&["process", "gone", "--region", "eu-west-1"], 4),
    ] {
        let run = scene.home.keyfob(arguments.iter().copied()).code(code).any_stderr().run();
        assert!(run.stderr.starts_with("keyfob: "), "{}", run.stderr);
        assert!(run.stderr.lines().count() <= 3, "{}", run.stderr);
    }
}

#[test]
fn missing_profile_is_told_with_the_names_there_are() {
    let scene = Scene::new();
    let config = scene.home.path().join(".aws/config");
    let stderr = format!(
        "keyfob: no profile \"gone\"\n  cause: neither \"{}\" nor \"{}\" has it\n  \
         hint: the profiles there: dev, base\n",
        config.display(),
        config.with_file_name("credentials").display(),
    );
    scene.home.keyfob(["process", "gone"]).code(4).stderr(stderr).run();
}

#[test]
fn wrong_arguments_are_told_and_end_with_two() {
    let home = static_home();
    for (line, told) in [
        ("process dev --bogus", "--bogus"),
        ("process --profile", "--profile"),
        ("process dev ops", "ops"),
        ("process --profile dev ops", "\"dev\" and \"ops\""),
        ("--profile ops process dev", "\"ops\" and \"dev\""),
        ("process --verbose=yes dev", "--verbose takes no value"),
        ("process dev --json", "--json"),
        ("proces dev", "proces"),
        ("--profile dev", "no command"),
    ] {
        let run = home.keyfob(line.split(' ')).secrets_forbidden().code(2).any_stderr().run();
        assert!(run.stderr.contains(told), "{line}: {}", run.stderr);
    }
}

#[test]
fn group_without_a_command_names_its_own_help() {
    for group in ["profile", "sso", "store"] {
        let told = format!("keyfob: no command\n  hint: run `keyfob {group} --help`\n");
        static_home().keyfob([group]).code(2).stderr(told).run();
    }
}

#[test]
fn arguments_that_are_missing_are_named_in_one_line() {
    let told = "keyfob: Required positional arguments not provided: name new-name\n  \
                hint: run `keyfob profile copy --help`\n";
    static_home().keyfob(["profile", "copy"]).code(2).stderr(told).run();
}

#[test]
fn settings_that_sts_would_refuse_are_told_before_any_call() {
    for (line, told) in [
        ("duration_seconds = 60", "`duration_seconds` is between 900 and 43200"),
        ("duration_seconds = an hour", "`duration_seconds` must be a whole number of seconds"),
        ("external_id = a", "`external_id` has 2 to 1224 characters"),
        ("role_session_name = jane doe", "`role_session_name` is made of"),
        ("session_tags = team", "`session_tags` must look like"),
        ("region = x@evil", "\"x@evil\" is not the name of a region"),
        ("endpoint_url = sts.example.com", "is not an http:// or https:// URL"),
        ("max_attempts = 0", "it is not a number above 0"),
    ] {
        let mut scene = Scene::with(&format!("{line}\n"));
        if line.starts_with("endpoint_url") {
            scene.home.remove_env("AWS_ENDPOINT_URL_STS");
        }
        let run = scene.process().code(1).any_stderr().run();
        assert!(run.stderr.contains(told), "{line}: {}", run.stderr);
        assert_eq!(scene.sts.connections(), 0, "{line}");
    }
}

#[test]
fn empty_name_is_no_profile() {
    let home = static_home();
    let stderr = "keyfob: the profile's name is empty\n  hint: name one, or leave it out\n";
    for arguments in [
        ["process", "--profile", ""].as_slice(),
        &["process", "--profile="],
        &["process", "-p", ""],
        &["process", ""],
        &["--profile=", "process"],
        &["process", "--profile", "dev", ""],
        &["env", ""],
        &["explain", ""],
        &["whoami", "--profile="],
        &["exec", "", "--", "x"],
    ] {
        home.keyfob(arguments.iter().copied()).code(2).stderr(stderr).run();
    }
}

#[test]
fn endpoint_that_is_no_url_is_refused_without_showing_it() {
    for url in [
        "http://a b",
        "http://[::1",
        "http://user:MARKERsecret@h",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:x",
        "http://:80",
        "ftp://MARKERsecret",
        "MARKERsecret",
    ] {
        let scene = Scene::new();
        let run = scene.process().env("AWS_ENDPOINT_URL_STS", url).code(1).any_stderr().run();
        assert!(
            run.stderr.starts_with("keyfob: cannot use AWS_ENDPOINT_URL_STS\n  cause: it is not "),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains(url), "{}", run.stderr);
        let scene = Scene::with(&format!("endpoint_url = {url}\n"));
        let run = scene.process().without_env("AWS_ENDPOINT_URL_STS").code(1).any_stderr().run();
        assert!(run.stderr.starts_with("keyfob: cannot use endpoint_url\n  cause: "), "{}", run.stderr);
        assert!(!run.stderr.contains(url), "{}", run.stderr);
    }
}

#[test]
fn account_that_is_none_is_not_printed() {
    for account in ["abc", "12345678901", "1234567890123", "12345678901x"] {
        let home =
            Home::new().credentials(&(Keys::of("jane").section("dev") + &format!("aws_account_id = {account}\n")));
        home.keyfob(["process", "dev"]).stdout(STATIC).run();
        let home = Keys::of("jane").vars().iter().fold(Home::new(), |home, (name, value)| home.env(name, value));
        home.keyfob(["process"]).env("AWS_ACCOUNT_ID", account).stdout(STATIC).run();
    }
}

#[test]
fn profile_that_is_keyfob_itself_and_says_no_more_is_told_what_is_missing() {
    let line =
        concat!("[profile dev]\ncredential_process = ", env!("CARGO_BIN_EXE_keyfob"), " process --profile dev\n");
    let stderr = "keyfob: profile \"dev\" has no credentials\n  \
                  cause: its credential_process is keyfob itself, and nothing else in it says where they come from\n  \
                  hint: add keyfob_role_arn and keyfob_source_profile, or whatever gets them, beside it\n";
    Home::new().config(line).keyfob(["process", "dev"]).code(1).stderr(stderr).run();
}

#[cfg(unix)]
#[test]
fn missing_profile_is_told_with_what_was_not_read() {
    let home = Home::new().config("[dev]\nregion = eu-west-1\n").credentials("[profile ops]\nregion = eu-west-1\n");
    let file = |name: &str| home.path().join(name).display().to_string();
    for (profile, variable, value, cause) in [
        ("dev", "", "", format!("{}:1: ignored: profiles here are written [profile NAME]", file(".aws/config"))),
        ("ops", "AWS_CONFIG_FILE", "~/.aws", format!("cannot read \"{}\": not a regular file", file(".aws"))),
        (
            "dev",
            "AWS_SHARED_CREDENTIALS_FILE",
            "~/.aws",
            format!("cannot read \"{}\": not a regular file", file(".aws")),
        ),
        (
            "dev",
            "AWS_SHARED_CREDENTIALS_FILE",
            "~/gone",
            format!("AWS_SHARED_CREDENTIALS_FILE names a file that does not exist: \"{}\"", file("gone")),
        ),
        (
            "dev",
            "AWS_CONFIG_FILE",
            "$HOME/x",
            "AWS_CONFIG_FILE names a file that does not exist: \"$HOME/x\"; variables inside AWS_CONFIG_FILE are not \
             expanded"
                .to_owned(),
        ),
    ] {
        let run = home.keyfob(["process", profile]);
        let run = if variable.is_empty() { run } else { run.env(variable, value) };
        let run = run.code(4).any_stderr().run();
        let told = format!("keyfob: no profile \"{profile}\"\n  cause: ");
        assert!(run.stderr.starts_with(&told) && run.stderr.contains(&cause), "{variable}: {}", run.stderr);
    }
    // A section that was meant for the other file.
    let home = Home::new().credentials("[profile ops]\nregion = eu-west-1\n");
    let run = home.keyfob(["process", "ops"]).code(4).any_stderr().run();
    assert!(run.stderr.contains("credentials:1: ignored: profiles here are written [NAME]"), "{}", run.stderr);
}

/// The section is there, under a name that counts in the config file alone.
#[test]
fn profile_of_several_words_in_the_credentials_file_is_told_what_it_lacks() {
    const KEYS: &str = "aws_access_key_id = AKIAMY00000000000000\naws_secret_access_key = MARKERsecret\n";
    let home = Home::new().config("[profile my team]\n[profile dev]\n").credentials(&format!("[my dev]\n{KEYS}"));
    let file = |name: &str| home.path().join(".aws").join(name).display().to_string();
    let (config, credentials) = (file("config"), file("credentials"));
    for (profile, cause, hint) in [
        (
            "my dev",
            format!(
                "{credentials}:1: ignored: a name like this counts here only where the config file has the profile, too"
            ),
            format!("add [profile 'my dev'] to \"{config}\""),
        ),
        (
            "my team",
            format!("{config}:1: ignored: a name like this needs quotes around it"),
            "write [profile 'my team'] there".into(),
        ),
        (
            "dve",
            format!("neither \"{config}\" nor \"{credentials}\" has it"),
            "was \"dev\" meant? the profiles there: dev".into(),
        ),
    ] {
        let told = format!("keyfob: no profile \"{profile}\"\n  cause: {cause}\n  hint: {hint}\n");
        home.keyfob(["process", profile]).code(4).stderr(told).run();
    }
    // As the hint says.
    let home = home.config("[profile 'my dev']\n");
    let answer = "{\"Version\":1,\"AccessKeyId\":\"AKIAMY00000000000000\",\"SecretAccessKey\":\"MARKERsecret\"}\n";
    home.keyfob(["process", "my dev"]).stdout(answer).run();
}

#[cfg(unix)]
#[test]
fn variables_of_awss_that_are_not_utf_8_are_refused() {
    let home = static_home();
    for name in ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
        let script = format!("{name}=\"$(printf 'a\\377')\" exec \"$0\" process \"$@\"");
        let stderr =
            format!("keyfob: cannot use {name}\n  cause: its value is not UTF-8\n  hint: unset it, or set it anew\n");
        for arguments in [[].as_slice(), &["--profile", "dev"]] {
            let words = ["-c", &script, env!("CARGO_BIN_EXE_keyfob")];
            let words = words.iter().chain(arguments).copied();
            home.program("/bin/sh", words).code(1).stderr(stderr.as_str()).run();
        }
    }
}

/// A reader that has gone is not the end: whoever waits for the answer still gets it.
#[cfg(unix)]
#[test]
fn notes_that_nobody_reads_do_not_cost_the_answer() {
    for script in ["\"$0\" process dev -v 2>&-", "{ sleep 1; \"$0\" process dev -v 2>&1 >answer; } | true; cat answer"]
    {
        let scene = Scene::new();
        // Then there is something to note.
        scene.home.write(".cache", "a file in the place of the folder");
        scene.sts.expect(demo_role());
        let run = scene.home.program("/bin/sh", ["-c", script, env!("CARGO_BIN_EXE_keyfob")]);
        run.secrets_expected().stdout(issued_document(1)).run();
    }
}

#[test]
fn byte_order_mark_does_not_hide_what_is_wrong_with_a_section() {
    let home = Home::new().config("\u{feff}[dev]\nregion = eu-west-1\n");
    let run = home.keyfob(["process", "dev"]).code(4).any_stderr().run();
    assert!(run.stderr.contains("config:1: ignored: profiles here are written [profile NAME]"), "{}", run.stderr);
}

#[test]
fn endpoint_with_a_user_is_refused_with_a_port_too() {
    for url in ["http://user:MARKERsecret@127.0.0.1:1", "https://MARKERsecret@127.0.0.1:1/"] {
        for command in ["process", "explain"] {
            let scene = Scene::new();
            let run = scene.home.keyfob([command, "dev"]).env("AWS_ENDPOINT_URL_STS", url);
            let run = run.code(1).any_stderr().run();
            assert!(run.stderr.starts_with("keyfob: cannot use AWS_ENDPOINT_URL_STS\n"), "{}", run.stderr);
        }
    }
}

#[test]
fn keys_of_the_environment_with_control_characters_are_refused() {
    for (id, secret) in [("AKIA\u{1}", "MARKERsecret"), ("AKIA", "MARKER\u{1}secret")] {
        let home = Home::new();
        let run = home.keyfob(["process"]).env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
        let run = run.code(1).any_stderr().run();
        assert!(run.stderr.contains("control character"), "{}", run.stderr);
    }
}
