//! What is refused, with its reason and never its value.

use super::*;

#[test]
fn what_aws_or_some_tool_would_read_otherwise_is_refused() {
    for (words, error) in [
        (
            &["region=EU"][..],
            "cannot set \"region\"\n  cause: it is not the name of a region, which looks like us-east-1",
        ),
        (
            &["--region", "eu west"],
            "cannot set \"region\"\n  cause: it is not the name of a region, which looks like us-east-1",
        ),
        (
            &["x=MARKERsecret #1"],
            "cannot set \"x\"\n  cause: the value holds a blank and a comment sign, where many tools end it",
        ),
        (&["x= MARKERsecret"], "cannot set \"x\"\n  cause: the value begins or ends with a blank"),
        (
            &["x=MARKERsecret\n[y]"],
            "cannot set \"x\"\n  cause: the value holds a line break or another control character",
        ),
        (&["s3.x=a\r"], "cannot set \"s3.x\"\n  cause: the value holds a line break or another control character"),
        (
            &["--credential-process", "\"/bin/a b\" \"c d\""],
            "cannot set \"credential_process\"\n  cause: the value begins and ends with a quote, which some tools take off",
        ),
        (&["x=a", "X=b"], "\"x\" is set twice"),
        (&["region=a", "--region", "b"], "\"region\" is set twice"),
        (
            &["a.b.c=1"],
            "\"a.b.c\" is no name of a setting\n  cause: settings are nested once at most, like s3.max_queue_size",
        ),
        (&["a b=1"], "cannot set \"a b\"\n  cause: the name has characters that names cannot have"),
        (&["x"], "a setting has no `=`\n  hint: write it as key=value, like region=eu-west-1"),
        (&["x="], "the value of \"x\" is empty\n  hint: take it away with `keyfob profile unset dev x`"),
        (
            &["--source-profile", "dev", "--credential-source", "Environment"],
            "a role has one source of credentials\n  cause: both source_profile and credential_source are given",
        ),
        (
            &["credential_process=/bin/a", "login_session=arn:aws:iam::111122223333:user/x"],
            "profile \"dev\" cannot be of two kinds\n  cause: these are settings of kind \"login\" and of kind \"process\"\n  \
             hint: leave one of them out, or keep both with --merge",
        ),
        (
            &["--access-key", "AKIAX", "aws_session_token=MARKERsecret"],
            "--access-key and \"aws_session_token\" exclude each other",
        ),
        (
            &["--access-key", "ASIAX"],
            "cannot use --access-key\n  cause: an id that begins with ASIA is of temporary keys, which are refused without \
             their session token\n  hint: add --session, and have the token at hand",
        ),
        (
            &["--access-key", "AKIAX", "--session"],
            "cannot use --access-key\n  cause: an id that begins with AKIA is of long-term keys, which have no token\n  \
             hint: leave out --session",
        ),
        (
            &["region=a", "--stdin"],
            "--stdin is about keys, and there are none\n  hint: name the pair with --access-key; keys that are stored \
             already are moved by `keyfob store move`",
        ),
        (
            &["--access-key", "AKIAX", "--store", "cupboard"],
            "--store names no store\n  hint: there are credentials, config, auto, secret-service, keychain, sdk, sealed and \
             exec:COMMAND",
        ),
        (
            &["--access-key", "ASIAX", "--session", "--store", "sealed"],
            "the store \"sealed\" is for keys that last\n  cause: temporary ones end by themselves\n  \
             hint: leave out --store: they go to the credentials file",
        ),
        (
            &[],
            "nothing to set in profile \"dev\"\n  hint: name settings, like region=eu-west-1, or use --access-key, \
             --role-arn with --source-profile, --web-identity-token-file, --saml-endpoint or --credential-process; on a terminal they are \
             asked for",
        ),
    ] {
        let files = Files::new("[profile dev]\n", "");
        let warned = if words.iter().any(|word| word.starts_with("aws_session_token")) {
            seen("aws_session_token")
        } else {
            String::new()
        };
        let words = ["dev"].into_iter().chain(words.iter().copied());
        files.set(words).code(2).stderr(format!("{warned}keyfob: {error}\n")).run();
        files.have("[profile dev]\n", "");
    }
}

#[test]
fn the_source_of_a_role_must_be_there() {
    let files = Files::new("[profile a]\n[profile b]\n", "");
    let error = "keyfob: cannot set \"source_profile\"\n  cause: there is no profile \"c\"\n  \
                 hint: the profiles there: a, b\n";
    files.set(["dev", "--role-arn", ROLE_ARN, "--source-profile", "c"]).code(4).stderr(error).run();
    files.have("[profile a]\n[profile b]\n", "");
}

#[test]
fn names_that_not_every_tool_reads_alike_are_not_made() {
    let files = Files::new("", "");
    let error = "keyfob: there can be no profile \"a]b\"\n  cause: AWS's tools do not read alike what has a quote, a \
                 bracket, \\, #, ; or a control character in it, or a blank at an end\n  hint: choose a name of letters, \
                 digits, and _-/.%@:+\n";
    files.set(["a]b", "region=x"]).code(2).stderr(error).run();
    files.have("", "");
}

#[test]
fn a_file_that_cannot_be_read_stays_as_it_is() {
    let config = "[profile dev]\nnonsense\n";
    let files = Files::new(config, "");
    let run = files.set(["dev", "region=x"]).code(1).any_stderr().run();
    assert!(run.stderr.contains(&format!("{}:2", files.path("config"))), "{}", run.stderr);
    files.have(config, "");
}

#[test]
fn a_secret_of_another_tool_on_the_command_line_is_told_also_when_it_is_refused() {
    let files = Files::new("", "");
    let warning =
        "keyfob: \"db_password\" was on the command line, where other programs and the shell's history have it\n";
    files.set(["dev", "db_password=MARKERsecret2"]).any_stdout().stderr(warning).run();
    let run = files.set(["dev", "db_password=MARKERsecret #2"]).code(2).any_stderr().run();
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
}

#[test]
fn a_store_that_nobody_knows_is_refused_and_a_profile_that_has_one_is_mended() {
    let files = Files::new("", "");
    let error = "keyfob: cannot set \"keyfob_store\"\n  cause: the stores are secret-service, keychain, sdk, sealed and \
                 exec:COMMAND\n";
    files.set(["dev", "keyfob_store=foo"]).code(2).stderr(error).run();
    let settings = "keyfob_store = foo\nkeyfob_aws_access_key_id = AKIAOLD\n";
    for words in
        [&["set", "dev", "region=x"][..], &["set", "dev", "keyfob_store=sealed"], &["unset", "dev", "keyfob_store"]]
    {
        let files = Files::new(&format!("[profile dev]\n{settings}"), "");
        files.profile(words.iter().copied()).any_stdout().run();
    }
    let files = Files::new(&format!("[profile dev]\n{settings}"), "");
    let run = files.set(["dev", "--access-key", "AKIAEXAMPLE", "--stdin"]).stdin("MARKERsecret/long\n");
    run.any_stdout().run();
    files.have("[profile dev]\n", &format!("[dev]\n{KEYS}"));
    let files = Files::new(&format!("[profile dev]\n{settings}"), "");
    let warning = format!("keyfob: {}:2: there is no store \"foo\"\n", files.path("config"));
    files.profile(["remove", "dev", "--yes"]).any_stdout().stderr(warning).run();
    files.have("", "");
}
