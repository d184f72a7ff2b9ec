//! The token's file before and after a renewal: what other tools wrote, and what they find.

use super::*;

#[test]
fn renewed_file_has_the_order_of_the_aws_cli_and_keeps_what_others_wrote() {
    for template in [
        r#"{"startUrl": "URL", "region": "us-east-1", "accessToken": ACCESS, "expiresAt": "END", "clientId": ID, "clientSecret": SECRET, "registrationExpiresAt": "REG", "refreshToken": REFRESH, "theirs": [1,  2]}"#,
        // Rust's order, with fractions of seconds, and names in other cases.
        r#"{"AccessToken":ACCESS,"ExpiresAt":"ENDFRACTION","RefreshToken":REFRESH,"ClientId":ID,"ClientSecret":SECRET,"RegistrationExpiresAt":"REG","Region":"us-east-1","theirs":[1,  2],"StartUrl":"URL"}"#,
        // An older botocore's zone, JavaScript's indents, .NET's null, and neither URL nor region.
        "{\n  \"theirs\": [1,  2],\n  \"startUrl\": null,\n  \"accessToken\": ACCESS,\n  \"expiresAt\": \"ENDUTC\",\n  \"clientId\": ID,\n  \"clientSecret\": SECRET,\n  \"registrationExpiresAt\": \"REG\",\n  \"refreshToken\": REFRESH\n}\n",
        // What two writers at once leave.
        r#"{"startUrl": "URL", "region": "us-east-1", "accessToken": ACCESS, "expiresAt": "END", "clientId": ID, "clientSecret": SECRET, "registrationExpiresAt": "REG", "refreshToken": REFRESH, "theirs": [1,  2]}"}"#,
    ] {
        let desk = Desk::new(DEAD);
        let registered = desk.token.registration_expires_at.rfc3339();
        let fill = |access_token: &str, refresh_token: &str, template: &str| {
            let members = [("ACCESS", access_token), ("REFRESH", refresh_token), ("ID", &desk.token.client_id)];
            let members = members.into_iter().chain([("SECRET", desk.token.client_secret.as_str())]);
            let filled = members.fold(template.to_owned(), |text, (name, value)| {
                text.replace(&format!(": {name}"), &format!(": \"{value}\""))
                    .replace(&format!(":{name}"), &format!(":\"{value}\""))
            });
            filled.replace("URL", &desk.center.start_url).replace("REG", &registered)
        };
        let bare = end(DEAD).rfc3339().trim_end_matches('Z').to_owned();
        let before = fill(&desk.token.access_token, desk.token.refresh_token.as_deref().expect("it has one"), template);
        let before = before.replace("ENDFRACTION", &format!("{bare}.123456Z")).replace("ENDUTC", &format!("{bare}UTC"));
        desk.write(&before.replace("\"END\"", &format!("\"{bare}Z\"")));
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        let issued = desk.center.issued().pop().expect("a token was issued");
        let after = fill(
            &issued.access_token,
            issued.refresh_token.as_deref().expect("it came with one"),
            r#"{"startUrl": "URL", "region": "us-east-1", "accessToken": ACCESS, "expiresAt": "END", "clientId": ID, "clientSecret": SECRET, "registrationExpiresAt": "REG", "refreshToken": REFRESH, "theirs": [1,  2]}"#,
        );
        let written = json(&desk.read())["expiresAt"].as_str().map(str::to_owned).expect("it says when it ends");
        assert_eq!(desk.read(), after.replace("END", &written));
    }
}

/// Where Identity Center is, is said by the configuration.
#[test]
fn region_and_start_url_are_written_as_they_are_configured() {
    let desk = Desk::new(DEAD);
    desk.write(&desk.document(DEAD).replace("us-east-1", "eu-west-1").replace("https://d-", "https://old-"));
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    let file = json(&desk.read());
    assert_eq!((&file["region"], &file["startUrl"]), (&"us-east-1".into(), &desk.center.start_url.as_str().into()));
}

#[test]
fn without_a_file_the_way_to_sign_in_is_named() {
    let desk = Desk::new(FRESH);
    let path = desk.path();
    fs::remove_file(&path).expect("the file was just written");
    let error = format!(
        "{MESSAGE}  cause: nobody is signed in to sso-session \"corp\": there is no \"{}\"\n  hint: {AGAIN}\n",
        path.display()
    );
    desk.process().code(3).stderr(error).run();
    desk.was_not_called();
    let beside = fs::read_dir(path.parent().expect("it is in a folder")).expect("it can be listed").count();
    assert_eq!(beside, 0);
}

