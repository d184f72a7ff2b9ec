//! Who may do what: the accounts that the fake's one user sees, and the roles in them.

/// An account, of which only the number is certain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) account_id: String,
    pub(crate) account_name: Option<String>,
    pub(crate) email_address: Option<String>,
    /// Those that are assigned to the user.
    pub(crate) roles: Vec<String>,
}

impl Account {
    /// With the name `Account 111122223333` and an address to fit.
    pub(crate) fn new(account_id: &str, roles: &[&str]) -> Self {
        Self {
            account_id: account_id.to_owned(),
            account_name: Some(format!("Account {account_id}")),
            email_address: Some(format!("aws+{account_id}@example.com")),
            roles: roles.iter().copied().map(str::to_owned).collect(),
        }
    }

    /// With this name.
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.account_name = Some(name.to_owned());
        self
    }

    /// With its number alone.
    pub(crate) fn nameless(mut self) -> Self {
        (self.account_name, self.email_address) = (None, None);
        self
    }
}
