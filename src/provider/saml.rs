//! `saml_endpoint` and `saml_process`: a role that somebody's own identity provider gives them.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>

mod refusal;
mod roles;
mod stored;

pub(crate) use refusal::explain;

use crate::api::http::Client;
use crate::chain::{AssertionFrom, SamlRole};
use crate::command_line::Invocation;
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::paths;
use crate::program::{self, Limits, Words};
use crate::recursion::{self, CHAIN_VARIABLE};
use crate::saml::{Address, Assertion, Credential, Entered, Failure, Offer, Site, Visit, Way};
use crate::secret::Secret;
use crate::shell;
use crate::store::{self, Patience, StoreName, Whose};
use crate::terminal::{NoAnswer, Question, Typing};
use std::cell::Cell;
use std::time::{Duration, Instant};
use stored::{Stored, how_to_keep_another};

/// How long a person may take for an answer, as for an MFA code.
const LIMIT: Duration = Duration::from_mins(1);
/// As many as AWS Tools for PowerShell allow.
const TRIES: usize = 3;

/// Whose assertion is wanted.
pub(crate) struct Request<'a> {
    pub(crate) role: &'a SamlRole,
    pub(crate) profile: &'a str,
    /// Makes a client for a URL.
    pub(crate) connect: &'a dyn Fn(&str) -> Result<Client, Error>,
    /// How long the provider's servers may take after each answer of a person.
    pub(crate) limit: Duration,
    /// How long a program may take.
    pub(crate) program_limit: Duration,
    /// Whether somebody waits, so that a person may be asked.
    pub(crate) is_waited_for: bool,
}

/// Who signs in where, as the settings have it.
struct SignOn<'a> {
    request: &'a Request<'a>,
    context: &'a Context,
    address: Address,
    way: Option<Way>,
    user: Option<&'a str>,
    domain: Option<&'a str>,
    store: Option<&'a StoreName>,
    /// When the calls before the next answer of a person are to have ended.
    deadline: Cell<Instant>,
}

/// An assertion, and what to do with it.
pub(crate) struct Granted {
    pub(crate) assertion: Secret,
    /// The role that it is to give.
    pub(crate) offer: Offer,
    /// When the calls with it are to have ended.
    pub(crate) deadline: Instant,
}

/// Gets the assertion, and the role that it is to give.
pub(crate) fn assertion(request: &Request<'_>, context: &Context) -> Result<Granted, Error> {
    let anew = || Instant::now() + request.limit;
    let (assertion, deadline) = match &request.role.assertion {
        AssertionFrom::Process { saml_process } => {
            let assertion = run(saml_process, request, context)?;
            // The time of programs does not count.
            (assertion, anew())
        }
        AssertionFrom::Endpoint { saml_endpoint, saml_authentication, saml_user, saml_domain, store } => {
            let profile = request.profile;
            let unusable = || Error::new(format!("saml_endpoint of profile \"{profile}\" is no web address"));
            let sign_on = SignOn {
                request,
                context,
                address: Address::parse(saml_endpoint).ok_or_else(unusable)?,
                way: saml_authentication.as_deref().and_then(Way::parse),
                user: saml_user.as_deref(),
                domain: saml_domain.as_deref(),
                store: store.as_ref(),
                deadline: Cell::new(anew()),
            };
            (sign_on.assertion()?, sign_on.deadline.get())
        }
    };
    let chosen = roles::chosen(&assertion, request, context)?;
    let deadline = if chosen.by_a_person { anew() } else { deadline };
    Ok(Granted { assertion: assertion.encoded, offer: chosen.offer, deadline })
}

/// What to say where a person would have to be asked and cannot be; `None`: nobody has to be asked.
pub(crate) fn nobody_to_ask(role: &SamlRole, profile: &str, context: &Context) -> Option<Error> {
    match &role.assertion {
        AssertionFrom::Endpoint { saml_endpoint, saml_user, store, .. } if saml_user.is_none() || store.is_none() => {
            Some(no_password(profile, saml_user.as_deref(), saml_endpoint, NoAnswer::NoTerminal, context))
        }
        _ => None,
    }
}

