//! Whose certificates are trusted.

use super::*;

#[test]
fn certificates_are_trusted_through_aws_settings_or_those_of_python_and_openssl() {
    let scene = Scene::over_tls();
    let bundle = scene.home.path().join("ca.pem");
    let bundle = bundle.to_str().expect("temporary paths are UTF-8");
    let plain = scene.home.read(".aws/config");
    for (variables, line) in [
        (&[("AWS_CA_BUNDLE", bundle)][..], ""),
        (&[("AWS_CA_BUNDLE", "~/ca.pem"), ("SSL_CERT_FILE", "/dev/null")], ""),
        (&[("AWS_CA_BUNDLE", bundle)], "ca_bundle = /nowhere\n"),
        (&[], "ca_bundle = ~/ca.pem\n"),
        (&[("REQUESTS_CA_BUNDLE", "/nowhere")], "ca_bundle = ~/ca.pem\n"),
        (&[("REQUESTS_CA_BUNDLE", bundle), ("SSL_CERT_FILE", "/nowhere")], ""),
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
fn bundle_may_hold_comments_keys_and_many_certificates_of_any_lines() {
    let scene = Scene::over_tls();
    let strangers = Sts::start_tls();
    let pem = |sts: &Sts| sts.ca_pem().expect("it speaks TLS").to_owned();
    let (ours, theirs) = (pem(&scene.sts), pem(&strangers));
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for text in [
        format!("# ours\n{theirs}\n# and theirs\n{ours}"),
        format!("{ours}{ours}{theirs}"),
        format!("{theirs}\n{ours}").replace('\n', "\r\n"),
        format!("\u{feff}subject=/CN=é\n{theirs}{key}{ours}and so on: =====\n\0"),
        ours.trim_end().to_owned(),
    ] {
        scene.home.clear_cache();
        scene.home.write("ca.pem", text);
        scene.sts.expect(demo_role());
        let run = scene.process().env("AWS_CA_BUNDLE", "~/ca.pem").any_stdout().run();
        assert!(run.stdout.contains("ASIAISSUED"), "{}", run.stdout);
    }
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
    let no_certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    for (name, content, cause) in [
        ("gone.pem", None, "there is no such file\n"),
        (".aws", None, "it is a directory\n"),
        ("empty.pem", Some(String::new()), "it holds no certificate\n"),
        ("junk.pem", Some("junk\n".into()), "it holds no certificate\n"),
        ("torn.pem", Some(format!("{pem}{}", &pem[..pem.len() / 2])), "its item 2 has no END line\n"),
        ("broken.pem", Some(pem.replace("MII", "!!!")), "its item 1 is not base64\n"),
        ("late.pem", Some(format!("{pem}# more\n{no_certificate}{pem}")), "its item 2 is not an X.509 certificate\n"),
    ] {
        if let Some(content) = content {
            scene.home.write(name, content);
        }
        let path = scene.home.path().join(name);
        let run = scene.process().env("AWS_CA_BUNDLE", &format!("~/{name}")).code(1).any_stderr().run();
        let message = format!("keyfob: cannot use the certificate bundle \"{}\"\n  cause: {cause}", path.display());
        assert!(run.stderr.starts_with(&message), "{}", run.stderr);
        assert!(run.stderr.ends_with("\n  hint: mend the file, or AWS_CA_BUNDLE, which names it\n"), "{}", run.stderr);
    }
    assert_eq!(scene.sts.connections(), 0);
}

#[cfg(unix)]
#[test]
fn bundle_that_cannot_be_read_is_named_with_the_setting() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::over_tls();
    let path = scene.home.path().join("ca.pem");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("the file is ours");
    if std::fs::read(&path).is_ok() {
        eprintln!("skipped: nothing is kept from this user");
        return;
    }
    let told = format!(
        "keyfob: cannot use the certificate bundle \"{}\"\n  cause: Permission denied (os error 13)\n  hint: mend the file, \
         or REQUESTS_CA_BUNDLE, which names it\n",
        path.display()
    );
    scene.process().env("REQUESTS_CA_BUNDLE", "~/ca.pem").code(1).stderr(told).run();
}

#[test]
fn bundle_replaces_what_is_trusted_otherwise() {
    let (scene, host) = behind_proxy();
    let strangers = Sts::start_tls();
    scene.home.write("strangers.pem", strangers.ca_pem().expect("it speaks TLS"));
    let proxy = Proxy::to(scene.sts.address());
    let run = scene.process().env("AWS_CA_BUNDLE", "~/strangers.pem").env("SSL_CERT_FILE", "~/ca.pem");
    let run = run.env("HTTPS_PROXY", &format!("http://{}", proxy.address()));
    fails(run, &format!("AssumeRole at {host}: the host's certificate is signed by an authority"), "AWS_CA_BUNDLE");
}

/// What is no file has no end, or keeps its reader waiting.
#[cfg(unix)]
#[test]
fn bundle_that_is_no_file_is_refused_at_once() {
    let scene = Scene::over_tls();
    let pipe = scene.home.path().join("pipe").display().to_string();
    scene.home.program("mkfifo", [pipe]).run();
    for path in ["/dev/zero", "~/pipe"] {
        let run = scene.process().env("AWS_CA_BUNDLE", path).code(1).any_stderr().run();
        assert!(run.stderr.contains("\n  cause: not a regular file\n"), "{path}: {}", run.stderr);
    }
}

/// For Python it may be a folder.
#[test]
fn folder_that_is_named_for_python_is_passed_over() {
    let scene = Scene::over_tls();
    scene.sts.expect(demo_role());
    let run = scene.process().env("REQUESTS_CA_BUNDLE", "~/.aws").env("SSL_CERT_FILE", "~/ca.pem");
    run.stdout(issued_document(1)).run();
}
