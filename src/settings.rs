//! What the environment and the selected profile say about calls: region, endpoint, trust, retries.
//!
//! A variable beats the profile's key of the same meaning, as in every SDK; the profile that counts is the
//! selected one, for every call on the way.

mod reader;

use crate::api::endpoint::{self, Endpoint, Partition, Region, Variant};
use crate::api::http::Client;
use crate::context::Vars;
use crate::error::Error;
use crate::profile::{Profile, Profiles};
use reader::{By, Reader, Said};
use std::path::PathBuf;

/// The settings of one run.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `None`: nobody named one.
    pub(crate) region: Option<Region>,
    /// What the profile itself names, whatever the environment says.
    pub(crate) profile_region: Option<Region>,
    /// `endpoint_url` and its relatives, for STS; `None`: AWS's own hosts.
    pub(crate) sts_endpoint_url: Option<String>,
    variant: Variant,
    /// PEM certificates to trust instead of the built-in ones.
    ca_bundle: Option<PathBuf>,
    /// Tries in all, at least 1.
    pub(crate) max_attempts: u32,
}

impl Settings {
    pub(crate) fn read(
        vars: &Vars,
        profiles: &Profiles,
        profile: Option<&Profile<'_>>,
        region: Option<&str>,
    ) -> Result<Self, Error> {
        let reader = Reader { vars, profiles, profile };
        let of_profile = reader.setting("region")?;
        let given = region.map(|value| Said { value: value.to_owned(), by: By::Option("--region") });
        let of_vars = || reader.variable("AWS_REGION").or_else(|| reader.variable("AWS_DEFAULT_REGION"));
        let named = given.or_else(of_vars).or_else(|| of_profile.clone());
        let mut variant = Variant {
            fips: reader.is_true("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            dual_stack: reader.is_true("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
            legacy_global: reader.is_legacy_global()?,
        };
        variant.fips |= named.as_ref().is_some_and(|said| without_fips(said.value.trim()).1);
        let parse = |said: Said<'_>| {
            let name = without_fips(said.value.trim()).0;
            Region::parse(name).ok_or_else(|| said.refused(&format!("\"{name}\" is not the name of a region")))
        };
        Ok(Self {
            region: named.map(parse).transpose()?,
            // Where another one counts, a bad one does no harm.
            profile_region: of_profile.and_then(|said| parse(said).ok()),
            sts_endpoint_url: reader.endpoint_url("AWS_ENDPOINT_URL_STS", "sts")?,
            variant,
            ca_bundle: reader.ca_bundle()?,
            max_attempts: reader.max_attempts()?,
        })
    }

    /// Where STS is called. Without any region, that is the default one of the partition that `arn` names.
    pub(crate) fn sts(&self, arn: Option<&str>) -> Result<Endpoint, Error> {
        let partition_default = || {
            let partition = arn.and_then(Partition::of_arn);
            Region::of_partition(partition.unwrap_or(Partition::AWS))
        };
        let region = self.region.clone().unwrap_or_else(partition_default);
        let Some(url) = &self.sts_endpoint_url else { return Ok(endpoint::sts(&region, self.variant)) };
        self.refuse_variants_of(url)?;
        let signing_region = endpoint::sts(&region, Variant::default()).signing_region;
        Ok(Endpoint { url: url.clone(), signing_region })
    }

    /// Nobody knows the FIPS variant of a custom endpoint.
    fn refuse_variants_of(&self, url: &str) -> Result<(), Error> {
        if !self.variant.fips && !self.variant.dual_stack {
            return Ok(());
        }
        Err(Error::new("a custom endpoint and FIPS or dual-stack endpoints exclude each other")
            .cause(format!("the endpoint is set to {url}"))
            .hint("remove one of the settings"))
    }
}

/// The services of which each region has one, besides STS.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    SignIn,
    SsoOidc,
    SsoPortal,
}

impl Service {
    /// The variable and the block of `[services NAME]` that set its endpoint.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => ("AWS_ENDPOINT_URL_SIGNIN", "signin"),
            Self::SsoOidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
            Self::SsoPortal => ("AWS_ENDPOINT_URL_SSO", "sso"),
        }
    }
}

impl Settings {
    /// Where a service is called in a region. Asked for only when it is.
    pub(crate) fn endpoint(
        &self,
        service: Service,
        region: &Region,
        vars: &Vars,
        profiles: &Profiles,
        profile: Option<&Profile<'_>>,
    ) -> Result<String, Error> {
        let Some(url) = custom_endpoint(service, vars, profiles, profile)? else {
            return Ok(match service {
                Service::SignIn => endpoint::sign_in(region, self.variant),
                Service::SsoOidc => endpoint::sso_oidc(region, self.variant),
                Service::SsoPortal => endpoint::sso_portal(region, self.variant),
            });
        };
        if let Service::SsoOidc | Service::SsoPortal = service {
            self.refuse_variants_of(&url)?;
            refuse_plain_http(&url, service)?;
        }
        Ok(url)
    }

    /// Speaks to the host of `url`.
    pub(crate) fn client(&self, vars: &Vars, url: &str) -> Result<Client, Error> {
        Client::new(vars, url, self.ca_bundle.as_deref())
    }

    /// Where console sign-ins are made and renewed in a region.
    pub(crate) fn token_url(
        &self,
        region: &Region,
        vars: &Vars,
        profiles: &Profiles,
        profile: Option<&Profile<'_>>,
    ) -> Result<String, Error> {
        let endpoint = self.endpoint(Service::SignIn, region, vars, profiles, profile)?;
        Ok(format!("{}/v1/token", endpoint.trim_end_matches('/')))
    }
}

