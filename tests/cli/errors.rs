//! What goes wrong between keyfob and STS, and what a person is told of it.

use super::{
    fake::{HOST, Keys, MARKER, Proxy, Reply, Sts, assume_role},
    keyfob::{Invocation, Run},
    scene::{Left, ROLE, Scene, demo_role, entries, issued, issued_document, role_section},
};
use std::{
    net::{Ipv4Addr, TcpListener},
    time::{Duration, Instant},
};

const HOUR: Duration = Duration::from_hours(1);

/// Expects the run to fail with a message, a cause and a hint, in which these phrases are.
#[track_caller]
fn fails(run: Invocation, cause: &str, hint: &str) -> Run {
    fails_with(1, run, cause, hint)
}

/// The same with another exit code.
#[track_caller]
fn fails_with(code: i32, run: Invocation, cause: &str, hint: &str) -> Run {
    let run = run.code(code).any_stderr().run();
    let lines: Vec<&str> = run.stderr.lines().collect();
    let [message, cause_line, hint_line] = lines[..] else { panic!("not three lines: {}", run.stderr) };
    assert_eq!(message, format!("keyfob: cannot assume role \"{ROLE}\" of profile \"dev\""));
    assert!(cause_line.starts_with("  cause: AssumeRole at "), "{cause_line}");
    assert!(cause_line.contains(cause), "{cause:?} is not in {cause_line}");
    assert!(hint_line.starts_with("  hint: ") && hint_line.contains(hint), "{hint:?} is not in {hint_line}");
    run
}

#[test]
fn every_refusal_is_told_with_its_cause_and_with_advice_of_its_own() {
    let not_authorized = "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: sts:AssumeRole on \
                          resource: arn:aws:iam::123456789012:role/Demo";
    for (status, code, message, hint) in [
        (403, "ExpiredToken", "The security token is expired", "the credentials of profile \"base\" have expired"),
        (
            403,
            "InvalidClientTokenId",
            "The security token is invalid",
            "key …0000 of profile \"base\" is unknown there",
        ),
        (403, "SignatureDoesNotMatch", "The signature does not match", "secret access key does not belong to …0000"),
        (403, "AccessDenied", not_authorized, "that the role exists and trusts the caller"),
        (403, "AccessDenied", not_authorized, "whether it wants an external_id"),
        (403, "AccessDenied", not_authorized, "whether it wants MFA (mfa_serial)"),
        (403, "AccessDenied", "Roles may not be assumed by root accounts.", "root user"),
        (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", "the next one"),
        (403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", "mfa_serial"),
        (403, "AccessDenied", "Cannot call AssumeRole with session credentials", "long-term keys"),
        (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration", "duration_seconds"),
        (400, "ValidationError", "exceeds the 1 hour session limit for roles assumed by role chaining", "3600"),
        (400, "ValidationError", "1 validation error detected: roleArn", "check role_arn"),
        (400, "MalformedPolicyDocument", "Syntax errors in policy", "session tags"),
        (400, "PackedPolicyTooLarge", "Packed size consumes 105%", "session tags"),
        (403, "RegionDisabledException", "STS is not activated in this region", "another region"),
        (403, "OptInRequired", "You are not subscribed to this service", "not signed up"),
        (403, "MissingAuthenticationToken", "Request is missing Authentication Token", "a proxy on the way"),
        (400, "IncompleteSignature", "Authorization header requires", "a proxy on the way"),
        (418, "SomethingNew", "nobody has heard of it", "`keyfob explain`"),
    ] {
        let scene = Scene::new();
        scene.sts.expect(demo_role().fails(status, code, message));
        let cause = format!(
            "AssumeRole at {}: {code}: {} (HTTP {status}, request 00000000-0000-4000-8000-000000000001)",
            scene.sts.address(),
            message.trim_end_matches('.')
        );
        // Only new credentials help against old ones.
        fails_with(if code == "ExpiredToken" { 3 } else { 1 }, scene.process(), &cause, hint);
    }
}

#[test]
fn advice_heeds_what_the_role_has() {
    let scene = Scene::with("external_id = abc\nsession_tags = a=b\nsource_identity = jane\n");
    let call = demo_role().field("ExternalId", "abc").field("SourceIdentity", "jane");
    let call = call.field("Tags.member.1.Key", "a").field("Tags.member.1.Value", "b");
    scene.sts.expect(call.fails(403, "AccessDenied", "not authorized to perform: sts:AssumeRole"));
    let run = fails(scene.process(), "AccessDenied", "that the external_id is right");
    assert!(run.stderr.contains("sts:TagSession"), "{}", run.stderr);
    assert!(run.stderr.contains("sts:SetSourceIdentity"), "{}", run.stderr);
}

#[test]
fn what_a_service_says_is_shown_without_its_control_characters() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "a & <b>\n\t&#x202e;c"));
    fails(scene.process(), r"AccessDenied: a & <b>\u{a}\u{9}", "check");
}

