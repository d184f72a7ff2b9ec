//! That keyfob and botocore renew one token of IAM Identity Center in turn.

use super::{
    super::{
        fake::refreshed_token,
        keyfob::json,
        peer,
        sso::{DEAD, Desk, printed},
    },
    ask,
};
use std::path::Path;

/// Lets the token in the file end long ago.
#[track_caller]
fn end_token(desk: &Desk) {
    let text = desk.read();
    let end = json(&text)["expiresAt"].as_str().map(str::to_owned);
    desk.write(&text.replace(&end.expect("a token says when it ends"), "2026-01-01T00:00:00Z"));
}

/// Checks what keyfob gets against the fake's keys of this number.
#[track_caller]
fn keyfob_gets(desk: &Desk, number: usize) {
    desk.home.clear_cache();
    desk.expect_role();
    desk.process().stdout(printed(number)).run();
}

/// The same for botocore.
#[track_caller]
fn botocore_gets(python: &Path, desk: &Desk, number: usize) {
    desk.expect_role();
    let theirs = ask(python, &desk.home, "login_session.py", &["dev"], "");
    let keys = json(&printed(number));
    for member in ["AccessKeyId", "SecretAccessKey", "SessionToken", "AccountId"] {
        assert_eq!(theirs[member], keys[member], "{member}");
    }
    assert_eq!(theirs["Method"], "sso");
}

#[test]
fn botocore_and_keyfob_renew_one_token_in_turn() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let desk = Desk::new(DEAD);
    for number in [1, 5] {
        desk.center.oidc.expect(refreshed_token());
        keyfob_gets(&desk, number);
        botocore_gets(&python, &desk, number + 1);
        end_token(&desk);

        desk.center.oidc.expect(refreshed_token());
        botocore_gets(&python, &desk, number + 2);
        keyfob_gets(&desk, number + 3);
        end_token(&desk);
    }
    // Two calls with each token: of the one that renewed it, and of the other.
    let used: Vec<String> = desk.center.portal.calls().into_iter().map(|call| call.asked.access_token).collect();
    let renewed: Vec<String> = desk.center.issued().into_iter().skip(1).map(|issued| issued.access_token).collect();
    assert_eq!(renewed.len(), 4);
    assert_eq!(used, renewed.iter().flat_map(|token| [token.clone(), token.clone()]).collect::<Vec<_>>());
}
