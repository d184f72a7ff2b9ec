//! What is tried again, how often, after which pause, and how long all of it may take.

use super::*;

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
        (None, "retry_mode = adaptive\n", 3),
        (None, "retry_mode = legacy\n", 5),
        (Some("1"), "retry_mode = legacy\n", 1),
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
fn settings_of_retries_that_cannot_work_are_told() {
    for (variable, value, why) in [
        ("AWS_MAX_ATTEMPTS", "0", "it is not a number above 0"),
        ("AWS_MAX_ATTEMPTS", "-1", "it is not a number above 0"),
        ("AWS_MAX_ATTEMPTS", "three", "it is not a number above 0"),
        ("AWS_MAX_ATTEMPTS", "1.5", "it is not a number above 0"),
        ("AWS_RETRY_MODE", "eager", "there are standard, adaptive and legacy"),
    ] {
        let scene = Scene::new();
        let told = format!("keyfob: cannot use {variable}\n  cause: {why}\n");
        scene.process().env(variable, value).code(1).stderr(told).run();
    }
}

#[test]
fn service_can_ask_for_patience_in_milliseconds_seconds_or_until_a_date() {
    const NOW: &str = "Sat, 21 Nov 2026 10:00:00 GMT";
    for (name, value, pause) in [
        ("x-amz-retry-after", "700", 700),
        ("Retry-After", "1", 1000),
        ("Retry-After", "Sat, 21 Nov 2026 10:00:01 GMT", 1000),
    ] {
        let scene = Scene::new();
        let reply = Reply::xml(503, "").header("Date", NOW).header(name, value);
        scene.sts.expect(demo_role().replies(reply));
        scene.sts.expect(demo_role());
        let run = scene.process().stdout(issued_document(1)).run();
        assert!(run.elapsed >= Duration::from_millis(pause), "{name}: {value}: {:?}", run.elapsed);
    }
}

/// Taken for pauses, they would be the longest, and four of those are more than all tries together have.
#[test]
fn what_nobody_understands_and_what_is_over_is_no_pause() {
    for value in ["Sat, 21 Nov 2026 09:00:00 GMT", "soon", "-3600", ""] {
        let scene = Scene::new();
        for _ in 0..4 {
            let reply = Reply::xml(503, "").header("Date", "Sat, 21 Nov 2026 10:00:00 GMT");
            scene.sts.expect(demo_role().replies(reply.header("Retry-After", value)));
        }
        scene.sts.expect(demo_role());
        scene.process().env("AWS_MAX_ATTEMPTS", "5").stdout(issued_document(1)).run();
    }
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
    assert!(began.elapsed() < Duration::from_secs(14), "{:?}", began.elapsed());
}

#[test]
fn service_that_never_finishes_is_given_up_within_the_patience_of_sdks() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role().after(Duration::from_secs(3)));
    scene.sts.always(demo_role().replies(Reply::xml(200, "<x/>").dripping(Duration::from_millis(50))));
    let run = scene.home.keyfob(["process", "next"]).code(1).any_stderr().run();
    assert!(run.elapsed < Duration::from_secs(40), "{:?}", run.elapsed);
}
