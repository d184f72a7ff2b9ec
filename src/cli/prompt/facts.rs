//! What there is to show, as far as it can be told at once.

use crate::chain::{Origin, Source};
use crate::context::{Context, Vars};
use crate::error::{Error, Exit};
use crate::plan::{self, Plan, WEB_IDENTITY, Wanted, named_by_vars};
use crate::profile::{Kind, Profiles};
use crate::resolve::{Act, Outlook, Walk};
use crate::settings::{FULL_URI, RELATIVE_URI};
use crate::timestamp::{Timestamp, brief};
use serde::Serialize;

/// The types of what no profile is.
const ENVIRONMENT: &str = "environment";
const CONTAINER: &str = "container";
const INSTANCE: &str = "instance";

/// The facts about what a command would use now.
#[derive(Debug)]
pub(super) struct Facts {
    /// `None`: what the environment has itself, such as keys.
    pub(super) profile: Option<String>,
    pub(super) kind: Option<&'static str>,
    pub(super) account_id: Option<String>,
    pub(super) region: Option<String>,
    pub(super) state: State,
    /// What a person has to do now.
    pub(super) due: Option<Act>,
    /// When a person has to act; `None`: nobody knows, or it is past.
    pub(super) end: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ok,
    /// Whether it is well is told only by a try.
    Unsure,
    /// A person has to act in a while.
    Soon,
    /// The next command asks for an MFA code.
    Code,
    /// A person has to sign in, or to get new keys.
    Ended,
    /// There is no profile of that name.
    Unknown,
    /// There is one, and it cannot be used as it stands.
    Broken,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unsure => "unsure",
            Self::Soon => "soon",
            Self::Code => "code",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        }
    }

    fn of(error: &Error) -> Self {
        if error.exit == Exit::NoSuchProfile { Self::Unknown } else { Self::Broken }
    }
}

/// What the environment, or somebody, has selected.
#[derive(Clone, Copy)]
enum Selected<'a> {
    Profile(&'a str),
    /// Keys in variables.
    Keys,
    /// What variables lead to where no profile has credentials; its type.
    Beyond(&'static str),
}

impl<'a> Selected<'a> {
    /// `None` where nobody has selected anything: a default that nobody names is not worth the room.
    fn of(named: Option<&'a str>, vars: &'a Vars) -> Option<Self> {
        let is_set = |name: &str| vars.get(name).is_some();
        let [(token_file, _), (role_arn, _), _] = WEB_IDENTITY;
        if let Some(name) = named {
            Some(Self::Profile(name))
        } else if is_set("AWS_ACCESS_KEY_ID") {
            Some(Self::Keys)
        } else if let Some(name) = named_by_vars(vars) {
            Some(Self::Profile(name))
        } else if is_set(token_file) && is_set(role_arn) {
            Some(Self::Beyond(Kind::WebIdentity.name()))
        } else if is_set(RELATIVE_URI) || is_set(FULL_URI) {
            Some(Self::Beyond(CONTAINER))
        } else {
            None
        }
    }

    fn profile(self) -> Option<&'a str> {
        match self {
            Self::Profile(name) => Some(name),
            Self::Keys | Self::Beyond(_) => None,
        }
    }

    /// The type, where it is known without a look at any file.
    fn kind(self) -> Option<&'static str> {
        match self {
            Self::Profile(_) => None,
            Self::Keys => Some(ENVIRONMENT),
            Self::Beyond(kind) => Some(kind),
        }
    }

    /// Whether the default profile, which nobody named, or something else goes before what the variables say.
    fn is_passed_by(self, plan: &Plan<'_>) -> bool {
        let is_of_variables = matches!(plan.chain.base.origin, Origin::Environment);
        matches!(self, Self::Beyond(_)) && !is_of_variables
    }
}

impl Facts {
    /// `None` where nothing is selected.
    pub(super) fn gather(named: Option<&str>, context: &Context) -> Option<Self> {
        let vars = &context.vars;
        let selected = Selected::of(named, vars)?;
        let blank = Self { kind: selected.kind(), ..Self::blank(selected.profile(), context.clock.now()) };
        let profiles = match Profiles::load(vars) {
            Ok(profiles) => profiles,
            Err(error) => return Some(Self { state: State::of(&error), ..blank }),
        };
        match plan::make(context, &profiles, &Wanted { profile: named, region: None }) {
            Ok(plan) if selected.is_passed_by(&plan) => None,
            Ok(plan) => Some(blank.with_plan(&plan, named, context)),
            Err(error) => Some(Self { state: State::of(&error), ..blank.with_profile(&profiles, vars) }),
        }
    }

