//! Where EC2 instances ask what they are, and how long they wait for an answer.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>

use super::reader::{By, Reader, Said, is_http_url};
use crate::api::imds;
use crate::context::Vars;
use crate::error::Error;
use crate::profile::{FileKind, Profile, Profiles};
use std::time::Duration;

/// What the environment and the selected profile say about the metadata service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InstanceMetadata {
    /// Without a slash at its end.
    pub(crate) url: String,
    /// For one request.
    pub(crate) timeout: Option<Duration>,
    /// Tries of each request, at least 1.
    pub(crate) num_attempts: Option<u32>,
    /// Whose role it is; `None`: the instance is asked.
    pub(crate) instance_profile_name: Option<String>,
}

/// `None`: somebody does not want instances to ask.
pub(crate) fn instance_metadata(
    vars: &Vars,
    profiles: &Profiles,
    profile: Option<&Profile<'_>>,
) -> Result<Option<InstanceMetadata>, Error> {
    if metadata_disabled_by(vars, profiles, profile)?.is_some() {
        return Ok(None);
    }
    let reader = Reader { vars, profiles, profile };
    let seconds = reader.number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")?;
    Ok(Some(InstanceMetadata {
        url: reader.metadata_url()?.trim_end_matches('/').to_owned(),
        timeout: seconds.map(|seconds| Duration::from_secs(seconds.into())),
        num_attempts: reader.number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")?,
        instance_profile_name: reader.instance_profile_name()?,
    }))
}

/// Who does not want instances to ask: the variable, or the profile's line and where it stands. `None`: nobody.
pub(crate) fn metadata_disabled_by(
    vars: &Vars,
    profiles: &Profiles,
    profile: Option<&Profile<'_>>,
) -> Result<Option<String>, Error> {
    let reader = Reader { vars, profiles, profile };
    let said = reader.value("AWS_EC2_METADATA_DISABLED", "disable_ec2_metadata")?.filter(Said::is_true);
    Ok(said.map(|said| match said.by {
        By::Option(name) | By::Variable(name) => name.to_owned(),
        By::Profile { key, place } => format!("{key} ({place})"),
    }))
}