fn no_password(profile: &str, user: Option<&str>, endpoint: &str, why: NoAnswer, context: &Context) -> Error {
    let address = Address::parse(endpoint);
    let host = address.as_ref().map_or("the identity provider", Address::host);
    let whose = user.map_or("a name and a password".to_owned(), |user| format!("the password of \"{user}\""));
    let error = Error::new(format!("profile \"{profile}\" needs {whose} for {host}")).exit(Exit::SignInNeeded);
    let profile = shell::word(profile);
    // A store keeps the password of somebody.
    let name = if user.is_some() { "" } else { " --saml-user NAME" };
    match why {
        NoAnswer::NoTerminal => why.explain(error).hint(format!(
            "run `keyfob whoami {profile}` in a terminal, or keep the password in a store: `keyfob profile set \
             {profile}{name} --store {}`",
            store::usual(context)
        )),
        why => why.explain(error),
    }
}

impl SignOn<'_> {
    fn assertion(&self) -> Result<Assertion, Error> {
        let stored = match self.user {
            Some(_) => self.stored_password()?,
            None => None,
        };
        if self.request.is_waited_for {
            // A person may have opened the store.
            self.go_on();
        }
        let can_ask = self.request.is_waited_for && self.context.terminal.can_ask();
        let mut stored = match (stored, self.user) {
            (Some(password), Some(user)) => Some(Stored::new(password, user, can_ask, self)?),
            _ if !can_ask => return Err(self.unanswered(NoAnswer::NoTerminal)),
            _ => None,
        };
        let site = Site {
            connect: self.request.connect,
            clock: &self.context.clock,
            endpoint: self.address.clone(),
            deadline: self.deadline.get(),
        };
        let mut visit = Visit::open(site, self.way).map_err(|failure| self.failed(failure))?;
        if let Some(response) = visit.is_open() {
            return self.read(response);
        }
        let mut who = self.who(stored.as_ref())?;
        for number in 1..=TRIES {
            visit.go_on(self.deadline.get());
            let entered = visit.enter(&who).map_err(|failure| self.failed(failure))?;
            if let Some(stored) = &mut stored {
                stored.was_tried(&who.password, !matches!(entered, Entered::Assertion(_)));
            }
            let words = match entered {
                Entered::Assertion(response) => {
                    self.compare(stored.as_ref(), &who.password);
                    return self.read(&response);
                }
                Entered::Stuck(failure) => return Err(self.failed(failure)),
                Entered::Refused(words) => words,
            };
            if number == TRIES || !can_ask {
                return Err(self.refused(&who, words, stored.is_some(), visit.other_reasons()));
            }
            let prefix = match words {
                Some(words) => format!("{words} "),
                None => "That was refused. ".into(),
            };
            who.password = self.ask_password(&prefix, &who.user)?;
        }
        Err(self.refused(&who, None, stored.is_some(), visit.other_reasons()))
    }

    fn who(&self, stored: Option<&Stored>) -> Result<Credential, Error> {
        let user = match self.user {
            Some(user) => user.to_owned(),
            None => self.ask_user()?,
        };
        let password = match stored.and_then(Stored::to_try) {
            Some(password) => password.clone(),
            None => self.ask_password(&stored.map(Stored::complaint).unwrap_or_default(), &user)?,
        };
        Ok(Credential { user, domain: self.domain.map(str::to_owned), password })
    }

    /// Says that the store has another password than the one that is right.
    fn compare(&self, stored: Option<&Stored>, right: &Secret) {
        if stored.is_some_and(|stored| !stored.is(right)) {
            let profile = self.request.profile;
            self.context.terminal.warn(&format!(
                "the store still has the password of profile \"{profile}\" that was refused; {}",
                how_to_keep_another(profile)
            ));
        }
    }

    /// Lets the calls take their time anew.
    fn go_on(&self) {
        self.deadline.set(Instant::now() + self.request.limit);
    }

    /// The password that a store keeps. Nobody is asked to open it while there is something to hand out.
    ///
    /// An error when it is that of another person or server: it must not be sent to this one.
    fn stored_password(&self) -> Result<Option<Secret>, Error> {
        let Some(name) = self.store else { return Ok(None) };
        let patience =
            if self.request.is_waited_for { Patience::OfAPerson } else { Patience::Short(self.request.limit) };
        let profile = self.request.profile;
        let error = || Error::new(format!("cannot get the password of profile \"{profile}\""));
        let kept = store::open_with(name, patience, self.context).password(profile);
        let Some(kept) = kept.map_err(|trouble| trouble.explain(name, error()))? else { return Ok(None) };
        let person = self.user.map(|user| Whose::new(&self.address, user, self.domain));
        match kept.objection(person.as_ref()) {
            None => Ok(Some(kept.secret)),
            Some(other) => Err(error().cause(format!("the store \"{}\" has {other}", name.shown())).hint(format!(
                "keep the right one: `keyfob profile set {} --stdin` asks for it",
                shell::word(profile)
            ))),
        }
    }

    fn ask_user(&self) -> Result<String, Error> {
        let text = format!("User name at {} (profile {}): ", self.address.host(), self.request.profile);
        let typed = self.ask(&text, Typing::Shown)?;
        match typed.expose().trim() {
            "" => Err(self.unanswered(NoAnswer::Interrupted)),
            user => Ok(user.to_owned()),
        }
    }

    fn ask_password(&self, prefix: &str, user: &str) -> Result<Secret, Error> {
        let name = Credential::full_name(user, self.domain);
        let host = self.address.host();
        self.ask(&format!("{prefix}Password of {name} at {host} (profile {}): ", self.request.profile), Typing::Hidden)
    }

    fn ask(&self, text: &str, typing: Typing) -> Result<Secret, Error> {
        let lock = paths::question_lock(&self.context.vars);
        let question = Question { text, typing, limit: LIMIT, lock: lock.as_deref() };
        let answer = self.context.terminal.ask(&question).map_err(|why| self.unanswered(why))?;
        self.go_on();
        Ok(answer)
    }

    fn unanswered(&self, why: NoAnswer) -> Error {
        no_password(self.request.profile, self.user, self.address.as_str(), why, self.context)
    }

    fn read(&self, response: &Secret) -> Result<Assertion, Error> {
        Assertion::decode(response.expose()).map_err(|why| {
            let host = self.address.host();
            Error::new(format!("{host} has no usable assertion for profile \"{}\"", self.request.profile))
                .cause(why)
                .hint("check that saml_endpoint is the sign-on URL for AWS, and that a role there is yours")
        })
    }

    fn cannot(&self) -> Error {
        Error::new(format!("cannot sign in at {} for profile \"{}\"", self.address.host(), self.request.profile))
    }

    fn failed(&self, failure: Failure) -> Error {
        let Failure { cause, hint } = failure;
        Error { hint, ..self.cannot().cause(cause) }
    }

    fn refused(&self, who: &Credential, words: Option<String>, is_stored: bool, other_reasons: &str) -> Error {
        let name = Credential::full_name(&who.user, self.domain);
        let words = words.map_or_else(String::new, |words| format!(": {words}"));
        let hint = if is_stored {
            how_to_keep_another(self.request.profile) + other_reasons
        } else {
            format!("check saml_user, saml_domain and the password; too many tries may lock the account{other_reasons}")
        };
        let cause = format!("the name \"{name}\" or the password was refused{words}");
        self.cannot().cause(cause).hint(hint).exit(Exit::SignInNeeded)
    }
}

/// Runs `saml_process` and reads what it prints.
fn run(saml_process: &str, request: &Request<'_>, context: &Context) -> Result<Assertion, Error> {
    // A page with an assertion of the largest size, each letter of it perhaps an entity.
    const LARGEST_PAGE: u64 = 1024 * 1024;
    let profile = request.profile;
    let failed = |why: String| Error::new(format!("saml_process of profile \"{profile}\" failed")).cause(why);
    let chain = recursion::extended_chain_by("saml_process", &context.vars, profile)?;
    let invocation = Invocation::parse(saml_process);
    let name = format!("\"{}\"", invocation.program());
    let limits = Limits { time: request.program_limit, stdout: LARGEST_PAGE };
    let output = program::run_within(&invocation, &[(CHAIN_VARIABLE, &chain)], Words::Kept, limits)
        .map_err(|failure| failed(failure.to_string()))?;
    if !output.status.success() {
        return Err(failed(format!("{name} {}", output.ending())));
    }
    let unusable = |why: &str| failed(format!("the output of {name} is no assertion: {why}"));
    let text = str::from_utf8(&output.stdout).map_err(|_| unusable("it is not text"))?;
    Assertion::of_output(text).map_err(|why| unusable(&why))
}
