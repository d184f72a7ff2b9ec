//! By a code that a person enters, or compares, in a browser on any device (RFC 8628).
//!
//! A stranger may send somebody such a page with the stranger's own code. So the code is shown where it can be compared
//! with the page's.

use super::super::browser::{Browser, Opening};
use super::super::show;
use super::{Attempt, Registered, Tried, Wanted};
use crate::api::rest_json::RestJson;
use crate::api::sso_oidc::{DeviceAuthorization, Grant, SsoOidc, Token};
use crate::api::{Answer, Reason, ServiceError};
use crate::cache::ClientKind;
use crate::error::Error;
use crate::terminal::{Terminal, Waiting};
use crate::timestamp::spoken;
use std::time::{Duration, Instant};

/// Asking whether the person has approved a code, no more often than the service wants it.
struct Polling<'a> {
    attempt: &'a Attempt<'a>,
    registered: &'a Registered,
    authorization: &'a DeviceAuthorization,
    /// That the service wants at least.
    interval: Duration,
    /// Longer than that while the service does not answer.
    pause: Duration,
    began: Instant,
}

impl Attempt<'_> {
    pub(super) fn by_device(&self, browser: Option<&Browser>, wanted: Wanted) -> Result<(Registered, Tried), Error> {
        let registered = self.registered(ClientKind::Devices, wanted)?;
        let client = &registered.client;
        let (client_id, client_secret) = (&client.client_id, &client.client_secret);
        let service = self.service();
        let authorization = match service.start_device_authorization(client_id, client_secret, self.request.start_url) {
            Ok(authorization) => authorization,
            Err(refusal) if registered.is_forgotten(&refusal) => return Ok((registered, Tried::Forgotten)),
            Err(refusal) => return Err(self.explain(&refusal)),
        };
        let interval = authorization.interval();
        let mut polling = Polling {
            attempt: self,
            registered: &registered,
            authorization: &authorization,
            interval,
            pause: interval,
            began: Instant::now(),
        };
        // The client may have been approved before.
        let tried = polling.poll()?.map_or_else(|| polling.wait(browser), Ok)?;
        Ok((registered, tried))
    }
}

impl Polling<'_> {
    /// Shows the person the code, and asks until it was approved.
    fn wait(&mut self, browser: Option<&Browser>) -> Result<Tried, Error> {
        /// Between two looks at the browser and at Ctrl-C.
        const PAUSE: Duration = Duration::from_millis(20);
        let Attempt { context, request, .. } = self.attempt;
        let DeviceAuthorization { verification_uri, verification_uri_complete, .. } = self.authorization;
        let mut asked = Instant::now();
        // No program is started with anything but the address of a page.
        let page = [verification_uri_complete, verification_uri].into_iter().find(|uri| is_page(uri));
        let browser = browser.zip(page);
        self.show(browser.is_some(), &context.terminal);
        // The first question was a part of it.
        let limit = request.limit.saturating_sub(self.began.elapsed()).min(self.left());
        let gave_up = |why| self.attempt.gave_up(why);
        let mut waiting = Waiting::begin("the approval", limit).map_err(gave_up)?;
        let mut opening = browser.map(|(browser, page)| browser.open(page, &context.vars));
        loop {
            let pause = pause_within(self.left(), self.pause, self.interval);
            while asked.elapsed() < pause {
                if self.left().is_zero() {
                    return Err(self.too_late());
                }
                if let Some(why) = opening.as_mut().and_then(Opening::failed) {
                    waiting.hush();
                    context.terminal.warn(&format!("no browser was opened: {why}; open the URL yourself"));
                }
                waiting.go_on().map_err(gave_up)?;
                std::thread::sleep(PAUSE);
            }
            // With the answer the wait goes on, and so does the time between two questions.
            let polled = waiting.meanwhile(|| self.poll())?;
            asked = Instant::now();
            if let Some(tried) = polled {
                return Ok(tried);
            }
        }
    }

    fn show(&self, is_opened: bool, terminal: &Terminal) {
        let DeviceAuthorization { user_code, verification_uri, verification_uri_complete, .. } = self.authorization;
        let place = self.attempt.request.session.title();
        terminal.tell(&if is_opened {
            format!("Opening a browser to sign in to {place}. If none opens, open this URL on any device:")
        } else {
            format!("To sign in to {place}, open this URL in a browser on any device:")
        });
        show(verification_uri, terminal);
        terminal.tell("Enter this code there. Where the page shows one already, go on only if it is the same:");
        show(&format!("        {user_code}"), terminal);
        if !is_opened && !verification_uri_complete.is_empty() {
            terminal.tell("This URL brings the code along:");
            show(verification_uri_complete, terminal);
        }
    }

    /// Asks once; `None`: the person has not decided yet.
    fn poll(&mut self) -> Result<Option<Tried>, Error> {
        let client = &self.registered.client;
        let device_code = self.authorization.device_code.expose();
        // What goes wrong on the way is put right by asking again, in time.
        let service = self.attempt.service().service;
        let deadline = service.deadline.min(self.began + self.attempt.request.limit);
        let service = SsoOidc { service: RestJson { max_attempts: 1, deadline, ..service } };
        let answer = service.create_token(&client.client_id, &client.client_secret, &Grant::DeviceCode { device_code });
        self.understand(answer)
    }

    fn understand(&mut self, answer: Answer<Token>) -> Result<Option<Tried>, Error> {
        let refusal = match answer {
            Ok(token) => return Ok(Some(Tried::SignedIn(token))),
            Err(refusal) => refusal,
        };
        if self.registered.is_forgotten(&refusal) {
            return Ok(Some(Tried::Forgotten));
        }
        match next_after(&refusal, self.interval, self.pause) {
            Some((interval, pause)) => {
                if refusal.code() != PENDING {
                    self.attempt.context.terminal.note(&format!("asking again: {refusal}"));
                }
                (self.interval, self.pause) = (interval, pause);
                Ok(None)
            }
            None if refusal.code() == "expired_token" => Err(self.too_late()),
            None => Err(self.attempt.explain(&refusal)),
        }
    }

    /// Of the code's life.
    fn left(&self) -> Duration {
        self.authorization.life().saturating_sub(self.began.elapsed())
    }

    fn too_late(&self) -> Error {
        let lasted = spoken(self.began.elapsed().min(self.authorization.life()));
        self.attempt.too_late(format!("nobody approved the code within {lasted}, and it has ended"))
    }
}

