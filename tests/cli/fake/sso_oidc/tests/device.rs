//! Sign-ins with a device code.

use super::{super::super::SsoRegistration, *};

fn client(center: &IdentityCenter) -> SsoRegistration {
    center.register_for_devices(Some("corp"), &["sso:account:access"])
}

fn start(center: &IdentityCenter, client: &SsoRegistration) -> Ask {
    let body = json!({ "clientId": client.client_id, "clientSecret": client.client_secret, "startUrl": START_URL });
    post(center, "/device_authorization", &body)
}

fn poll(center: &IdentityCenter, client: &SsoRegistration, code: &str) -> Ask {
    let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    let client = (&*client.client_id, &*client.client_secret);
    post(center, "/token", &token_body(client, grant_type, &[("deviceCode", code)]))
}

/// A client that waits for the person.
struct Waiting {
    center: IdentityCenter,
    client: SsoRegistration,
    code: String,
    user_code: String,
    page: String,
}

impl Waiting {
    fn new() -> Self {
        let center = IdentityCenter::start();
        let client = client(&center);
        center.oidc.expect(start_device_authorization().every("0"));
        let answer = start(&center, &client).send();
        let (code, user_code) = (answer.text("deviceCode"), answer.text("userCode"));
        let page = answer.text("verificationUriComplete");
        Self { center, client, code, user_code, page }
    }

    #[track_caller]
    fn gets(&self, exception: &str) {
        self.center.oidc.expect(device_token().refused(exception));
        let answer = poll(&self.center, &self.client, &self.code).send();
        assert_eq!(answer.exception(), is("400", exception), "{}", answer.body);
    }
}

#[test]
fn device_is_told_where_the_person_goes() {
    let center = IdentityCenter::start();
    let client = client(&center);
    center.oidc.expect(start_device_authorization());
    let answer = start(&center, &client).send();
    assert_eq!(answer.text("userCode"), "KFBS-BBBB");
    assert!(answer.text("deviceCode").contains(MARKER));
    assert_eq!(answer.text("verificationUri"), format!("{}/device", center.oidc.url()));
    assert_eq!(answer.text("verificationUriComplete"), format!("{}/device?user_code=KFBS-BBBB", center.oidc.url()));
    assert_eq!((answer.json()["expiresIn"].as_i64(), answer.json()["interval"].as_i64()), (Some(600), Some(1)));
    center.oidc.expect(start_device_authorization().without_interval().expiring_in("60"));
    let answer = start(&center, &client).send();
    assert_eq!((answer.text("userCode"), answer.json()["expiresIn"].as_i64()), ("KFBS-BBBC".to_owned(), Some(60)));
    assert_eq!(answer.json().get("interval"), None);
    assert_eq!(center.oidc.devices()[1].user_code, "KFBS-BBBC");
}

#[test]
fn approved_device_gets_one_token() {
    let waiting = Waiting::new();
    waiting.gets("AuthorizationPendingException");
    waiting.center.oidc.approve(&waiting.user_code);
    waiting.center.oidc.expect(device_token());
    let answer = poll(&waiting.center, &waiting.client, &waiting.code).send();
    assert!(answer.text("refreshToken").contains(MARKER), "{}", answer.body);
    waiting.gets("InvalidGrantException");
}

#[test]
fn device_without_scopes_gets_no_refresh_token() {
    let center = IdentityCenter::start();
    let client = center.register_for_devices(None, &[]);
    center.oidc.expect(start_device_authorization());
    let code = start(&center, &client).send().text("deviceCode");
    center.oidc.approve("KFBS-BBBB");
    center.oidc.expect(device_token());
    let answer = poll(&center, &client, &code).send();
    assert_eq!((answer.json().get("refreshToken"), answer.json()["expiresIn"].as_i64()), (None, Some(28_800)));
}

