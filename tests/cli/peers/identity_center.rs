//! That the fakes of IAM Identity Center are that to botocore: what it sends is taken, what it gets fits its models.

use super::{
    super::{
        fake::{
            Account, IdentityCenter, Keys, NamedIn, SsoRegistration, Timestamp, code_token, device_token, escape,
            get_role_credentials, list_account_roles, list_accounts, logout, refreshed_token, register_client,
            start_device_authorization,
        },
        keyfob::Home,
        peer,
    },
    ask,
};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

const ACCOUNT: &str = "111122223333";
const START_URL: &str = "https://d-1234567890.awsapps.com/start";
/// RFC 7636 at botocore's length.
const VERIFIER: &str = "KSGu~npwL8TIkSiv-eBdq4GZjUBoIDuS-9h5Xit-YqjbnwjMJ6N3H9RkdCuQzVvr";
const CHALLENGE: &str = "eCbifoYYdgUkfxU7RqAqU4i3gn4MUrDJPaW8ZQV7SPg";
const REDIRECT_URI: &str = "http://127.0.0.1:38421/oauth/callback";

/// botocore, and an instance that it is sent to.
struct World {
    python: PathBuf,
    center: IdentityCenter,
    home: Home,
}

impl World {
    fn new() -> Option<Self> {
        let python = peer::python(&["botocore"])?;
        let center = IdentityCenter::start();
        center.add_account(Account::new(ACCOUNT, &["Admin", "Rôle/+ x"]));
        let home = Home::new().identity_center(&center);
        Some(Self { python, center, home })
    }

    /// What botocore makes of the answers to these calls.
    fn call(&self, calls: &[(&str, &str, Value)]) -> Vec<Value> {
        let answers = ask(&self.python, &self.home, "identity_center.py", &[], &json!(calls).to_string());
        answers.as_array().expect("a list is printed").clone()
    }

    /// What botocore makes of an answer that must be none but the model's.
    #[track_caller]
    fn answer(&self, service: &str, operation: &str, parameters: Value) -> Value {
        let answer = self.call(&[(service, operation, parameters)]).remove(0);
        assert_eq!(answer["unknown"], json!([]), "{answer}");
        answer["answer"].clone()
    }

    fn create_token(&self, client: &SsoRegistration, grant_type: &str, more: Value) -> Value {
        let mut parameters = more;
        parameters["clientId"] = json!(client.client_id);
        parameters["clientSecret"] = json!(client.client_secret);
        parameters["grantType"] = json!(grant_type);
        self.answer("sso-oidc", "create_token", parameters)
    }
}

/// The members of an answer, sorted.
fn members(answer: &Value) -> Vec<&str> {
    answer.as_object().expect("an answer has members").keys().map(String::as_str).collect()
}

#[test]
fn clients_are_registered() {
    let Some(world) = World::new() else { return };
    let device = json!({ "clientName": "botocore-client-corp", "clientType": "public" });
    let mut scoped = device.clone();
    scoped["scopes"] = json!(["sso:account:access"]);
    let mut code = scoped.clone();
    code["grantTypes"] = json!(["authorization_code", "refresh_token"]);
    code["redirectUris"] = json!(["http://127.0.0.1/oauth/callback"]);
    code["issuerUrl"] = json!(START_URL);
    for parameters in [device, scoped, code] {
        world.center.oidc.expect(register_client());
        let answer = world.answer("sso-oidc", "register_client", parameters);
        let client = world.center.oidc.clients().pop().expect("one was registered");
        assert_eq!(
            (&answer["clientId"], &answer["clientSecret"]),
            (&json!(client.client_id), &json!(client.client_secret))
        );
        assert_eq!(answer["clientSecretExpiresAt"], json!(client.end.unix_seconds()));
        assert_eq!(members(&answer), ["clientId", "clientIdIssuedAt", "clientSecret", "clientSecretExpiresAt"]);
    }
}

#[test]
fn device_codes_bring_tokens() {
    let Some(world) = World::new() else { return };
    let client = world.center.register_for_devices(Some("corp"), &["sso:account:access"]);
    world.center.oidc.expect(start_device_authorization());
    let parameters =
        json!({ "clientId": client.client_id, "clientSecret": client.client_secret, "startUrl": START_URL });
    let started = world.answer("sso-oidc", "start_device_authorization", parameters);
    let wanted = ["deviceCode", "expiresIn", "interval", "userCode", "verificationUri", "verificationUriComplete"];
    assert_eq!(members(&started), wanted);
    world.center.oidc.approve(started["userCode"].as_str().expect("a code is a text"));
    world.center.oidc.expect(device_token());
    let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    let answer = world.create_token(&client, grant_type, json!({ "deviceCode": started["deviceCode"] }));
    assert_eq!(members(&answer), ["accessToken", "expiresIn", "refreshToken", "tokenType"]);
}

