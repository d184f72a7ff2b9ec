//! What `explain` and `--verbose` have to say about the files.

use super::*;

fn warnings(config: &str, credentials: &str) -> Vec<String> {
    Profiles::from_texts(config, credentials).warnings().iter().map(ToString::to_string).collect()
}

#[test]
fn files_that_everybody_reads_alike_deserve_no_word() {
    for (config, credentials) in [
        ("", ""),
        ("[default]\nregion = eu-west-1\n[profile a]\nx = 1\ns3 =\n  y = 2\n", "[default]\nx = 1\n[a]\n"),
        ("[plugins]\nx = 1\n[preview]\ny = 2\n[sso-session a]\nsso_x = 1\nKEYFOB_x = 2\n[services a]\nx = 1\n", ""),
        ("# c\n\n; d\n[profile default]\nx = 1 # c\n", "[default]\n"),
        ("[profile \"a\"]\n[profile 'b']\n", ""),
        ("[profile a]\nx = 1\nx2 = 1\n[sso-session a]\nsso_region = x\n[profile b]\nx = 1\n", "[a]\nx = 3\n"),
    ] {
        assert_eq!(warnings(config, credentials), [""; 0], "{config:?} {credentials:?}");
    }
}

#[test]
fn what_others_read_differently_is_told_with_its_line() {
    for (config, credentials, expected) in [
        ("[a]\n", "", "config:1: ignored: profiles here are written [profile NAME]"),
        ("[profilea]\n", "", "config:1: ignored: profiles here are written [profile NAME]"),
        ("\n[Profile a]\n", "", "config:2: ignored: no AWS tool knows this kind of section"),
        ("[profile]\n", "", "config:1: ignored: the section has no name"),
        ("[profile a!]\n", "", "config:1: ignored: the name has characters that names cannot have"),
        ("[profile \"a\" \"b\"]\n", "", "config:1: ignored: the name has characters that names cannot have"),
        ("[profile \"a]\n", "", "config:1: ignored: the name has characters that names cannot have"),
        ("[profile \"a b\"]\n", "", "config:1: some SDKs do not find a profile whose name needs quotes"),
        (
            "[profile a]\nx = 1\n[profile  a]\n",
            "",
            "config:3: a second section of this name, which the AWS CLI refuses; both are merged",
        ),
        ("", "[a]\n[a]\n", "credentials:2: a second section of this name, which the AWS CLI refuses; both are merged"),
        (
            "[profile a]\nx = 1\ny = 2\nX = 3\n",
            "",
            "config:4: a second line for this key, which the AWS CLI refuses; the last one counts",
        ),
        ("", "[profile a]\n", "credentials:1: ignored: profiles here are written [NAME], without a prefix"),
        ("", "[two words]\n", "credentials:1: ignored: profiles here are written [NAME], without a prefix"),
        ("[profile a]\n  x = 1\n", "", "config:2: some SDKs cannot read a section whose lines are all indented"),
        (
            "[profile a]\nx = 1\n [profile b]\n",
            "",
            "config:3: this looks like a header, but it continues the line above",
        ),
        (
            "[profile a]\nin valid = 1\n",
            "",
            "config:2: ignored: the property's name has characters that names cannot have",
        ),
        ("x = 1\n[profile a]\n", "", "config:1:1: Expected a profile definition"),
        ("[profile a\n", "", "config:1:1: Profile definition must end with ']'"),
        ("[profile a]\n\n= 1\n", "", "config:3:1: Property did not have a name"),
        ("[plugins]\nx\n", "", "config:2:1: Expected an '=' sign defining a property"),
    ] {
        assert_eq!(warnings(config, credentials), [expected], "{config:?} {credentials:?}");
    }
}

#[test]
fn settings_that_only_some_tools_take_beside_or_in_an_sso_session_are_told() {
    let refused = "tools written in Rust refuse a profile that says beside sso_session where to sign in, even when it is \
                   the same";
    let stray = "no setting of an sso-session; the AWS CLI refuses a profile of it that has another value";
    for (config, credentials, expected) in [
        ("[profile a]\nsso_session = s\nSSO_region = r\n", "", &[format!("config:3: {refused}")] as &[String]),
        (
            "[profile a]\nsso_region = r\nsso_session = s\nsso_start_url = u\n",
            "",
            &[format!("config:2: {refused}"), format!("config:4: {refused}")],
        ),
        ("", "[a]\nsso_session = s\nsso_start_url = u\n", &[format!("credentials:3: {refused}")]),
        ("[profile a]\nsso_session = s\n[profile b]\nsso_start_url = u\nsso_region = r\n", "", &[]),
        // Only keyfob reads the first.
        ("[profile a]\nkeyfob_sso_session = s\nsso_region = r\n", "", &[]),
        ("[profile a]\nsso_session = s\nkeyfob_sso_region = r\n", "", &[]),
        ("[sso-session s]\nsso_region = r\nregion = x\n", "", &[format!("config:3: {stray}")]),
        (
            "[services s]\nregion = x\n[x]\nregion = y\n",
            "[sso-session s]\nregion = x\n",
            &[
                "config:3: ignored: profiles here are written [profile NAME]".to_owned(),
                "credentials:1: ignored: profiles here are written [NAME], without a prefix".to_owned(),
            ],
        ),
    ] {
        assert_eq!(warnings(config, credentials), expected, "{config:?} {credentials:?}");
    }
}

#[test]
fn several_words_come_in_the_order_of_the_files() {
    let config = "[default]\nx = 1\n[profile default]\ny = 2\n";
    assert_eq!(
        warnings(config, "nonsense\n[a b]\n=\n"),
        [
            "config:1: ignored, since there is a [profile default] too",
            "config:3: a second section of this name, which the AWS CLI refuses; both are merged",
            "credentials:1:1: Expected a profile definition",
            "credentials:2: ignored: profiles here are written [NAME], without a prefix",
            "credentials:3:1: Property did not have a name",
        ]
    );
}

#[test]
fn a_pair_of_keys_split_over_both_files_is_told() {
    const ID: &str = "aws_access_key_id = AKIA\n";
    const SECRET: &str = "AWS_Secret_Access_Key = MARKERsecret\n";
    let split = "credentials:1: half a pair of keys, which the AWS CLI refuses; the other half is in the config file";
    for (in_config, in_credentials, expected) in [
        (ID, SECRET, &[split] as &[&str]),
        (SECRET, ID, &[split]),
        (ID, ID, &[]),
        ("", ID, &[]),
        (SECRET, "", &[]),
        ("aws_access_key_id = AKIA\nAWS_Secret_Access_Key = MARKERsecret\n", "region = eu-west-1\n", &[]),
    ] {
        let found = warnings(&format!("[profile a]\n{in_config}"), &format!("[a]\n{in_credentials}"));
        assert_eq!(found, expected, "{in_config:?} {in_credentials:?}");
    }
}

#[test]
fn thousands_of_sections_may_deserve_a_word() {
    const SECTIONS: usize = 50_000;
    let found = warnings(&"[team]\nx = 1\n".repeat(SECTIONS), "");
    assert_eq!(found.len(), SECTIONS);
    let last = format!("config:{}: ignored: profiles here are written [profile NAME]", 2 * SECTIONS - 1);
    assert_eq!(found.last(), Some(&last));
    let one = "x = 1\n".repeat(SECTIONS);
    assert_eq!(warnings(&format!("[profile a]\n{one}"), "").len(), SECTIONS - 1);
}
