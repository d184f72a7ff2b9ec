//! Profiles that no bridge leads to, or needs to.

use super::*;

const BASE: &str = "[base]\naws_access_key_id = A\naws_secret_access_key = B\n";

#[test]
fn keys_that_every_program_reads_need_none() {
    let home = Home::new().credentials(BASE);
    let told = "Profile \"base\" has keys of its own, which every program reads: there is nothing to bridge.\n";
    home.keyfob(["bridge", "base"]).stdout(told).run();
    assert_eq!(home.read(".aws/credentials"), BASE);
}

#[test]
fn missing_profile_is_told() {
    let home = Home::new().config("[profile dev]\nregion = eu-west-1\n");
    for arguments in [&["bridge", "gone"][..], &["bridge", "gone", "--undo"], &["bridge", "gone", "--as", "x"]] {
        let path = |name| home.path().join(".aws").join(name).display().to_string();
        let told = format!(
            "keyfob: no profile \"gone\"\n  cause: neither \"{}\" nor \"{}\" has it\n  hint: the profiles there: dev\n",
            path("config"),
            path("credentials")
        );
        home.keyfob(arguments.iter().copied()).code(4).stderr(told).run();
    }
}

#[test]
fn what_has_no_credentials_or_lacks_a_part_is_refused() {
    for (config, message, cause) in [
        ("region = eu-west-1\n", "cannot bridge profile \"dev\"", "it has no credentials of its own\n"),
        (
            "web_identity_token_file = b\n",
            "profile \"dev\" cannot be used",
            "CONFIG:2: `role_arn` was missing beside `web_identity_token_file`\n",
        ),
        (
            "role_arn = a\ncredential_source = Elsewhere\n",
            "profile \"dev\" cannot be used",
            "CONFIG:3: unknown credential_source \"Elsewhere\"; there are Environment, Ec2InstanceMetadata and EcsContainer\n",
        ),
    ] {
        let config = format!("[profile dev]\n{config}");
        let home = Home::new().config(&config);
        let told = home.keyfob(["bridge", "dev"]).code(1).any_stderr().run().stderr;
        let path = home.path().join(".aws/config").display().to_string();
        let begin = format!("keyfob: {message}\n  cause: {}", cause.replace("CONFIG", &path));
        assert!(told.starts_with(&begin), "{told}");
        assert_eq!(home.read(".aws/config"), config);
    }
}

#[test]
fn every_source_that_a_role_may_have_can_be_bridged() {
    for (lines, kept) in [
        ("role_arn = a\nweb_identity_token_file = b\n", "keyfob_web_identity_token_file = b\n"),
        // The keys are those of whoever runs a program.
        ("role_arn = a\ncredential_source = Environment\n", "keyfob_credential_source = Environment\n"),
        ("role_arn = a\ncredential_source = EcsContainer\n", "keyfob_credential_source = EcsContainer\n"),
        ("role_arn = a\ncredential_source = Ec2InstanceMetadata\n", "keyfob_credential_source = Ec2InstanceMetadata\n"),
    ] {
        let home = Home::new().config(&format!("[profile dev]\n{lines}"));
        home.keyfob(["bridge", "dev"]).any_stdout().run();
        let after = home.read(".aws/config");
        assert!(after.contains("credential_process = ") && after.contains(kept), "{after}");
        home.keyfob(["bridge", "dev", "--as", "all"]).any_stdout().run();
        home.keyfob(["bridge", "dev", "--undo"]).any_stdout().run();
        assert!(home.read(".aws/config").starts_with(&format!("[profile dev]\n{lines}")));
    }
}

#[test]
fn profile_that_leads_nowhere_is_refused_for_what_is_wrong_with_it() {
    let home = Home::new().config("[profile dev]\nrole_arn = a\n");
    let told = home.keyfob(["bridge", "dev"]).code(1).any_stderr().run().stderr;
    assert!(told.contains("profile must contain `source_profile` or `credential_source`"), "{told}");
}

