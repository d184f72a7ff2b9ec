//! Signing in with an identity provider that speaks SAML 2.0, and what it says of a person.
//!
//! | file | what it holds |
//! |---|---|
//! | `sign_on` | the way through the provider's pages, from the sign-on address to the assertion |
//! | `way` | how one may sign in, and what a server offers |
//! | `site` | asking for a page: connections, redirects, where a password may go |
//! | `address`, `cookies` | URLs, and what a site wants to see again |
//! | `tokens`, `form` | the tags of a page, and its forms |
//! | `ntlm` | the three messages of NTLM |
//! | `assertion` | what an assertion says: the roles that it gives |
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html>

mod address;
mod assertion;
mod cookies;
mod form;
#[cfg(feature = "ntlm")]
mod ntlm;
mod sign_on;
mod site;
mod tokens;
mod way;

pub(crate) use address::Address;
pub(crate) use assertion::{Assertion, Offer};
pub(crate) use sign_on::{Credential, Entered, Visit};
pub(crate) use site::{Failure, Site};
pub(crate) use way::Way;
