//! Device codes (RFC 8628): what a person was asked, and how often the client wanted to know.

use std::time::{Duration, Instant};

use super::{
    super::{MARKER, Timestamp, identity_center::expected::Refusal},
    errors::refuse,
};

/// What a client is to wait where nothing is said of it.
const UNSAID: Duration = Duration::from_secs(5);
/// What a client has to add to its interval after `slow_down`.
const MORE: Duration = Duration::from_secs(5);
/// By how much clocks and timers may be early.
const GRACE: Duration = Duration::from_millis(20);

/// What a client was told, but for its secret device code.
#[derive(Clone, Debug)]
pub(crate) struct DeviceAuthorization {
    pub(crate) client_id: String,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    pub(crate) verification_uri_complete: String,
}

struct Device {
    authorization: DeviceAuthorization,
    code: String,
    end: Timestamp,
    interval: Duration,
    polled: Option<Instant>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Pending,
    Approved,
    Denied,
    Spent,
}

#[derive(Default)]
pub(super) struct Devices(Vec<Device>);

impl Devices {
    /// Begins to ask a person who comes to this page; also returns the device code.
    pub(super) fn start(
        &mut self,
        client_id: &str,
        page: &str,
        end: Timestamp,
        interval: Option<Duration>,
    ) -> (DeviceAuthorization, String) {
        let number = self.0.len();
        let user_code = user_code(number);
        let code = format!("{MARKER}/device+{:04}==", number + 1);
        let authorization = DeviceAuthorization {
            client_id: client_id.to_owned(),
            verification_uri: page.to_owned(),
            verification_uri_complete: format!("{page}?user_code={user_code}"),
            user_code,
        };
        self.0.push(Device {
            authorization: authorization.clone(),
            code: code.clone(),
            end,
            interval: interval.unwrap_or(UNSAID),
            polled: None,
            state: State::Pending,
        });
        (authorization, code)
    }

    pub(super) fn authorizations(&self) -> Vec<DeviceAuthorization> {
        self.0.iter().map(|device| device.authorization.clone()).collect()
    }

    /// What the person at the page of this code is asked, while it is open.
    pub(super) fn find(&self, user_code: &str, now: Timestamp) -> Option<&DeviceAuthorization> {
        let is_it = |device: &&Device| device.authorization.user_code == user_code;
        let device = self.0.iter().find(is_it)?;
        (device.end > now && device.state == State::Pending).then_some(&device.authorization)
    }

    /// Lets the person decide; `None` if there is no such code, or no longer.
    pub(super) fn decide(&mut self, user_code: &str, approves: bool, now: Timestamp) -> Option<()> {
        self.find(user_code, now)?;
        let device = self.0.iter_mut().find(|device| device.authorization.user_code == user_code)?;
        device.state = if approves { State::Approved } else { State::Denied };
        Some(())
    }

    /// Lets all codes end now.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for device in &mut self.0 {
            device.end = now;
        }
    }

    /// Spends the code once the person has approved it.
    pub(super) fn poll(&mut self, code: &str, client_id: &str, now: Timestamp) -> Result<(), Refusal> {
        let invalid = |message| refuse("InvalidGrantException", message);
        let device = self.0.iter_mut().find(|device| device.code == code);
        let device = device.ok_or_else(|| invalid("The device code was not issued here."))?;
        if device.authorization.client_id != client_id {
            return Err(invalid("The device code is another client's."));
        }
        if device.state == State::Spent {
            return Err(invalid("The device code was used before."));
        }
        if device.end <= now {
            return Err(refuse("ExpiredTokenException", "The device code has expired."));
        }
        let polled = device.polled.replace(Instant::now());
        if polled.is_some_and(|polled| polled.elapsed() + GRACE < device.interval) {
            device.interval += MORE;
            return Err(refuse("SlowDownException", "The client asks too often."));
        }
        match device.state {
            State::Pending => Err(refuse("AuthorizationPendingException", "The person has not decided about it yet.")),
            State::Denied => Err(refuse("AccessDeniedException", "The person denied it.")),
            State::Approved | State::Spent => {
                device.state = State::Spent;
                Ok(())
            }
        }
    }
}

/// `KFBS-BBBB` and so on: letters that make no words.
fn user_code(number: usize) -> String {
    const LETTERS: [char; 20] =
        ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z'];
    let letters = [8000, 400, 20, 1].map(|weight| LETTERS[number / weight % 20]);
    format!("KFBS-{}", letters.iter().collect::<String>())
}