#[test]
fn what_is_no_token_is_told_with_its_path() {
    let desk = Desk::new(FRESH);
    let whole = desk.document(FRESH);
    let no_time = "it lacks expiresAt, or that is not a time";
    for (text, why) in [
        (String::new(), "it is not a JSON object"),
        (whole[..whole.len() - 1].to_owned(), "it is not a JSON object"),
        ("[]".to_owned(), "it is not a JSON object"),
        ("{}".to_owned(), "it lacks accessToken"),
        (whole.replace("\"accessToken\": ", "\"accessToken\": null, \"other\": "), "it lacks accessToken"),
        (whole.replace("expiresAt", "expires"), no_time),
        (whole.replace("\"expiresAt\": \"", "\"expiresAt\": \"soon "), no_time),
    ] {
        let path = desk.write(&text);
        let error = format!(
            "{MESSAGE}  cause: the sign-in to sso-session \"corp\" cannot be used: \"{}\": {why}\n  hint: {AGAIN}\n",
            path.display()
        );
        let run = desk.process().code(3).stderr(error).run();
        assert!(run.elapsed < 10 * SECOND, "{:?}", run.elapsed);
    }
    desk.was_not_called();
}

#[test]
fn token_that_no_header_can_carry_is_not_sent() {
    let desk = Desk::new(FRESH);
    desk.write(&desk.document(FRESH).replace("MARKERsecret", "MARKERsecret\\n"));
    let run = desk.process().code(1).any_stderr().run();
    assert!(run.stderr.starts_with(&format!("{MESSAGE}  cause: GetRoleCredentials at ")), "{}", run.stderr);
}

/// The AWS CLI writes in place.
#[test]
fn file_that_is_torn_for_a_moment_is_read_again() {
    let desk = Desk::new(FRESH);
    let whole = desk.document(FRESH);
    desk.expect_role();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..6 {
                desk.write(&whole[..100]);
                std::thread::sleep(Duration::from_millis(20));
            }
            desk.write(&whole);
        });
        desk.process().stdout(printed(1)).run();
        writer.join().expect("the writer does not panic");
    });
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    #[test]
    fn renewed_file_is_private_and_no_other_tool_takes_its_lock_for_a_token() {
        let desk = Desk::new(DEAD);
        let path = desk.path();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("the file is ours");
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        assert_eq!(fs::metadata(&path).expect("it is there").mode() & 0o777, 0o600);
        let entries = fs::read_dir(path.parent().expect("it is in a folder")).expect("it can be listed").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let hash = path.file_stem().and_then(|stem| stem.to_str()).expect("the name is a hash");
        assert_eq!(names, [format!("{hash}.json"), format!("{hash}.keyfob.lock")]);
    }

    #[test]
    fn symbolic_link_is_written_through() {
        let desk = Desk::new(DEAD);
        let link = desk.path();
        let target = desk.home.write("vault/token", desk.document(DEAD));
        fs::remove_file(&link).expect("the file was just written");
        symlink("../../../vault/token", &link).expect("the folder is ours");
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
        assert!(link.is_symlink() && !target.is_symlink());
        let issued = desk.center.issued().pop().expect("a token was issued");
        assert_eq!(
            json(&fs::read_to_string(target).expect("it is there"))["accessToken"],
            issued.access_token.as_str()
        );
        assert_eq!(fs::read_dir(desk.home.path().join("vault")).expect("it can be listed").count(), 1);
    }

    /// As on a full disk: nothing can be written, which holds for root, too.
    #[test]
    fn nothing_is_spent_that_could_not_be_written() {
        let without_room = |desk: &Desk| {
            let script =
                format!("trap '' XFSZ; ulimit -f 0; exec {} process --profile dev", env!("CARGO_BIN_EXE_keyfob"));
            desk.home.program("/bin/sh", ["-c", &script]).secrets_expected()
        };
        let desk = Desk::new(DEAD);
        let run = without_room(&desk).code(1).any_stderr().run();
        let cause = "  cause: the token's file could not be written, which would lose the sign-in: ";
        assert!(run.stderr.starts_with(&format!("{MESSAGE}{cause}")), "{}", run.stderr);
        // While it lives, it does.
        desk.write(&desk.document(SOFT));
        desk.expect_role();
        without_room(&desk).stdout(printed(1)).run();
        assert_eq!(desk.center.oidc.connections(), 0);
    }

    #[test]
    fn what_is_no_file_is_told() {
        let desk = Desk::new(FRESH);
        let path = desk.path();
        fs::remove_file(&path).expect("the file was just written");
        fs::create_dir(&path).expect("the folder is ours");
        let error = format!("{MESSAGE}  cause: cannot read \"{}\": not a regular file\n", path.display());
        desk.process().code(1).stderr(error).run();
    }
}