#[test]
fn wrong_secret_deleted_key_and_missing_token_are_told_apart() {
    let joe = Keys::of("joe");
    let scene = Scene::new();
    let wrong = Keys { secret_access_key: joe.secret_access_key.clone(), ..scene.jane.clone() };
    scene.home.write(".aws/credentials", wrong.section("base"));
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    fails(scene.process(), "SignatureDoesNotMatch", "the secret access key does not belong to …0000");

    scene.home.write(".aws/credentials", joe.section("base"));
    scene.sts.expect(demo_role().refused("InvalidClientTokenId"));
    fails(scene.process(), "InvalidClientTokenId", "check in IAM that it exists and is active");

    let session = scene.sts.add_session("jim", HOUR);
    let bare = Keys { session_token: None, ..session.clone() };
    scene.home.write(".aws/credentials", bare.section("base"));
    scene.sts.expect(demo_role().refused("InvalidClientTokenId"));
    fails(scene.process(), "InvalidClientTokenId", "its aws_session_token is missing");

    scene.sts.expire(&session.access_key_id);
    scene.home.write(".aws/credentials", session.section("base"));
    scene.sts.expect(demo_role().refused("ExpiredToken"));
    fails_with(3, scene.process(), "ExpiredToken", "the credentials of profile \"base\" have expired; get new ones");
}

#[test]
fn passing_troubles_are_tried_again() {
    for trouble in [
        demo_role().fails(400, "Throttling", "Rate exceeded"),
        demo_role().fails(400, "RequestLimitExceeded", "Rate exceeded"),
        demo_role().fails(400, "IDPCommunicationError", "later"),
        demo_role().fails(500, "InternalFailure", "later"),
        demo_role().replies(Reply::new(502)),
        demo_role().replies(Reply::html(503, "<html>Service Unavailable</html>")),
        demo_role().replies(Reply::html(504, "<h1>Gateway Timeout</h1>")),
        demo_role().replies(Reply::xml(200, "<AssumeRoleResponse/>")),
        demo_role().replies(Reply::xml(200, "<whole>and more</whole>").cut_at(9)),
        demo_role().replies(Reply::hang_up()),
    ] {
        let scene = Scene::new();
        scene.sts.expect(trouble);
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
}

#[test]
fn tries_end_where_the_settings_say() {
    for (variable, lines, tries) in [
        (None, "", 3),
        (Some("1"), "", 1),
        (Some("2"), "max_attempts = 7\n", 2),
        (None, "max_attempts = 5\n", 5),
        (Some("6"), "", 6),
    ] {
        let scene = Scene::with(lines);
        for _ in 0..tries {
            scene.sts.expect(demo_role().fails(500, "InternalFailure", "later"));
        }
        let run = scene.process();
        let run = variable.into_iter().fold(run, |run, tries| run.env("AWS_MAX_ATTEMPTS", tries));
        fails(run, "InternalFailure: later (HTTP 500, request", "");
    }
}

#[test]
fn service_can_ask_for_patience() {
    let scene = Scene::new();
    let reply = Reply::xml(503, "").header("x-amz-retry-after", "700");
    scene.sts.expect(demo_role().replies(reply));
    scene.sts.expect(demo_role());
    let run = scene.process().stdout(issued_document(1)).run();
    assert!(run.elapsed >= Duration::from_millis(700), "{:?}", run.elapsed);
}

#[test]
fn wrong_clock_is_corrected_by_the_services_and_the_call_made_once_more() {
    for ahead in [true, false] {
        let scene = Scene::new();
        let set = if ahead { Sts::set_clock_ahead } else { Sts::set_clock_behind };
        set(&scene.sts, HOUR);
        scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
    for code in ["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"] {
        let scene = Scene::new();
        scene.sts.expect(demo_role().fails(403, code, "look at your clock"));
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(1)).run();
    }
}

#[test]
fn every_role_of_a_chain_is_called_with_the_corrected_clock() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.set_clock_ahead(HOUR);
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.sts.expect(demo_role().signed_by(&issued(1)));
    scene.home.keyfob(["process", "next"]).stdout(issued_document(2)).run();
}

