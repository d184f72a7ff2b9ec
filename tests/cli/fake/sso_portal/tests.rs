//! That the fake is as strict as the other tests rely on.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{
    super::{
        Account, IdentityCenter, Keys, MARKER, NamedIn, Timestamp,
        answer::Answer,
        identity_center::client::{Ask, faults},
        refreshed_token,
    },
    get_role_credentials, list_account_roles, list_accounts, logout,
};

const ACCOUNT: &str = "111122223333";
const CREDENTIALS: &str = "GET /federation/credentials?role_name=Admin&account_id=111122223333";

/// An instance with one account, and an access token.
fn center() -> (IdentityCenter, String) {
    let center = IdentityCenter::start();
    center.add_account(Account::new(ACCOUNT, &["Admin", "Rôle/+ x"]));
    let token = center.sign_in("corp").access_token;
    (center, token)
}

fn ask(center: &IdentityCenter, line: &str, token: &str) -> Ask {
    Ask::bearing(center.portal.address(), line, token)
}

fn is(status: &str, exception: &str) -> (String, String) {
    (status.to_owned(), exception.to_owned())
}

#[test]
fn credentials_end_in_milliseconds() {
    let (center, token) = center();
    center.portal.expect(get_role_credentials(ACCOUNT, "Admin").ending("2030-01-01T00:00:00Z"));
    let answer = ask(&center, CREDENTIALS, &token).send();
    let end = Timestamp::parse_rfc3339("2030-01-01T00:00:00Z").expect("this is how the fake spells times");
    let keys = Keys::of_role(1, end);
    assert_eq!(keys.access_key_id, "ASIAPORTAL0001000000");
    let wanted = json!({ "roleCredentials": {
        "accessKeyId": keys.access_key_id, "secretAccessKey": keys.secret_access_key,
        "sessionToken": keys.session_token, "expiration": 1_893_456_000_123_i64,
    }});
    assert_eq!(answer.json(), wanted);
    assert!(token.contains(MARKER) && center.portal.issued() == [keys]);
}

#[test]
fn odd_names_travel_escaped() {
    let (center, token) = center();
    center.portal.expect(get_role_credentials(ACCOUNT, "Rôle/+ x"));
    let line = CREDENTIALS.replace("Admin", "R%C3%B4le%2F%2B%20x");
    assert_eq!(ask(&center, &line, &token).send().status, "200");
}

