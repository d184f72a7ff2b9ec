//! Answers that are not what was asked for.

use super::*;

#[test]
fn answers_that_are_not_the_services_are_described() {
    const PAGE: &str = "<!DOCTYPE html><html><body>Please sign in</body></html>";
    for (reply, tries, cause) in [
        (
            Reply::redirect("http://127.0.0.1:1/"),
            1,
            "the answer is a redirect, which is not followed: a proxy or a sign-in page",
        ),
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
