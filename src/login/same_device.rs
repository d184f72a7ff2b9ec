//! A sign-in by a browser whose 127.0.0.1 is this machine's: the page is shown and opened, leads back to the listener,
//! and the person there is told how it went.

use super::browser::{Browser, Elsewhere, Opening};
use super::loopback::Loopback;
use super::page::Page;
use super::{Callback, gave_up, show};
use crate::context::Context;
use crate::error::{Error, Exit};
use crate::terminal::Waiting;
use std::io;
use std::time::Duration;

/// The browser, and the way back from it.
#[derive(Debug)]
pub(crate) struct SameDevice {
    /// `None`: one that the system chooses.
    pub(super) port: Option<u16>,
    /// `None`: the person opens the page.
    pub(super) browser: Option<Browser>,
    /// Where the person may be, when not here.
    pub(super) elsewhere: Option<Elsewhere>,
}

/// What differs between the sign-ins that take this way.
pub(super) struct Terms<'a> {
    pub(super) context: &'a Context,
    /// What is signed in to.
    pub(super) place: &'a str,
    /// What an error says first.
    pub(super) failed: Error,
    /// The option that gets by without a browser on this machine.
    pub(super) other_way: &'static str,
    pub(super) limit: Duration,
}

/// A listener, from before the page's address is made until the sign-in is over.
pub(super) struct Listening<'a> {
    loopback: Loopback,
    way: &'a SameDevice,
    terms: Terms<'a>,
}

impl SameDevice {
    /// Listens. What comes back is good for this sign-in alone.
    pub(super) fn listen<'a>(&'a self, terms: Terms<'a>) -> Result<Listening<'a>, Error> {
        let loopback = Loopback::bind(self.port).map_err(|error| self.cannot_listen(&error, &terms))?;
        Ok(Listening { loopback, way: self, terms })
    }

    fn cannot_listen(&self, error: &io::Error, terms: &Terms<'_>) -> Error {
        let what = self.port.map_or_else(|| "any port of 127.0.0.1".to_owned(), |port| format!("127.0.0.1:{port}"));
        let other_way = terms.other_way;
        let hint = match self.port {
            Some(_) => format!("choose another --redirect-port, or use {other_way}"),
            None => format!("use {other_way}"),
        };
        terms.failed.clone().cause(format!("cannot listen on {what}: {error}")).hint(hint)
    }
}

impl Listening<'_> {
    /// Where the page is to lead.
    pub(super) fn redirect_uri(&self) -> String {
        self.loopback.redirect_uri()
    }

    /// Leads the person to `url`, and what comes back for the sign-in with this `state` to `redeem`.
    pub(super) fn visit<T>(
        mut self,
        url: &str,
        state: &str,
        redeem: impl FnOnce(Callback) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Terms { context, other_way, limit, .. } = self.terms;
        let terminal = &context.terminal;
        self.tell(url);
        let gave_up = |why| gave_up(why, limit, self.terms.failed.clone());
        let mut waiting = Waiting::begin("the browser", limit).map_err(gave_up)?;
        let mut opening = self.way.browser.as_ref().map(|browser| browser.open(url, &context.vars));
        let waited = self.loopback.wait(state, || {
            if let Some(why) = opening.as_mut().and_then(Opening::failed) {
                waiting.hush();
                terminal.warn(&format!("no browser was opened: {why}; open the URL yourself, or use {other_way}"));
            }
            waiting.go_on()
        });
        drop(waiting);
        let signed_in = waited.map_err(gave_up).and_then(redeem);
        // Whoever comes now is told how things stand.
        let page = match &signed_in {
            Ok(_) => Page::Again,
            Err(error) if error.exit == Exit::SignInNeeded => Page::Expired,
            Err(_) => Page::Over,
        };
        self.loopback.close(state, page);
        signed_in
    }

    fn tell(&self, url: &str) {
        let Self { loopback, way, terms } = self;
        let Terms { context, place, .. } = terms;
        let terminal = &context.terminal;
        let port = loopback.port();
        let mut browsers_place = "on this machine";
        if let (None, Some(Elsewhere::Ssh(host))) = (&way.browser, &way.elsewhere) {
            // A browser on the person's own machine reaches the listener through SSH.
            terminal.tell(
                "This is an SSH session, so no browser is opened here. On the machine where you sit, forward the port:",
            );
            show(&format!("ssh -L {port}:127.0.0.1:{port} {host}"), terminal);
            browsers_place = "there";
        }
        terminal.note(&format!("listening on 127.0.0.1:{port}"));
        terminal.tell(&match way.browser {
            Some(_) => {
                format!("Opening a browser to sign in to {place}. If none opens, open this URL on this machine:")
            }
            None => format!("To sign in to {place}, open this URL in a browser {browsers_place}:"),
        });
        show(url, terminal);
    }
}
