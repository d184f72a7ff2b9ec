//! Words that are no command, no option and no profile: what a person is told was meant.

use super::keyfob::Home;

#[test]
fn a_word_that_nothing_knows_leads_to_what_was_meant() {
    let home = Home::new().config("[profile dev]\n[profile base]\n");
    for (words, told, hint) in [
        (
            ["list"].as_slice(),
            "there is no command \"list\"",
            "was `keyfob profile list` or `keyfob sso list` or `keyfob store list` meant?",
        ),
        (&["usee", "dev"], "there is no command \"usee\"", "was `keyfob use` meant?"),
        (&["help", "nope"], "there is no command \"nope\"", "run `keyfob --help`"),
        (
            &["use", "--shell", "bash", "my", "team", "dev"],
            "two profiles are named, \"my\" and \"team\"",
            "a name that has blanks is one word in quotes",
        ),
        (&["use", "--unste"], "Unrecognized argument: --unste", "was --unset meant? run `keyfob use --help`"),
        (
            &["use", "-x"],
            "Unrecognized argument: -x",
            "run `keyfob use --help`; a name that begins with a hyphen follows `--`",
        ),
    ] {
        let stderr = format!("keyfob: {told}\n  hint: {hint}\n");
        home.keyfob(words.iter().copied()).code(2).stderr(stderr).run();
    }
}