/// Where EC2 instances ask what they are; `None`: somebody does not want them to.
pub(crate) fn instance_metadata(
    vars: &Vars,
    profiles: &Profiles,
    profile: Option<&Profile<'_>>,
) -> Result<Option<String>, Error> {
    Reader { vars, profiles, profile }.instance_metadata()
}

/// The endpoint that was set for a service, or for all; `None`: AWS's own hosts.
pub(crate) fn custom_endpoint(
    service: Service,
    vars: &Vars,
    profiles: &Profiles,
    profile: Option<&Profile<'_>>,
) -> Result<Option<String>, Error> {
    let (variable, block) = service.names();
    Reader { vars, profiles, profile }.endpoint_url(variable, block)
}

/// `AWS_ENDPOINT_URL`, set for some emulator, would send tokens there.
fn refuse_plain_http(url: &str, service: Service) -> Result<(), Error> {
    if endpoint::keeps_secrets(url) {
        return Ok(());
    }
    let (variable, _) = service.names();
    Err(Error::new("a sign-in to IAM Identity Center is not sent over plain HTTP")
        .cause(format!("the endpoint is set to {url}"))
        .hint(format!("use https, or an address of this machine; {variable} goes before AWS_ENDPOINT_URL")))
}

/// The pseudo-regions `fips-R` and `R-fips` ask for region R's FIPS endpoint.
fn without_fips(name: &str) -> (&str, bool) {
    let bare = name.strip_prefix("fips-").or_else(|| name.strip_suffix("-fips"));
    bare.map_or((name, false), |bare| (bare, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings<const N: usize>(config: &str, vars: [(&str, &str); N]) -> Result<Settings, Error> {
        let profiles = Profiles::from_texts(config, "");
        let profile = profiles.profile("dev").expect("a readable profile");
        Settings::read(&Vars::from(vars), &profiles, profile.as_ref(), None)
    }

    fn url<const N: usize>(config: &str, vars: [(&str, &str); N]) -> Result<String, Error> {
        Ok(settings(config, vars)?.sts(Some("arn:aws-cn:iam::123456789012:role/Demo"))?.url)
    }

    #[test]
    fn the_region_is_the_variables_then_the_profiles_then_the_partitions() {
        for (config, vars, host) in [
            (
                "[profile dev]\nregion = eu-west-1\n",
                [("AWS_REGION", "us-east-2"), ("AWS_DEFAULT_REGION", "us-west-1")],
                "sts.us-east-2.amazonaws.com",
            ),
            (
                "[profile dev]\nregion = eu-west-1\n",
                [("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-west-1")],
                "sts.us-west-1.amazonaws.com",
            ),
            ("[profile dev]\nregion = eu-west-1\n", [("X", ""), ("Y", "")], "sts.eu-west-1.amazonaws.com"),
            ("[profile dev]\n", [("X", ""), ("Y", "")], "sts.cn-northwest-1.amazonaws.com.cn"),
            ("[profile dev]\nregion = fips-us-east-1\n", [("X", ""), ("Y", "")], "sts-fips.us-east-1.amazonaws.com"),
            (
                "[profile dev]\nregion = us-east-1\n",
                [("AWS_USE_FIPS_ENDPOINT", "TRUE"), ("Y", "")],
                "sts-fips.us-east-1.amazonaws.com",
            ),
            (
                "[profile dev]\nregion = us-east-1\nuse_dualstack_endpoint = true\n",
                [("X", ""), ("Y", "")],
                "sts.us-east-1.api.aws",
            ),
            (
                "[profile dev]\nregion = eu-west-1\nsts_regional_endpoints = legacy\n",
                [("X", ""), ("Y", "")],
                "sts.amazonaws.com",
            ),
        ] {
            assert_eq!(url(config, vars).as_deref(), Ok(format!("https://{host}").as_str()), "{config} {vars:?}");
        }
    }

    #[test]
    fn endpoints_are_taken_in_the_sdks_order() {
        const CONFIG: &str = "[profile dev]\nregion = eu-west-1\nservices = s\nendpoint_url = http://d\n\
                              [services s]\nsts =\n  endpoint_url = http://c\ns3 =\n  endpoint_url = http://x\n";
        let unset = ("X", "");
        for (config, vars, expected) in [
            (CONFIG, [("AWS_ENDPOINT_URL_STS", "http://a"), ("AWS_ENDPOINT_URL", "http://b")], "http://a"),
            (CONFIG, [unset, ("AWS_ENDPOINT_URL", "http://b")], "http://b"),
            (CONFIG, [unset, unset], "http://c"),
            ("[profile dev]\nendpoint_url = http://d\n", [unset, unset], "http://d"),
            (
                CONFIG,
                [("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ("AWS_ENDPOINT_URL", "http://b")],
                "https://sts.eu-west-1.amazonaws.com",
            ),
        ] {
            assert_eq!(url(config, vars).as_deref(), Ok(expected), "{vars:?}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_errors() {
        for config in [
            "[profile dev]\nregion = x@evil\n",
            "[profile dev]\nservices = gone\n",
            "[profile dev]\nendpoint_url = sts.example.com\n",
            "[profile dev]\nendpoint_url = https:///x\n",
            "[profile dev]\nsts_regional_endpoints = maybe\n",
            "[profile dev]\nmax_attempts = 0\n",
            "[profile dev]\nmax_attempts = many\n",
            "[profile dev]\nendpoint_url = http://a\nuse_fips_endpoint = true\n",
        ] {
            assert!(url(config, []).is_err(), "{config}");
        }
    }
}