#[test]
fn authorization_codes_and_refresh_tokens_bring_tokens() {
    let Some(world) = World::new() else { return };
    let oidc = &world.center.oidc;
    let client = world.center.register_for_codes("corp");
    let (base, client_id) = (oidc.url(), &client.client_id);
    let url = format!(
        "{base}/authorize?response_type=code&client_id={client_id}&redirect_uri={}\
         &state=3f2b6c1e-5d0a-4c7e-9b1d-2a8f4e6c7d90&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess\
         &code_challenge={CHALLENGE}",
        escape(REDIRECT_URI)
    );
    let code = oidc.visit(&url).allowed_code();
    oidc.expect(code_token());
    let more = json!({ "code": code, "codeVerifier": VERIFIER, "redirectUri": REDIRECT_URI });
    let mut answer = world.create_token(&client, "authorization_code", more);
    for rotates in [true, false] {
        let more = json!({ "refreshToken": answer["refreshToken"] });
        oidc.expect(if rotates { refreshed_token() } else { refreshed_token().without_refresh_token() });
        answer = world.create_token(&client, "refresh_token", more);
        let wanted = ["accessToken", "expiresIn", "refreshToken", "tokenType"];
        assert_eq!(
            members(&answer),
            wanted.into_iter().filter(|name| rotates || *name != "refreshToken").collect::<Vec<_>>()
        );
        assert_eq!((&answer["tokenType"], &answer["expiresIn"]), (&json!("Bearer"), &json!(3600)));
    }
}

#[test]
fn portal_answers_as_its_model_says() {
    let Some(world) = World::new() else { return };
    let token = world.center.sign_in("corp").access_token;
    let portal = &world.center.portal;
    portal.expect(get_role_credentials(ACCOUNT, "Rôle/+ x").ending("2030-01-01T00:00:00Z"));
    portal.expect(list_accounts());
    portal.expect(list_account_roles(ACCOUNT));
    portal.expect(list_account_roles(ACCOUNT));
    portal.expect(logout());
    let page = |next| json!({ "accountId": ACCOUNT, "accessToken": token, "maxResults": 1, "nextToken": next });
    let answers = world.call(&[
        ("sso", "get_role_credentials", json!({ "accountId": ACCOUNT, "roleName": "Rôle/+ x", "accessToken": token })),
        ("sso", "list_accounts", json!({ "accessToken": token })),
        ("sso", "list_account_roles", json!({ "accountId": ACCOUNT, "accessToken": token, "maxResults": 1 })),
        ("sso", "list_account_roles", page(format!("{ACCOUNT}/page+1=="))),
        ("sso", "logout", json!({ "accessToken": token })),
    ]);
    let keys = portal.issued().remove(0);
    let role = |name| json!({ "roleName": name, "accountId": ACCOUNT });
    for (found, wanted) in answers.iter().zip([
        json!({ "roleCredentials": {
            "accessKeyId": keys.access_key_id, "secretAccessKey": keys.secret_access_key,
            "sessionToken": keys.session_token, "expiration": 1_893_456_000_123_i64,
        }}),
        json!({ "accountList": [{
            "accountId": ACCOUNT, "accountName": "Account 111122223333",
            "emailAddress": "aws+111122223333@example.com",
        }]}),
        json!({ "nextToken": format!("{ACCOUNT}/page+1=="), "roleList": [role("Admin")] }),
        json!({ "roleList": [role("Rôle/+ x")] }),
        json!({}),
    ]) {
        assert_eq!(*found, json!({ "answer": wanted, "unknown": [] }));
    }
    assert_eq!(answers.len(), 5);
}

/// So that no test of keyfob is about an error that there is not.
#[test]
fn errors_are_those_of_the_models() {
    let Some(world) = World::new() else { return };
    let create = json!({ "clientId": "x", "clientSecret": "x", "grantType": "refresh_token", "refreshToken": "x" });
    let register = json!({ "clientName": "botocore-client-1", "clientType": "public" });
    let of_token = [
        (400, "AuthorizationPendingException", "authorization_pending"),
        (400, "SlowDownException", "slow_down"),
        (400, "ExpiredTokenException", "expired_token"),
        (400, "AccessDeniedException", "access_denied"),
        (401, "InvalidClientException", "invalid_client"),
        (400, "InvalidGrantException", "invalid_grant"),
        (400, "InvalidRequestException", "invalid_request"),
        (400, "InvalidScopeException", "invalid_scope"),
        (400, "UnauthorizedClientException", "unauthorized_client"),
        (400, "UnsupportedGrantTypeException", "unsupported_grant_type"),
        (500, "InternalServerException", "server_error"),
    ];
    let of_client = [
        (400, "InvalidRedirectUriException", "invalid_redirect_uri"),
        (400, "InvalidClientMetadataException", "invalid_client_metadata"),
    ];
    let mut calls = Vec::new();
    for (status, exception, _) in of_token {
        world.center.oidc.expect(refreshed_token().fails(status, exception, "so it is"));
        calls.push(("sso-oidc", "create_token", create.clone()));
    }
    for (status, exception, _) in of_client {
        world.center.oidc.expect(register_client().fails(status, exception, "so it is").named_in(NamedIn::Type));
        calls.push(("sso-oidc", "register_client", register.clone()));
    }
    for (found, (status, exception, error)) in world.call(&calls).iter().zip(of_token.into_iter().chain(of_client)) {
        assert_eq!((&found["exception"], &found["known"]), (&json!(exception), &json!(true)), "{found}");
        assert_eq!((&found["status"], &found["status_fits"]), (&json!(status), &json!(true)), "{found}");
        assert_eq!((&found["error"], &found["error_description"]), (&json!(error), &json!("so it is")), "{found}");
        // `__type` is of the protocol, and in no model.
        let is_typed = found["unknown"] == json!([".__type"]);
        assert!(found["unknown"] == json!([]) || is_typed, "{found}");
    }
}

