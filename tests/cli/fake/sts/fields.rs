//! The form fields of each operation: which there are, how long, of which characters.
//!
//! From the API reference of the operation, with the pattern's `\w` taken as ASCII:
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>.

/// One field; `N` in the name stands for the number of a list's member.
pub(super) struct Rule {
    name: &'static str,
    required: bool,
    shape: Shape,
}

enum Shape {
    /// Length in characters, and which characters.
    Text(usize, usize, fn(char) -> bool),
    /// A decimal number, from and to.
    Number(u32, u32),
}

use Shape::{Number, Text};

const fn required(name: &'static str, shape: Shape) -> Rule {
    Rule { name, required: true, shape }
}

const fn optional(name: &'static str, shape: Shape) -> Rule {
    Rule { name, required: false, shape }
}

const ASSUME_ROLE: &[Rule] = &[
    required("RoleArn", Text(20, 2048, is_printable)),
    required("RoleSessionName", Text(2, 64, is_name)),
    optional("DurationSeconds", Number(900, 43_200)),
    optional("ExternalId", Text(2, 1224, is_external_id)),
    optional("SerialNumber", Text(9, 256, is_serial)),
    optional("TokenCode", Text(6, 6, is_digit)),
    optional("SourceIdentity", Text(2, 64, is_name)),
    optional("Policy", Text(1, 2048, is_printable)),
    optional("PolicyArns.member.N.arn", Text(20, 2048, is_printable)),
    optional("Tags.member.N.Key", Text(1, 128, is_tag)),
    optional("Tags.member.N.Value", Text(0, 256, is_tag)),
    optional("TransitiveTagKeys.member.N", Text(1, 128, is_tag)),
];

const ASSUME_ROLE_WITH_WEB_IDENTITY: &[Rule] = &[
    required("RoleArn", Text(20, 2048, is_printable)),
    required("RoleSessionName", Text(2, 64, is_name)),
    required("WebIdentityToken", Text(4, 20_000, is_printable)),
    optional("ProviderId", Text(4, 2048, is_printable)),
    optional("DurationSeconds", Number(900, 43_200)),
    optional("Policy", Text(1, 2048, is_printable)),
    optional("PolicyArns.member.N.arn", Text(20, 2048, is_printable)),
];

const ASSUME_ROLE_WITH_SAML: &[Rule] = &[
    required("RoleArn", Text(20, 2048, is_printable)),
    required("PrincipalArn", Text(20, 2048, is_printable)),
    required("SAMLAssertion", Text(4, 100_000, is_base64)),
    optional("DurationSeconds", Number(900, 43_200)),
    optional("Policy", Text(1, 2048, is_printable)),
    optional("PolicyArns.member.N.arn", Text(20, 2048, is_printable)),
];

const GET_SESSION_TOKEN: &[Rule] = &[
    optional("DurationSeconds", Number(900, 129_600)),
    optional("SerialNumber", Text(9, 256, is_serial)),
    optional("TokenCode", Text(6, 6, is_digit)),
];

const MEMBERS_AT_MOST: &[(&str, usize)] = &[("PolicyArns", 10), ("Tags", 50), ("TransitiveTagKeys", 50)];

/// The rules of the operation; `None` if the fake does not know it.
pub(super) fn rules(operation: &str) -> Option<&'static [Rule]> {
    match operation {
        "AssumeRole" => Some(ASSUME_ROLE),
        "AssumeRoleWithWebIdentity" => Some(ASSUME_ROLE_WITH_WEB_IDENTITY),
        "AssumeRoleWithSAML" => Some(ASSUME_ROLE_WITH_SAML),
        "GetSessionToken" => Some(GET_SESSION_TOKEN),
        "GetCallerIdentity" => Some(&[]),
        _ => None,
    }
}

/// Whether the operation is called with a signature.
pub(super) fn is_signed(operation: &str) -> bool {
    !matches!(operation, "AssumeRoleWithWebIdentity" | "AssumeRoleWithSAML")
}

/// Checks all fields against the rules; the error says what is wrong without quoting a value.
pub(super) fn check(rules: &[Rule], fields: &[(String, String)]) -> Result<(), String> {
    for (name, value) in fields {
        let general = generalize(name);
        let rule = rules.iter().find(|rule| rule.name == general).ok_or_else(|| format!("{name} is not a field"))?;
        if !rule.shape.fits(value) {
            return Err(format!("{name} has a wrong length, character or range"));
        }
    }
    let has = |wanted: &str| fields.iter().any(|(name, _)| name == wanted);
    if let Some(rule) = rules.iter().find(|rule| rule.required && !has(rule.name)) {
        return Err(format!("{} is missing", rule.name));
    }
    if has("SerialNumber") != has("TokenCode") {
        return Err("SerialNumber and TokenCode belong together".to_owned());
    }
    MEMBERS_AT_MOST.iter().try_for_each(|(list, most)| check_list(list, *most, rules, fields))
}

/// Each part of a list's members must be numbered 1, 2, 3 and so on, all parts equally far.
fn check_list(list: &str, most: usize, rules: &[Rule], fields: &[(String, String)]) -> Result<(), String> {
    let prefix = format!("{list}.member.");
    let mut length = None;
    for rule in rules.iter().filter(|rule| rule.name.starts_with(&prefix)) {
        let count = fields.iter().filter(|(name, _)| generalize(name) == rule.name).count();
        let numbered = (1..=count).all(|number| {
            let name = rule.name.replacen('N', &number.to_string(), 1);
            fields.iter().any(|(other, _)| *other == name)
        });
        if !numbered || *length.get_or_insert(count) != count || count > most {
            return Err(format!("the members of {list} are not a list"));
        }
    }
    Ok(())
}

