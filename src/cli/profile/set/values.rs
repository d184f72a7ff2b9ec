//! What AWS and its tools would refuse as the value of a setting.

use crate::api::endpoint::Region;
use crate::credentials::is_account_id;
use crate::error::Error;
use crate::login::start_url;
use crate::profile::Change;
use crate::profile::kind::{CREDENTIAL_SOURCES, OUTPUTS};
use crate::saml::{Address, Way};
use crate::store::StoreName;

/// An error when a value will not do. It does not show the value.
pub(super) fn check(key: &str, value: &str) -> Result<(), Error> {
    let why = (Change { key, value }).obstacle().map(str::to_owned);
    refused(key, why.or_else(|| objection(key, value)))
}

/// The same for a sub-property of a nested block.
pub(super) fn check_nested(block: &str, key: &str, value: &str) -> Result<(), Error> {
    let why = (Change { key, value }).obstacle_in(block).map(str::to_owned);
    refused(&format!("{block}.{key}"), why)
}

fn refused(key: &str, why: Option<String>) -> Result<(), Error> {
    why.map_or(Ok(()), |why| Err(Error::usage(format!("cannot set \"{key}\"")).cause(why)))
}

/// Why AWS would refuse a value; `None` for one that will do, and for any of a setting that is not known here.
pub(in crate::cli::profile) fn objection(key: &str, value: &str) -> Option<String> {
    if key == "keyfob_store" {
        return StoreName::parse(value).is_none().then(|| format!("the stores are {}", StoreName::ALL));
    }
    let key = key.strip_prefix("keyfob_").unwrap_or(key);
    let refused_unless = |will_do: bool, why: &str| (!will_do).then(|| why.to_owned());
    match key {
        "region" | "sso_region" => {
            refused_unless(Region::parse(value).is_some(), "it is not the name of a region, which looks like us-east-1")
        }
        "role_arn" | "saml_role_arn" => {
            refused_unless(is_role_arn(value), "a role looks like arn:aws:iam::111122223333:role/NAME")
        }
        "credential_source" => one_of(&CREDENTIAL_SOURCES, value),
        "output" => one_of(&OUTPUTS, value),
        "duration_seconds" => refused_unless(
            value.parse().is_ok_and(|seconds: u32| (900..=43200).contains(&seconds)),
            "sessions of a role last 900 to 43200 seconds",
        ),
        "role_session_name" => {
            refused_unless(is_of(value, "_+=,.@-", 2..=64), "it is not 2 to 64 letters, digits and _+=,.@-")
        }
        "external_id" => {
            refused_unless(is_of(value, "_+=,.@:/-", 2..=1224), "it is not 2 to 1224 letters, digits and _+=,.@:/-")
        }
        "mfa_serial" => refused_unless(
            is_of(value, "_+=,.@:/-", 9..=256),
            "an MFA device looks like arn:aws:iam::111122223333:mfa/NAME, or is a number of 9 characters and more",
        ),
        "sso_account_id" | "aws_account_id" => {
            refused_unless(is_account_id(value), "an account's number has 12 digits, like 111122223333")
        }
        "sso_start_url" => start_url::check(value).err().map(Into::into),
        "aws_access_key_id" => refused_unless(is_of(value, "_", 1..=128), "it is not of letters and digits alone"),
        "saml_endpoint" => {
            refused_unless(is_page(value), "it is no page with https://, or has a name or password in it")
        }
        "saml_authentication" => Way::parse(value).is_none().then(|| format!("there are {}", Way::ALL)),
        "saml_principal_arn" => refused_unless(
            is_iam_arn(value, "saml-provider/"),
            "an identity provider looks like arn:aws:iam::111122223333:saml-provider/NAME",
        ),
        "saml_password" => Some("passwords are kept in stores, and never in these files".to_owned()),
        "login_session" => refused_unless(value.starts_with("arn:"), "it is no ARN; `keyfob login` writes it"),
        _ => None,
    }
}

fn one_of(known: &[&str], value: &str) -> Option<String> {
    (!known.contains(&value)).then(|| format!("there are {}", known.join(", ")))
}

