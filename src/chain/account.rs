//! The account that a profile is for, as far as its own lines tell, and that of a whole road.

use super::{Chain, Source};
use crate::credentials::{account_of_arn, is_account_id};
use crate::error::Error;
use crate::profile::{Kind, Profile};

impl Profile<'_> {
    /// The account that a profile of this kind says it is for; no access key is asked.
    ///
    /// An error when the setting that says it cannot be read.
    pub(crate) fn account_id(&self, kind: Option<Kind>) -> Result<Option<String>, Error> {
        let (key, is_arn) = match kind {
            Some(Kind::Role | Kind::RoleWithMfa | Kind::WebIdentity) => ("role_arn", true),
            Some(Kind::Login) => ("login_session", true),
            Some(Kind::Sso) => ("sso_account_id", false),
            Some(Kind::Saml) => ("saml_role_arn", true),
            Some(Kind::Process | Kind::Static | Kind::Session) | None => ("aws_account_id", false),
        };
        let Some(setting) = self.get(key)? else { return Ok(None) };
        let account = if is_arn { account_of_arn(&setting.value) } else { Some(&*setting.value) };
        Ok(account.filter(|account| is_account_id(account)).map(str::to_owned))
    }
}

impl Chain<'_> {
    /// The account that its credentials are of, where a setting tells; no access key is asked.
    pub(crate) fn account_id(&self) -> Option<&str> {
        if let Some(role_arn) = self.role_arn() {
            return account_of_arn(role_arn);
        }
        let account = match &self.base.source {
            Source::Keys(keys) | Source::Environment(keys) => keys.account_id.as_deref(),
            Source::Store { aws_account_id, .. } | Source::CredentialProcess { aws_account_id, .. } => {
                aws_account_id.as_deref()
            }
            Source::Sso(role) => Some(role.sso_account_id.as_str()),
            Source::LoginSession { login_session } => account_of_arn(login_session),
            Source::WebIdentity(_) | Source::Saml(_) | Source::EcsContainer | Source::Ec2InstanceMetadata => None,
        };
        account.filter(|account| is_account_id(account))
    }
}