#[test]
fn keys_beside_a_role_would_be_taken_for_its_credentials() {
    let config = "[profile dev]\nrole_arn = a\nsource_profile = dev\n";
    let home = Home::new().config(config).credentials(&BASE.replace("base", "dev"));
    let told = format!(
        "keyfob: cannot bridge profile \"dev\"\n  cause: it has keys of its own, too, in \"{}\", and many programs would \
         take them instead\n  hint: leave it as it is, and write a second profile: `keyfob bridge dev --as NAME`\n",
        home.path().join(".aws/credentials").display()
    );
    home.keyfob(["bridge", "dev"]).code(1).stderr(told).run();
    assert_eq!(home.read(".aws/config"), config);
}

#[test]
fn keys_left_in_a_file_would_be_taken_for_those_of_the_store() {
    let config = "[profile dev]\nkeyfob_store = sealed\nkeyfob_aws_access_key_id = A\n";
    let home = Home::new().config(config).credentials(&BASE.replace("base", "dev"));
    let told = format!(
        "keyfob: cannot bridge profile \"dev\"\n  cause: it has keys of its own, too, in \"{}\", and many programs would \
         take them instead\n  hint: let the store alone have them: `keyfob store move dev --to sealed`\n",
        home.path().join(".aws/credentials").display()
    );
    home.keyfob(["bridge", "dev"]).code(1).stderr(told).run();
    assert_eq!(home.read(".aws/config"), config);
}

#[test]
fn setting_under_both_names_is_refused_and_the_hint_keeps_one() {
    let config = "[profile dev]\nrole_arn = a\nkeyfob_role_arn = b\nsource_profile = base\n";
    let home = Home::new().config(config).credentials(BASE);
    let told = "keyfob: cannot change profile \"dev\"\n  cause: it has both role_arn and keyfob_role_arn\n  \
                hint: to keep role_arn alone: `keyfob profile unset dev keyfob_role_arn`\n";
    home.keyfob(["bridge", "dev"]).code(1).stderr(told).run();
    home.keyfob(["profile", "unset", "dev", "keyfob_role_arn"]).any_stdout().run();
    assert_eq!(home.read(".aws/config"), config.replace("keyfob_role_arn = b\n", ""));
    home.keyfob(["bridge", "dev"]).any_stdout().run();
}

#[test]
fn name_that_is_not_one_word_everywhere_is_refused() {
    let config = "[profile a%b]\nlogin_session = x\n";
    let home = Home::new().config(config);
    let told = "keyfob: there can be no bridge for profile \"a%b\"\n  \
                cause: programs would not read its name as one word in credential_process\n  \
                hint: choose a profile whose name is of letters, digits, blanks and _-/.@:+\n";
    home.keyfob(["bridge", "a%b"]).code(2).stderr(told).run();
    assert_eq!(home.read(".aws/config"), config);
}

#[test]
#[cfg(unix)]
fn program_in_an_odd_place_is_called_by_its_name_or_not_at_all() {
    let config = "[profile dev]\nlogin_session = x\n";
    let home = Home::new().config(config);
    let odd = home.path().join("größe");
    std::fs::create_dir(&odd).expect("the home is ours");
    let there = odd.join("keyfob");
    // By another process: a file that this one has open to write, some child of another test may have open still.
    let copied = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_keyfob")).arg(&there).status();
    assert!(copied.is_ok_and(|copied| copied.success()), "the folder is ours");
    let run = || home.program(there.to_str().expect("it is UTF-8"), ["bridge", "dev"]);
    let told = format!(
        "keyfob: there can be no bridge for profile \"dev\"\n  \
         cause: programs would not read alike where keyfob is: \"{}\"\n  \
         hint: put a program \"keyfob\" into a folder of letters, digits and _-./ that is on PATH\n",
        there.canonicalize().expect("it is there").display()
    );
    run().code(1).stderr(told).run();
    assert_eq!(home.read(".aws/config"), config);
    run().env("PATH", odd.to_str().expect("it is UTF-8")).any_stdout().run();
    let line = "credential_process = keyfob process --profile dev\n";
    assert_eq!(home.read(".aws/config"), config.replace("login", &format!("{line}login")));
}
