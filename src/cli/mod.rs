//! The commands: one file each, holding its arguments and its `run`.

mod arguments;
mod bridge;
mod changes;
mod columns;
mod configure;
mod env;
mod exec;
mod explain;
mod forget;
mod keys_in_store;
mod location;
mod login;
mod logout;
mod place;
mod process;
mod profile;
mod sso;
mod store;
mod timeout;
mod whoami;

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
    Login(login::Login),
    Logout(logout::Logout),
    Configure(configure::Configure),
    Sso(sso::Sso),
    Profile(profile::Profile),
    Bridge(bridge::Bridge),
    Store(store::Store),
    Whoami(whoami::Whoami),
    Explain(explain::Explain),
}

/// How long a person may think about a question of a command's.
const QUESTION_LIMIT: Duration = Duration::from_mins(5);
/// The output formats of the AWS CLI, as profiles name them.
const OUTPUTS: [&str; 6] = ["json", "text", "table", "yaml", "yaml-stream", "off"];

/// Runs a command line and returns what it prints.
///
/// # Errors
///
/// Whatever went wrong, in words for a person, with the exit code of the process.
pub fn run(arguments: &[OsString], context: &Context) -> Result<String, Error> {
    let arguments = arguments::read(arguments)?;
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let Keyfob { version, profile, command } = match Keyfob::from_args(&["keyfob"], &words) {
        Ok(parsed) => parsed,
        Err(early) if early.status.is_ok() => return Ok(early.output),
        Err(early) => return Err(Error::usage(without_value(early.output.trim())).hint(where_to_read_on(&words))),
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
    }
}

/// The help of the command that was meant, if one was.
fn where_to_read_on(words: &[&str]) -> String {
    // argh's own list would bring the whole description into the binary, which is a hundredth of it.
    const COMMANDS: [&str; 29] = [
        "process",
        "env",
        "exec",
        "login",
        "logout",
        "configure",
        "configure sso",
        "sso",
        "sso login",
        "sso logout",
        "sso list",
        "sso sync",
        "profile",
        "profile check",
        "profile copy",
        "profile list",
        "profile remove",
        "profile rename",
        "profile set",
        "profile show",
        "profile unset",
        "bridge",
        "store",
        "store list",
        "store move",
        "store unlock",
        "store lock",
        "whoami",
        "explain",
    ];
    let Some(at) = words.iter().position(|word| COMMANDS.contains(word)) else { return "run `keyfob --help`".into() };
    let pair = words[at..].iter().take(2).copied().collect::<Vec<_>>().join(" ");
    let meant = if COMMANDS.contains(&pair.as_str()) { &pair } else { words[at] };
    format!("run `keyfob {meant} --help`")
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

/// The description of the whole command line, against which the manual pages are checked.
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
            return Err(Error::usage("the profile's name is empty").hint("name one, or leave the option out"));
        }
        let mut named = places.into_iter().flatten();
        let profile = named.next();
        if let (Some(first), Some(second)) = (&profile, named.find(|name| Some(name) != profile.as_ref())) {
            return Err(Error::usage(format!("two profiles are named, \"{first}\" and \"{second}\"")));
        }
        Ok(Self { profile, region, mfa_code: mfa_code.map(Secret::new), verbose })
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