/// `Tags.member.N.Key` for `Tags.member.7.Key`.
fn generalize(name: &str) -> String {
    let is_number = |part: &str| part.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == part);
    let mut in_list = false;
    let parts: Vec<&str> = name
        .split('.')
        .map(|part| {
            let part = if in_list && is_number(part) { "N" } else { part };
            in_list = part == "member";
            part
        })
        .collect();
    parts.join(".")
}

impl Shape {
    fn fits(&self, value: &str) -> bool {
        match self {
            Text(least, most, is_allowed) => {
                (*least..=*most).contains(&value.chars().count()) && value.chars().all(is_allowed)
            }
            Number(least, most) => {
                value.parse().is_ok_and(|number: u32| (*least..=*most).contains(&number) && number.to_string() == value)
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_name(c: char) -> bool {
    is_word(c) || "+=,.@-".contains(c)
}

fn is_external_id(c: char) -> bool {
    is_word(c) || "+=,.@:/-".contains(c)
}

fn is_serial(c: char) -> bool {
    is_word(c) || "+=/:,.@-".contains(c)
}

fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// What an assertion is sent in. The real service takes line breaks, too; keyfob sends what a browser would.
fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=".contains(c)
}

fn is_printable(c: char) -> bool {
    !c.is_control() || matches!(c, '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "RoleArn=arn:aws:iam::123456789012:role/Demo";

    fn check_text(operation: &str, fields: &str) -> Result<(), String> {
        let fields: Vec<(String, String)> = fields
            .split('&')
            .filter_map(|field| field.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        check(rules(operation).expect("the table names known operations"), &fields)
    }

    #[test]
    fn documented_fields_are_accepted() {
        for (operation, fields) in [
            ("GetCallerIdentity", String::new()),
            ("GetSessionToken", "DurationSeconds=129600".to_owned()),
            ("AssumeRole", format!("{ROLE}&RoleSessionName=me")),
            (
                "AssumeRole",
                format!(
                    "{ROLE}&RoleSessionName=a+b&SerialNumber=arn:aws:iam::1:mfa/j\
                     &TokenCode=012345&Tags.member.1.Key=é n&Tags.member.1.Value=\
                     &Tags.member.2.Key=b&Tags.member.2.Value=c&TransitiveTagKeys.member.1=b"
                ),
            ),
            ("AssumeRoleWithWebIdentity", format!("{ROLE}&RoleSessionName=me&WebIdentityToken=a.b.c")),
            (
                "AssumeRoleWithSAML",
                format!("{ROLE}&PrincipalArn=arn:aws:iam::1:saml-provider/x&SAMLAssertion=PHg+&DurationSeconds=900"),
            ),
        ] {
            assert_eq!(check_text(operation, &fields), Ok(()), "{operation} {fields}");
        }
    }

    #[test]
    fn undocumented_fields_are_refused() {
        for (fields, docs) in [
            ("", "a required field is missing"),
            ("&Unknown=1", "unknown field"),
            ("&DurationSeconds=899", "too short"),
            ("&DurationSeconds=0900", "leading zero"),
            ("&DurationSeconds=43201", "too long"),
            ("&ExternalId=a", "one character"),
            ("&ExternalId=a b", "a blank"),
            ("&TokenCode=012345", "a code without a serial number"),
            ("&SerialNumber=GAHT12345678&TokenCode=12345", "five digits"),
            ("&Tags.member.1.Key=a", "a key without a value"),
            ("&Tags.member.2.Key=a&Tags.member.2.Value=b", "a list without its first"),
            ("&Tags.member.01.Key=a&Tags.member.01.Value=b", "a number with a leading zero"),
            ("&TransitiveTagKeys.member.0=a", "a list counted from nought"),
        ] {
            let name = if fields.is_empty() { "" } else { "&RoleSessionName=me" };
            let fields = format!("{ROLE}{name}{fields}");
            assert!(check_text("AssumeRole", &fields).is_err(), "{docs}");
        }
        let long = "a".repeat(100_001);
        let long = [&long[..20_001], &long].map(|text| format!("={text}"));
        for (operation, fields, docs) in [
            ("AssumeRoleWithWebIdentity", "&RoleSessionName=me", "no token"),
            ("AssumeRoleWithWebIdentity", "&RoleSessionName=me&WebIdentityToken=abc", "a short token"),
            ("AssumeRoleWithWebIdentity", &format!("&RoleSessionName=me&WebIdentityToken{}", long[0]), "a long token"),
            ("AssumeRoleWithWebIdentity", "&WebIdentityToken=a.b.c", "no session name"),
            ("AssumeRoleWithWebIdentity", "&RoleSessionName=me&WebIdentityToken=a.b.c&ExternalId=xy", "an external id"),
            ("AssumeRoleWithSAML", "&SAMLAssertion=PHg+", "no provider"),
            ("AssumeRoleWithSAML", "&PrincipalArn=arn:aws:iam::1:saml-provider/x", "no assertion"),
            ("AssumeRoleWithSAML", "&PrincipalArn=arn:aws:iam::1:saml-provider/x&SAMLAssertion=<xml>", "no base64"),
            (
                "AssumeRoleWithSAML",
                &format!("&PrincipalArn=arn:aws:iam::1:saml-provider/x&SAMLAssertion{}", long[1]),
                "a long assertion",
            ),
            (
                "AssumeRoleWithSAML",
                "&PrincipalArn=arn:aws:iam::1:saml-provider/x&SAMLAssertion=PHg+&RoleSessionName=me",
                "a session name, which the assertion has",
            ),
        ] {
            assert!(check_text(operation, &format!("{ROLE}{fields}")).is_err(), "{operation}: {docs}");
        }
    }
}