#[test]
fn credentials_are_judged_by_the_services_clock() {
    let scene = Scene::new();
    scene.sts.set_clock_behind(2 * HOUR);
    scene.sts.expect(assume_role(ROLE).refused("SignatureDoesNotMatch"));
    scene.sts.expect(assume_role(ROLE));
    let run = scene.process().any_stdout().run();
    assert!(run.stdout.contains(&issued(1).access_key_id), "{}", run.stdout);
}

#[test]
fn clock_that_stays_wrong_is_told_with_how_much() {
    let scene = Scene::new();
    scene.sts.set_clock_ahead(2 * HOUR);
    scene.sts.expect(demo_role().refused("SignatureDoesNotMatch"));
    scene.sts.expect(demo_role().fails(403, "SignatureDoesNotMatch", "Signature expired"));
    let run = fails(scene.process(), "this machine's clock is off by ", "set this machine's clock");
    assert!(run.stderr.contains("off by 2 h 0 min") || run.stderr.contains("off by 1 h 59 min"), "{}", run.stderr);
}

#[test]
fn wrong_secret_with_a_right_clock_is_not_tried_again() {
    let scene = Scene::new();
    scene.sts.set_clock_ahead(Duration::from_mins(3));
    scene.sts.expect(demo_role().fails(403, "SignatureDoesNotMatch", "The signature does not match"));
    fails(scene.process(), "SignatureDoesNotMatch", "the secret access key does not belong to …0000");
}

#[test]
fn answers_that_are_not_the_services_are_described() {
    const PAGE: &str = "<!DOCTYPE html><html><body>Please sign in</body></html>";
    for (reply, tries, cause) in [
        (Reply::redirect("http://127.0.0.1:1/"), 1, "the answer is a redirect, which is not followed (HTTP 307)"),
        (Reply::html(200, PAGE), 3, "the answer is a web page: a proxy or a sign-in page"),
        (Reply::html(403, PAGE), 1, "the answer is a web page: a proxy or a sign-in page"),
        (Reply::html(502, "  <HTML>Bad Gateway"), 3, "sign-in page of the network stands between (HTTP 502)"),
        (Reply::new(200), 3, "the answer is empty (HTTP 200)"),
        (Reply::new(403).header("x-amzn-RequestId", "r-1"), 1, "the answer is empty (HTTP 403, request r-1)"),
        (Reply::xml(400, "{\"message\":\"no\"}"), 1, "the answer is not one of AWS's (HTTP 400)"),
        (Reply::xml(400, "<a><b/></a>"), 1, "the answer is not one of AWS's (HTTP 400)"),
        (Reply::xml(200, "<a><b/></a>"), 3, "the answer lacks what was asked for (HTTP 200)"),
        (Reply::xml(200, "<a/>").body(*b"<a>\xff</a>"), 3, "the answer is not text (HTTP 200)"),
        (Reply::xml(200, "<whole>and more</whole>").cut_at(9), 3, "the answer ended early"),
        (Reply::xml(200, &"<a/>".repeat(1000)).endless(), 3, "the answer is larger than 1 MiB"),
        (Reply::xml(200, &" ".repeat(1024 * 1024 + 1)), 3, "the answer is larger than 1 MiB"),
        (Reply::xml(400, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), 1, "the answer is not one of AWS's"),
    ] {
        let scene = Scene::new();
        for _ in 0..tries {
            scene.sts.expect(demo_role().replies(reply.clone()));
        }
        let hint = format!("check what answers at {}", scene.sts.address());
        fails(scene.process(), cause, &hint);
    }
}