/// The service's word for a person who has not decided yet.
const PENDING: &str = "authorization_pending";

/// The interval and the pause from now on; `None` where asking again is of no use. RFC 8628, section 3.5.
fn next_after(refusal: &ServiceError, interval: Duration, pause: Duration) -> Option<(Duration, Duration)> {
    const SLOWER: Duration = Duration::from_secs(5);
    const LONGEST_PAUSE: Duration = Duration::from_secs(30);
    match (refusal.code(), &refusal.reason) {
        ("slow_down", _) | (_, Reason::Refused { status: 429, .. } | Reason::Unreadable { status: 429, .. }) => {
            let interval = interval.saturating_add(SLOWER);
            Some((interval, interval))
        }
        (_, Reason::Transport(error)) if error.timed_out => {
            Some((interval, pause.saturating_mul(2).min(LONGEST_PAUSE).max(interval)))
        }
        (PENDING, _)
        | (
            _,
            Reason::Refused { status: 500.., .. } | Reason::Unreadable { status: 500.., .. } | Reason::Transport(_),
        ) => Some((interval, interval)),
        (_, Reason::Refused { .. } | Reason::Unreadable { .. } | Reason::Unsendable) => None,
    }
}

/// The pause that lets a last question come before the code ends, with so much of its life `left`, and none too soon.
fn pause_within(left: Duration, pause: Duration, interval: Duration) -> Duration {
    /// For the question and its answer.
    const LAST: Duration = Duration::from_secs(2);
    pause.min(left.saturating_sub(LAST)).max(interval)
}

fn is_page(uri: &str) -> bool {
    uri.starts_with("https://") || uri.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::http::TransportError;

    #[test]
    fn no_program_is_started_with_anything_but_a_page() {
        for (uri, is_one) in [
            ("https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH", true),
            ("http://127.0.0.1:8080/device", true),
            ("", false),
            ("--help", false),
            ("file:///etc/passwd", false),
            ("javascript:x", false),
        ] {
            assert_eq!(is_page(uri), is_one, "{uri}");
        }
    }

    fn refusal(reason: Reason) -> ServiceError {
        ServiceError { action: "CreateToken", host: String::new(), reason, clock_off: None, retry_after: None }
    }

    #[test]
    fn only_what_may_pass_is_asked_about_again_and_no_more_often_than_is_wanted() {
        let refused = |status, code: &str| Reason::Refused {
            status,
            code: code.into(),
            message: String::new(),
            key_trouble: None,
            request_id: None,
        };
        let unreadable = |status| Reason::Unreadable { status, why: String::new(), request_id: None };
        for (reason, seconds) in [
            (refused(400, "authorization_pending"), Some((3, 3))),
            (refused(400, "slow_down"), Some((8, 8))),
            (refused(429, "too_many_requests"), Some((8, 8))),
            (unreadable(429), Some((8, 8))),
            (refused(500, "internal_server"), Some((3, 3))),
            (unreadable(502), Some((3, 3))),
            (Reason::Transport(TransportError::test(false)), Some((3, 3))),
            (Reason::Transport(TransportError::test(true)), Some((3, 8))),
            (refused(400, "access_denied"), None),
            (refused(400, "expired_token"), None),
            (refused(401, "invalid_client"), None),
            (unreadable(200), None),
            (unreadable(403), None),
        ] {
            let refusal = refusal(reason);
            let next = next_after(&refusal, Duration::from_secs(3), Duration::from_secs(4));
            let seconds = seconds.map(|(interval, pause)| (Duration::from_secs(interval), Duration::from_secs(pause)));
            assert_eq!(next, seconds, "{refusal}");
        }
    }

    #[test]
    fn pauses_without_answers_grow_to_half_a_minute_and_no_number_is_too_large() {
        let timed_out = || refusal(Reason::Transport(TransportError::test(true)));
        let seconds = Duration::from_secs;
        for (interval, pause, next) in [(5, 5, 10), (5, 16, 30), (5, 30, 30), (60, 60, 60)] {
            let next = Some((seconds(interval), seconds(next)));
            assert_eq!(next_after(&timed_out(), seconds(interval), seconds(pause)), next);
        }
        let longest = Some((Duration::MAX, Duration::MAX));
        assert_eq!(next_after(&timed_out(), Duration::MAX, Duration::MAX), longest);
        let status = Reason::Unreadable { status: 429, why: String::new(), request_id: None };
        assert_eq!(next_after(&refusal(status), Duration::MAX, Duration::MAX), longest);
    }

    #[test]
    fn last_question_comes_before_the_code_ends_and_no_sooner_than_is_wanted() {
        for (left, pause, interval, waited) in [(600, 5, 5, 5), (600, 30, 5, 30), (20, 30, 5, 18), (4, 30, 5, 5)] {
            let [left, pause, interval, waited] = [left, pause, interval, waited].map(Duration::from_secs);
            assert_eq!(pause_within(left, pause, interval), waited);
        }
    }
}
