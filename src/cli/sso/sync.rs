//! `keyfob sso sync`: a profile for every role that a person may use.

use super::super::Selection;
use super::target::Target;
use crate::api::endpoint::Region;
use crate::assignments::{Assignments, Reuse};
use crate::bridge::Program;
use crate::context::Context;
use crate::diff;
use crate::error::{Error, Printable, some_of};
use crate::profile::{self, FileKind, Profiles};
use crate::shell;
use crate::sync::{self, Changes, Order, Skipped, Template};
use argh::{ArgsInfo, FromArgs};
use std::fmt::Write as _;

/// Make a profile for every account and role that one may use.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    subcommand,
    name = "sync",
    help_triggers("--help"),
    note = "Profiles that it makes are marked with keyfob_sync; no others are changed or removed."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Sync {
    /// profile whose sign-in is meant
    #[argh(positional, arg_name = "profile")]
    word: Option<String>,

    /// profile whose sign-in is meant
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    /// sso-session of the config file, in place of a profile
    #[argh(option, arg_name = "name")]
    sso_session: Option<String>,

    /// how profiles are named; `{account_name}/{role_name}` if not given
    #[argh(option, arg_name = "template")]
    template: Option<String>,

    /// region of the profiles
    #[argh(option)]
    region: Option<String>,

    /// remove profiles that it made and whose role is gone, or has another name now
    #[argh(switch)]
    prune: bool,

    /// only show what would change
    #[argh(switch)]
    dry_run: bool,

    /// let every program have the credentials, by way of `credential_process`
    #[argh(switch)]
    bridge: bool,

    /// say on standard error what happens on the way
    #[argh(switch, short = 'v')]
    verbose: bool,
}

impl Sync {
    pub(super) fn run(self, profile: Option<String>, context: &Context) -> Result<String, Error> {
        let vars = &context.vars;
        let places = [profile, self.profile.clone(), self.word.clone()];
        let selection = Selection::new(places, None, None, self.verbose)?;
        context.terminal.set_verbose(self.verbose);
        vars.refuse_what_is_not_text()?;
        let template = Template::parse(self.template.as_deref().unwrap_or(Template::DEFAULT))?;
        let region = self.region.as_deref().map(parse_region).transpose()?;
        let profiles = Profiles::load(vars)?;
        let target = Target::find(context, &profiles, &selection, self.sso_session.as_deref())?;
        let session = target.session.name.as_deref().ok_or_else(|| without_session(&target))?;
        let program = self.bridge.then(|| Program::of(context));
        let order = Order {
            session,
            template: &template,
            region: region.as_ref().map(Region::as_str),
            usual_region: target.settings.region.as_ref().map(Region::as_str),
            prune: self.prune,
            bridge: program.as_ref(),
        };
        refuse_no_region(&order)?;
        if !self.dry_run {
            // Found out before anybody waits for a long list.
            profile::refuse_unwritable(vars, FileKind::Config)?;
        }
        let reuse = if self.dry_run { Reuse::TakesAndLeaves } else { Reuse::Takes };
        let assignments = target.assignments(reuse)?;
        // That took a while, in which the file may have been changed.
        let profiles = Profiles::load(vars)?;
        let title = target.session.title();
        if assignments.accounts.iter().all(|assigned| assigned.role_names.is_empty()) {
            // Nothing is pruned then: that would be a strange way of losing everything.
            tell_of_nothing(&assignments, session, &profiles, &title, context);
            return assignments.end(&title, String::new());
        }
        let changes = Changes::make(&order, &assignments, &profiles, vars);
        warn_of_sources(&changes, &profiles, context);
        if self.dry_run {
            return assignments.end(&title, preview(&changes, context)?);
        }
        if !changes.edits().is_empty() {
            let written = profile::apply(vars, FileKind::Config, &changes.edits())?;
            written.warn(&context.terminal);
            context.terminal.note(&format!("\"{}\" is written", written.path.display()));
        }
        assignments.end(&title, self.result(&changes))
    }

