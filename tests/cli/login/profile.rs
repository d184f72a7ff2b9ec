//! What a sign-in writes into the config file, and that every other byte stays.

use super::*;

/// Signs in to a profile; the config file afterwards.
#[track_caller]
fn written(desk: &Desk, arguments: &[&str]) -> String {
    desk.signs_in(desk.login(arguments), ALICE);
    desk.config()
}

#[test]
fn profile_is_made_where_there_is_none() {
    each(
        [
            ("dev", "[profile dev]"),
            ("default", "[default]"),
            // Without the quotes the AWS CLI would not find it.
            ("my team", "[profile 'my team']"),
            ("team/dev@eu:1+x", "[profile team/dev@eu:1+x]"),
        ],
        |(profile, header)| {
            let expected = lines(&format!("{header}\nlogin_session = {ALICE}\nregion = us-east-1\n"));
            assert_eq!(written(&Desk::new(), &[profile]), expected);
        },
    );
}

#[test]
fn every_other_byte_of_the_file_stays() {
    each(
        [
            // A new section goes to the end, which may lack its newline.
            (
                "# mine\n[default]\noutput=json ; x\n",
                "# mine\n[default]\noutput=json ; x\n[profile dev]\nlogin_session = ARN\nregion = us-east-1\n",
            ),
            (
                "[default]\noutput=json",
                "[default]\noutput=json\n[profile dev]\nlogin_session = ARN\nregion = us-east-1\n",
            ),
            ("# mine\r\n", "# mine\r\n[profile dev]\r\nlogin_session = ARN\r\nregion = us-east-1\r\n"),
            // New keys go below the last one of the section.
            (
                "[profile a]\nregion = x\n\n[ profile \"dev\" ]  # here\noutput = json\n\n# next\n[profile b]\n",
                "[profile a]\nregion = x\n\n[ profile \"dev\" ]  # here\noutput = json\nlogin_session = ARN\n\
                 region = us-east-1\n\n# next\n[profile b]\n",
            ),
            (
                "[profile dev]\r\ns3 =\r\n  a = 10\r\n[profile b]\r\n",
                "[profile dev]\r\ns3 =\r\n  a = 10\r\nlogin_session = ARN\r\nregion = us-east-1\r\n[profile b]\r\n",
            ),
            // A region that is there stays.
            ("[profile dev]\nregion=us-east-1\n", "[profile dev]\nregion=us-east-1\nlogin_session = ARN\n"),
            // What would be written is there already.
            (
                "[profile dev]\nlogin_session=ARN\nregion = us-east-1\n",
                "[profile dev]\nlogin_session=ARN\nregion = us-east-1\n",
            ),
        ],
        |(before, after)| {
            let [before, after] = [before, after].map(|text| text.replace("ARN", ALICE));
            assert_eq!(written(&Desk::with_config(&before), &["dev"]), after, "{before}");
        },
    );
}

#[test]
fn default_profile_keeps_its_spelling() {
    for header in ["[default]", "[profile default]"] {
        let desk = Desk::with_config(&format!("{header}\nregion = us-east-1\n"));
        let expected = format!("{header}\nregion = us-east-1\nlogin_session = {ALICE}\n");
        assert_eq!(written(&desk, &["default"]), expected);
    }
}

#[test]
fn session_that_only_keyfob_knows_stays_under_that_name() {
    let desk = Desk::with_config(&format!("[profile dev]\nkeyfob_login_session = {ALICE}\nregion = us-east-1\n"));
    let before = desk.config();
    assert_eq!(written(&desk, &["dev"]), before);
}

