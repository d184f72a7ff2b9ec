//! The commands: one file each, holding its arguments and its `run`.

mod arguments;
mod bridge;
mod changes;
mod columns;
mod complete;
mod completions;
mod configure;
mod env;
mod exec;
mod explain;
mod forget;
mod init;
mod keys_in_store;
mod location;
mod login;
mod logout;
mod pages;
mod place;
mod process;
mod profile;
mod prompt;
mod regions;
mod sso;
mod store;
mod timeout;
mod unknown;
mod r#use;
mod whoami;

use crate::completion;
use crate::context::{Context, Vars};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::plan::{self, Plan, Wanted};
use crate::profile::Profiles;
use crate::resolve::Walk;
use crate::secret::Secret;
use argh::{ArgsInfo, CommandInfoWithArgs, FromArgs};
use std::ffi::OsString;
use std::time::Duration;

/// AWS credentials for every program: SDKs, shells and commands.
#[derive(ArgsInfo, FromArgs)]
#[argh(
    help_triggers("--help"),
    example = "keyfob process --profile dev\neval \"$({command_name} env dev)\"\n{command_name} exec dev -- terraform plan",
    note = "A profile is named by --profile or as the word after the command; else by AWS_PROFILE, AWS_DEFAULT_PROFILE, default.",
    note = "`keyfob help COMMAND`, or -h behind it, describes a command, `keyfob help tutorial` a first hour, `keyfob help files` where files are.",
    error_code(1, "something failed"),
    error_code(2, "the arguments are wrong"),
    error_code(3, "a sign-in is needed"),
    error_code(4, "no such profile"),
    error_code(130, "interrupted")
)]
struct Keyfob {
    /// print the version
    #[argh(switch, short = 'V')]
    version: bool,

    /// profile to use; may also follow the command
    #[argh(option, short = 'p', arg_name = "name")]
    profile: Option<String>,

    #[argh(subcommand)]
    command: Option<Command>,
}

#[derive(ArgsInfo, FromArgs)]
#[argh(subcommand)]
enum Command {
    Process(process::Process),
    Env(env::Env),
    Exec(exec::Exec),
    Use(r#use::Use),
    Login(login::Login),
    Logout(logout::Logout),
    Configure(configure::Configure),
    Sso(sso::Sso),
    Profile(profile::Profile),
    Bridge(bridge::Bridge),
    Store(store::Store),
    Whoami(whoami::Whoami),
    Explain(explain::Explain),
    Init(init::Init),
    Prompt(prompt::Prompt),
    Completions(completions::Completions),
    Complete(complete::Complete),
}

/// How long a person may think about a question of a command's.
const QUESTION_LIMIT: Duration = Duration::from_mins(5);

/// Runs a command line and returns what it prints.
///
/// # Errors
///
/// Whatever went wrong, in words for a person, with the exit code of the process.
pub fn run(arguments: &[OsString], context: &Context) -> Result<String, Error> {
    if complete::is_about_bytes(arguments) {
        return Ok(String::new());
    }
    let arguments = arguments::read(arguments)?;
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let Keyfob { version, profile, command } = match Keyfob::from_args(&["keyfob"], &words) {
        Ok(parsed) => parsed,
        Err(early) if early.status.is_ok() && r#use::is_evaluated(&words) => {
            early.output.lines().for_each(|line| context.terminal.tell(line));
            return Ok(String::new());
        }
        Err(early) if early.status.is_ok() => return Ok(early.output),
        Err(early) => {
            let error = || unknown::error(&without_value(early.output.trim()), &words);
            return pages::answer(&words, &context.vars).ok_or_else(error);
        }
    };
    match command {
        _ if version => Ok(concat!("keyfob ", env!("CARGO_PKG_VERSION"), "\n").to_owned()),
        None => Err(Error::usage("no command").hint("run `keyfob --help`")),
        Some(Command::Process(command)) => command.run(profile, context),
        Some(Command::Env(command)) => command.run(profile, context),
        Some(Command::Exec(command)) => command.run(profile, &arguments.command, context),
        Some(Command::Login(command)) => command.run(profile, context),
        Some(Command::Logout(command)) => command.run(profile, context),
        Some(Command::Configure(command)) => command.run(profile, context),
        Some(Command::Sso(command)) => command.run(profile, context),
        Some(Command::Profile(command)) => command.run(profile, context),
        Some(Command::Bridge(command)) => command.run(profile, context),
        Some(Command::Store(command)) => command.run(profile, context),
        Some(Command::Whoami(command)) => command.run(profile, context),
        Some(Command::Explain(command)) => command.run(profile, context),
        Some(Command::Use(command)) => command.run(profile, context),
        Some(Command::Init(command)) => command.run(profile, context),
        Some(Command::Prompt(command)) => command.run(profile, context),
        Some(Command::Completions(command)) => command.run(profile, context),
        Some(Command::Complete(command)) => Ok(command.run(context)),
    }
}

/// The help of the command that was meant, if one was.
fn where_to_read_on(words: &[&str]) -> String {
    let keyfob = completion::Command::keyfob();
    let found = words.iter().enumerate().find_map(|(at, word)| Some((at, keyfob.named(word)?)));
    let meant = found.map(|(at, command)| words.get(at + 1).and_then(|word| command.named(word)).unwrap_or(command));
    format!("run `{} --help`", meant.unwrap_or(keyfob).path)
}

/// A complaint of argh's in one line. An option's value may be a secret, and argh repeats it.
fn without_value(complaint: &str) -> String {
    let complaint = complaint.split_whitespace().collect::<Vec<_>>().join(" ");
    match complaint.split_once(" with value '") {
        Some((before, after)) => format!("{before}{}", after.rsplit_once('\'').map_or("", |(_, rest)| rest)),
        None => complaint,
    }
}

