//! The calls of the Secret Service API that keyfob makes.
//!
//! The session is a plain one: secrets cross the bus as they are. Whoever listens at the bus is
//! this user or the system, as the kernel says, and any program of this user may ask the keyring itself; the other kind, a key exchange without
//! identities, would keep out nobody who can stand in between.
//! <https://specifications.freedesktop.org/secret-service/latest/>

use super::Limits;
use super::address;
use super::bus::{Bus, broken, of_the_bus};
use crate::context::Vars;
use crate::store::Trouble;
use rustbus::message_builder::{MarshalledMessage, MarshalledMessageBody, MessageBuilder};
use rustbus::signature::{Container, Type};
use rustbus::wire::ObjectPath;
use rustbus::wire::errors::{MarshalError, UnmarshalError};
use rustbus::wire::marshal::MarshalContext;
use rustbus::wire::marshal::traits::SignatureBuffer;
use rustbus::wire::unmarshal::traits::Variant;
use rustbus::{Marshal, Signature};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The names and values that an item is found by.
pub(super) type Attributes<'a> = HashMap<&'a str, &'a str>;

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const PATH: &str = "/org/freedesktop/secrets";
/// The path that stands for none.
const NONE: &str = "/";

/// A keyring with an open session.
pub(super) struct Service {
    bus: Bus,
    session: String,
    limits: Limits,
    has_desktop: bool,
}

/// Items that answer to some attributes.
pub(super) struct Found {
    pub(super) unlocked: Vec<String>,
    pub(super) locked: Vec<String>,
}