    /// Nothing but a name.
    pub(super) fn blank(profile: Option<&str>, now: Timestamp) -> Self {
        Self {
            profile: profile.map(str::to_owned),
            kind: None,
            account_id: None,
            region: None,
            state: State::Ok,
            due: None,
            end: None,
            now,
        }
    }

    /// What the profile itself says, where there is no road.
    fn with_profile(self, profiles: &Profiles, vars: &Vars) -> Self {
        let profile = self.profile.as_deref().and_then(|name| profiles.profile(name).ok().flatten());
        let Some(profile) = profile else { return self };
        let kind = Kind::of(&profile, vars).ok().flatten();
        let account_id = profile.account_id(kind).ok().flatten();
        Self { kind: kind.map(Kind::name), account_id, ..self }
    }

    /// What the road says: it may go past the profile, or by a variable where the profile has a line of its own.
    fn with_plan(self, plan: &Plan<'_>, named: Option<&str>, context: &Context) -> Self {
        let settings = &plan.settings;
        // As `env` and `exec` have it.
        let own = settings.profile_region.as_ref().filter(|_| named.is_some());
        let region = own.or(settings.region.as_ref()).map(ToString::to_string);
        let account_id = plan.chain.account_id().map(str::to_owned);
        let (state, due, end) = match Walk::new(context, plan, None).outlook() {
            Outlook::Open => (State::Ok, None, None),
            Outlook::Unsure => (State::Unsure, None, None),
            Outlook::Until(end, act) if self.now.until(end) < act.notice() => (State::Soon, None, Some(end)),
            Outlook::Until(end, _) => (State::Ok, None, Some(end)),
            Outlook::Now(act @ Act::Code) => (State::Code, Some(act), None),
            Outlook::Now(act) => (State::Ended, Some(act), None),
        };
        Self { kind: kind_of(plan, &context.vars), account_id, region, state, due, end, ..self }
    }

    /// The profile's name, with a sign where it is none to go by.
    pub(super) fn shown_profile(&self) -> String {
        let sign = if matches!(self.state, State::Unknown | State::Broken) { "?" } else { "" };
        match (&self.profile, self.kind) {
            (Some(name), _) => format!("{name}{sign}"),
            (None, None | Some(ENVIRONMENT)) => format!("(env){sign}"),
            (None, Some(kind)) => format!("({kind}){sign}"),
        }
    }

    /// The time left, or what is the matter now.
    pub(super) fn left(&self) -> Option<String> {
        match (self.due, self.state) {
            (Some(act), _) => Some(word(act).to_owned()),
            (None, State::Unsure) => Some("?".to_owned()),
            (None, _) => self.end.map(|end| brief(self.now.until(end))),
        }
    }
}

/// What is due, in as little room as it takes.
fn word(act: Act) -> &'static str {
    match act {
        Act::SignIn => "sign in",
        Act::Code => "code",
        Act::NewKeys => "new keys",
        Act::NewToken => "new token",
    }
}

/// The type of what a road begins with; where that stands in a profile, the selected one's.
fn kind_of(plan: &Plan<'_>, vars: &Vars) -> Option<&'static str> {
    let base = &plan.chain.base;
    if base.profile().is_some() {
        let kind = plan.selected().ok().flatten().and_then(|profile| Kind::of(&profile, vars).ok().flatten());
        return kind.map(Kind::name);
    }
    Some(match base.source {
        Source::Environment(_) => ENVIRONMENT,
        Source::WebIdentity(_) => Kind::WebIdentity.name(),
        Source::EcsContainer => CONTAINER,
        Source::Ec2InstanceMetadata => INSTANCE,
        // Those of a boto file.
        _ => Kind::Static.name(),
    })
}

/// One line. Each member is there in any case.
pub(super) fn to_json(facts: Option<&Facts>) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        profile: Option<&'a str>,
        #[serde(rename = "type")]
        kind: Option<&'a str>,
        account_id: Option<&'a str>,
        region: Option<&'a str>,
        state: &'a str,
        expiration: Option<String>,
        seconds_left: Option<u64>,
    }
    let document = Document {
        profile: facts.and_then(|facts| facts.profile.as_deref()),
        kind: facts.and_then(|facts| facts.kind),
        account_id: facts.and_then(|facts| facts.account_id.as_deref()),
        region: facts.and_then(|facts| facts.region.as_deref()),
        state: facts.map_or("none", |facts| facts.state.name()),
        expiration: facts.and_then(|facts| facts.end).map(|end| end.to_string()),
        seconds_left: facts.and_then(|facts| Some(facts.now.until(facts.end?).as_secs())),
    };
    let mut json = serde_json::to_string(&document).expect("strings and a number always serialize");
    json.push('\n');
    json
}
