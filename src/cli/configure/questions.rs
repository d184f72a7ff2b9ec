//! What `configure` asks.

use super::Setup;
use super::region::NO_REGION;
use super::sso::checked_output;
use crate::api::endpoint::{Partition, Region};
use crate::api::regions::REGIONS;
use crate::cli::QUESTION_LIMIT;
use crate::error::Error;
use crate::terminal::{NoAnswer, Pick, Question, Typing};

const ANOTHER: &str = "another region";

impl Setup<'_> {
    fn unanswered(&self, why: NoAnswer) -> Error {
        let like = self.command_line("configure");
        let hint = format!("options answer the questions, too: `{like} --region us-east-1`");
        why.explain(Error::new("nothing was configured").hint(hint))
    }

    fn ask(&self, text: &str) -> Result<String, Error> {
        let question = Question { text, typing: Typing::Shown, limit: QUESTION_LIMIT, lock: None };
        let answer = self.context.terminal.ask(&question).map_err(|why| self.unanswered(why))?;
        Ok(answer.expose().trim().to_owned())
    }

    fn will_not_do(&self, why: &str) {
        self.context.terminal.tell(&format!("That will not do: {why}."));
    }

    /// Lets a person choose; the place of what was chosen.
    pub(super) fn choose(&self, title: &str, choices: &[String]) -> Result<usize, NoAnswer> {
        self.pick(title, choices, None, None)
    }

    fn pick(
        &self,
        title: &str,
        choices: &[String],
        usually: Option<usize>,
        otherwise: Option<usize>,
    ) -> Result<usize, NoAnswer> {
        let moves = self.context.vars.can_move_cursor();
        self.context.terminal.pick(&Pick {
            title,
            choices,
            left: None,
            usually,
            otherwise,
            limit: QUESTION_LIMIT,
            moves,
        })
    }

    /// The region that a person chooses among all; the usual one is marked.
    pub(super) fn ask_region(&self) -> Result<String, Error> {
        let usual = self.usual_region()?;
        let marked = usual.as_deref().unwrap_or(Partition::AWS.default_region);
        let is_listed = REGIONS.iter().any(|(name, _)| *name == marked);
        let mut names: Vec<&str> = if is_listed { Vec::new() } else { vec![marked] };
        names.extend(REGIONS.iter().map(|(name, _)| *name));
        let title = |(name, place): &(&str, &str)| format!("{name}, {place}");
        let mut choices: Vec<String> = if is_listed { Vec::new() } else { vec![marked.to_owned()] };
        choices.extend(REGIONS.iter().map(title));
        choices.push(ANOTHER.to_owned());
        let usually = names.iter().position(|name| *name == marked);
        let place = self.pick("Region", &choices, usually, Some(names.len())).map_err(|why| self.unanswered(why))?;
        names.get(place).map_or_else(|| self.ask_other_region(), |name| Ok((*name).to_owned()))
    }

    /// One that is not in the list.
    fn ask_other_region(&self) -> Result<String, Error> {
        loop {
            let name = self.ask("Name of the region: ")?;
            match Region::parse(&name) {
                Some(region) => {
                    self.warn_of_region(&region);
                    return Ok(name);
                }
                None => self.will_not_do(&format!("it is {NO_REGION}")),
            }
        }
    }

    /// The output format. `None`: an empty answer, where the profile has none.
    pub(super) fn ask_output(&self) -> Result<Option<String>, Error> {
        let there = self.setting("output")?;
        let text =
            format!("CLI default output format (json if not specified) [{}]: ", there.as_deref().unwrap_or("None"));
        loop {
            let answer = self.ask(&text)?;
            if answer.is_empty() {
                return Ok(there);
            }
            match checked_output(&answer) {
                Ok(output) => return Ok(Some(output)),
                Err(why) => self.will_not_do(&why),
            }
        }
    }
}

/// The output format that an option names.
pub(super) fn said_output(output: &str) -> Result<String, Error> {
    checked_output(output.trim()).map_err(|why| Error::usage("cannot use --output").cause(why))
}
