//! The folder of tokens belongs to many: what does not bear the sign-in's name stays.

use super::*;

#[test]
fn files_of_other_products_stay_as_they_are() {
    for arguments in [&["dev"][..], &["--all"]] {
        let scene = Scene::new();
        let token = scene.corp.document(fresh());
        let others = [
            ("kiro-auth-token.json", token.as_str()),
            ("aws-toolkit-vscode-client-id-us-east-1.json", r#"{"clientId": "x", "clientSecret": "x"}"#),
            ("9e1f1c7e-2d1f-4a5b-8f64-0a4f4f6a9b1c.json", &token),
            ("list.json", "[1, 2]"),
            ("torn.json", &token[..100]),
            ("empty.json", ""),
            ("botocore-client-id-us-east-1.json", r#"{"clientId": "x", "clientSecret": "x", "expiresAt": "x"}"#),
        ];
        for (name, text) in others {
            scene.home.write(&format!("{FOLDER}/{name}"), text);
        }
        // A sign-in that nobody configured here, and a client's registration.
        let stranger = scene.center.sign_in("theirs");
        scene.write(&stranger, fresh());
        let registration = scene.center.register_for_codes("corp");
        scene.home.write(&registration.path(), registration.document());
        let role = r#"{"ProviderType": "sso", "Credentials": {}}"#;
        scene.home.write(".aws/cli/cache/0a4d55a8d778e5022fab701977c5d840bbc486d0.json", role);
        scene.center.portal.always(logout());
        scene.logout(arguments).any_stdout().run();
        for (name, text) in others {
            assert_eq!(scene.home.read(format!("{FOLDER}/{name}")), text, "{name}");
        }
        assert_eq!(scene.home.read(stranger.path()), stranger.document(fresh()));
        assert_eq!(scene.home.read(registration.path()), registration.document());
        assert_eq!(scene.home.read(".aws/cli/cache/0a4d55a8d778e5022fab701977c5d840bbc486d0.json"), role);
        assert!(!scene.is_there(&scene.corp));
    }
}

#[test]
fn what_keyfob_has_beside_the_token_goes_with_it() {
    let scene = Scene::new();
    let bare = scene.corp.path().replace(".json", "");
    for end in ["keyfob.lock", "keyfob.note", "json.4711.tmp"] {
        scene.home.write(&format!("{bare}.{end}"), "MARKERsecret");
    }
    let other = scene.lab.path().replace(".json", ".json.4711.tmp");
    scene.home.write(&other, "MARKERsecret");
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    assert_eq!((scene.files().len(), scene.path(&other).exists()), (3, true), "{:?}", scene.files());
}

#[test]
fn what_bears_the_name_and_is_no_token_goes_too() {
    for text in ["", "[]", "{}", "{\"accessToken\": \"MARKERsec"] {
        let scene = Scene::new();
        scene.home.write(&scene.corp.path(), text);
        scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
        assert_eq!((scene.is_there(&scene.corp), scene.center.portal.connections()), (false, 0));
    }
}

#[cfg(unix)]
#[test]
fn token_behind_a_symbolic_link_is_forgotten_too() {
    let scene = Scene::new();
    let target = scene.home.write("vault/token", scene.corp.document(fresh()));
    let link = scene.path(&scene.corp.path());
    fs::remove_file(&link).expect("the file was just written");
    std::os::unix::fs::symlink("../../../vault/token", &link).expect("the folder is ours");
    scene.center.portal.expect(logout());
    scene.logout(&["dev"]).stdout(SIGNED_OUT).run();
    assert!(!link.is_symlink() && !target.exists());
}

/// A folder in the place of the file, as nothing is read-only to root.
#[test]
fn file_that_cannot_be_deleted_is_named() {
    for (arguments, what) in
        [(&["dev"][..], "the sign-in to sso-session \"corp\""), (&["--all"], "a sign-in to IAM Identity Center")]
    {
        let scene = Scene::new();
        let path = scene.path(&scene.corp.path());
        fs::remove_file(&path).expect("the file was just written");
        fs::create_dir(&path).expect("the folder is ours");
        scene.center.portal.serve_all();
        let told = scene.logout(arguments).code(1).any_stderr().run().stderr;
        let begins = format!("keyfob: cannot forget {what}\n  cause: \"{}\": ", path.display());
        assert!(told.starts_with(&begins), "{told}");
        assert!(told.ends_with("\n  hint: remove the file, or make its folder writable\n"), "{told}");
        // One that fails does not keep the others.
        assert_eq!(scene.is_there(&scene.lab), arguments == ["dev"]);
    }
}
