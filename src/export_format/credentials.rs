//! The formats of `aws configure export-credentials`.
//! <https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html>

use crate::credentials::Credentials;
use crate::error::Error;
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// What `aws configure export-credentials --format` prints, to the byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialsFormat {
    Env,
    EnvNoExport,
    PowerShell,
    WindowsCmd,
    Fish,
    Process,
}

impl CredentialsFormat {
    /// The AWS CLI puts values in as they are; ours then must not hold what would end a value.
    pub(crate) fn print(self, credentials: &Credentials) -> Result<String, Error> {
        if self == Self::Process {
            return Ok(credentials.to_export_json());
        }
        let Credentials { access_key_id, secret_access_key, session_token, expiration, account_id: _ } = credentials;
        let expiration = expiration.map(Timestamp::to_isoformat);
        let variables = [
            ("AWS_ACCESS_KEY_ID", Some(access_key_id.as_str())),
            ("AWS_SECRET_ACCESS_KEY", Some(secret_access_key.expose())),
            ("AWS_SESSION_TOKEN", session_token.as_ref().map(Secret::expose)),
            ("AWS_CREDENTIAL_EXPIRATION", expiration.as_deref()),
        ];
        let mut lines = String::new();
        for (name, value) in variables {
            let Some(value) = value else { continue };
            if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/+=:-_.".contains(&byte)) {
                return Err(super::refused(name, value, self.what_quotes()));
            }
            lines.push_str(&self.line(name, value));
            lines.push('\n');
        }
        Ok(lines)
    }

    fn what_quotes(self) -> &'static str {
        match self {
            // Its lines cannot carry everything either.
            Self::WindowsCmd => "use --format json, which quotes, or `keyfob exec`",
            _ => "use --shell, which quotes",
        }
    }

    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Env => format!("export {name}={value}"),
            Self::EnvNoExport | Self::Process => format!("{name}={value}"),
            Self::PowerShell => format!("$Env:{name}=\"{value}\""),
            Self::WindowsCmd => format!("set {name}={value}"),
            Self::Fish => format!("set -gx {name} \"{value}\""),
        }
    }
}