#[test]
fn bad_requests_fail_the_test() {
    for (from, to, fault) in [
        ("GET /", "POST /", "is no operation"),
        ("/federation/", "/federations/", "is no operation"),
        ("role_name", "roleName", "role_name is missing"),
        ("account_id=111122223333", "account_id=111122223333&region=x", "region is no parameter"),
        ("role_name=Admin", "role_name=Ad+min", "not escaped"),
        ("role_name=Admin", "role_name=Admin&role_name=Admin", "holds role_name twice"),
        ("account_id=1", "account_id=MARKERsecret1", "the target holds a secret"),
        ("x-amz-sso_bearer_token", "x-amz-sso-bearer-token", "the header x-amz-sso-bearer-token holds a secret"),
        ("\r\nHost", "\r\nAuthorization: Bearer x\r\nHost", "Authorization is there"),
        ("\r\nHost", "\r\nContent-Type: application/json\r\nHost", "Content-Type is"),
        ("\r\nHost", "\r\nContent-Length: 0\r\nHost", "Content-Length is"),
        ("Host: 127.0.0.1", "Host: localhost", "Host is"),
    ] {
        let (center, token) = center();
        assert_eq!(ask(&center, CREDENTIALS, &token).with(from, to).send().status, "400", "{fault}");
        let found = faults(center);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
    for (line, fault) in [
        ("GET /assignment/accounts?max_results=5", "max_results is no parameter"),
        ("GET /assignment/accounts?max_result=0", "not 1 to 100"),
        ("GET /assignment/accounts?max_result=101", "not 1 to 100"),
        ("GET /assignment/accounts?max_result=05", "not 1 to 100"),
        ("GET /assignment/accounts?next_token=", "next_token is there, but empty"),
        ("GET /assignment/accounts?account_id=111122223333", "account_id is no parameter"),
        ("GET /assignment/roles", "account_id is missing"),
        ("POST /logout?all=1", "all is no parameter"),
        ("GET /logout", "is no operation"),
    ] {
        let (center, token) = center();
        assert_eq!(ask(&center, line, &token).send().status, "400", "{fault}");
        let found = faults(center);
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
}

#[test]
fn tokens_that_are_none_or_over_are_refused() {
    let end: [fn(&IdentityCenter); 3] = [
        |center| center.expire_access_tokens(),
        |center| center.end_sessions(),
        |center| center.set_clock_ahead(Duration::from_hours(1)),
    ];
    let real = json!({
        "message": "Session token not found or invalid",
        "__type": "com.amazonaws.switchboard.portal#UnauthorizedException",
    });
    for end in end {
        let (center, token) = center();
        end(&center);
        center.portal.expect(list_accounts().refused("UnauthorizedException"));
        let answer = ask(&center, "GET /assignment/accounts", &token).send();
        assert_eq!((&*answer.status, answer.json()), ("401", real.clone()));
        assert_eq!(answer.headers.get("x-amzn-errortype"), None);
    }
    let (center, _) = center();
    center.portal.expect(list_accounts().refused("UnauthorizedException").named_in(NamedIn::Header));
    let answer = ask(&center, "GET /assignment/accounts", "unknown").send();
    assert_eq!(answer.exception(), is("401", "UnauthorizedException"));
    assert_eq!(answer.json(), json!({ "message": "Session token not found or invalid" }));
}

#[test]
fn roles_of_others_are_refused() {
    let (center, token) = center();
    for (account_id, role, status, exception) in [
        (ACCOUNT, "admin", "403", "ForbiddenException"),
        ("444455556666", "Admin", "404", "ResourceNotFoundException"),
        ("11112222333", "Admin", "400", "InvalidRequestException"),
        (ACCOUNT, "", "400", "InvalidRequestException"),
    ] {
        center.portal.expect(get_role_credentials(account_id, role).refused(exception));
        let line = CREDENTIALS.replace("Admin", role).replace(ACCOUNT, account_id);
        assert_eq!(ask(&center, &line, &token).send().exception(), is(status, exception));
    }
    center.portal.expect(list_account_roles("444455556666").refused("ResourceNotFoundException"));
    ask(&center, "GET /assignment/roles?account_id=444455556666", &token).send();
}

#[test]
fn logout_ends_the_sign_in_and_its_refreshes() {
    let center = IdentityCenter::start();
    let (token, other) = (center.sign_in("corp"), center.sign_in("other"));
    center.portal.expect(logout());
    let answer = ask(&center, "POST /logout", &token.access_token).send();
    assert_eq!((&*answer.status, &*answer.body), ("200", ""));
    center.portal.expect(list_accounts().refused("UnauthorizedException"));
    ask(&center, "GET /assignment/accounts", &token.access_token).send();
    center.portal.expect(list_accounts());
    ask(&center, "GET /assignment/accounts", &other.access_token).send();
    center.oidc.expect(refreshed_token().refused("InvalidGrantException"));
    let body = json!({
        "grantType": "refresh_token", "clientId": token.client_id, "clientSecret": token.client_secret,
        "refreshToken": token.refresh_token,
    });
    Ask::post(center.oidc.address(), "/token", &body).send();
}

#[test]
fn logout_has_an_empty_body() {
    let (center, token) = center();
    let post = ask(&center, "POST /logout", &token);
    let with_body = post.with("\r\nHost", "\r\nContent-Type: application/json\r\nHost");
    assert_eq!(with_body.send().status, "400");
    assert!(faults(center).contains("Content-Type is"));
}

/// All entries of a list, and how many pages it has.
fn read_all(center: &IdentityCenter, line: &str, member: &str, token: &str) -> (Vec<Value>, usize) {
    let (mut entries, mut next, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let answer = ask(center, &format!("{line}{next}"), token).send();
        entries.extend(answer.json()[member].as_array().expect("a list is in the answer").clone());
        pages += 1;
        let Some(next_token) = answer.json()["nextToken"].as_str().map(super::super::escape) else {
            return (entries, pages);
        };
        next = format!("{}next_token={next_token}", if line.contains('?') { '&' } else { '?' });
    }
}

#[test]
fn lists_come_in_pages() {
    let center = IdentityCenter::start();
    center.add_account(Account::new("000000000001", &["A", "B", "C"]).nameless());
    for number in 2..=45 {
        center.add_account(Account::new(&format!("{number:012}"), &["A"]).named("Büro"));
    }
    // Whoever has no role does not see the account.
    center.add_account(Account::new("000000000099", &[]));
    center.serve_all();
    let token = center.sign_in("corp").access_token;
    for (line, pages) in [
        ("GET /assignment/accounts", 3),
        ("GET /assignment/accounts?max_result=100", 1),
        ("GET /assignment/accounts?max_result=1", 45),
    ] {
        let (entries, found) = read_all(&center, line, "accountList", &token);
        assert_eq!((entries.len(), found), (45, pages), "{line}");
        assert_eq!(entries[0], json!({ "accountId": "000000000001" }));
        let named = json!({
            "accountId": "000000000045", "accountName": "Büro", "emailAddress": "aws+000000000045@example.com",
        });
        assert_eq!(entries[44], named);
    }
    center.portal.set_page_size(2);
    let line = "GET /assignment/roles?account_id=000000000001";
    let (entries, pages) = read_all(&center, line, "roleList", &token);
    assert_eq!((entries[2].clone(), pages), (json!({ "roleName": "C", "accountId": "000000000001" }), 2));
    center.portal.expect(list_accounts().refused("InvalidRequestException"));
    ask(&center, "GET /assignment/accounts?next_token=000000000001%2Fpage%2B2%3D%3D", &token).send();
}

#[test]
fn haste_is_met_with_too_many_requests() {
    let (center, token) = center();
    center.serve_all();
    center.portal.limit_rate(5);
    let send = || ask(&center, "GET /assignment/accounts", &token).send();
    let answers: Vec<Answer> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().expect("the client does not panic")).collect()
    });
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status != "200").collect();
    assert_eq!(refused.len(), 3);
    assert_eq!(refused[0].exception(), is("429", "TooManyRequestsException"));
    assert_eq!(refused[0].text("message"), "HTTP 429 Unknown Code");
    thread::sleep(Duration::from_millis(1050));
    assert_eq!(send().status, "200");
    let refused = center.portal.calls().iter().filter(|call| call.refused.is_some()).count();
    assert_eq!(refused, 3);
}

#[test]
fn calls_that_were_not_queued_fail_the_test() {
    let (center, token) = center();
    center.portal.expect(get_role_credentials(ACCOUNT, "Other"));
    assert_eq!(ask(&center, CREDENTIALS, &token).send().status, "500");
    let found = faults(center);
    let wanted = "unexpected GetRoleCredentials for \"Admin\" in \"111122223333\": the next was to be \
        GetRoleCredentials for \"Other\" in \"111122223333\"";
    assert!(found.contains(wanted), "{found}");
}

#[test]
fn answers_may_be_as_the_test_likes() {
    let (center, token) = center();
    center
        .portal
        .expect(list_accounts().fails(500, "InternalServerException", "later").after(Duration::from_millis(10)));
    assert_eq!(ask(&center, "GET /assignment/accounts", &token).send().exception().0, "500");
    center.portal.expect(list_accounts().replies(super::super::Reply::html(503, "busy")));
    assert_eq!(ask(&center, "GET /assignment/accounts", &token).send().body, "busy");
}