#[test]
fn errors_of_the_portal_are_those_of_its_model() {
    let Some(world) = World::new() else { return };
    let token = world.center.sign_in("corp").access_token;
    let of_portal = [
        ("unknown", ACCOUNT, "Admin", 401, "UnauthorizedException", true),
        (&token, ACCOUNT, "Other", 403, "ForbiddenException", false),
        (&token, "444455556666", "Admin", 404, "ResourceNotFoundException", true),
        (&token, "1", "Admin", 400, "InvalidRequestException", true),
        (&token, ACCOUNT, "Admin", 429, "TooManyRequestsException", true),
    ];
    let mut calls = Vec::new();
    for (token, account_id, role, status, exception, _) in of_portal {
        let expected = get_role_credentials(account_id, role);
        world.center.portal.expect(if status == 429 {
            expected.fails(429, exception, "HTTP 429 Unknown Code")
        } else {
            expected.refused(exception)
        });
        let parameters = json!({ "accountId": account_id, "roleName": role, "accessToken": token });
        calls.push(("sso", "get_role_credentials", parameters));
    }
    for (found, (.., status, exception, known)) in world.call(&calls).iter().zip(of_portal) {
        assert_eq!((&found["exception"], &found["known"]), (&json!(exception), &json!(known)), "{found}");
        assert_eq!((&found["status"], &found["status_fits"]), (&json!(status), &json!(true)), "{found}");
        assert!(found["message"].as_str().is_some_and(|message| !message.is_empty()), "{found}");
    }
}

/// botocore reads the files of the fixtures, and everything else it does with them.
#[test]
fn profiles_get_credentials_with_the_files_of_a_sign_in() {
    let Some(world) = World::new() else { return };
    let legacy = format!("sso_start_url = {START_URL}\nsso_region = us-east-1\n");
    let role = format!("sso_account_id = {ACCOUNT}\nsso_role_name = Admin\n");
    let profiles = format!("[profile dev]\nsso_session = corp\n{role}[profile old]\n{legacy}{role}");
    world.home.write(".aws/config", world.center.sso_session("corp") + &profiles);
    let end = Timestamp::parse_rfc3339("2099-01-02T03:04:05Z").expect("this is how the fake spells times");
    for (profile, token, left) in [
        ("dev", world.center.sign_in("corp"), Duration::from_mins(50)),
        // botocore refreshes in the last quarter of an hour.
        ("dev", world.center.sign_in("corp"), Duration::from_mins(10)),
        ("old", world.center.sign_in_legacy(), Duration::from_mins(10)),
    ] {
        let expires_at = Timestamp::now().plus(left);
        world.home.write(&token.path(), token.document(expires_at));
        let is_refreshed = profile == "dev" && left == Duration::from_mins(10);
        if is_refreshed {
            world.center.oidc.expect(refreshed_token());
        }
        world.center.portal.expect(get_role_credentials(ACCOUNT, "Admin").ending("2099-01-02T03:04:05Z"));
        let theirs = ask(&world.python, &world.home, "login_session.py", &[profile], "");
        let number = world.center.portal.issued().len();
        assert_eq!(theirs["AccessKeyId"], json!(Keys::of_role(number, end).access_key_id));
        let used = world.center.portal.calls().pop().expect("credentials were asked for").asked.access_token;
        assert_eq!(used != token.access_token, is_refreshed);
        if is_refreshed {
            let issued = world.center.issued().pop().expect("a token was issued");
            let written = super::json(&world.home.read(token.path()));
            assert_eq!(
                (&written["accessToken"], &written["refreshToken"]),
                (&json!(issued.access_token), &json!(issued.refresh_token))
            );
        }
    }
}
