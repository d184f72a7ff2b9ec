//! Where keyfob differs from the AWS CLI on purpose, since the AWS CLI loses or spoils something.

use super::*;

/// Below the header `[profile a]` if they have none: a text, what is set to `9`, and the text afterwards.
const CASES: [(&str, &str, &str); 17] = [
    // The AWS CLI loses the comment.
    ("foo = 1 # keep\n", "foo", "# keep\nfoo = 9\n"),
    // It leaves the second line, which then continues the new value.
    ("foo = a\n  b\nbar = 2\n", "foo", "foo = 9\nbar = 2\n"),
    // It begins the line at the margin, so that the next continues it.
    ("  foo = 1\n  bar = 2\n", "foo", "  foo = 9\n  bar = 2\n"),
    ("  foo = 1\n", "new", "  foo = 1\n  new = 9\n"),
    // It adds a second one, and botocore refuses the file.
    ("Foo = 1\n", "foo", "Foo = 9\n"),
    // It changes the nested one.
    ("s3 =\n    region = 1\nregion = x\n", "region", "s3 =\n    region = 1\nregion = 9\n"),
    // It takes the end of all lines for its own.
    ("foo = 1\r\nbar = 2\r\n", "foo", "foo = 9\r\nbar = 2\r\n"),
    // It adds a second section.
    ("\u{feff}[default]\nfoo = 1\n", "foo", "\u{feff}[default]\nfoo = 9\n"),
    ("[ default ]\nfoo = 1\n", "foo", "[ default ]\nfoo = 9\n"),
    ("[profile  a]\nfoo = 1\n", "foo", "[profile  a]\nfoo = 9\n"),
    // It crashes.
    ("s3 =\n", "s3.a", "s3 =\n    a = 9\n"),
    // It adds the key below the blank line.
    ("foo = 1\n\n# tail\n", "new", "foo = 1\nnew = 9\n\n# tail\n"),
    // It takes the comment for a setting.
    ("foo = 1\n# bar = 2\n[profile b]\n", "new", "foo = 1\nnew = 9\n# bar = 2\n[profile b]\n"),
    // It knows no other indentation than its own.
    ("s3 =\n  a = 1\n", "s3.b", "s3 =\n  a = 1\n  b = 9\n"),
    // It adds to the last line.
    ("s3 =\n    a = 1", "s3.b", "s3 =\n    a = 1\n    b = 9\n"),
    // It ends the last line, and changes one that says so already.
    ("foo = 1", "foo", "foo = 9"),
    ("foo=9\n", "foo", "foo=9\n"),
];

#[test]
fn what_the_aws_cli_loses_or_spoils_stays() {
    let whole = |text: &str| {
        if text.contains("default") || text.starts_with('[') { text.to_owned() } else { format!("[profile a]\n{text}") }
    };
    let profile = |text: &str| if text.contains("default") { "default" } else { "a" };
    for (before, key, after) in CASES {
        let home = Home::new().config(&whole(before));
        home.keyfob(["profile", "set", profile(before), &format!("{key}=9")]).any_stdout().any_stderr().run();
        assert_eq!(home.read(".aws/config"), whole(after), "{before:?}");
    }
    // When the AWS CLI no longer does, there is no reason to.
    let Some(python) = peer::python(&["awscli"]) else { return };
    let questions = CASES.map(|(before, key, _)| {
        json!({ "file": "config", "text": whole(before), "profile": profile(before), "settings": [[key, "9"]] })
    });
    let theirs = peers::ask(&python, &Home::new(), "configure_set.py", &[], &json!(questions).to_string());
    for ((before, _, after), theirs) in CASES.iter().zip(theirs.as_array().expect("the script prints a list")) {
        assert_ne!(*theirs, json!(whole(after)), "{before:?}");
    }
}
