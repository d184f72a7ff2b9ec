//! Choosing a profile: from keyfob's own list, or with a program that does that for a living.

use crate::cache::Uses;
use crate::cli::QUESTION_LIMIT;
use crate::cli::columns::{EmptyColumns, columns};
use crate::cli::profile::Row;
use crate::command_line::Invocation;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::plan::DEFAULT_PROFILE;
use crate::profile::{Profiles, named_by_vars, ways_to_begin};
use crate::program::{self, Output, Reason};
use crate::terminal::{NoAnswer, Pick};

/// What there is to choose from, the most used first.
struct Choices<'a> {
    names: Vec<&'a str>,
    /// For each of them its name as it is shown, and what else is known.
    cells: Vec<[String; 4]>,
    /// The place of the one that is used now.
    now: Option<usize>,
}

/// Lets the person at the terminal choose.
pub(super) fn choose(profiles: &Profiles, picker: Option<&str>, context: &Context) -> Result<String, Error> {
    let choices = Choices::of(profiles, context);
    if choices.names.is_empty() {
        return Err(Error::new("there is no profile to choose")
            .cause(format!("No profiles were defined in {}", profiles.places()))
            .hint(format!("make one: {}", ways_to_begin(DEFAULT_PROFILE)))
            .exit(Exit::NoSuchProfile));
    }
    let picker = picker.or_else(|| context.vars.get(PICKER)).filter(|line| !line.trim().is_empty());
    let chosen = picker.map_or(Ok(None), |line| choices.ask_program(line, context))?;
    let place = chosen.map_or_else(|| choices.ask(context), Ok)?;
    Ok(choices.names[place].to_owned())
}

/// The program that chooses, where no option names one.
const PICKER: &str = "KEYFOB_PICKER";

/// What stands in the line of the profile that is used now.
const IN_USE: &str = "(in use)";

impl<'a> Choices<'a> {
    fn of(profiles: &'a Profiles, context: &Context) -> Self {
        let uses = Uses::load(&context.vars);
        let lines = profiles.lines();
        let mut listed = profiles.all();
        listed.sort_by_cached_key(|listed| uses.place(listed.name));
        let cells = listed.iter().map(|listed| Row::of(listed, &lines, &context.vars).cells_to_choose_by()).collect();
        let names: Vec<&str> = listed.iter().map(|listed| listed.name).collect();
        let now = named_by_vars(&context.vars).and_then(|now| names.iter().position(|name| *name == now));
        Self { names, cells, now }
    }

    /// The place of what is chosen from our own list.
    fn ask(&self, context: &Context) -> Result<usize, Error> {
        let text = columns(&self.cells, EmptyColumns::LeftOut);
        let mut choices: Vec<String> = text.lines().map(str::to_owned).collect();
        if let Some(now) = self.now {
            choices[now].extend(["  ", IN_USE]);
        }
        let names: Vec<String> = self.cells.iter().map(|[name, ..]| name.clone()).collect();
        let moves = context.vars.can_move_cursor();
        let pick = Pick {
            title: "Profile",
            choices: &choices,
            left: Some(&names),
            usually: self.now,
            otherwise: None,
            limit: QUESTION_LIMIT,
            moves,
        };
        context.terminal.pick(&pick).map_err(|why| match why {
            NoAnswer::NoTerminal => {
                why.explain(Error::usage("no profile is named")).hint("name one, as in `kf use dev`")
            }
            why => not_chosen(why),
        })
    }

    /// The place of what a program chooses. `None`: there is no such program.
    fn ask_program(&self, line: &str, context: &Context) -> Result<Option<usize>, Error> {
        let invocation = Invocation::parse(line);
        let name = invocation.program();
        let failed = |why: String| Error::new("no profile is chosen").cause(why);
        let output = match program::run_for_person(&invocation, self.lines().into_bytes().into()) {
            Ok(output) if output.was_not_found(&invocation) => None,
            Err(failure) if is_missing(&failure.reason) => None,
            Ok(output) => Some(output),
            Err(failure) => return Err(failed(failure.to_string())),
        };
        let Some(output) = output else {
            context.terminal.warn(&format!("there is no program \"{name}\" to choose with"));
            return Ok(None);
        };
        if output.was_interrupted() {
            return Err(not_chosen(NoAnswer::Interrupted));
        }
        let chosen = self.answer(&output).map_err(|why| failed(format!("\"{name}\" {why}")))?;
        // It leaves nothing on the screen.
        context.terminal.tell(self.names[chosen]);
        Ok(Some(chosen))
    }

    fn answer(&self, output: &Output) -> Result<usize, String> {
        let said = String::from_utf8_lossy(&output.stdout);
        let said = said.trim_end_matches(['\n', '\r']);
        match said {
            "" if !output.status.success() => Err(output.ending()),
            "" => Err("chose nothing".into()),
            said if said.contains('\n') => Err("chose several".into()),
            said => {
                let name = said.split('\t').next().unwrap_or_default();
                let place = self.cells.iter().position(|[shown, ..]| shown == name);
                place.ok_or_else(|| format!("answered \"{said}\", which is no profile"))
            }
        }
    }

    /// A line for each, with a tab after the name.
    fn lines(&self) -> String {
        let mut lines = String::new();
        for (place, [name, details @ ..]) in self.cells.iter().enumerate() {
            let in_use = if self.now == Some(place) { IN_USE } else { "" };
            let details = details.iter().map(String::as_str).chain([in_use]);
            let details: Vec<&str> = details.filter(|cell| !cell.is_empty()).collect();
            lines.extend([name, "\t", &details.join(" "), "\n"]);
        }
        lines
    }
}

fn not_chosen(why: NoAnswer) -> Error {
    let error = Error::new("no profile is chosen");
    match why {
        // Who did that knows why.
        NoAnswer::Interrupted => error.exit(Exit::Interrupted),
        why => why.explain(error),
    }
}

fn is_missing(reason: &Reason) -> bool {
    matches!(reason, Reason::CannotRun(error) if error.kind() == std::io::ErrorKind::NotFound)
}
