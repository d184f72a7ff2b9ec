//! What `login` asks: for a region, whether the profile may change its identity, and for a bridge.

use super::target::Target;
use crate::api::endpoint::{Partition, Region};
use crate::bridge::{self, Program};
use crate::cli::QUESTION_LIMIT;
use crate::error::Error;
use crate::shell;
use crate::terminal::{Question, Typing};

impl Target<'_> {
    /// The region to sign in to: the one that is set, or that a person names.
    pub(super) fn region(&self) -> Result<Region, Error> {
        if let Some(region) = &self.settings.region {
            return Ok(region.clone());
        }
        let before = self.session()?.and_then(|(_, token)| token.sign_in_region);
        let offered = before.as_deref().and_then(Region::parse).unwrap_or(Region::of_partition(Partition::AWS));
        let terminal = &self.context.terminal;
        let failed = || {
            let word = shell::word(self.name);
            Error::new("no region to sign in to")
                .hint(format!("name one, like `keyfob login {word} --region {offered}`, or set AWS_REGION"))
        };
        let text = format!("AWS region to sign in to [{offered}]: ");
        let question = Question { text: &text, typing: Typing::Shown, limit: QUESTION_LIMIT, lock: None };
        loop {
            let answer = terminal.ask(&question).map_err(|why| why.explain(failed()))?;
            match answer.expose().trim() {
                "" => return Ok(offered),
                named => match Region::parse(named) {
                    Some(region) => return Ok(region),
                    None => terminal.tell("That is not the name of a region, which looks like us-east-1."),
                },
            }
        }
    }

    /// Whether the profile may stand for whoever signed in.
    pub(super) fn may_become(&self, login_session: &str, yes: bool) -> Result<bool, Error> {
        let Some(before) = self.login_session()?.filter(|before| before != login_session) else { return Ok(true) };
        if yes {
            return Ok(true);
        }
        let Self { name, context, .. } = self;
        let failed = Error::new(format!("profile \"{name}\" is another identity's; nothing was changed"))
            .hint("run it with --yes to change the identity, or sign in to another profile");
        context.terminal.tell(&format!("Profile \"{name}\" was signed in as {before}."));
        context.terminal.tell(&format!("This sign-in is {login_session}."));
        let question = format!("Change profile \"{name}\" to this identity?");
        context.terminal.ask_whether(&question, None, QUESTION_LIMIT).map_err(|why| why.explain(failed))
    }

    /// Asks, where there is somebody to ask and a bridge can be made.
    pub(super) fn offer_bridge(&self) -> Result<bool, Error> {
        let terminal = &self.context.terminal;
        if !terminal.can_ask() || self.setting(bridge::LINE)?.is_some() {
            return Ok(false);
        }
        let Ok(line) = Program::of(self.context).line(self.name) else { return Ok(false) };
        let question =
            "Let programs that know no console sign-ins (Terraform, older SDKs) have these credentials, too?";
        // The sign-in itself is done: no answer is a no.
        let is_wanted = terminal.ask_whether(question, Some(true), QUESTION_LIMIT).unwrap_or(false);
        match is_wanted.then(|| self.write_bridge(&line)) {
            Some(Err(error)) => {
                terminal.warn(&format!("there is no bridge: {}: {}", error.message, error.cause.unwrap_or_default()));
                Ok(false)
            }
            written => Ok(written.is_some()),
        }
    }
}
