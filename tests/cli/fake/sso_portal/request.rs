//! From a program's request to what it [`Asked`], or to the rule of the protocol that it breaks.

use std::fmt;

use super::{
    super::{
        form::Fields,
        http::Request,
        identity_center::desk::{Endpoint, check_headers},
    },
    BEARER,
};

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) access_token: String,
    pub(crate) operation: Operation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetRoleCredentials { account_id: String, role_name: String },
    ListAccounts { page: Page },
    ListAccountRoles { account_id: String, page: Page },
    Logout,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) next_token: Option<String>,
    pub(crate) max_result: Option<usize>,
}

impl Asked {
    /// Reads a request to the service; the error says what is wrong with it.
    pub(super) fn read(request: &Request, endpoint: &Endpoint) -> Result<Self, String> {
        let (path, query) = endpoint.check(request)?;
        // An empty body has no type, and one is announced only where there could be any.
        let length = (request.method == "POST").then_some("0");
        check_headers(request, &[("Content-Type", None), ("Content-Length", length)])?;
        let access_token = request.header(BEARER).ok_or_else(|| format!("the header {BEARER} is missing"))?.to_owned();
        let mut fields = if query.is_empty() { Fields::default() } else { Fields::read(query)? };
        let operation = match (request.method.as_str(), path) {
            ("GET", "/federation/credentials") => Operation::GetRoleCredentials {
                role_name: fields.take("role_name")?,
                account_id: fields.take("account_id")?,
            },
            ("GET", "/assignment/accounts") => Operation::ListAccounts { page: Page::take(&mut fields)? },
            ("GET", "/assignment/roles") => {
                Operation::ListAccountRoles { account_id: fields.take("account_id")?, page: Page::take(&mut fields)? }
            }
            ("POST", "/logout") => Operation::Logout,
            (method, path) => return Err(format!("{method} {path} is no operation")),
        };
        fields.finish()?;
        Ok(Self { access_token, operation })
    }
}

impl Page {
    fn take(fields: &mut Fields) -> Result<Self, String> {
        let next_token = fields.take_if_any("next_token");
        if next_token.as_deref() == Some("") {
            return Err("next_token is there, but empty".to_owned());
        }
        let Some(text) = fields.take_if_any("max_result") else {
            return Ok(Self { next_token, max_result: None });
        };
        let number =
            text.parse().ok().filter(|number: &usize| (1..=100).contains(number) && number.to_string() == text);
        let max_result = Some(number.ok_or_else(|| format!("max_result is {text:?}, not 1 to 100"))?);
        Ok(Self { next_token, max_result })
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.operation {
            Operation::GetRoleCredentials { account_id, role_name } => {
                write!(f, "GetRoleCredentials for {role_name:?} in {account_id:?}")
            }
            Operation::ListAccounts { .. } => f.write_str("ListAccounts"),
            Operation::ListAccountRoles { account_id, .. } => write!(f, "ListAccountRoles for {account_id:?}"),
            Operation::Logout => f.write_str("Logout"),
        }
    }
}