impl Reader<'_> {
    fn metadata_url(&self) -> Result<String, Error> {
        match self.value("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")? {
            Some(said) if !is_http_url(&said.value) => {
                return Err(said.refused("it is not an http:// or https:// URL of a host, a port and a path"));
            }
            Some(said) => return Ok(said.value),
            None => {}
        }
        let mode = self.value("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")?;
        let is_ipv6 = match mode {
            None => self.is_true("AWS_IMDS_USE_IPV6", "imds_use_ipv6")?,
            Some(said) if said.value.trim().eq_ignore_ascii_case("ipv4") => false,
            Some(said) if said.value.trim().eq_ignore_ascii_case("ipv6") => true,
            Some(said) => return Err(said.refused("there are IPv4 and IPv6")),
        };
        Ok(if is_ipv6 { imds::IPV6 } else { imds::IPV4 }.to_owned())
    }

    fn number(&self, variable: &'static str, key: &'static str) -> Result<Option<u32>, Error> {
        let Some(said) = self.value(variable, key)? else { return Ok(None) };
        let number = said.value.trim().parse().ok().filter(|number| *number > 0);
        number.map_or_else(|| Err(said.refused("it is not a whole number above 0")), |number| Ok(Some(number)))
    }

    /// A blank name is somebody's mistake, and would lead to another role than was meant.
    fn instance_profile_name(&self) -> Result<Option<String>, Error> {
        const VARIABLE: &str = "AWS_EC2_INSTANCE_PROFILE_NAME";
        const KEY: &str = "ec2_instance_profile_name";
        let blank = |name: &str| Error::new(format!("cannot use {name}")).cause("it is blank").hint("set or remove it");
        if self.vars.os(VARIABLE).is_some() && self.vars.get(VARIABLE).is_none() {
            return Err(blank(VARIABLE));
        }
        let Some(said) = self.value(VARIABLE, KEY)? else {
            let is_blank = self.profile.is_some_and(|profile| FileKind::ALL.iter().any(|file| profile.has(*file, KEY)));
            return if is_blank { Err(blank(KEY)) } else { Ok(None) };
        };
        let name = said.value.trim();
        if imds::is_role_name(name) {
            Ok(Some(name.to_owned()))
        } else {
            Err(said.refused("it holds more than letters, digits and _+=,.@-"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(config: &str, vars: &[(&str, &str)]) -> Result<Option<InstanceMetadata>, Error> {
        let profiles = Profiles::from_texts(format!("[profile dev]\n{config}"), "");
        let profile = profiles.profile("dev").expect("a readable profile");
        let all = vars.iter().fold(Vars::default(), |all, (name, value)| all.with(name, *value));
        instance_metadata(&all, &profiles, profile.as_ref())
    }

    #[test]
    fn service_is_where_the_sdks_look_for_it() {
        const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        const MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
        for (config, vars, url) in [
            ("", &[][..], "http://169.254.169.254"),
            ("", &[(MODE, "iPv6")], "http://[fd00:ec2::254]"),
            ("", &[(MODE, " IPV4 ")], "http://169.254.169.254"),
            ("", &[("AWS_IMDS_USE_IPV6", "True")], "http://[fd00:ec2::254]"),
            ("", &[("AWS_IMDS_USE_IPV6", "1")], "http://169.254.169.254"),
            ("", &[("AWS_IMDS_USE_IPV6", "true"), (MODE, "IPv4")], "http://169.254.169.254"),
            ("imds_use_ipv6 = true\n", &[], "http://[fd00:ec2::254]"),
            ("imds_use_ipv6 = true\n", &[("AWS_IMDS_USE_IPV6", "false")], "http://169.254.169.254"),
            ("ec2_metadata_service_endpoint_mode = ipv6\n", &[], "http://[fd00:ec2::254]"),
            ("ec2_metadata_service_endpoint_mode = ipv6\n", &[(MODE, "ipv4")], "http://169.254.169.254"),
            ("ec2_metadata_service_endpoint = http://a:1/b/\n", &[(MODE, "ipv6")], "http://a:1/b"),
            ("ec2_metadata_service_endpoint = http://a\n", &[(ENDPOINT, "https://[::1]:2/")], "https://[::1]:2"),
        ] {
            let read = read(config, vars).map(|read| read.expect("it is not disabled").url);
            assert_eq!(read.as_deref(), Ok(url), "{config} {vars:?}");
        }
    }

    #[test]
    fn variable_goes_before_the_profile_and_says_how_long_to_wait() {
        let config = "metadata_service_timeout = 5\nmetadata_service_num_attempts = 2\nec2_instance_profile_name = a\n";
        let of_profile = read(config, &[]).expect("good settings").expect("it is not disabled");
        assert_eq!((of_profile.timeout, of_profile.num_attempts), (Some(Duration::from_secs(5)), Some(2)));
        assert_eq!(of_profile.instance_profile_name.as_deref(), Some("a"));
        let vars = [
            ("AWS_METADATA_SERVICE_TIMEOUT", "3"),
            ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4"),
            ("AWS_EC2_INSTANCE_PROFILE_NAME", " b+=,.@_-9 "),
        ];
        let of_vars = read(config, &vars).expect("good settings").expect("it is not disabled");
        assert_eq!((of_vars.timeout, of_vars.num_attempts), (Some(Duration::from_secs(3)), Some(4)));
        assert_eq!(of_vars.instance_profile_name.as_deref(), Some("b+=,.@_-9"));
        let nobody = read("", &[]).expect("good settings").expect("it is not disabled");
        assert_eq!((nobody.timeout, nobody.num_attempts, nobody.instance_profile_name), (None, None, None));
    }

    #[test]
    fn service_that_nobody_wants_is_not_asked_whatever_else_is_said() {
        let disabled = [("AWS_EC2_METADATA_DISABLED", "tRuE"), ("AWS_METADATA_SERVICE_TIMEOUT", "x")];
        assert_eq!(read("", &disabled), Ok(None));
        assert_eq!(read("disable_ec2_metadata = true\n", &[]), Ok(None));
        let enabled = read("disable_ec2_metadata = true\n", &[("AWS_EC2_METADATA_DISABLED", "false")]);
        assert!(enabled.is_ok_and(|read| read.is_some()));
    }

    #[test]
    fn settings_that_cannot_work_are_errors() {
        for (name, value) in [
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://user:hidden@a"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "0"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "-1"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "soon"),
            ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "0"),
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "  "),
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "../../x"),
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "a b"),
            ("AWS_EC2_INSTANCE_PROFILE_NAME", "a?b"),
        ] {
            let error = read("", &[(name, value)]).expect_err(value);
            assert_eq!(error.message, format!("cannot use {name}"));
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
        for config in ["ec2_instance_profile_name =\n", "metadata_service_timeout = 1.5\n"] {
            assert!(read(config, &[]).is_err(), "{config}");
        }
    }
}
