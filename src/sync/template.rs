//! How profiles are named: a text with fields, as in `{account_name}/{role_name}`.
//!
//! That one is the default. It is granted's, so that whoever comes from there keeps the names; accounts stand together
//! wherever names are sorted or completed; and unlike a hyphen, a slash is in no role's name and hardly in an account's.

use crate::error::Error;

/// What a name is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    AccountName,
    AccountId,
    RoleName,
    Email,
    Session,
    Region,
}

const FIELDS: [(&str, Field); 6] = [
    ("account_name", Field::AccountName),
    ("account_id", Field::AccountId),
    ("role_name", Field::RoleName),
    ("email", Field::Email),
    ("session", Field::Session),
    ("region", Field::Region),
];

impl Template {
    pub(crate) const DEFAULT: &str = "{account_name}/{role_name}";

    /// An error when it cannot be understood.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, field) = rest.split_at(at);
            let inner = field.strip_prefix('{').and_then(|field| field.split_once('}'));
            let (name, after) = inner.ok_or_else(|| refused("its braces do not pair"))?;
            let known = FIELDS.iter().find(|(field, _)| *field == name);
            let (_, field) = known.ok_or_else(|| refused(&format!("there is no field {{{name}}}")))?;
            parts.extend([Part::Text(before.to_owned()), Part::Field(*field)]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        if !parts.iter().any(|part| matches!(part, Part::Field(_))) {
            return Err(refused("all profiles would have one name"));
        }
        Ok(Self(parts))
    }

    /// The names of the fields that there are.
    pub(crate) fn fields() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, _)| *name)
    }

    /// Whether a name depends on the region of its profile.
    pub(crate) fn has_region(&self) -> bool {
        self.0.contains(&Part::Field(Field::Region))
    }

    /// The text with a value in the place of each field.
    pub(super) fn fill(&self, value: impl Fn(Field) -> String) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Field(field) => value(*field),
        };
        self.0.iter().map(text).collect()
    }
}

fn refused(why: &str) -> Error {
    let fields = FIELDS.map(|(name, _)| format!("{{{name}}}"));
    Error::usage("cannot use --template").cause(why).hint(format!("the fields are {}", fields.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_replaced_and_everything_else_stays() {
        for (template, filled) in [
            (Template::DEFAULT, "AccountName/RoleName"),
            ("{account_id}{email}", "AccountIdEmail"),
            ("a-{session}.{region}-b", "a-Session.Region-b"),
        ] {
            let template = Template::parse(template).expect(template);
            assert_eq!(template.fill(|field| format!("{field:?}")), filled);
        }
        assert!(Template::parse("{region}").is_ok_and(|template| template.has_region()));
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_the_fields_that_there_are() {
        for (template, why) in [
            ("{role}", "there is no field {role}"),
            ("{}", "there is no field {}"),
            ("{Role_Name}", "there is no field {Role_Name}"),
            ("{role_name", "its braces do not pair"),
            ("role_name}", "its braces do not pair"),
            ("{role_name}}", "its braces do not pair"),
            ("{{role_name}}", "there is no field {{role_name}"),
            ("role", "all profiles would have one name"),
            ("", "all profiles would have one name"),
        ] {
            let error = Template::parse(template).expect_err(template);
            assert_eq!((error.cause.as_deref(), error.exit_code()), (Some(why), 2), "{template}");
            let fields = "the fields are {account_name} {account_id} {role_name} {email} {session} {region}";
            assert_eq!(error.hint.as_deref(), Some(fields));
        }
    }
}
