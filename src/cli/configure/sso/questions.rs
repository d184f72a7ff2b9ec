//! What `configure sso` asks, in the AWS CLI's words: whatever no option answers.

use super::Setup;
use super::answers::{self, Check};
use super::roles::Role;
use crate::cli::QUESTION_LIMIT;
use crate::error::Error;
use crate::profile::Profile;
use crate::terminal::{NoAnswer, Question, Typing};

/// A question, and what an empty answer stands for.
pub(super) struct Asked<'a> {
    pub(super) text: &'a str,
    pub(super) usually: Option<&'a str>,
    pub(super) check: Check,
}

/// The error of a question that was not answered.
pub(super) fn unanswered(why: NoAnswer) -> Error {
    why.explain(
        Error::new("nothing was configured").hint("options answer the questions, too: `keyfob configure sso --help`"),
    )
}

pub(super) fn text(section: &Profile<'_>, key: &str) -> Result<Option<String>, Error> {
    Ok(section.get(key)?.map(|setting| setting.value.into_owned()))
}

impl Setup<'_> {
    /// Asks until there is an answer that will do. `None`: an empty one, where nothing is usual.
    pub(super) fn ask(&self, asked: &Asked<'_>) -> Result<Option<String>, Error> {
        let text = format!("{}: ", asked.text);
        loop {
            let question = Question { text: &text, typing: Typing::Shown, limit: QUESTION_LIMIT, lock: None };
            let answer = self.context.terminal.ask(&question).map_err(unanswered)?;
            let why = match (answer.expose().trim(), asked.usually) {
                // It stays as it is spelt.
                ("", Some(usually)) => return Ok(Some(usually.to_owned())),
                ("", None) => return Ok(None),
                (said, _) => match (asked.check)(said) {
                    Ok(answer) => return Ok(Some(answer)),
                    Err(why) => why,
                },
            };
            self.will_not_do(&why);
        }
    }

    pub(super) fn will_not_do(&self, why: &str) {
        self.context.terminal.tell(&format!("That will not do: {why}."));
    }

    pub(super) fn tell(&self, error: &Error) {
        let cause = error.cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default();
        self.context.terminal.tell(&format!("{}{cause}.", error.message));
    }

    /// What is said, else what a person answers. `None`: an empty answer, where nothing is usual.
    pub(super) fn wanted(
        &self,
        said: Option<&String>,
        text: &str,
        usually: Option<&str>,
        check: Check,
    ) -> Result<Option<String>, Error> {
        if said.is_some() {
            return Ok(said.cloned());
        }
        self.ask(&Asked { text: &format!("{text} [{}]", usually.unwrap_or("None")), usually, check })
    }

    /// The same for what may stay away. Nobody is asked where there is nobody.
    pub(super) fn optional(
        &self,
        said: Option<&String>,
        text: &str,
        usually: Option<&str>,
        check: Check,
    ) -> Result<Option<String>, Error> {
        if said.is_some() || !self.has_person {
            return Ok(said.cloned());
        }
        self.wanted(None, text, usually, check)
    }

    pub(super) fn of_profile(&self, key: &str) -> Result<Option<String>, Error> {
        self.profile.as_ref().map_or(Ok(None), |profile| text(profile, key))
    }

    /// The role that the profile is for, if it says one.
    pub(super) fn role_of_profile(&self) -> Result<Option<Role>, Error> {
        let said = self.of_profile("sso_account_id")?.zip(self.of_profile("sso_role_name")?);
        Ok(said.map(|(account_id, role_name)| Role { account_id, role_name }))
    }

    /// The region of the profile, if it is to have one.
    pub(super) fn region(&self) -> Result<Option<String>, Error> {
        let vars = &self.context.vars;
        let of_vars = || vars.get("AWS_REGION").or_else(|| vars.get("AWS_DEFAULT_REGION")).map(str::to_owned);
        let usually = self.of_profile("region")?.or_else(of_vars);
        let said = self.answers.region.as_ref();
        self.optional(said, "Default client Region", usually.as_deref(), answers::region)
    }

    /// The AWS CLI's output format for the profile, if it is to have one.
    pub(super) fn output(&self) -> Result<Option<String>, Error> {
        let usually = self.of_profile("output")?;
        let text = "CLI default output format (json if not specified)";
        self.optional(self.answers.output.as_ref(), text, usually.as_deref(), answers::output)
    }

    /// The profile's name where nobody has named it yet.
    pub(super) fn profile_name(&self, usually: &str) -> Result<String, Error> {
        let text = format!("Profile name [{usually}]");
        let asked = Asked { text: &text, usually: Some(usually), check: answers::some_text };
        loop {
            let name = if self.has_person { self.ask(&asked)? } else { None };
            let name = name.unwrap_or_else(|| usually.to_owned());
            match self.refuse_profile(&name) {
                Err(error) if self.has_person => self.tell(&error),
                refused => return refused.map(|()| name),
            }
        }
    }
}