#[test]
fn half_an_answer_is_no_credentials() {
    let keys = issued(1);
    let member = |name: &str, value: &str| format!("<{name}>{value}</{name}>");
    let members = [
        member("AccessKeyId", &keys.access_key_id),
        member("SecretAccessKey", &keys.secret_access_key),
        member("SessionToken", MARKER),
        member("Expiration", "2099-01-02T03:04:05Z"),
    ];
    let answer = |members: &[String]| {
        let inner = format!("<Credentials>{}</Credentials>", members.concat());
        demo_role().replies(Reply::xml(200, &format!("<R><AssumeRoleResult>{inner}</AssumeRoleResult></R>")))
    };
    for missing in 0..members.len() {
        let mut some = members.to_vec();
        some.remove(missing);
        let scene = Scene::new();
        scene.sts.expect(answer(&some));
        fails(scene.process().env("AWS_MAX_ATTEMPTS", "1"), "the answer lacks what was asked for", "check what");
    }
    let scene = Scene::new();
    scene.sts.expect(answer(&members));
    let run = scene.process().any_stdout().run();
    assert!(run.stdout.contains(&keys.access_key_id), "{}", run.stdout);
}

#[test]
fn answer_with_credentials_that_have_ended_is_refused() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().expiring("2020-01-02T03:04:05Z"));
    let run = scene.process().code(1).any_stderr().run();
    assert!(run.stderr.contains("AWS issued credentials that have expired"), "{}", run.stderr);
    assert!(run.stderr.contains("they ended at 2020-01-02T03:04:05Z"), "{}", run.stderr);
}

#[test]
fn host_that_hangs_up_or_is_not_there_is_told() {
    let scene = Scene::new();
    for _ in 0..3 {
        scene.sts.expect(demo_role().replies(Reply::hang_up()));
    }
    fails(scene.process(), "", "check the network, the region, and HTTPS_PROXY and NO_PROXY");
    // Nobody listens on a port that was free a moment ago.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    drop(listener);
    let run = scene.process().env("AWS_ENDPOINT_URL_STS", &format!("http://{address}"));
    let why = if cfg!(windows) { "No connection could be made" } else { "Connection refused" };
    let cause = format!("AssumeRole at {address}: {why}");
    fails(run, &cause, "check the network, the region, and HTTPS_PROXY and NO_PROXY");
}

#[test]
fn certificates_are_trusted_through_the_variable_the_profile_or_the_openssl_variable() {
    let scene = Scene::over_tls();
    let bundle = scene.home.path().join("ca.pem");
    let bundle = bundle.to_str().expect("temporary paths are UTF-8");
    let plain = scene.home.read(".aws/config");
    for (variables, line) in [
        (&[("AWS_CA_BUNDLE", bundle)][..], ""),
        (&[("AWS_CA_BUNDLE", "~/ca.pem"), ("SSL_CERT_FILE", "/dev/null")], ""),
        (&[("AWS_CA_BUNDLE", bundle)], "ca_bundle = /nowhere\n"),
        (&[], "ca_bundle = ~/ca.pem\n"),
        (&[("SSL_CERT_FILE", "/nowhere")], "ca_bundle = ~/ca.pem\n"),
        (&[("SSL_CERT_FILE", bundle)], ""),
    ] {
        scene.home.clear_cache();
        scene.home.write(".aws/config", format!("{plain}{line}"));
        scene.sts.expect(demo_role());
        let run = variables.iter().fold(scene.process(), |run, (name, value)| run.env(name, value));
        let run = run.any_stdout().run();
        assert!(run.stdout.contains("ASIAISSUED"), "{}", run.stdout);
    }
}

#[test]
fn bundle_may_hold_comments_and_many_certificates() {
    let scene = Scene::over_tls();
    let strangers = Sts::start_tls();
    let pem = |sts: &Sts| sts.ca_pem().expect("it speaks TLS").to_owned();
    scene.home.write("ca.pem", format!("# ours\n{}\n# and theirs\n{}", pem(&strangers), pem(&scene.sts)));
    scene.sts.expect(demo_role());
    scene.process().env("AWS_CA_BUNDLE", "~/ca.pem").stdout(issued_document(1)).run();
}

#[test]
fn unknown_authority_is_told_at_once_and_how_to_make_it_known() {
    let scene = Scene::over_tls();
    let strangers = Sts::start_tls();
    let cause = "the host's certificate is signed by an authority that is not trusted here";
    let hint = "name your organisation's certificates in AWS_CA_BUNDLE or the profile's ca_bundle";
    fails(scene.process(), cause, hint);
    scene.home.write("strangers.pem", strangers.ca_pem().expect("it speaks TLS"));
    fails(scene.process().env("AWS_CA_BUNDLE", "~/strangers.pem"), cause, hint);
}

