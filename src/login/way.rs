//! Which way a person takes to AWS's page and back: by a browser on this machine, or by one on any device.

use super::browser::{Browser, Elsewhere};
use super::same_device::SameDevice;
use crate::context::Context;
use crate::error::Error;

/// What a person wants of the way: the options that sign-ins share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    /// Any device will do.
    pub(crate) any_device: bool,
    /// Nothing has to be carried back from another device: then it also serves whoever opens the page elsewhere.
    pub(crate) any_device_is_easy: bool,
    /// Open none.
    pub(crate) no_browser: bool,
    /// The command line that opens the page.
    pub(crate) browser: Option<String>,
    /// That the browser comes back to; `None`: one that the system chooses.
    pub(crate) redirect_port: Option<u16>,
}

/// How the person gets to AWS's page, and the answer back.
#[derive(Debug)]
pub(crate) enum Way {
    /// By a browser whose 127.0.0.1 is this machine's.
    SameDevice(SameDevice),
    /// By any browser.
    AnyDevice {
        /// Else it is the only way here.
        was_asked_for: bool,
        /// `None`: the person opens the page.
        browser: Option<Browser>,
    },
}

impl Wishes {
    /// What no sign-in can do at once; `any_device` is the option's name.
    pub(crate) fn refuse_contradictions(&self, any_device: &str) -> Result<(), Error> {
        for (both, one, other) in [
            (self.any_device && self.redirect_port.is_some(), any_device, "--redirect-port"),
            (self.no_browser && self.browser.is_some(), "--no-browser", "--browser"),
        ] {
            if both {
                return Err(Error::usage(format!("{one} and {other} exclude each other")));
            }
        }
        if self.browser.as_ref().is_some_and(|line| line.trim().is_empty()) {
            return Err(Error::usage("--browser names no command"));
        }
        Ok(())
    }

    /// The browser that opens the page. One that was named is taken at its word; else it depends on where we are.
    fn browser(&self, elsewhere: Option<&Elsewhere>, context: &Context) -> Option<Browser> {
        if self.no_browser {
            return None;
        }
        let named = self.browser.clone().map(|line| Browser::Named(vec![line]));
        let named = named.or_else(|| Browser::of_vars(&context.vars));
        named.or_else(|| elsewhere.is_none().then_some(Browser::Usual))
    }

    /// Chooses, and says so where it is not what one expects.
    pub(crate) fn way(&self, context: &Context) -> Way {
        let Context { vars, terminal, .. } = context;
        let elsewhere = Elsewhere::find(vars);
        let browser = self.browser(elsewhere.as_ref(), context);
        if self.any_device {
            return Way::AnyDevice { was_asked_for: true, browser };
        }
        let port = self.redirect_port;
        if let (None, Some(place)) = (&browser, &elsewhere) {
            let why = place.why();
            let waits_here = self.no_browser && !self.any_device_is_easy;
            match port {
                // Whoever fixes the port is going to lead a browser to it. Over SSH, that is said with the way to the
                // port.
                Some(_) if self.no_browser || matches!(place, Elsewhere::Ssh(_)) => {}
                Some(_) => terminal.tell(&format!("No browser is opened here: {why}.")),
                None if waits_here => {}
                None => {
                    terminal.tell(&format!("No browser is opened here: {why}. You can sign in on any device."));
                    return Way::AnyDevice { was_asked_for: false, browser };
                }
            }
        }
        Way::SameDevice(SameDevice { port, browser, elsewhere })
    }
}
