//! The session's file before and after a refresh: what other tools find in it.

use super::*;
use sha2::{Digest, Sha256};

/// What is left of a file once its credentials and its refresh token have been replaced.
#[test]
fn all_but_the_renewed_members_stays_byte_for_byte() {
    let id_token = format!(r#""eyJ\u0068.{MARKER}\/x.y""#);
    let key = DpopKey::USUAL.json();
    for (before, after) in [
        // The AWS CLI's own order, and the member that newer versions add.
        (
            r#"{"accessToken": ACCESS, "tokenType": "a_b", "clientId": "CLIENT", "refreshToken": TOKEN, "idToken": ID, "dpopKey": KEY, "signInRegion": "us-east-1"}"#,
            r#"{"accessToken":ACCESS,"tokenType":"a_b","clientId":"CLIENT","refreshToken":TOKEN,"idToken":ID,"dpopKey":KEY,"signInRegion":"us-east-1"}"#,
        ),
        // Go's and Java's name for the ID token, another order, and no type at all.
        (
            "{\n  \"dpopKey\": KEY,\n  \"refreshToken\": TOKEN,\n  \"identityToken\": ID,\n  \"clientId\": \"CLIENT\",\n  \"accessToken\": ACCESS\n}\n",
            r#"{"dpopKey":KEY,"refreshToken":TOKEN,"identityToken":ID,"clientId":"CLIENT","accessToken":ACCESS}"#,
        ),
        // Members that nobody knows yet, in words of their own.
        (
            r#"{"new": {"a" : [1.50, null , "\u00e9é\/"]}, "accessToken": ACCESS, "clientId": "\u0061rn:aws:signin:::devtools/same-device", "refreshToken": TOKEN, "idToken": ID, "big": 123456789012345678901234567890, "dpopKey": KEY, "": false}"#,
            r#"{"new":{"a" : [1.50, null , "\u00e9é\/"]},"accessToken":ACCESS,"clientId":"\u0061rn:aws:signin:::devtools/same-device","refreshToken":TOKEN,"idToken":ID,"big":123456789012345678901234567890,"dpopKey":KEY,"":false}"#,
        ),
    ] {
        let desk = Desk::new(DEAD);
        let fill = |template: &str, access: &str, refresh_token: &str| {
            template
                .replace("ACCESS", access)
                .replace("TOKEN", &format!("\"{refresh_token}\""))
                .replace("ID", &id_token)
                .replace("KEY", &key)
                .replace("CLIENT", &desk.session.client_id)
        };
        let over = access_token(&Session::keys(end(DEAD)), &end(DEAD).rfc3339(), ",", ":");
        desk.write(&fill(before, &over, &desk.session.refresh_token));
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
        let keys = desk.keys(1);
        let end = keys.expiration.map(Timestamp::rfc3339).expect("temporary keys end");
        let answered = desk.signin.answered();
        let access = access_token(&keys, &end, ",", ":");
        assert_eq!(desk.read(), fill(after, &access, &answered[0].refresh_token));
    }
}

/// The whole file as the AWS CLI wrote it, and what a refresh of it sends and leaves.
#[test]
fn file_of_the_aws_cli_is_refreshed_as_by_itself() {
    const ID_TOKEN: &str = "eyJraWQiOiI1MzYxMjY2MC1mNjI5LTQ0ZGQtOTA1My1jYzJkNTM1OTJiOTIiLCJ0eXAiOiJKV1QiLCJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJhcm46YXdzOnN0czo6MTIzNDU2Nzg5MDEyOmFzc3VtZWQtcm9sZVwvQWRtaW5cL2FsaWNlQGV4YW1wbGUuY29tIiwiYXVkIjoiYXJuOmF3czpzaWduaW46OjpkZXZ0b29sc1wvc2FtZS1kZXZpY2UiLCJpc3MiOiJodHRwczpcL1wvc2lnbmluLmF3cy5hbWF6b24uY29tXC9zaWduaW4iLCJzZXNzaW9uX2FybiI6ImFybjphd3M6c3RzOjoxMjM0NTY3ODkwMTI6YXNzdW1lZC1yb2xlXC9BZG1pblwvYWxpY2VAZXhhbXBsZS5jb20iLCJleHAiOjE3NjcyMjY1MDAsImlhdCI6MTc2NzIyNTYwMH0.bm90LWEtcmVhbC1zaWduYXR1cmU";
    let written = format!(
        r#"{{"accessToken": {{"accessKeyId": "ASIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVzLWVhc3QtMSJ=", "accountId": "123456789012", "expiresAt": "2026-01-01T00:15:00Z"}}, "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "EXAMPLE-refresh-token-1", "idToken": "{ID_TOKEN}", "dpopKey": {}}}"#,
        DpopKey::USUAL.json()
    );
    let digest = Sha256::digest(written.as_bytes());
    assert!(written.len() == 1191 && digest[..4] == [0x80, 0xf1, 0x53, 0xc3], "{digest:x?}");
    let desk = Desk::new(DEAD);
    let session = Session { refresh_token: "EXAMPLE-refresh-token-1".into(), ..desk.session.clone() };
    desk.signin.know(session);
    desk.write(&written.replace("2026-01-01T00:15:00Z", &end(Left::Still(300 * SECOND)).rfc3339()));
    desk.signin.expect(refresh());
    desk.prints(desk.process(), 1);
    let sent = r#"{"clientId":"arn:aws:signin:::devtools/same-device","refreshToken":"EXAMPLE-refresh-token-1","grantType":"refresh_token"}"#;
    assert_eq!(json(&desk.signin.calls()[0].body), json(sent));
    let file = json(&desk.read());
    let before = json(&written);
    for member in ["tokenType", "clientId", "idToken", "dpopKey"] {
        assert_eq!(file[member], before[member]);
    }
    assert_eq!(file["refreshToken"], desk.signin.answered()[0].refresh_token.as_str());
}

#[test]
fn account_is_the_files_and_only_in_its_absence_that_of_the_arn() {
    for (member, account) in [("\"accountId\": \"000000000042\", ", "000000000042"), ("", ACCOUNT)] {
        let desk = Desk::new(DEAD);
        let document = desk.document(DEAD).replace(&format!("\"accountId\": \"{ACCOUNT}\", "), member);
        desk.write(&document);
        desk.signin.expect(refresh());
        let printed = desk.process().any_stdout().run().stdout;
        assert_eq!(json(&printed)["AccountId"], account);
        assert_eq!(json(&desk.read())["accessToken"]["accountId"], account);
    }
}

#[test]
fn what_cannot_be_renewed_is_refused_even_while_it_is_fresh() {
    for member in
        ["accessToken", "clientId", "refreshToken", "dpopKey", "accessKeyId", "secretAccessKey", "sessionToken"]
    {
        let desk = Desk::new(FRESH);
        for spoilt in [
            desk.document(FRESH).replace(&format!("\"{member}\""), "\"other\""),
            desk.document(FRESH).replace(&format!("\"{member}\": "), &format!("\"{member}\": null, \"other\": ")),
        ] {
            let path = desk.write(&spoilt);
            let error = format!(
                "keyfob: no usable console sign-in for {ALICE}\n  cause: \"{}\" lacks {member}\n  \
                 hint: sign in again: `keyfob login dev`\n",
                path.display()
            );
            desk.process().code(3).stderr(error).run();
        }
    }
}

#[test]
fn session_without_an_end_counts_as_over() {
    for end in ["", "soon", "2099-01-02T03:04:05"] {
        let desk = Desk::new(DEAD);
        desk.write(&desk.session.document(end_of_all()).replace(END, end));
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
    }
}

#[test]
fn without_a_file_the_way_to_sign_in_is_named() {
    let desk = Desk::new(FRESH);
    let path = desk.home.path().join(desk.session.path());
    fs::remove_file(&path).expect("the file was just written");
    let error = format!(
        "keyfob: no usable console sign-in for {ALICE}\n  cause: there is no session file \"{}\"\n  \
         hint: sign in: `keyfob login dev`\n",
        path.display()
    );
    desk.process().code(3).stderr(error).run();
    assert_eq!(desk.signin.connections(), 0);
}

#[test]
fn file_that_is_torn_for_a_moment_is_read_again() {
    for (left, number) in [(FRESH, 0), (DEAD, 1)] {
        let desk = Desk::new(left);
        let whole = desk.document(left);
        for torn in [&whole[..0], &whole[..200]] {
            desk.write(torn);
            if number > 0 && torn.is_empty() {
                desk.signin.expect(refresh());
            } else if number > 0 {
                continue;
            }
            let running = desk.process().any_stdout().spawn();
            std::thread::sleep(Duration::from_millis(300));
            desk.write(&whole);
            let run = running.wait();
            assert_eq!(run.stdout, desk.keys(number).document(Some(ACCOUNT)));
            assert!(run.elapsed < 8 * SECOND, "{:?}", run.elapsed);
        }
    }
}

#[test]
fn file_that_stays_broken_is_an_error_after_a_second() {
    for text in ["", "{\"accessToken\":", "[]", "{}x", "\u{0}"] {
        let desk = Desk::new(FRESH);
        let path = desk.write(text);
        let error = format!(
            "keyfob: no usable console sign-in for {ALICE}\n  cause: \"{}\" is broken: it is not one JSON object\n  \
             hint: sign in again: `keyfob login dev`\n",
            path.display()
        );
        let run = desk.process().code(3).stderr(error).run();
        assert!(run.elapsed < 8 * SECOND, "{:?}", run.elapsed);
    }
}

#[test]
fn key_that_is_none_is_told_before_anything_is_sent() {
    let desk = Desk::new(DEAD);
    let path = desk.write(&desk.document(DEAD).replace("MHcCAQEE", "MHcCAQEF"));
    let error = format!(
        "keyfob: cannot renew the console sign-in of profile \"dev\"\n  cause: \"{}\": dpopKey is no pair of keys of the \
         P-256 curve\n  hint: sign in again: `keyfob login dev`\n",
        path.display()
    );
    desk.process().code(3).stderr(error).run();
    assert_eq!(desk.signin.connections(), 0);
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, symlink};

    #[test]
    fn renewed_file_is_private_and_nothing_is_left_beside_it() {
        let desk = Desk::new(DEAD);
        let path = desk.home.path().join(desk.session.path());
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("the file is ours");
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
        assert_eq!(fs::metadata(&path).expect("it is there").mode() & 0o777, 0o600);
        let folder = path.parent().expect("it is in a folder");
        let entries = fs::read_dir(folder).expect("it can be listed").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let hash = path.file_stem().and_then(|stem| stem.to_str()).expect("the name is a hash");
        // Other tools take every file that ends in .json for a session.
        assert_eq!(names, [format!("{hash}.json"), format!("{hash}.keyfob.lock")]);
        let lock = fs::read(folder.join(format!("{hash}.keyfob.lock"))).expect("the lock is ours");
        assert!(serde_json::from_slice::<serde_json::Value>(&lock).is_err(), "the lock is no JSON");
    }

    #[test]
    fn copies_that_killed_processes_left_are_swept_up_after_an_hour() {
        let desk = Desk::new(DEAD);
        let path = desk.session.path();
        let old = Duration::from_mins(61);
        for (name, age, stays) in [
            (format!("{path}.12345.tmp"), old, false),
            (format!("{path}.54321.tmp"), SECOND, true),
            (".aws/login/cache/other.json.1.tmp".to_owned(), old, true),
        ] {
            let copy = desk.home.write(&name, "{");
            let file = fs::File::options().write(true).open(&copy).expect("the file is ours");
            file.set_modified(
                std::time::SystemTime::UNIX_EPOCH
                    + Duration::from_secs(Timestamp::now().minus(age).unix_seconds().unsigned_abs()),
            )
            .expect("the file is ours");
            let session = desk.signin.sign_in(ALICE);
            desk.write(&session.document(end(DEAD)));
            desk.signin.expect(refresh());
            desk.process().any_stdout().run();
            assert_eq!(copy.exists(), stays, "{name}");
        }
    }

    #[test]
    fn symbolic_link_is_written_through() {
        let desk = Desk::new(DEAD);
        let link = desk.home.path().join(desk.session.path());
        let target = desk.home.write("vault/session", desk.document(DEAD));
        fs::remove_file(&link).expect("the file was just written");
        symlink("../../../vault/session", &link).expect("the folder is ours");
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
        assert!(link.is_symlink() && !target.is_symlink());
        assert!(fs::read_to_string(target).expect("it is there").contains("ASIALOGIN0001"));
        let beside = fs::read_dir(desk.home.path().join("vault")).expect("it can be listed").count();
        assert_eq!(beside, 1);
    }

    /// As on a full disk: nothing can be written, which holds for root, too.
    fn without_room(desk: &Desk) -> Invocation {
        let script = format!("trap '' XFSZ; ulimit -f 0; exec {} process --profile dev", env!("CARGO_BIN_EXE_keyfob"));
        desk.home.program("/bin/sh", ["-c", &script]).secrets_expected()
    }

    #[test]
    fn nothing_is_spent_that_could_not_be_written() {
        let desk = Desk::new(DEAD);
        let before = desk.read();
        ends_unspent(without_room(&desk));
        // While they live, the old ones do.
        desk.write(&desk.document(SOFT));
        desk.prints(without_room(&desk), 0);
        desk.write(&before);
        assert_eq!(desk.signin.connections(), 0);
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
    }

    #[test]
    fn nothing_is_spent_where_the_folder_is_read_only() {
        if rustix::process::geteuid().is_root() {
            eprintln!("skipped: nothing is read-only to root");
            return;
        }
        let desk = Desk::new(DEAD);
        let folder = desk.home.path().join(".aws/login/cache");
        let set_mode = |mode| fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(mode));
        set_mode(0o500).expect("the folder is ours");
        ends_unspent(desk.process());
        set_mode(0o700).expect("the folder is ours");
        assert_eq!(desk.signin.connections(), 0);
    }

    #[track_caller]
    fn ends_unspent(run: Invocation) {
        let run = run.code(1).any_stderr().run();
        assert!(run.stderr.contains("\n  cause: the session's file could not be written, which would lose it: "));
    }
}
