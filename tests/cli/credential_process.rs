//! `credential_process`: another program's answer, passed on, cached where it may be, and never trusted.

#![cfg(unix)]

use super::{
    fake::{Keys, MARKER, Timestamp},
    keyfob::{Home, Invocation},
    scene::{END, ROLE, Scene, demo_role, entries, issued_document},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");
/// A document of long-term keys.
const LONG_TERM: &str = "{\"Version\":1,\"AccessKeyId\":\"AKIAEXAMPLE\",\"SecretAccessKey\":\"MARKERsecret\"}\n";

/// A home whose profile `dev` runs this line.
fn home(line: &str) -> Home {
    Home::new().config(&format!("[profile dev]\ncredential_process = {line}\n"))
}

/// A home whose profile `dev` runs this script, by a line that needs no shell of its own.
fn scripted(script: &str) -> Home {
    let home = home("sh helper.sh");
    home.write("helper.sh", script);
    home
}

/// A home whose profile `dev` prints this document, and counts how often.
fn printing(document: impl AsRef<[u8]>) -> Home {
    let home = scripted("echo run >> runs; cat answer");
    home.write("answer", document);
    home
}

fn runs(home: &Home) -> usize {
    home.read("runs").lines().count()
}

fn process(home: &Home) -> Invocation {
    home.keyfob(["process", "--profile", "dev"])
}

/// Temporary keys that outlive the test.
fn temporary() -> Keys {
    Keys::issued(1, Timestamp::parse_rfc3339(END).expect("this is how the fake spells times"))
}

/// Runs and returns the cause of the failure, which must be told in one short paragraph.
#[track_caller]
fn cause(home: &Home) -> String {
    let run = process(home).code(1).any_stderr().run();
    let (message, rest) = run.stderr.split_once('\n').unwrap_or_default();
    assert_eq!(message, "keyfob: credential_process of profile \"dev\" failed");
    assert!(run.stderr.len() < 4096, "{} bytes on standard error", run.stderr.len());
    rest.trim().strip_prefix("cause: ").expect("a failure has a cause").to_owned()
}

#[test]
fn answer_is_passed_on_whether_or_not_the_line_needs_a_shell() {
    for line in [
        "cat answer",
        "cat 'answer'",
        "\"cat\" \"answer\"",
        "cat < answer",
        "cat answer | cat",
        "cat $HOME/answer",
        "cat ~/answer",
        "NAME=answer; cat \"$NAME\"",
    ] {
        let home = home(line);
        home.write("answer", LONG_TERM);
        process(&home).stdout(LONG_TERM).run();
    }
}

#[test]
fn answer_with_an_expiration_is_cached() {
    let home = printing(temporary().document(None));
    for _ in 0..2 {
        process(&home).stdout(temporary().document(None)).run();
    }
    assert_eq!(runs(&home), 1);
}

#[test]
fn answer_without_an_expiration_is_not_cached() {
    let home = printing(LONG_TERM);
    for _ in 0..2 {
        process(&home).stdout(LONG_TERM).run();
    }
    assert_eq!((runs(&home), entries(&home).len()), (2, 0));
}

#[test]
fn programs_that_give_no_expiration_run_side_by_side() {
    let home = scripted("sleep 2; cat answer");
    home.write("answer", LONG_TERM);
    let began = Instant::now();
    let running: Vec<_> = (0..8).map(|_| process(&home).stdout(LONG_TERM).spawn()).collect();
    for run in running {
        run.wait();
    }
    assert!(began.elapsed() < Duration::from_secs(14), "they waited for each other: {:?}", began.elapsed());
}

#[test]
fn answer_that_begins_to_have_an_expiration_is_cached_from_then_on() {
    let home = printing(LONG_TERM);
    process(&home).stdout(LONG_TERM).run();
    home.write("answer", temporary().document(None));
    for _ in 0..2 {
        process(&home).stdout(temporary().document(None)).run();
    }
    assert_eq!(runs(&home), 2);
}

#[test]
fn other_line_or_account_is_another_cache_entry() {
    let home = printing(temporary().document(None));
    process(&home).stdout(temporary().document(None)).run();
    home.write(".aws/config", "[profile dev]\ncredential_process = sh helper.sh again\n");
    process(&home).stdout(temporary().document(None)).run();
    let with_account = "[profile dev]\ncredential_process = sh helper.sh again\naws_account_id = 123456789012\n";
    home.write(".aws/config", with_account);
    process(&home).stdout(temporary().document(Some("123456789012"))).run();
    assert_eq!(runs(&home), 3);
}

#[test]
fn answer_counts_only_where_all_that_a_program_may_go_by_is_the_same() {
    let line = "credential_process = sh $HOME/helper.sh\n";
    let home = Home::new().config(&format!("[profile dev]\n{line}[profile ops]\n{line}"));
    home.write("helper.sh", "echo run >> $HOME/runs; sed \"s/ASIA/ASIA$ACCOUNT/\" $HOME/answer");
    home.write("answer", temporary().document(None));
    let folder = home.write("folder/file", "").with_file_name("");
    let run = |profile: &str, account: &str, folder: &Path| {
        let run = home.keyfob(["process", profile]).env("ACCOUNT", account).current_dir(folder).any_stdout().run();
        assert!(run.stdout.contains(&format!("\"ASIA{account}ISSUED")), "{}", run.stdout);
        runs(&home)
    };
    for _ in 0..2 {
        assert_eq!(run("dev", "PROD", home.path()), 1);
    }
    for (number, profile, account, folder) in [
        (2, "dev", "DEV", home.path()),
        (3, "ops", "PROD", home.path()),
        (4, "dev", "PROD", &folder),
        // All of them are kept side by side.
        (4, "dev", "PROD", home.path()),
        (4, "dev", "DEV", home.path()),
        (4, "ops", "PROD", home.path()),
        (4, "dev", "PROD", &folder),
    ] {
        assert_eq!(run(profile, account, folder), number, "{profile} {account} {}", folder.display());
    }
    let passing = process(&home).env("ACCOUNT", "PROD").env("SHLVL", "7").env("PWD", "/").env("COLUMNS", "80");
    passing.any_stdout().run();
    assert_eq!(runs(&home), 4);
}

#[test]
fn program_that_takes_long_is_run_once_for_all_that_wait() {
    let home = scripted("echo run >> runs; sleep 12; cat answer");
    home.write("answer", temporary().document(None));
    let running: Vec<_> = (0..5).map(|_| process(&home).stdout(temporary().document(None)).spawn()).collect();
    for run in running {
        run.wait();
    }
    assert_eq!(runs(&home), 1);
}

#[test]
fn account_is_the_answers_own_before_the_profiles() {
    for (document, account) in [(None, "123456789012"), (Some("210987654321"), "210987654321")] {
        let home = printing(temporary().document(document));
        let config = home.read(".aws/config") + "aws_account_id = 123456789012\n";
        home.write(".aws/config", config);
        process(&home).stdout(temporary().document(Some(account))).run();
    }
}

#[test]
fn documents_of_every_honest_shape_are_read() {
    let keys = temporary();
    let plain = keys.document(None);
    for (document, docs) in [
        (plain.to_lowercase().replace(&keys.access_key_id.to_lowercase(), &keys.access_key_id), "keys in lower case"),
        (plain.replace("Version", "VERSION").replace("AccessKeyId", "accesskeyid"), "keys in any case"),
        (plain.replace(END, "2099-01-02T03:04:05+00:00"), "an offset"),
        (plain.replace(END, "2099-01-02T04:04:05+01:00"), "another offset"),
        (plain.replace(END, "2099-01-02T03:04:05UTC"), "the old CLI's zone"),
        (plain.replace(END, "2099-01-02T03:04:05+0000"), "an offset without a colon"),
        (plain.replace(END, "2099-01-02T03:04:05.678Z"), "a fraction"),
        (plain.replace('{', "{\"More\":{\"a\":[1]},"), "a member that nobody knows"),
        (format!("\u{feff}{plain}"), "a byte order mark"),
        (format!("\n\n{}", plain.replace(',', ",\r\n  ")), "many lines"),
        (format!("{plain}{}", " ".repeat(64 * 1024 - plain.len())), "just 64 KiB"),
    ] {
        let lower = document.contains("\"accesskeyid\":") && document.contains("\"version\"");
        let home = printing(&document);
        let run = process(&home).any_stdout().run();
        let matches = run.stdout == plain || (lower && run.stdout.eq_ignore_ascii_case(&plain));
        assert!(matches, "{docs}: {}", run.stdout);
    }
    for empty in ["\"SessionToken\":\"\",", "\"SessionToken\":null,", "\"Expiration\":\"\",", "\"AccountId\":\"12\","] {
        let home = printing(LONG_TERM.replace("\"Version\"", &format!("{empty}\"Version\"")));
        process(&home).stdout(LONG_TERM).run();
    }
}

#[test]
fn hostile_documents_are_refused_and_never_shown() {
    let keys = Keys { expiration: None, ..temporary() };
    let plain = keys.document(None);
    let without = |member: &str| plain.replace(member, "Other");
    for (document, told) in [
        (String::new(), "the output is empty"),
        (" \n\t\n".to_owned(), "the output is empty"),
        (MARKER.to_owned(), "not one JSON object (line 1, column 1)"),
        (plain[..plain.len() - 3].to_owned(), "not one JSON object"),
        (format!("{plain}{plain}"), "not one JSON object (line 2, column 1)"),
        (format!("Loading…\n{plain}"), "not one JSON object"),
        (format!("[{plain}]"), "not one JSON object"),
        (format!("\"{MARKER}\""), "not one JSON object"),
        ("null".to_owned(), "not one JSON object"),
        ("[".repeat(60_000), "not one JSON object"),
        (without("Version"), "Version is not 1"),
        (plain.replace(":1,", ":2,"), "Version is not 1"),
        (plain.replace(":1,", ":1.0,"), "Version is not 1"),
        (plain.replace(":1,", ":-1,"), "Version is not 1"),
        (plain.replace(":1,", ":1e99,"), "Version is not 1"),
        (plain.replace(":1,", ":\"1\","), "a member is not of the type"),
        (plain.replace(":1,", ":true,"), "a member is not of the type"),
        (plain.replace(":1,", ":null,"), "Version is not 1"),
        (without("AccessKeyId"), "AccessKeyId is missing"),
        (without("SecretAccessKey"), "SecretAccessKey is missing"),
        (plain.replace(&keys.access_key_id, ""), "AccessKeyId is missing"),
        (plain.replace(&keys.secret_access_key, ""), "SecretAccessKey is missing"),
        (plain.replace(&format!("\"{}\"", keys.access_key_id), "7"), "a member is not of the type"),
        (plain.replace(&format!("\"{}\"", keys.secret_access_key), "[7]"), "a member is not of the type"),
        (plain.replace("\"SessionToken\":", "\"SessionToken\":7,\"Other\":"), "a member is not of the type"),
        (plain.replace('{', "{\"Expiration\":4071006245,"), "a member is not of the type"),
        (plain.replace(MARKER, "MARKERsecret\\u0007"), "a key or the token holds a control character"),
        (plain.replace(&keys.access_key_id, "a\\nb"), "a key or the token holds a control character"),
        (
            plain.replace('{', "{\"Expiration\":\"9999-12-31T23:59:59-23:59\","),
            "Expiration is not a time with its zone",
        ),
        (plain.replace('{', "{\"Expiration\":\"10000-01-01T00:00:00Z\","), "Expiration is not a time with its zone"),
        (plain.replace('{', "{\"Expiration\":\"2099-01-02T03:04:05\","), "Expiration is not a time with its zone"),
        (plain.replace('{', &format!("{{\"Expiration\":\"{MARKER}\",")), "Expiration is not a time with its zone"),
    ] {
        let told_cause = cause(&printing(&document));
        assert!(told_cause.contains(told), "{document:.100}: {told_cause}");
        assert!(told_cause.starts_with("\"sh\" printed no usable credentials: "), "{told_cause}");
    }
    assert!(cause(&printing(b"{\"Version\":1,\xff}")).contains("not UTF-8"));
}

#[test]
fn answer_that_has_expired_is_refused_and_not_cached() {
    let document = temporary().document(None).replace(END, "2020-01-02T03:04:05Z");
    let home = printing(document);
    assert_eq!(cause(&home), "\"sh\" printed credentials that expired at 2020-01-02T03:04:05Z");
    assert!(entries(&home).is_empty());
}

#[test]
fn failing_program_is_quoted() {
    for (script, expected) in [
        ("echo 'no luck today' >&2; exit 3", "\"sh\" ended with exit status: 3: no luck today"),
        ("echo; cat answer; exit 3", "\"sh\" ended with exit status: 3 and said nothing"),
        ("kill -KILL $$", "\"sh\" ended with signal: 9 (SIGKILL) and said nothing"),
        (r"printf 'a\nb\033[31m' >&2; exit 1", r": a b\u{1b}[31m"),
    ] {
        let home = scripted(script);
        home.write("answer", LONG_TERM);
        let told = cause(&home);
        assert!(told.ends_with(expected), "{script}: {told}");
    }
}

#[test]
fn program_that_cannot_be_run_is_named_without_its_arguments() {
    for line in ["gone --password MARKERsecret", "./helper.sh MARKERsecret", "/ MARKERsecret"] {
        let home = home(line);
        home.write("helper.sh", "#!/bin/sh\n");
        let program = line.split(' ').next().unwrap_or_default();
        let told = cause(&home);
        assert!(told.starts_with(&format!("cannot run \"{program}\": ")), "{told}");
    }
}

#[test]
fn words_of_a_program_that_succeeds_are_not_repeated() {
    let home = scripted("echo warning >&2; cat answer");
    home.write("answer", LONG_TERM);
    process(&home).stdout(LONG_TERM).run();
}

#[test]
fn flood_on_standard_error_neither_blocks_nor_is_repeated_whole() {
    let flood = "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo the end >&2";
    let home = scripted(&format!("{flood}; cat answer"));
    home.write("answer", LONG_TERM);
    process(&home).stdout(LONG_TERM).run();
    assert!(cause(&scripted(&format!("{flood}; exit 1"))).contains("xxx"));
    let unprintable = "head -c 8000 /dev/zero >&2; exit 1";
    assert!(cause(&scripted(unprintable)).contains(r"\u{0}"));
}

#[test]
fn last_words_of_a_talkative_program_are_the_ones_repeated() {
    let told = cause(&scripted("for i in $(seq 200); do echo \"frame $i of a trace\" >&2; done; exit 1"));
    assert!(told.ends_with("frame 200 of a trace"), "{told}");
}

#[test]
fn too_much_output_ends_the_program_at_once() {
    for script in [
        "yes",
        "cat /dev/zero",
        "head -c 65537 /dev/zero",
        "head -c 70000 /dev/zero; sleep 50",
        "trap '' PIPE; yes 2>/dev/null; exec sleep 50",
    ] {
        let home = scripted(script);
        let began = Instant::now();
        assert_eq!(cause(&home), "\"sh\" printed more than 64 KiB", "{script}");
        assert!(began.elapsed() < Duration::from_secs(10), "{script} took {:?}", began.elapsed());
    }
}

#[test]
fn program_reads_nothing_from_standard_input() {
    let home = scripted("read line; test -z \"$line\" || exit 1; cat answer");
    home.write("answer", LONG_TERM);
    process(&home).stdin("words of the caller\n").stdout(LONG_TERM).run();
}

#[test]
fn program_has_the_environment_and_who_asks() {
    let home = scripted("echo \"$NAME $KEYFOB_PROFILE_CHAIN\" > seen; cat answer");
    home.write("answer", LONG_TERM);
    process(&home).env("NAME", "value").stdout(LONG_TERM).run();
    assert_eq!(home.read("seen"), "value \"dev\"\n");
}

#[test]
fn profile_that_leads_back_to_itself_through_a_script_is_refused() {
    let home = scripted(&format!("exec {KEYFOB} process --profile dev"));
    let expected = "\"sh\" ended with exit status: 1: keyfob: profile \"dev\" leads back to itself \
                    cause: its credential_process runs a program that asks keyfob for the same profile \
                    hint: let that program use another profile";
    assert_eq!(cause(&home), expected);
}

#[test]
fn profiles_that_lead_to_each_other_are_refused() {
    let home = Home::new().config(&format!(
        "[profile dev]\ncredential_process = {KEYFOB} process --profile ops\n\
         [profile ops]\ncredential_process = sh -c \"{KEYFOB} process --profile dev\"\n"
    ));
    let told = cause(&home);
    assert!(told.contains("profile \"dev\" leads back to itself"), "{told}");
}

#[test]
fn entry_that_is_keyfob_for_this_very_profile_says_nothing() {
    let line = format!("credential_process = {KEYFOB} process --profile dev\n");
    let home = Home::new().config(&format!("[profile dev]\n{line}"));
    let run = process(&home).code(1).any_stderr().run();
    assert!(run.stderr.contains("profile \"dev\" has no credentials"), "{}", run.stderr);
    let scene = Scene::with(&line);
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn four_profiles_may_lead_to_each_other_and_a_fifth_may_not() {
    let names = ["dev", "b", "c", "d", "e"];
    for (length, works) in [(4, true), (5, false)] {
        let section = |pair: &[&str]| {
            format!("[profile {}]\ncredential_process = {KEYFOB} process --profile {}\n", pair[0], pair[1])
        };
        let config: String = names[..length].windows(2).map(section).collect();
        let last = format!("[profile {}]\ncredential_process = cat answer\n", names[length - 1]);
        let home = Home::new().config(&(config + &last));
        home.write("answer", LONG_TERM);
        if works {
            process(&home).stdout(LONG_TERM).run();
        } else {
            let told = cause(&home);
            assert!(told.contains("profiles being resolved: dev -> b -> c -> d -> e"), "{told}");
        }
    }
}

#[test]
fn answer_serves_as_the_source_of_a_role() {
    let scene = Scene::new();
    let line = "[profile helper]\ncredential_process = sh helper.sh\n";
    let config = format!("[profile dev]\nrole_arn = {ROLE}\nsource_profile = helper\n{line}");
    scene.home.write(".aws/config", config);
    scene.home.write("helper.sh", "echo run >> runs; cat answer");
    scene.home.write("answer", scene.jane.document(None));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    for _ in 0..2 {
        scene.process().stdout(issued_document(1)).run();
    }
    assert_eq!(runs(&scene.home), 1);
}

#[test]
fn cached_answer_that_sts_refuses_is_asked_for_again_once() {
    let scene = Scene::new();
    let line = "[profile helper]\ncredential_process = sh helper.sh\n";
    let config = format!("[profile dev]\nrole_arn = {ROLE}\nsource_profile = helper\n{line}");
    scene.home.write(".aws/config", config);
    scene.home.write("helper.sh", "echo run >> runs; cat answer");
    let (old, new) = ["joe", "jim"].map(|name| scene.sts.add_session(name, Duration::from_hours(2))).into();
    scene.home.write("answer", old.document(None));
    scene.home.keyfob(["process", "helper"]).stdout(old.document(None)).run();
    scene.sts.expire(&old.access_key_id);
    scene.home.write("answer", new.document(None));
    scene.sts.expect(demo_role().signed_by(&old).refused("ExpiredToken"));
    scene.sts.expect(demo_role().signed_by(&new));
    scene.process().stdout(issued_document(1)).run();
    assert_eq!(runs(&scene.home), 2);
}