fn is_of(value: &str, signs: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    let is_one = |letter: char| letter.is_ascii_alphanumeric() || signs.contains(letter);
    length.contains(&value.len()) && value.chars().all(is_one)
}

/// A page that nobody on the way reads or changes, and whose address is no secret.
fn is_page(value: &str) -> bool {
    Address::parse(value).is_some_and(|address| address.keeps_secrets())
}

/// `arn:PARTITION:iam::ACCOUNT:role/NAME`, its name perhaps behind a path.
fn is_role_arn(value: &str) -> bool {
    is_iam_arn(value, "role/")
}

fn is_iam_arn(value: &str, kind: &str) -> bool {
    let fields: Vec<&str> = value.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = fields.as_slice() else { return false };
    let name = resource.strip_prefix(kind).unwrap_or_default();
    partition.starts_with("aws") && is_account_id(account) && is_of(name, "_+=,.@/-", 1..=640) && !name.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_would_refuse_is_refused() {
        for (key, good, bad) in [
            ("region", &["eu-west-1", "local"][..], &["eu west", "EU", "x.y"][..]),
            ("keyfob_sso_region", &["us-east-1"], &["us_east"]),
            (
                "role_arn",
                &["arn:aws:iam::111122223333:role/x", "arn:aws-cn:iam::111122223333:role/a/b/My-Role@1"],
                &[
                    "x",
                    "arn:aws:iam::1111:role/x",
                    "arn:aws:iam::111122223333:user/x",
                    "arn:aws:sts::111122223333:assumed-role/x/y",
                    "arn:aws:iam::111122223333:role/",
                    "arn:aws:iam::111122223333:role/a b",
                ],
            ),
            ("credential_source", &["Ec2InstanceMetadata"], &["environment", "Ec2"]),
            ("output", &["yaml-stream"], &["JSON", "xml"]),
            ("duration_seconds", &["900", "43200"], &["899", "43201", "1h", "-900", "900.5"]),
            ("role_session_name", &["me@example.com"], &["x", "a b", "größe"]),
            ("external_id", &["a:b/c"], &["x", "a b"]),
            ("mfa_serial", &["GAHT12345678", "arn:aws:iam::111122223333:mfa/me"], &["12345678", "a b c d e"]),
            ("sso_account_id", &["000011112222"], &["1111-2222-3333", "1"]),
            ("aws_access_key_id", &["AKIAIOSFODNN7EXAMPLE"], &["AKIA+", "a b"]),
            ("login_session", &["arn:aws:iam::111122223333:user/me"], &["me"]),
            ("keyfob_store", &["sealed", "exec:pass"], &["foo", "exec:"]),
            (
                "saml_endpoint",
                &[
                    "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices",
                    "HTTPS://x:8443",
                    "http://127.0.0.1:8080/",
                ],
                &[
                    "http://adfs.example.com/",
                    "https://",
                    "https:///x",
                    "https://jane:x@y/",
                    "adfs.example.com",
                    "https://a:x/",
                    "https://ü/",
                ],
            ),
            ("saml_authentication", &["form", "Basic", "NTLM", "negotiate"], &["kerberos", "Digest"]),
            (
                "saml_role_arn",
                &["arn:aws:iam::111122223333:role/x"],
                &["x", "arn:aws:iam::111122223333:saml-provider/x"],
            ),
            (
                "saml_principal_arn",
                &["arn:aws-us-gov:iam::111122223333:saml-provider/ADFS"],
                &["ADFS", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:saml-provider/"],
            ),
            ("saml_password", &[], &["anything at all"]),
            ("whatever", &["anything at all"], &[]),
        ] {
            for value in good {
                assert_eq!(objection(key, value), None, "{key} = {value}");
            }
            for value in bad {
                assert!(objection(key, value).is_some(), "{key} = {value}");
            }
        }
    }

    #[test]
    fn an_error_does_not_show_the_value() {
        for value in ["hidden value #1", "hidden"] {
            let error = check("region", &value.to_uppercase()).expect_err("it must be refused");
            assert!(!error.to_string().to_lowercase().contains("hidden"), "{error}");
        }
    }
}
