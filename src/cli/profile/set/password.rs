//! The password of a profile that signs in with SAML, from a person or from standard input. It goes into a store, and never
//! into a file that is plain text.

use super::draft::Draft;
use super::settings::read_stdin;
use crate::cli::QUESTION_LIMIT;
use crate::cli::keys_in_store::{self, Named};
use crate::cli::place::{self, Place};
use crate::error::Error;
use crate::profile::Kind;
use crate::secret::Secret;
use crate::shell;
use crate::store::{Kept, Password, StoreName, Whose};
use crate::terminal::{NoAnswer, Question, Typing};

impl Draft<'_> {
    /// Reads the password that is to be kept; where nothing is written, something stands for it.
    pub(super) fn with_password(self, from_stdin: bool, is_dry_run: bool) -> Result<Self, Error> {
        let store = self.store_for_password()?;
        let whose = self.whose()?.ok_or_else(|| self.is_nobodys())?;
        self.location.refuse_store(self.name, "password")?;
        let password = match () {
            () if is_dry_run => Secret::new("password"),
            () if from_stdin => password_on_stdin()?,
            () => self.ask_password(&store)?,
        };
        if password.expose().contains(char::is_control) {
            return Err(Error::usage("the password holds a control character"));
        }
        let password = Password { secret: password, whose: Some(whose) };
        Ok(Self { kept: Some(Kept::Password(password)), place: Some(Place::Store(store)), ..self })
    }

    /// Who will sign in at the page; `None` when nobody is named.
    fn whose(&self) -> Result<Option<Whose>, Error> {
        let text = |key| Ok::<_, Error>(self.given(key).map(str::to_owned).or(self.setting(key)?));
        let (page, user, domain) = (text("saml_endpoint")?, text("saml_user")?, text("saml_domain")?);
        Ok(page.and_then(|page| keys_in_store::whose(&page, user.as_deref(), domain.as_deref())))
    }

    fn is_nobodys(&self) -> Error {
        let error = Error::usage("a password is kept for one person at one page");
        match self.given("saml_user") {
            Some(_) => error.cause(format!("the saml_endpoint of profile \"{}\" is no web address", self.name)),
            None => error
                .cause(format!("profile \"{}\" names nobody who signs in", self.name))
                .hint("name them with --saml-user"),
        }
    }

    /// An error when the profile is to name another person or server than the one whose password a store has: it is of no
    /// use to them.
    pub(super) fn refuse_other_person(&self, kind: Option<Kind>) -> Result<(), Error> {
        let Some(profile) = self.profile.filter(|_| self.was_saml && self.kept.is_none() && !self.leaves_store(kind))
        else {
            return Ok(());
        };
        let Some((store, Named::Password(Some(before)))) = keys_in_store::place_of(profile)? else { return Ok(()) };
        let after = self.whose()?;
        if after.as_ref() == Some(&before) {
            return Ok(());
        }
        let after = after.map_or("nobody".to_owned(), |after| after.to_string());
        Err(Error::new(format!("cannot let profile \"{}\" name {after}", self.name))
            .cause(format!("the store \"{}\" has the password of {before} for it", store.shown()))
            .hint(format!(
                "`keyfob profile set {}{} --stdin` asks for the other password as well",
                shell::word(self.name),
                self.given_person()
            )))
    }

    /// Who is given, and where they sign in, as words of a command line.
    fn given_person(&self) -> String {
        let words =
            [("saml_endpoint", " --saml-endpoint "), ("saml_user", " --saml-user "), ("saml_domain", " saml_domain=")];
        let given = words.into_iter().filter_map(|(key, text)| Some((text, self.given(key)?)));
        given.fold(String::new(), |words, (text, value)| words + text + &shell::word(value))
    }

    /// Where it goes: where somebody says, else where the one before is.
    fn store_for_password(&self) -> Result<StoreName, Error> {
        let kind = if self.merge { None } else { self.kind()? };
        if let Some(kind) = kind.filter(|kind| *kind != Kind::Saml) {
            return Err(Error::usage("there is no use for a password").cause(format!(
                "these settings make profile \"{}\" one of kind \"{}\"",
                self.name,
                kind.name()
            )));
        }
        let has_process = self.setting("saml_process")?.is_some() && self.given("saml_endpoint").is_none();
        if self.given("saml_process").is_some() || has_process {
            return Err(Error::usage("there is no use for a password")
                .cause("saml_process gets the assertion by itself")
                .hint("leave out --store and --stdin"));
        }
        match (&self.place, &self.kept_in) {
            (Some(place), _) => place::for_passwords(place).cloned(),
            (None, Some(store)) if self.was_saml => Ok(store.clone()),
            (None, _) => Err(Error::usage("no store is named for the password")
                .hint("name it with --store; `--store auto` is the best that this machine has")),
        }
    }

    fn ask_password(&self, store: &StoreName) -> Result<Secret, Error> {
        let question = Question { text: "Password: ", typing: Typing::Hidden, limit: QUESTION_LIMIT, lock: None };
        loop {
            let answer = self.context.terminal.ask(&question).map_err(|why| self.no_password(store, why))?;
            // Blanks around it may be a part of it.
            match answer.expose().trim_end_matches(['\r', '\n']) {
                "" => self.context.terminal.tell("That is empty; Ctrl-C leaves everything as it is."),
                answer => return Ok(Secret::new(answer)),
            }
        }
    }

    fn no_password(&self, store: &StoreName, why: NoAnswer) -> Error {
        let (word, option) = (shell::word(self.name), Place::Store(store.clone()).option());
        let command = format!("keyfob profile set {word}{}{option} --stdin", self.given_person());
        why.explain(Error::new("nothing was stored").hint(format!("a program can send it, too: `{command} < FILE`")))
    }
}

/// The one line of standard input.
fn password_on_stdin() -> Result<Secret, Error> {
    let refused = |why: &str| {
        Error::new("cannot read the password from standard input")
            .cause(why)
            .hint("it should have the password in one line, and nothing else")
    };
    let text = read_stdin().map_err(|why| refused(&why))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(refused("it is empty")),
        text if text.contains('\n') => Err(refused("it has several lines")),
        text => Ok(Secret::new(text)),
    }
}
