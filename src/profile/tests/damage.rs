//! Lines that cannot be read: the SDKs' phrases, at the right line and column, and no further than they reach.

use super::*;

/// Why profile `a` cannot be read.
fn damage(config: &str, credentials: &str) -> Option<String> {
    Profiles::from_texts(config, credentials).profile("a").err().and_then(|error| error.cause)
}

#[test]
fn a_broken_line_is_named_with_line_column_and_phrase() {
    const UNCLOSED: &str = "Profile definition must end with ']'";
    const NO_EQUALS: &str = "Expected an '=' sign defining a property";
    const NO_NAME: &str = "Property did not have a name";
    const CONTINUATION: &str = "Expected a property definition, found continuation";
    const NESTED_NO_EQUALS: &str = "Expected an '=' sign defining a sub-property";
    const NESTED_NO_NAME: &str = "Sub-property did not have a name";
    for (config, place, phrase) in [
        ("[profile a", "1:1", UNCLOSED),
        ("\n[profile a\nx = 1\n", "2:1", UNCLOSED),
        ("[profile a # ]\n", "1:1", UNCLOSED),
        ("[profile a;]\n", "1:1", UNCLOSED),
        ("[profile a] x\n", "1:1", UNCLOSED),
        ("[profile a]]x\n", "1:1", UNCLOSED),
        ("[profile a]\r\r\n", "1:1", UNCLOSED),
        ("  [profile a\n", "1:3", UNCLOSED),
        ("[profile a]\n[profile a\n", "2:1", UNCLOSED),
        ("[profile a]\nx\n", "2:1", NO_EQUALS),
        ("[profile a]\nx: 1\n", "2:1", NO_EQUALS),
        ("[profile a]\nx # = 1\n", "2:1", NO_EQUALS),
        ("[profile a]\r\n\r\n# c\r\nx\r\n", "4:1", NO_EQUALS),
        ("[profile a]\n  x = 1\n y\n", "3:2", NO_EQUALS),
        ("[profile a]\nx = 1\n\rx", "3:1", NO_EQUALS),
        ("[profile a]\n= 1\n", "2:1", NO_NAME),
        ("[profile a]\n=\n", "2:1", NO_NAME),
        ("[profile a]\n\t= 1\n", "2:2", NO_NAME),
        ("[profile a]\n x\n", "2:2", CONTINUATION),
        ("[profile a]\n\n# c\n\t \tx\n", "4:4", CONTINUATION),
        ("[profile a]\nx = 1\n[profile a]\n y\n", "4:2", CONTINUATION),
        ("[profile a]\nx =\n y\n", "3:2", NESTED_NO_EQUALS),
        ("[profile a]\nx =\n y = 1\n\n z # = 2\n", "5:2", NESTED_NO_EQUALS),
        ("[profile a]\nx = # c\n y\n", "3:2", NESTED_NO_EQUALS),
        ("[profile a]\nin valid =\n y\n", "3:2", NESTED_NO_EQUALS),
        ("[profile a]\nx =\n = 1\n", "3:2", NESTED_NO_NAME),
        ("[profile a]\n  x =\n    =\n", "3:5", NESTED_NO_NAME),
        ("[profile a]\nx = 1\ny\nz = 2\n= 3\n", "3:1", NO_EQUALS),
        ("[profile b]\nx = 1\n[profile \"a\"]\ny\n", "4:1", NO_EQUALS),
    ] {
        assert_eq!(damage(config, "").as_deref(), Some(format!("config:{place}: {phrase}").as_str()), "{config:?}");
    }
}

#[test]
fn text_before_any_header_belongs_to_nobody() {
    for (config, place) in [
        ("x = 1\n[profile a]\ny = 2\n", "1:1"),
        ("\n# c\n\t-x\n[profile a]\ny = 2\n", "3:2"),
        ("]\n[profile a]\ny = 2\n", "1:1"),
    ] {
        let profiles = Profiles::from_texts(config, "");
        let profile = profiles.profile("a").expect("no damage").expect("the profile");
        assert_eq!(reading(&profile), Reading::from([("y".into(), "2".into())]), "{config:?}");
        let cause = profiles.no_such_profile("z").cause;
        let expected = format!(
            "neither \"config\" nor \"credentials\" has it; also: config:{place}: Expected a profile definition"
        );
        assert_eq!(cause, Some(expected), "{config:?}");
    }
}

#[test]
fn damage_costs_its_own_section_alone() {
    const WHOLE: &str = "[profile a]\nx = 1\n";
    for (config, credentials) in [
        (format!("[profile b]\n= 1\n{WHOLE}"), ""),
        (format!("{WHOLE}[profile b]\n= 1\n"), ""),
        (format!("[profile b\nx = 2\n{WHOLE}[sso-session s\n"), ""),
        (format!("[other]\nnonsense\n{WHOLE}[sso-session s]\n-\n"), ""),
        (format!("[profile in valid]\nnonsense\n{WHOLE}"), ""),
        (format!("nonsense\n{WHOLE}[services s]\ns3 =\n nonsense\n"), ""),
        (WHOLE.into(), "nonsense\n[b]\n= 1\n[profile a]\n= 1\n"),
        (WHOLE.into(), "[in valid]\n= 1\n[b\nx = 2\n"),
    ] {
        let profiles = Profiles::from_texts(&config, credentials);
        let profile = profiles.profile("a").expect(&config).expect("the profile");
        assert_eq!(reading(&profile), Reading::from([("x".into(), "1".into())]), "{config:?} {credentials:?}");
        assert!(!profiles.warnings().is_empty(), "{config:?} {credentials:?}");
    }
}

#[test]
fn damage_in_any_section_of_a_profile_is_its_error() {
    for (config, credentials, expected) in [
        ("[profile a]\nx = 1\n[profile b]\n[profile a]\n= 2\n", "", "config:5:1: Property did not have a name"),
        ("[profile a]\nx = 1\n", "[b]\n[a]\nx\n", "credentials:3:1: Expected an '=' sign defining a property"),
        ("", "[a\n", "credentials:1:1: Profile definition must end with ']'"),
        ("[profile a]\n= 1\n", "[a]\n= 2\n", "config:2:1: Property did not have a name"),
    ] {
        assert_eq!(damage(config, credentials).as_deref(), Some(expected), "{config:?} {credentials:?}");
    }
    // [default] is no section of the default profile where [profile default] is one.
    let silenced = Profiles::from_texts("[default]\n= 1\n[profile default]\nx = 1\n", "");
    assert!(silenced.profile("default").is_ok());
    let session = Profiles::from_texts("[sso-session s]\n= 1\n[profile s]\n", "");
    assert!(session.sso_session("s").is_err() && session.profile("s").is_ok());
}

#[test]
fn the_text_of_a_broken_line_is_never_shown() {
    for line in [
        "MARKERsecret",
        "MARKERsecret: 1",
        "= MARKERsecret",
        " MARKERsecret",
        "x =\n MARKERsecret",
        "x =\n = MARKERsecret",
    ] {
        let profiles =
            Profiles::from_texts(format!("MARKERsecret\n[profile a]\n{line}\n[profile b MARKERsecret\n"), "");
        let error = profiles.profile("a").expect_err(line).to_string();
        let missing = profiles.no_such_profile("c").to_string();
        let warnings: Vec<String> = profiles.warnings().iter().map(ToString::to_string).collect();
        for shown in [error, missing, warnings.concat()] {
            assert!(!shown.contains("MARKERsecret"), "{line:?}: {shown}");
        }
    }
}