#[test]
fn certificate_for_another_name_is_not_accepted() {
    let scene = Scene::over_tls();
    let url = scene.sts.url().replace("127.0.0.1", "localhost");
    let run = scene.process().env("AWS_CA_BUNDLE", "~/ca.pem").env("AWS_ENDPOINT_URL_STS", &url);
    let run = fails(run.env("AWS_MAX_ATTEMPTS", "1"), "AssumeRole at localhost", "");
    assert!(run.stderr.contains("certificate"), "{}", run.stderr);
}

#[test]
fn bad_bundle_is_named_and_never_passed_over() {
    let scene = Scene::over_tls();
    let pem = scene.home.read("ca.pem");
    for (name, content, cause) in [
        ("gone.pem", None, if cfg!(windows) { "" } else { "No such file" }),
        ("empty.pem", Some(String::new()), "it holds no certificate"),
        ("junk.pem", Some("junk\n".into()), "it holds no certificate"),
        ("torn.pem", Some(pem[..pem.len() / 2].to_owned()), ""),
        ("broken.pem", Some(pem.replace("MII", "!!!")), "its item 1 is not PEM"),
    ] {
        if let Some(content) = content {
            scene.home.write(name, content);
        }
        let path = scene.home.path().join(name);
        let run = scene.process().env("AWS_CA_BUNDLE", &format!("~/{name}")).code(1).any_stderr().run();
        let message = format!("keyfob: cannot use the certificate bundle \"{}\"\n  cause: {cause}", path.display());
        assert!(run.stderr.starts_with(&message), "{}", run.stderr);
    }
    assert_eq!(scene.sts.connections(), 0);
}

/// A fake known as [`HOST`], which only a proxy can reach, and a run that looks for it there.
fn behind_proxy() -> (Scene, String) {
    let mut scene = Scene::over_tls();
    let host = format!("{HOST}:{}", scene.sts.address().port());
    scene.sts.set_host(&host);
    scene.home.set_env("AWS_CA_BUNDLE", "~/ca.pem");
    scene.home.set_env("AWS_ENDPOINT_URL_STS", &format!("https://{host}"));
    (scene, host)
}

#[test]
fn proxy_is_asked_for_the_host_by_name_and_sees_no_more_than_that() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (scene, host) = behind_proxy();
        let proxy = Proxy::to(scene.sts.address());
        scene.sts.expect(demo_role());
        scene.process().env(variable, &format!("http://{}", proxy.address())).stdout(issued_document(1)).run();
        let heads = proxy.heads();
        assert_eq!(heads.len(), 1);
        assert!(heads[0].starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{heads:?}");
        assert!(!heads[0].contains(MARKER) && !heads[0].to_lowercase().contains("authorization"), "{heads:?}");
    }
}

#[test]
fn proxy_gets_user_and_password() {
    let (scene, _) = behind_proxy();
    let proxy = Proxy::to(scene.sts.address());
    scene.sts.expect(demo_role());
    let url = format!("http://ja%40ne:p%3Aw@{}", proxy.address());
    scene.process().env("HTTPS_PROXY", &url).stdout(issued_document(1)).run();
    // `ja@ne:p:w`
    assert!(proxy.heads()[0].to_lowercase().contains("proxy-authorization: basic amfabmu6cdp3"), "{:?}", proxy.heads());
}

#[test]
fn proxy_that_refuses_or_is_not_there_is_told_without_its_password() {
    let (scene, _) = behind_proxy();
    let proxy = Proxy::refusing("407 Proxy Authentication Required");
    for address in [proxy.address(), "127.0.0.1:1".to_owned()] {
        let url = format!("http://jane:{MARKER}@{address}");
        let run = scene.process().env("HTTPS_PROXY", &url).env("AWS_MAX_ATTEMPTS", "1");
        fails(run, "", "HTTPS_PROXY");
    }
    let run = scene.process().env("HTTPS_PROXY", &format!("socks5://jane:{MARKER}@127.0.0.1:1"));
    let run = run.code(1).any_stderr().run();
    assert!(run.stderr.contains("cannot use the proxy that HTTPS_PROXY names"), "{}", run.stderr);
}

