//! Which role of those that an assertion gives.

use super::{LIMIT, Request};
use crate::chain::SamlRole;
use crate::context::Context;
use crate::error::{self, Error};
use crate::saml::{Assertion, Offer};
use crate::shell;
use crate::terminal::Pick;

pub(super) struct Chosen {
    pub(super) offer: Offer,
    /// Whether somebody was asked, and took their time.
    pub(super) by_a_person: bool,
}

/// The role to assume of those that an assertion gives.
pub(super) fn chosen(assertion: &Assertion, request: &Request<'_>, context: &Context) -> Result<Chosen, Error> {
    let by_itself = |offer: Offer| Ok(Chosen { offer, by_a_person: false });
    let SamlRole { saml_role_arn, saml_principal_arn, .. } = request.role;
    let is_named = |name: &Option<String>, arn: &str| name.as_deref().is_none_or(|name| name == arn);
    let fits =
        |offer: &&Offer| is_named(saml_role_arn, &offer.role_arn) && is_named(saml_principal_arn, &offer.principal_arn);
    let fitting: Vec<&Offer> = assertion.offers.iter().filter(fits).collect();
    let profile = request.profile;
    let word = shell::word(profile);
    match (fitting.as_slice(), saml_role_arn, saml_principal_arn) {
        ([only], ..) => by_itself((*only).clone()),
        ([], Some(role_arn), Some(principal_arn)) if assertion.is_encrypted => {
            by_itself(Offer { role_arn: role_arn.clone(), principal_arn: principal_arn.clone() })
        }
        ([], ..) if assertion.is_encrypted => {
            Err(Error::new(format!("which role profile \"{profile}\" is to have cannot be told"))
                .cause("the assertion is encrypted, so that only AWS can read it")
                .hint(format!("name both: `keyfob profile set {word} saml_role_arn=ARN saml_principal_arn=ARN`")))
        }
        ([], ..) => {
            let named = [saml_role_arn, saml_principal_arn].into_iter().flatten().cloned().collect::<Vec<_>>();
            let error = Error::new(format!("there is no role \"{}\" for you", named.join("\" by \"")));
            Err(error
                .cause(format!("the assertion for profile \"{profile}\" gives {}", listed(&assertion.offers)))
                .hint(format!("`keyfob profile set {word} saml_role_arn=ARN` with one of them")))
        }
        (several, ..) => Ok(Chosen { offer: ask_role(several, request, context)?, by_a_person: true }),
    }
}

fn ask_role(offers: &[&Offer], request: &Request<'_>, context: &Context) -> Result<Offer, Error> {
    let all: Vec<Offer> = offers.iter().map(|offer| (*offer).clone()).collect();
    let profile = request.profile;
    let error = || {
        Error::new(format!("the assertion for profile \"{profile}\" gives several roles: {}", listed(&all)))
            .hint(format!("choose one: `keyfob profile set {} saml_role_arn=ARN`", shell::word(profile)))
    };
    if !request.is_waited_for || !context.terminal.can_ask() {
        return Err(error());
    }
    // Two providers may give the same role.
    let is_unique = |offer: &Offer| all.iter().filter(|other| other.role_arn == offer.role_arn).count() == 1;
    let choices: Vec<String> = all
        .iter()
        .map(|offer| {
            let by = if is_unique(offer) { String::new() } else { format!(" by {}", offer.principal_arn) };
            format!("{}{by}", offer.role_arn)
        })
        .collect();
    let moves = context.vars.can_move_cursor();
    let pick =
        Pick { title: "Role", choices: &choices, left: None, usually: None, otherwise: None, limit: LIMIT, moves };
    let place = context.terminal.pick(&pick).map_err(|why| why.explain(error()))?;
    Ok(all[place].clone())
}

fn listed(offers: &[Offer]) -> String {
    const SHOWN: usize = 10;
    let mut arns: Vec<&str> = offers.iter().map(|offer| offer.role_arn.as_str()).collect();
    arns.dedup();
    error::some_of(&arns, SHOWN, ", ")
}