/// What to know where the environment hides the profile that somebody has just signed in to.
fn keys_that_go_first(vars: &Vars) -> &'static str {
    match vars.get("AWS_ACCESS_KEY_ID") {
        Some(_) => "AWS_ACCESS_KEY_ID is set here, and goes before any profile: eval \"$(keyfob env --unset)\"\n",
        None => "",
    }
}

/// The description of the whole command line, against which the manual pages and completion are checked. Nothing of the
/// product calls it: each of its many addresses would cost every start.
#[must_use]
pub fn command_line() -> CommandInfoWithArgs {
    Keyfob::get_args_info()
}

/// Which credentials a command is to get, from the options that such commands share.
#[derive(Debug, Default)]
struct Selection {
    profile: Option<String>,
    region: Option<String>,
    mfa_code: Option<Secret>,
    verbose: bool,
    tells_what_is_unread: bool,
}

/// Refuses a profile that is named before a command which is about none.
fn takes_no_profile(profile: Option<String>, command: &str) -> Result<(), Error> {
    let named = |name| format!("`keyfob {command}` is about shells, and profile \"{name}\" is named");
    profile.map_or(Ok(()), |name| Err(Error::usage(named(name))))
}

/// What a command hands on.
struct Resolved {
    credentials: Credentials,
    /// For the variables of the same name.
    region: Option<String>,
}

impl Selection {
    /// The profile that was named, in whichever of its places: before the command, as an option, as a word.
    fn new(
        places: [Option<String>; 3],
        region: Option<String>,
        mfa_code: Option<String>,
        verbose: bool,
    ) -> Result<Self, Error> {
        if places.iter().flatten().any(String::is_empty) {
            // A variable that is not set, most likely: the default profile is not what was meant.
            return Err(Error::usage("the profile's name is empty").hint("name one, or leave it out"));
        }
        let mut named = places.into_iter().flatten();
        let profile = named.next();
        if let (Some(first), Some(second)) = (&profile, named.find(|name| Some(name) != profile.as_ref())) {
            return Err(two_profiles(first, &second));
        }
        Ok(Self { profile, region, mfa_code: mfa_code.map(Secret::new), verbose, tells_what_is_unread: false })
    }

    /// For a person, who would wonder about a region that is not the profile's.
    fn telling_what_is_unread(self) -> Self {
        Self { tells_what_is_unread: true, ..self }
    }

    /// The profile that is meant: named here, else by the environment, else the default.
    fn name(&self, vars: &Vars) -> String {
        self.profile.clone().unwrap_or_else(|| plan::selected_name(vars))
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted { profile: self.profile.as_deref(), region: self.region.as_deref() }
    }

    /// Decides on the road and goes it.
    ///
    /// The AWS CLI writes the shared files in place: a profile may be half there for a moment. So a question that
    /// has no answer in a file that was changed just now is asked again.
    fn with_plan<T>(
        &self,
        context: &Context,
        act: impl FnOnce(&Plan<'_>, &Profiles) -> Result<T, Error>,
    ) -> Result<T, Error> {
        const TRIES: u32 = 5;
        const PAUSE: Duration = Duration::from_millis(50);
        context.terminal.set_verbose(self.verbose);
        let mut tries = 0;
        loop {
            tries += 1;
            let profiles = Profiles::load(&context.vars)?;
            let made = plan::make(context, &profiles, &self.wanted());
            let lacks_the_profile = made.as_ref().map_or(true, Plan::goes_past_the_profile);
            if lacks_the_profile && tries < TRIES && profiles.changed_just_now() {
                std::thread::sleep(PAUSE);
                continue;
            }
            let plan = made?;
            if self.verbose {
                profiles.warnings().iter().for_each(|warning| context.terminal.note(&warning.to_string()));
            } else if self.tells_what_is_unread {
                profiles.unread().for_each(|note| context.terminal.warn(note));
            }
            return act(&plan, &profiles);
        }
    }

    fn resolve(&self, context: &Context) -> Result<Resolved, Error> {
        self.with_plan(context, |plan, _| {
            let credentials = Walk::new(context, plan, self.mfa_code.as_ref()).credentials()?;
            Ok(Resolved { credentials, region: self.region_to_export(plan) })
        })
    }

    /// A profile that was named brings its own region along, so that the region of one environment does not
    /// stay behind in the next; `--region` still goes first.
    fn region_to_export(&self, plan: &Plan<'_>) -> Option<String> {
        let of_profile = plan.settings.profile_region.as_ref();
        let own = of_profile.filter(|_| self.profile.is_some() && self.region.is_none());
        own.or(plan.settings.region.as_ref()).map(ToString::to_string)
    }
}

fn two_profiles(first: &str, second: &str) -> Error {
    Error::usage(format!("two profiles are named, \"{first}\" and \"{second}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_one_line_without_any_value() {
        for (complaint, told) in [
            (
                "Required positional arguments not provided:\n    name\n",
                "Required positional arguments not provided: name",
            ),
            ("Error parsing option '--x' with value 'hidden': no number", "Error parsing option '--x': no number"),
            ("Unrecognized argument: --x", "Unrecognized argument: --x"),
        ] {
            assert_eq!(without_value(complaint), told);
        }
    }

    #[test]
    fn every_command_is_told_where_its_help_is() {
        for command in command_line().commands {
            let name = command.name;
            assert_eq!(where_to_read_on(&["--x", name, "dev"]), format!("run `keyfob {name} --help`"));
            for below in command.command.commands.iter().map(|below| below.name) {
                assert_eq!(where_to_read_on(&[name, below, "--x"]), format!("run `keyfob {name} {below} --help`"));
            }
        }
        assert_eq!(where_to_read_on(&["logot"]), "run `keyfob --help`");
    }
}