impl Service {
    pub(super) fn open(vars: &Vars, limits: Limits) -> Result<Self, Trouble> {
        let bus = bus(vars, Instant::now() + limits.call)?;
        let has_desktop = ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| vars.os(name).is_some());
        let mut service = Self { bus, session: String::new(), limits, has_desktop };
        let answer = service.call(PATH, SERVICE, "OpenSession", |body| {
            body.push_param("plain")?;
            body.push_variant("")
        })?;
        let (_, session) = answer.parser().get2::<Variant, ObjectPath<&str>>().map_err(unreadable)?;
        session.as_ref().clone_into(&mut service.session);
        Ok(service)
    }

    pub(super) fn search(&mut self, attributes: &Attributes) -> Result<Found, Trouble> {
        let answer = self.call(PATH, SERVICE, "SearchItems", |body| body.push_param(attributes))?;
        let (unlocked, locked) = answer.parser().get2::<Paths, Paths>().map_err(unreadable)?;
        Ok(Found { unlocked: owned(&unlocked), locked: owned(&locked) })
    }

    /// Unlocks items or a collection; it may be that a person is asked, on the desktop.
    pub(super) fn unlock(&mut self, objects: &[String]) -> Result<(), Trouble> {
        let objects = objects.iter().map(|path| object(path)).collect::<Result<Vec<_>, _>>()?;
        let answer = self.call(PATH, SERVICE, "Unlock", |body| body.push_param(&objects[..]))?;
        let (_, prompt) = answer.parser().get2::<Paths, ObjectPath<&str>>().map_err(unreadable)?;
        self.run_prompt(prompt.as_ref())
    }

    /// The collection that new items go to; `None` when there is none yet.
    pub(super) fn default_collection(&mut self) -> Result<Option<String>, Trouble> {
        let answer = self.call(PATH, SERVICE, "ReadAlias", |body| body.push_param("default"))?;
        let path = answer.parser().get::<ObjectPath<&str>>().map_err(unreadable)?;
        Ok(Some(path.as_ref().to_owned()).filter(|path| path != NONE))
    }

    pub(super) fn is_locked(&mut self, collection: &str) -> Result<bool, Trouble> {
        let answer = self.property(collection, COLLECTION, "Locked")?;
        answer.parser().get::<Variant>().and_then(|value| value.get()).map_err(unreadable)
    }

    /// Makes the collection that new items go to. A person is asked for its password.
    pub(super) fn create_default_collection(&mut self) -> Result<(), Trouble> {
        let properties =
            HashMap::from([("org.freedesktop.Secret.Collection.Label", Property::Text("Default keyring"))]);
        let answer = self.call(PATH, SERVICE, "CreateCollection", |body| {
            body.push_param(properties)?;
            body.push_param("default")
        })?;
        let (_, prompt) = answer.parser().get2::<ObjectPath<&str>, ObjectPath<&str>>().map_err(unreadable)?;
        self.run_prompt(prompt.as_ref())
    }

    pub(super) fn create_item(
        &mut self,
        collection: &str,
        label: &str,
        attributes: &Attributes,
        secret: &[u8],
    ) -> Result<(), Trouble> {
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Property::Text(label)),
            ("org.freedesktop.Secret.Item.Attributes", Property::Texts(attributes)),
        ]);
        let session = self.session.clone();
        let answer = self.call(collection, COLLECTION, "CreateItem", |body| {
            body.push_param(properties)?;
            body.push_param(parcel(&session, secret)?)?;
            body.push_param(true)
        })?;
        let (_, prompt) = answer.parser().get2::<ObjectPath<&str>, ObjectPath<&str>>().map_err(unreadable)?;
        self.run_prompt(prompt.as_ref())
    }

    pub(super) fn set_secret(&mut self, item: &str, secret: &[u8]) -> Result<(), Trouble> {
        let session = self.session.clone();
        self.call(item, ITEM, "SetSecret", |body| body.push_param(parcel(&session, secret)?)).map(drop)
    }

    pub(super) fn secret(&mut self, item: &str) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let session = self.session.clone();
        let answer = self.call(item, ITEM, "GetSecret", |body| body.push_param(ObjectPath::new(session.as_str())?))?;
        let (_, _, value, _) = answer.parser().get::<Parcel>().map_err(unreadable)?;
        Ok(Zeroizing::new(value.to_vec()))
    }

    /// One attribute of an unlocked item; `None` when it has no such attribute.
    pub(super) fn attribute(&mut self, item: &str, name: &str) -> Result<Option<String>, Trouble> {
        let answer = self.property(item, ITEM, "Attributes")?;
        let value = answer.parser().get::<Variant>().map_err(unreadable)?;
        let attributes = value.get::<HashMap<&str, &str>>().map_err(unreadable)?;
        Ok(attributes.get(name).map(|&value| value.to_owned()))
    }

    pub(super) fn delete(&mut self, item: &str) -> Result<(), Trouble> {
        let answer = self.call(item, ITEM, "Delete", |_| Ok(()))?;
        let prompt = answer.parser().get::<ObjectPath<&str>>().map_err(unreadable)?;
        self.run_prompt(prompt.as_ref())
    }

    /// Lets the keyring ask the person, if it wants to.
    fn run_prompt(&mut self, prompt: &str) -> Result<(), Trouble> {
        if prompt == NONE {
            return Ok(());
        }
        let Some(limit) = self.limits.prompt else {
            return Err(Trouble::Locked("its question is not asked now".to_owned()));
        };
        let mut watch = of_the_bus("AddMatch");
        let rule = format!("type='signal',interface='{PROMPT}',member='Completed',path='{prompt}'");
        watch.body.push_param(rule).map_err(|_| broken())?;
        self.bus.call(&watch, self.soon())?;
        self.call(prompt, PROMPT, "Prompt", |body| body.push_param(""))?;
        match self.bus.signal(prompt, "Completed", Instant::now() + limit) {
            Ok(completed) => match completed.parser().get::<bool>().map_err(unreadable)? {
                false => Ok(()),
                true if self.has_desktop => Err(Trouble::Denied("its question was dismissed".to_owned())),
                true => Err(Trouble::Locked("there is no desktop to ask for its password on".to_owned())),
            },
            Err(Trouble::TimedOut(_)) => {
                // So that it does not stay on the screen. The wait was long enough.
                let _ = self.call_within(Duration::from_secs(1), prompt, PROMPT, "Dismiss", |_| Ok(()));
                Err(Trouble::TimedOut("nobody answered its question on the desktop".to_owned()))
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn property(&mut self, path: &str, interface: &str, name: &str) -> Result<MarshalledMessageBody, Trouble> {
        self.call(path, "org.freedesktop.DBus.Properties", "Get", |body| body.push_param2(interface, name))
    }

    fn call(
        &mut self,
        path: &str,
        interface: &str,
        member: &str,
        arguments: impl FnOnce(&mut MarshalledMessageBody) -> Result<(), MarshalError>,
    ) -> Result<MarshalledMessageBody, Trouble> {
        self.call_within(self.limits.call, path, interface, member, arguments)
    }

    fn call_within(
        &mut self,
        limit: Duration,
        path: &str,
        interface: &str,
        member: &str,
        arguments: impl FnOnce(&mut MarshalledMessageBody) -> Result<(), MarshalError>,
    ) -> Result<MarshalledMessageBody, Trouble> {
        let mut message: MarshalledMessage =
            MessageBuilder::new().call(member).with_interface(interface).on(path).at(NAME).build();
        arguments(&mut message.body)
            .map_err(|_| Trouble::Failed("a name or key cannot be sent over D-Bus".to_owned()))?;
        self.bus.call(&message, Instant::now() + limit)
    }

    fn soon(&self) -> Instant {
        Instant::now() + self.limits.call
    }
}

/// Whether a keyring runs on the session bus, or would be started by a call.
pub(super) fn is_there(vars: &Vars, deadline: Instant) -> Result<bool, Trouble> {
    let mut bus = bus(vars, deadline)?;
    let mut has_owner = of_the_bus("NameHasOwner");
    has_owner.body.push_param(NAME).map_err(|_| broken())?;
    if bus.call(&has_owner, deadline)?.parser().get::<bool>().map_err(unreadable)? {
        return Ok(true);
    }
    let startable = bus.call(&of_the_bus("ListActivatableNames"), deadline)?;
    Ok(startable.parser().get::<Vec<&str>>().map_err(unreadable)?.contains(&NAME))
}

fn bus(vars: &Vars, deadline: Instant) -> Result<Bus, Trouble> {
    let addresses =
        address::of_session(vars).map_err(|why| Trouble::Absent(format!("there is no session bus: {why}")))?;
    Bus::connect(&addresses, deadline)
}

type Paths<'a> = Vec<ObjectPath<&'a str>>;

fn owned(paths: &Paths) -> Vec<String> {
    paths.iter().map(|path| path.as_ref().to_owned()).collect()
}

fn object(path: &str) -> Result<ObjectPath<&str>, Trouble> {
    ObjectPath::new(path).map_err(|_| broken())
}

fn unreadable(_: UnmarshalError) -> Trouble {
    broken()
}

/// A secret as it crosses the bus: its session, no parameters of a cipher, the bytes, and their type.
type Parcel<'a> = (ObjectPath<&'a str>, &'a [u8], &'a [u8], &'a str);

fn parcel<'a>(session: &'a str, secret: &'a [u8]) -> Result<Parcel<'a>, MarshalError> {
    Ok((ObjectPath::new(session)?, &[], secret, "application/json"))
}

/// A property of something that is made, as a variant.
enum Property<'a> {
    Text(&'a str),
    Texts(&'a Attributes<'a>),
}

impl Signature for Property<'_> {
    fn signature() -> Type {
        Type::Container(Container::Variant)
    }

    fn alignment() -> usize {
        1
    }

    fn sig_str(signature: &mut SignatureBuffer) {
        signature.push_static("v");
    }

    fn has_sig(signature: &str) -> bool {
        signature.starts_with('v')
    }
}

impl Marshal for Property<'_> {
    fn marshal(&self, context: &mut MarshalContext) -> Result<(), MarshalError> {
        match self {
            Self::Text(text) => text.marshal_as_variant(context),
            Self::Texts(texts) => texts.marshal_as_variant(context),
        }
    }
}