#[test]
fn person_decides_on_the_page() {
    let waiting = Waiting::new();
    let oidc = &waiting.center.oidc;
    let entry = oidc.page(&format!("{}/device", oidc.url()));
    assert!(entry.status == "200" && entry.body.contains("id=\"user_code\""), "{}", entry.body);
    assert_eq!(oidc.page(&format!("{}/device?user_code=KFBS-ZZZZ", oidc.url())).status, "400");
    let end = oidc.visit(&waiting.page).deny();
    assert_eq!(end, format!("{}/device/end", oidc.url()));
    assert!(oidc.page(&end).body.contains("You may close this window."));
    waiting.gets("AccessDeniedException");

    let waiting = Waiting::new();
    assert!(waiting.center.oidc.visit(&waiting.page).allow().ends_with("/device/end"));
    waiting.center.oidc.expect(device_token());
    assert_eq!(poll(&waiting.center, &waiting.client, &waiting.code).send().status, "200");
}

#[test]
fn denied_and_expired_devices_get_nothing() {
    let waiting = Waiting::new();
    waiting.center.oidc.deny(&waiting.user_code);
    waiting.gets("AccessDeniedException");
    let end: [fn(&IdentityCenter); 2] =
        [|center| center.oidc.expire_codes(), |center| center.set_clock_ahead(Duration::from_mins(10))];
    for end in end {
        let waiting = Waiting::new();
        end(&waiting.center);
        waiting.gets("ExpiredTokenException");
    }
}

#[test]
#[should_panic(expected = "is no code that waits for a decision")]
fn nobody_decides_on_a_code_that_there_is_not() {
    IdentityCenter::start().oidc.approve("KFBS-BBBB");
}

#[test]
fn haste_is_met_with_slow_down() {
    let center = IdentityCenter::start();
    let client = client(&center);
    center.oidc.expect(start_device_authorization());
    let code = start(&center, &client).send().text("deviceCode");
    // The first may come at once, the next after the interval.
    for (wait, exception) in [
        (0, "AuthorizationPendingException"),
        (1, "AuthorizationPendingException"),
        (0, "SlowDownException"),
        // There are five seconds more to wait now.
        (1, "SlowDownException"),
    ] {
        std::thread::sleep(Duration::from_secs(wait));
        center.oidc.expect(device_token().refused(exception));
        assert_eq!(poll(&center, &client, &code).send().exception(), is("400", exception));
    }
    let calls = center.oidc.calls();
    assert!(calls[2].at - calls[1].at >= Duration::from_secs(1));
}

#[test]
fn devices_and_clients_must_fit() {
    let waiting = Waiting::new();
    let Waiting { center, client, code, .. } = &waiting;
    let other = center.register_for_devices(None, &[]);
    for (ask, exception) in [
        (poll(center, &other, code), "InvalidGrantException"),
        (poll(center, client, "unknown"), "InvalidGrantException"),
        (poll(center, &center.register_for_codes("corp"), code), "UnauthorizedClientException"),
    ] {
        center.oidc.expect(device_token().refused(exception));
        assert_eq!(ask.send().exception(), is("400", exception));
    }
    for (ask, exception) in [
        (start(center, client).with("/start\"", "/start/\""), "InvalidRequestException"),
        (start(center, &center.register_for_codes("corp")), "UnauthorizedClientException"),
        (start(center, client).with(&client.client_id, "unknown"), "InvalidClientException"),
    ] {
        center.oidc.expect(start_device_authorization().refused(exception));
        assert_eq!(ask.send().exception().1, exception);
    }
}

#[test]
fn standing_service_judges_by_itself() {
    let Waiting { center, client, code, user_code, .. } = Waiting::new();
    center.serve_all();
    assert_eq!(poll(&center, &client, &code).send().exception().1, "AuthorizationPendingException");
    center.oidc.approve(&user_code);
    assert_eq!(poll(&center, &client, &code).send().status, "200");
    assert_eq!(center.oidc.calls()[1].refused.as_deref(), Some("AuthorizationPendingException"));
}