    fn result(&self, all: &Changes) -> String {
        let Changes { added, changed, removed, unchanged, skipped, left_over: _ } = all;
        let (added, changed, removed) = (added.len(), changed.len(), removed.len());
        let (unchanged, skipped) = (unchanged.len(), skipped.len());
        let mut text = format!(
            "Profiles: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {skipped} skipped.\n"
        );
        text.push_str(&notes(all, self.verbose));
        if let Some(name) = all.names().next() {
            let word = shell::word(name);
            let bridged = if self.bridge { "Every program gets their credentials through keyfob.\n" } else { "" };
            let how = format!("Use one with --profile {word}, or for this shell: eval \"$(keyfob env {word})\"\n");
            text.extend([bridged, &how]);
        }
        text
    }
}

/// The difference that changes would make.
fn preview(changes: &Changes, context: &Context) -> Result<String, Error> {
    for line in notes(changes, context.terminal.is_verbose()).lines() {
        context.terminal.tell(line);
    }
    let preview = profile::preview(&context.vars, FileKind::Config, &changes.edits())?;
    let diff = diff::unified(&preview.path, &preview.before, &preview.after);
    if diff.is_empty() {
        context.terminal.tell(&format!("Nothing would change in \"{}\".", preview.path.display()));
    }
    Ok(diff)
}

/// Says that there is no role, and what stays all the same.
fn tell_of_nothing(assignments: &Assignments, session: &str, profiles: &Profiles, title: &str, context: &Context) {
    const SHOWN: usize = 10;
    let what = if assignments.accounts.is_empty() { "account" } else { "role" };
    if assignments.unread.is_empty() {
        context.terminal.tell(&format!("Nobody has given you any {what} in {title}."));
    }
    let marked = sync::marked_names(profiles, session);
    if !marked.is_empty() {
        context.terminal.tell(&format!("These profiles stay: {}", some_of(&marked, SHOWN, ", ")));
    }
}

fn parse_region(name: &str) -> Result<Region, Error> {
    let refused = || Error::usage("cannot use --region").cause(format!("\"{name}\" is not the name of a region"));
    Region::parse(name).ok_or_else(refused)
}

fn refuse_no_region(order: &Order<'_>) -> Result<(), Error> {
    if !order.template.has_region() || order.region.is_some() {
        return Ok(());
    }
    Err(Error::usage("cannot use --template")
        .cause("it has {region}, and names must not depend on the shell that one is in")
        .hint("name one with --region"))
}

fn without_session(target: &Target<'_>) -> Error {
    let name = target.profile.as_ref().map(|profile| profile.name.as_str()).unwrap_or_default();
    Error::new(format!("cannot make profiles for {}", target.session.title()))
        .cause(format!("profile \"{name}\" names the start URL itself; profiles share an sso-session"))
        .hint("make one: `keyfob configure sso`")
}

/// Roles that are assumed from a profile have nothing to come from when it goes.
fn warn_of_sources(changes: &Changes, profiles: &Profiles, context: &Context) {
    if changes.removed.is_empty() {
        return;
    }
    for name in profiles.names().into_iter().filter(|name| !changes.removed.iter().any(|removed| removed == name)) {
        let source = profiles.profile(name).ok().flatten().and_then(|profile| {
            let setting = profile.get("source_profile").ok().flatten()?;
            Some(setting.value.into_owned())
        });
        if let Some(source) = source.filter(|source| changes.removed.contains(source)) {
            context.terminal.warn(&format!("profile \"{name}\" has source_profile {source}, which --prune removes"));
        }
    }
}

/// What was not done, and why.
fn notes(changes: &Changes, is_verbose: bool) -> String {
    const SHOWN: usize = 10;
    let mut text = String::new();
    let shown = if is_verbose { changes.skipped.len() } else { SHOWN };
    for Skipped { account_id, role_name, name, why } in changes.skipped.iter().take(shown) {
        let line = format!("Skipped \"{name}\" ({role_name} in {account_id}): {why}");
        writeln!(text, "{}", Printable(&line)).expect("a String takes all");
    }
    if let Some(more @ 1..) = changes.skipped.len().checked_sub(shown) {
        writeln!(text, "Skipped {more} more, which --verbose names").expect("a String takes all");
    }
    if !changes.left_over.is_empty() {
        let line = format!("Left over, to be removed by --prune: {}", some_of(&changes.left_over, SHOWN, ", "));
        writeln!(text, "{}", Printable(&line)).expect("a String takes all");
    }
    text
}