#[test]
fn no_proxy_leads_past_the_proxy() {
    let (scene, _) = behind_proxy();
    let proxy = Proxy::to(scene.sts.address());
    for (variable, value) in [("NO_PROXY", "x, .example.test"), ("no_proxy", HOST), ("NO_PROXY", "*")] {
        let run = scene.process().env("HTTPS_PROXY", &proxy.address()).env(variable, value);
        // The name has no address, so that no proxy means no answer.
        fails(run.env("AWS_MAX_ATTEMPTS", "1"), "", "NO_PROXY");
    }
    assert_eq!((proxy.heads().len(), scene.sts.connections()), (0, 0));
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let scene = Scene::new();
    let proxy = Proxy::to(scene.sts.address());
    let run = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]
        .into_iter()
        .fold(scene.process(), |run, variable| run.env(variable, &proxy.address()));
    scene.sts.expect(demo_role());
    run.stdout(issued_document(1)).run();
    assert!(proxy.heads().is_empty());
}

#[test]
fn cached_source_that_sts_finds_expired_is_renewed_once() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.process().stdout(issued_document(1)).run();
    scene.sts.expire(&issued(1).access_key_id);
    scene.sts.expect(demo_role().signed_by(&issued(1)).refused("ExpiredToken"));
    scene.sts.expect(demo_role().signed_by(&scene.jane));
    scene.sts.expect(demo_role().signed_by(&issued(2)));
    scene.home.keyfob(["process", "next"]).stdout(issued_document(3)).run();
    scene.process().stdout(issued_document(2)).run();
}

#[test]
fn source_that_is_refused_even_when_new_is_told() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    for _ in 0..2 {
        scene.sts.expect(demo_role().signed_by(&scene.jane));
        scene.sts.expect(demo_role().fails(403, "ExpiredToken", "The security token is expired"));
    }
    let run = scene.home.keyfob(["process", "next"]).code(3).any_stderr().run();
    assert!(run.stderr.contains("the credentials of profile \"dev\" have expired"), "{}", run.stderr);
}

#[test]
fn slow_source_does_not_hold_up_a_role_that_still_lives() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role());
    scene.sts.expect(demo_role());
    scene.home.keyfob(["process", "next"]).stdout(issued_document(2)).run();
    for entry in entries(&scene.home) {
        let is_last = scene.home.read(&entry).contains(&issued(2).access_key_id);
        let left = if is_last { Left::Still(Duration::from_mins(5)) } else { Left::EndedAgo(HOUR) };
        scene.age_entry(&entry, HOUR, left);
    }
    scene.sts.always(demo_role().replies(Reply::xml(200, "<x/>").dripping(Duration::from_millis(50))));
    let began = Instant::now();
    let run = scene.home.keyfob(["process", "next"]).any_stdout().run();
    assert!(run.stdout.contains(&issued(2).access_key_id), "{}", run.stdout);
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
}

#[test]
fn service_that_never_finishes_is_given_up_within_the_patience_of_sdks() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role().after(Duration::from_secs(3)));
    scene.sts.always(demo_role().replies(Reply::xml(200, "<x/>").dripping(Duration::from_millis(50))));
    let run = scene.home.keyfob(["process", "next"]).code(1).any_stderr().run();
    assert!(run.elapsed < Duration::from_secs(23), "{:?}", run.elapsed);
}

#[test]
fn endless_message_of_the_service_is_cut() {
    let scene = Scene::new();
    scene.sts.expect(demo_role().fails(403, "AccessDenied", &"é".repeat(450_000)));
    let run = fails(scene.process(), "AccessDenied: éééé", "check");
    assert!(run.stderr.len() < 4096 && run.stderr.contains("…"), "{} bytes", run.stderr.len());
}

#[test]
fn end_that_no_calendar_has_is_no_end() {
    let keys = issued(1);
    for (end, works) in [
        ("9999-12-31T23:59:59Z", true),
        ("9999-12-31T23:59:59-23:59", false),
        ("10000-01-01T00:00:00Z", false),
        ("99999999-01-01T00:00:00Z", false),
    ] {
        let answer = format!(
            "<R><AssumeRoleResult><Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey>\
             <SessionToken>{MARKER}</SessionToken><Expiration>{end}</Expiration></Credentials></AssumeRoleResult></R>",
            keys.access_key_id, keys.secret_access_key
        );
        let scene = Scene::new();
        scene.sts.expect(demo_role().replies(Reply::xml(200, &answer)));
        if works {
            for _ in 0..2 {
                let run = scene.process().any_stdout().run();
                assert!(run.stdout.contains(end), "{}", run.stdout);
            }
        } else {
            fails(scene.process().env("AWS_MAX_ATTEMPTS", "1"), "the answer lacks what was asked for", "check what");
        }
    }
}
