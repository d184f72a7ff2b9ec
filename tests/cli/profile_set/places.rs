//! Where settings go: they count afterwards.

use super::*;

#[test]
fn a_setting_is_changed_where_it_counts() {
    for (config, credentials, setting, [new_config, new_credentials]) in [
        ("[profile dev]\nregion = a\n", "", "region=x", ["[profile dev]\nregion = x\n", ""]),
        // As .NET writes them.
        ("", "[dev]\nregion=a", "region=x", ["", "[dev]\nregion = x"]),
        (
            "[profile dev]\nregion = a\n",
            "[dev]\nregion=b\nx=1",
            "region=x",
            ["[profile dev]\nregion = a\n", "[dev]\nregion = x\nx=1"],
        ),
        (
            "[profile dev]\nregion = a\n",
            "[dev]\nregion =\n",
            "region=x",
            ["[profile dev]\nregion = a\n", "[dev]\nregion = x\n"],
        ),
        ("[profile dev]\n# c\nRegion=a # b\n", "", "region=x", ["[profile dev]\n# c\n# b\nRegion = x\n", ""]),
        ("[profile dev]\nkeyfob_region = a\n", "", "region=x", ["[profile dev]\nkeyfob_region = x\n", ""]),
        (
            "[profile dev]\nkeyfob_region = a\nregion = b\n",
            "",
            "region=x",
            ["[profile dev]\nkeyfob_region = x\nregion = x\n", ""],
        ),
        (
            "[profile dev]\nregion = a\n[profile dev]\n",
            "",
            "region=x",
            ["[profile dev]\nregion = x\n[profile dev]\n", ""],
        ),
        ("[default]\nregion = a\n", "", "region=x", ["[default]\nregion = a\n[profile dev]\nregion = x\n", ""]),
    ] {
        let files = Files::new(config, credentials);
        files.set(["dev", setting]).any_stdout().run();
        files.have(new_config, new_credentials);
    }
}

#[test]
fn half_a_pair_goes_to_the_other_half() {
    for (config, credentials, [new_config, new_credentials]) in [
        (
            "[profile dev]\naws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret1\n",
            "",
            ["[profile dev]\naws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret2\n", ""],
        ),
        (
            "[profile dev]\nregion = a\n",
            "",
            ["[profile dev]\nregion = a\n", "[dev]\naws_secret_access_key = MARKERsecret2\n"],
        ),
    ] {
        let files = Files::new(config, credentials);
        let run = files.set(["dev", "aws_secret_access_key=MARKERsecret2"]).any_stdout();
        run.stderr(seen("aws_secret_access_key")).run();
        files.have(new_config, new_credentials);
    }
}

#[test]
fn an_older_copy_of_a_secret_is_told_and_removed_when_that_is_wanted() {
    let files = Files::new(&format!("[profile dev]\n{KEYS}region = a\n"), "");
    let set = |options: &[&'static str]| {
        let words = ["dev", "--access-key", "AKIAOTHER", "--stdin"].into_iter().chain(options.iter().copied());
        files.set(words).stdin("MARKERsecret2\n").any_stdout()
    };
    set(&[])
        .stderr(
            "keyfob: the config file has an older copy, which does not count: aws_access_key_id, aws_secret_access_key; \
             --force removes it\n",
        )
        .run();
    let new = "[dev]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = MARKERsecret2\n";
    files.have(&format!("[profile dev]\n{KEYS}region = a\n"), new);
    set(&["--force"]).run();
    files.have("[profile dev]\nregion = a\n", new);
}

#[test]
fn nested_settings_have_their_block() {
    let files = Files::new("[profile dev]\ns3 =\n  a = 1\nregion = x\n", "");
    files.set(["dev", "s3.B=2", "s3.a=3", "ec2.c=4"]).any_stdout().run();
    files.have("[profile dev]\ns3 =\n  a = 3\n  b = 2\nregion = x\nec2 =\n    c = 4\n", "");
}

#[test]
fn a_block_is_replaced_only_when_that_is_wanted() {
    for (config, setting, cause, new) in [
        ("s3 =\n    a = 1\n", "s3=x", "it holds nested settings, which would be lost", "s3 = x\n"),
        ("s3 = x\n", "s3.a=1", "it has a value, which would be lost", "s3 =\n    a = 1\n"),
    ] {
        let files = Files::new(&format!("[profile dev]\n{config}"), "");
        let error = format!(
            "keyfob: cannot set \"s3\" of profile \"dev\"\n  cause: {cause}\n  hint: replace it with --force\n"
        );
        files.set(["dev", setting]).code(1).stderr(error).run();
        files.have(&format!("[profile dev]\n{config}"), "");
        files.set(["dev", setting, "--force"]).any_stdout().run();
        files.have(&format!("[profile dev]\n{new}"), "");
    }
}

#[test]
fn one_file_in_both_roles_is_one_file() {
    for words in [&["--force"][..], &["--store", "config"], &["--store", "credentials"]] {
        let files = Files::new(&format!("[default]\n{KEYS}region = a\n"), "");
        let path = files.path("config");
        let run =
            files.set(["default", "--access-key", "AKIAOTHER", "--stdin"].into_iter().chain(words.iter().copied()));
        let run = run.env("AWS_SHARED_CREDENTIALS_FILE", &path).stdin("MARKERsecret2\n");
        run.stdout(format!("Profile \"default\" is in \"{path}\".\n")).run();
        let keys = "aws_access_key_id = AKIAOTHER\naws_secret_access_key = MARKERsecret2\n";
        files.have(&format!("[default]\n{keys}region = a\n"), "");
        let rename = files.profile(["rename", "default", "dev"]).env("AWS_SHARED_CREDENTIALS_FILE", &path);
        rename.stdout(format!("Profile \"default\" is \"dev\" now, in \"{path}\".\n")).run();
        files.have(&format!("[profile dev]\n{keys}region = a\n"), "");
    }
}

#[test]
fn what_only_keyfob_reads_does_not_hide_new_keys() {
    let own = "keyfob_aws_access_key_id = AKIAOLD\nkeyfob_aws_secret_access_key = MARKERsecret9\n";
    let files = Files::new(&format!("[profile dev]\n{own}"), "");
    let run = files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin("MARKERsecret/long\n");
    run.any_stdout().run();
    files.have("[profile dev]\n", &format!("[dev]\n{KEYS}"));
}

#[test]
fn a_secret_for_keyfob_alone_is_kept_with_the_others() {
    let files = Files::new("", "");
    let run = files.set(["dev", "keyfob_aws_secret_access_key=MARKERsecret2"]).any_stdout();
    run.stderr(seen("keyfob_aws_secret_access_key")).run();
    files.have("", "[dev]\nkeyfob_aws_secret_access_key = MARKERsecret2\n");
}