#[test]
fn region_is_saved_from_wherever_it_came() {
    each(
        [
            (
                &["dev", "--region", "eu-west-1"][..],
                [("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "")],
                "eu-west-1",
            ),
            (&["dev"], [("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "us-east-1")], "eu-west-1"),
            (&["dev"], [("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "eu-west-1")], "eu-west-1"),
            // The pseudo-region says where, and by which host.
            (&["dev", "--region", "fips-eu-west-1"], [("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "")], "eu-west-1"),
        ],
        |(arguments, variables, region)| {
            let mut desk = Desk::new();
            for (name, value) in variables {
                desk.home.set_env(name, value);
            }
            desk.signin.expect(sign_in(ALICE));
            let told = format!("To sign in to AWS in {region}, open this URL in a browser on this machine:\n");
            desk.begin_telling(desk.login(arguments).any_stdout(), &told).allow();
            let expected = lines(&format!("[profile dev]\nlogin_session = {ALICE}\nregion = {region}\n"));
            assert_eq!(desk.config(), expected);
            assert_eq!(desk.session(ALICE)["signInRegion"], region);
        },
    );
}

#[test]
fn region_of_the_profile_is_signed_in_to_and_stays() {
    let mut desk = Desk::with_config("[profile dev]\nregion = eu-west-1\n");
    desk.home.remove_env("AWS_REGION");
    desk.signin.expect(sign_in(ALICE));
    let told = "To sign in to AWS in eu-west-1, open this URL in a browser on this machine:\n";
    desk.begin_telling(desk.login(&["dev"]).any_stdout(), told).allow();
    assert_eq!(desk.config(), format!("[profile dev]\nregion = eu-west-1\nlogin_session = {ALICE}\n"));
}

#[test]
fn file_is_the_one_that_the_variable_names() {
    for name in ["~/elsewhere/aws.ini", "aws.ini"] {
        let desk = Desk::new();
        desk.signs_in(desk.login(&["dev"]).env("AWS_CONFIG_FILE", name), ALICE);
        let written = desk.home.read(name.trim_start_matches("~/"));
        assert_eq!(written, lines(&format!("[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n")));
        assert!(!desk.home.path().join(".aws/config").exists());
        assert!(desk.session_path(ALICE).exists());
    }
}

#[test]
fn credentials_file_is_left_alone() {
    let desk = Desk::new();
    let text = "[dev]\nregion = us-east-1\n[other]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n";
    desk.home.write(".aws/credentials", text);
    // Its region is the profile's as well.
    assert_eq!(written(&desk, &["dev"]), lines(&format!("[profile dev]\nlogin_session = {ALICE}\n")));
    assert_eq!(desk.home.read(".aws/credentials"), text);
}

#[test]
fn what_others_write_meanwhile_stays() {
    let desk = Desk::with_config("[profile a]\nregion = us-east-1\n");
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).any_stdout());
    let meanwhile = "# new\n[profile b]\nregion = us-east-1\n";
    desk.home.write(".aws/config", meanwhile);
    begun.allow();
    assert_eq!(desk.config(), format!("{meanwhile}[profile dev]\nlogin_session = {ALICE}\nregion = us-east-1\n"));
}

#[test]
fn sign_ins_at_once_do_not_undo_each_other() {
    let desk = Desk::new();
    let names = ["a", "b", "c", "d", "e", "f"];
    desk.signin.always(sign_in(ALICE));
    let begun = names.map(|name| desk.begin(desk.login(&[name]).any_stdout()));
    each(begun, |begun| drop(begun.allow()));
    let config = desk.config();
    for name in names {
        let section = lines(&format!("[profile {name}]\nlogin_session = {ALICE}\nregion = us-east-1\n"));
        assert!(config.contains(&section), "{config}");
    }
    assert_eq!(config.lines().count(), 3 * names.len());
}

#[test]
fn config_that_cannot_be_written_any_more_is_told_and_the_session_kept() {
    let desk = Desk::new();
    desk.signin.expect(sign_in(ALICE));
    let begun = desk.begin(desk.login(&["dev"]).code(1).any_stderr());
    let path = desk.home.path().join(".aws/config");
    fs::create_dir(&path).expect("the folder is there");
    loopback::get(&begun.redirect());
    let told = begun.running.wait().stderr;
    let expected = format!(
        "\n\nkeyfob: the sign-in is kept, but profile \"dev\" does not know of it\n  cause: cannot write \"{}\": ",
        path.display()
    );
    assert!(told.contains(&expected), "{told}");
    assert!(told.ends_with(&format!("  hint: set `login_session = {ALICE}` in that profile\n")), "{told}");
    assert!(desk.session_path(ALICE).exists());
}
