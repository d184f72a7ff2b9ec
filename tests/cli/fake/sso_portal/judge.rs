//! What the service makes of well-formed calls, on the sign-ins and accounts that it knows.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    super::{
        Keys, Timestamp,
        http::{Reply, Request},
        identity_center::{Account, NamedIn, desk, desk::Endpoint, expected::Refusal, sessions::Sessions},
        lock,
    },
    expected::Wish,
    listing,
    request::{Asked, Operation, Page},
};

pub(super) struct Rules {
    pub(super) sessions: Arc<Mutex<Sessions>>,
    pub(super) accounts: Vec<Account>,
    /// Of a page whose size is not asked for.
    pub(super) page_size: usize,
    pub(super) rate: Rate,
    pub(super) issued: Vec<Keys>,
}

/// How many calls are answered within a second, of all clients together.
#[derive(Default)]
pub(super) struct Rate {
    pub(super) limit: Option<usize>,
    answered: VecDeque<Instant>,
}

impl Rate {
    fn admit(&mut self) -> Result<(), Refusal> {
        let Some(limit) = self.limit else { return Ok(()) };
        while self.answered.front().is_some_and(|at| at.elapsed() >= Duration::from_secs(1)) {
            self.answered.pop_front();
        }
        if self.answered.len() >= limit {
            return Err(Refusal::new(429, "TooManyRequestsException", "HTTP 429 Unknown Code"));
        }
        self.answered.push_back(Instant::now());
        Ok(())
    }
}

impl desk::Rules for Rules {
    type Wish = Wish;

    const NAMESPACE: &'static str = "com.amazonaws.switchboard.portal";
    const NAMED_IN: NamedIn = NamedIn::Type;

    fn now(&self) -> Timestamp {
        lock(&self.sessions).now()
    }

    fn read(request: &Request, endpoint: &Endpoint) -> Result<Asked, String> {
        Asked::read(request, endpoint)
    }

    fn judge(&mut self, asked: &Asked, wish: &Wish, _: &Endpoint) -> Result<Reply, Refusal> {
        self.rate.admit()?;
        let session = lock(&self.sessions)
            .session(&asked.access_token)
            .ok_or_else(|| Refusal::new(401, "UnauthorizedException", "Session token not found or invalid"))?;
        let body = match &asked.operation {
            Operation::GetRoleCredentials { account_id, role_name } => {
                self.role_credentials(account_id, role_name, wish)?
            }
            Operation::ListAccounts { page } => self.accounts(page)?,
            Operation::ListAccountRoles { account_id, page } => self.account_roles(account_id, page)?,
            Operation::Logout => {
                lock(&self.sessions).end(session);
                return Ok(Reply::new(200));
            }
        };
        Ok(Reply::json(200, &body.to_string()))
    }

    fn describe(refusal: &Refusal) -> Vec<(String, String)> {
        vec![("message".to_owned(), refusal.message.clone())]
    }

    /// Persons have no business here.
    fn show(&mut self, _: &Request, _: &Endpoint) -> Option<Result<Reply, String>> {
        None
    }
}

impl Rules {
    fn role_credentials(&mut self, account_id: &str, role_name: &str, wish: &Wish) -> Result<Value, Refusal> {
        if role_name.is_empty() {
            return Err(Refusal::new(400, "InvalidRequestException", "role_name is empty"));
        }
        let account = self.account(account_id)?;
        if !account.roles.iter().any(|role| role == role_name) {
            return Err(Refusal::new(403, "ForbiddenException", "No access"));
        }
        let end = wish.expiration.unwrap_or_else(|| desk::Rules::now(self).plus(Duration::from_hours(1)));
        let keys = Keys::of_role(self.issued.len() + 1, end);
        self.issued.push(keys.clone());
        Ok(json!({ "roleCredentials": {
            "accessKeyId": keys.access_key_id,
            "secretAccessKey": keys.secret_access_key,
            "sessionToken": keys.session_token,
            // Milliseconds, and some of them beyond the second.
            "expiration": end.unix_seconds() * 1000 + 123,
        }}))
    }

    fn accounts(&self, page: &Page) -> Result<Value, Refusal> {
        let assigned: Vec<&Account> = self.accounts.iter().filter(|account| !account.roles.is_empty()).collect();
        let (part, next_token) = listing::turn("accounts", &assigned, page, self.page_size).ok_or_else(no_page)?;
        let entries = part.iter().map(|account| {
            let Account { account_id, account_name, email_address, .. } = account;
            let mut entry = json!({ "accountId": account_id });
            for (name, value) in [("accountName", account_name), ("emailAddress", email_address)] {
                if let Some(value) = value {
                    entry[name] = value.as_str().into();
                }
            }
            entry
        });
        Ok(json!({ "nextToken": next_token, "accountList": entries.collect::<Vec<_>>() }))
    }

    fn account_roles(&self, account_id: &str, page: &Page) -> Result<Value, Refusal> {
        let account = self.account(account_id)?;
        let (part, next_token) = listing::turn(account_id, &account.roles, page, self.page_size).ok_or_else(no_page)?;
        let entries = part.iter().map(|role| json!({ "roleName": role, "accountId": account_id }));
        Ok(json!({ "nextToken": next_token, "roleList": entries.collect::<Vec<_>>() }))
    }

    fn account(&self, account_id: &str) -> Result<&Account, Refusal> {
        if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::new(400, "InvalidRequestException", "account_id has not twelve digits"));
        }
        let account = self.accounts.iter().find(|account| account.account_id == account_id);
        account.ok_or_else(|| Refusal::new(404, "ResourceNotFoundException", "The account does not exist"))
    }
}

fn no_page() -> Refusal {
    Refusal::new(400, "InvalidRequestException", "next_token is of no page")
}
