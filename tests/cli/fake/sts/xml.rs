//! The documents of STS: members and namespace as in its API reference.

use super::{
    super::{Reply, Timestamp},
    judge::Granted,
    keys::Keys,
    registry::{AUDIENCE, ISSUER, Principal},
};

/// The document about what was granted.
pub(super) fn granted(granted: &Granted, request_id: &str) -> Reply {
    let (operation, result) = match granted {
        Granted::Role { principal, keys, source_identity } => {
            let source_identity =
                source_identity.iter().map(|text| element("SourceIdentity", text)).collect::<String>();
            let result = assumed_role_user(principal) + &credentials(keys) + &source_identity;
            ("AssumeRole", result)
        }
        Granted::WebIdentity { principal, keys, subject } => {
            let subject = element("SubjectFromWebIdentityToken", subject)
                + &element("Audience", AUDIENCE)
                + &element("Provider", ISSUER);
            let result = subject + &assumed_role_user(principal) + &credentials(keys);
            ("AssumeRoleWithWebIdentity", result)
        }
        Granted::Saml { principal, keys, subject } => {
            let subject = element("Subject", subject)
                + &element("SubjectType", "persistent")
                + &element("Issuer", "http://adfs.example.com/adfs/services/trust")
                + &element("Audience", "https://signin.aws.amazon.com/saml")
                + &element("NameQualifier", "SbdGOnUkh1i4+EXAMPLExL/jEvs=");
            let result = subject + &assumed_role_user(principal) + &credentials(keys);
            ("AssumeRoleWithSAML", result)
        }
        Granted::Session { keys } => ("GetSessionToken", credentials(keys)),
        Granted::Identity { principal } => {
            let result = element("Arn", &principal.arn)
                + &element("UserId", &principal.user_id)
                + &element("Account", principal.account());
            ("GetCallerIdentity", result)
        }
    };
    let text = format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <{operation}Result>\n{result}  </{operation}Result>\n  \
         <ResponseMetadata>\n{}  </ResponseMetadata>\n</{operation}Response>\n",
        element("RequestId", request_id)
    );
    Reply::xml(200, &text).header("x-amzn-RequestId", request_id)
}

/// The document about an error.
pub(super) fn error(status: u16, code: &str, message: &str, request_id: &str) -> Reply {
    let kind = if status < 500 { "Sender" } else { "Receiver" };
    let text = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <Error>\n{}{}{}  </Error>\n{}</ErrorResponse>\n",
        element("Type", kind),
        element("Code", code),
        element("Message", message),
        element("RequestId", request_id)
    );
    Reply::xml(status, &text).header("x-amzn-RequestId", request_id)
}

fn assumed_role_user(principal: &Principal) -> String {
    let inner = element("AssumedRoleId", &principal.user_id) + &element("Arn", &principal.arn);
    format!("    <AssumedRoleUser>\n{inner}    </AssumedRoleUser>\n")
}

fn credentials(keys: &Keys) -> String {
    let expiration = keys.expiration.map(Timestamp::rfc3339).unwrap_or_default();
    let inner = element("AccessKeyId", &keys.access_key_id)
        + &element("SecretAccessKey", &keys.secret_access_key)
        + &element("SessionToken", keys.session_token.as_deref().unwrap_or_default())
        + &element("Expiration", &expiration);
    format!("    <Credentials>\n{inner}    </Credentials>\n")
}

fn element(name: &str, text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // XML allows it, and so a reader must resolve numeric references too.
            '+' => escaped.push_str("&#43;"),
            c => escaped.push(c),
        }
    }
    format!("      <{name}>{escaped}</{name}>\n")
}
