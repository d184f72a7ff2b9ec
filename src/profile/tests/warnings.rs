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
        ("[profile a!]\n", "", "config:1: ignored: a name like this needs quotes around it"),
        ("[profile a b]\n", "", "config:1: ignored: a name like this needs quotes around it"),
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
        (
            "",
            "[two words]\n",
            "credentials:1: ignored: a name like this counts here only where the config file has the profile, too",
        ),
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
            "credentials:1:1: Expected a profile definition",
            "credentials:2: ignored: a name like this counts here only where the config file has the profile, too",
            "credentials:3:1: Property did not have a name",
        ]
    );
}

#[test]
fn a_pair_of_keys_split_over_both_files_is_told() {
    const ID: &str = "aws_access_key_id = AKIA\n";
    const SECRET: &str = "AWS_Secret_Access_Key = MARKERsecret\n";
    const OWN: &str = "keyfob_store = sealed\nkeyfob_aws_access_key_id = AKIA\n";
    let split = |id: &str, secret: &str| {
        let two = format!("its access key ({id}) and its secret ({secret}) stand in two files");
        vec![format!("credentials:1: {two}, which the AWS CLI refuses")]
    };
    for (in_config, in_credentials, expected) in [
        (ID, SECRET, split("config:2", "credentials:2")),
        (SECRET, ID, split("credentials:2", "config:2")),
        (OWN, SECRET, Vec::new()),
        (ID, ID, Vec::new()),
        ("", ID, Vec::new()),
        (SECRET, "", Vec::new()),
        ("aws_access_key_id = AKIA\nAWS_Secret_Access_Key = MARKERsecret\n", "region = eu-west-1\n", Vec::new()),
    ] {
        let found = warnings(&format!("[profile a]\n{in_config}"), &format!("[a]\n{in_credentials}"));
        assert_eq!(found, expected, "{in_config:?} {in_credentials:?}");
    }
}

#[test]
fn thousands_of_sections_may_deserve_a_word() {
    const SECTIONS: usize = 10_000;
    let found = warnings(&"[team]\nx = 1\n".repeat(SECTIONS), "");
    assert_eq!(found.len(), SECTIONS);
    let last = format!("config:{}: ignored: profiles here are written [profile NAME]", 2 * SECTIONS - 1);
    assert_eq!(found.last(), Some(&last));
    let one = "x = 1\n".repeat(SECTIONS);
    assert_eq!(warnings(&format!("[profile a]\n{one}"), "").len(), SECTIONS - 1);
}

/// What only those want to know who go through the files line by line.
fn remarks(config: &str, credentials: &str) -> Vec<String> {
    let findings = Profiles::from_texts(config, credentials).findings();
    let remarks = findings.into_iter().filter(|finding| finding.weight == Weight::Portability);
    remarks.map(|finding| finding.to_string()).collect()
}

#[test]
fn what_some_tool_reads_in_its_own_way_is_told_when_somebody_asks() {
    let comment = "the AWS CLI and the .NET SDK take the comment for a part of the value";
    let header_comment =
        "a comment behind a header, for which AWS's tools for .NET and PowerShell refuse the whole file";
    let lines = "a value of several lines, which the JavaScript SDK cuts, and for which AWS's tools for .NET and PowerShell \
                 refuse the whole file";
    let indented = "an indented comment, which the Rust SDK takes for a part of what stands above";
    let in_quotes = "the AWS CLI and the JavaScript SDK take these quotes away; the Rust SDK ignores the section, and the \
                     SDKs for Go and .NET take them for a part of the name";
    let blanks_between = "more than one blank in a header, with which the JavaScript SDK finds no profile";
    let blank_beside = "blanks beside the brackets, with which the AWS CLI and the JavaScript SDK find no profile";
    let quotes = "the Go SDK takes these quotes away, all others keep them";
    let capitals = "the JavaScript SDK knows keys in small letters only";
    let empty = "the JavaScript SDK passes over a key without a value";
    let colon = "the AWS CLI ends a key at its colon";
    for (config, line, what) in [
        ("[profile a]\nx = a # c\n", 2, comment),
        ("[profile a]\nx = a\t;c\n", 2, comment),
        ("[profile a]\ns3 = # c\n  y = 1\n  z = 2 # c\n", 2, comment),
        ("[default] # c\n", 1, header_comment),
        ("[plugins] ; c\nX =\n", 1, header_comment),
        ("[profile a]\nx = a\n\n# c\n  b\n  c\n", 5, lines),
        ("[plugins]\nx = a\n  b\n", 3, lines),
        ("[profile a]\nx = a\n  # c\n", 3, indented),
        ("\t; c\n[profile a]\n", 1, indented),
        ("[profile \"a\"]\n", 1, in_quotes),
        ("[sso-session 'a']\n", 1, in_quotes),
        ("[profile  a]\n", 1, blanks_between),
        ("[profile \t a]\n", 1, blanks_between),
        ("[ profile a]\n", 1, blank_beside),
        ("[default ]\n", 1, blank_beside),
        ("[profile a]\nx = \"a b\"\n", 2, quotes),
        ("[profile a]\nx = ''\n", 2, quotes),
        ("[profile a]\nRegion = a\n", 2, capitals),
        ("[profile a]\nx =\n", 2, empty),
        ("[profile a]\nx:y = 1\n", 2, colon),
    ] {
        let found = remarks(config, "");
        let first = format!("config:{line}: {what}");
        assert_eq!(found.first(), Some(&first), "{config:?}");
        assert_eq!(found.len(), if config.contains("z =") { 2 } else { 1 }, "{config:?}");
    }
    assert_eq!(remarks("", "[ a ]\n"), [format!("credentials:1: {blank_beside}")]);
    assert_eq!(
        warnings("[profile __proto__]\n", ""),
        ["config:1: the JavaScript SDK refuses every file that has this name"]
    );
}

#[test]
fn what_everybody_reads_alike_is_no_remark() {
    let config = "# c\n\n; d\n[default]\nx = a#c\ny = \"\nz = \"a' b\ns3 =\n  Y = 2\n  # = 3\n\n[profile a]\nx = a\"b\"\n\
                  [services s]\nsts =\n    endpoint_url = http://x\n[plugins]\nX = # c\n";
    let found = remarks(config, "[a]\r\nx = 1\r\n");
    // The indented comment and that of the CLI's own section.
    assert_eq!(found.len(), 2, "{found:?}");
}
