//! Settings that cannot be meant, found before anything is asked.

use super::{DEV, Scene};

#[test]
fn settings_are_checked_where_they_stand() {
    for (settings, line, why) in [
        (
            "saml_endpoint = http://adfs.example.com/x",
            2,
            "`saml_endpoint` is an https URL: a password is not sent over plain HTTP",
        ),
        ("saml_endpoint = adfs.example.com", 2, "`saml_endpoint` is an https URL without a user name in it"),
        (
            "saml_endpoint = https://jane:pw@adfs.example.com",
            2,
            "`saml_endpoint` is an https URL without a user name in it",
        ),
        ("saml_endpoint = ftp://localhost/x", 2, "`saml_endpoint` is an https URL without a user name in it"),
        (
            "saml_endpoint = https://a/x\nsaml_authentication = kerberos",
            3,
            "there is no such `saml_authentication`; there are form, basic, ntlm and negotiate",
        ),
        (
            "saml_process = x\nsaml_role_arn = role",
            3,
            "`saml_role_arn` is an ARN of 20 to 2048 characters, without blanks",
        ),
        (
            "saml_process = x\nsaml_principal_arn = arn:aws:iam::123456789012:saml provider/x",
            3,
            "`saml_principal_arn` is an ARN of 20 to 2048 characters, without blanks",
        ),
        ("saml_process = x\nduration_seconds = 60", 3, "`duration_seconds` is between 900 and 43200"),
        ("saml_endpoint = https://a/x\nsaml_process = y", 3, "profile contained both saml_endpoint and saml_process"),
    ] {
        let scene = Scene::new(settings, &[DEV]);
        let file = scene.home.path().join(".aws/config");
        let stderr = format!("keyfob: profile \"corp\" cannot be used\n  cause: {}:{line}: {why}\n", file.display());
        scene.process().code(1).stderr(stderr).run();
    }
}
