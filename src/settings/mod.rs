//! What the environment and the selected profile say about calls: region, endpoint, trust, retries.
//!
//! A variable beats the profile's key of the same meaning, as in every SDK; the profile that counts is the
//! selected one, for every call on the way.

mod container;
mod instance_metadata;
mod reader;
#[cfg(test)]
mod tests;

pub(crate) use container::{
    FULL_URI, RELATIVE_URI, TOKEN, TOKEN_FILE, VARIABLES as CONTAINER_VARIABLES, container_url,
};
pub(crate) use instance_metadata::{InstanceMetadata, instance_metadata, metadata_disabled_by};

use crate::api::Bundle;
use crate::api::endpoint::{self, Endpoint, Partition, Region, Variant};
use crate::api::http::Client;
use crate::context::Vars;
use crate::error::Error;
use crate::paths;
use crate::profile::{Profile, Profiles};
use reader::{By, Reader, Said};
use std::ffi::OsStr;
use std::path::Path;

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
    /// What the profile names. The variables are looked at when somebody is called.
    ca_bundle: Option<String>,
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
        Ok(Self {
            region: named.as_ref().map(region_of).transpose()?,
            // Where another one counts, a bad one does no harm.
            profile_region: of_profile.and_then(|said| region_of(&said).ok()),
            sts_endpoint_url: reader.endpoint_url("AWS_ENDPOINT_URL_STS", "sts")?,
            variant,
            ca_bundle: reader.setting("ca_bundle")?.map(|said| said.value),
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
            let (name, is_fips) = without_fips(region.as_str());
            let plain = Region::parse(name);
            let region = plain.as_ref().unwrap_or(region);
            let variant = Variant { fips: self.variant.fips || is_fips, ..self.variant };
            return Ok(match service {
                Service::SignIn => endpoint::sign_in(region, variant),
                Service::SsoOidc => endpoint::sso_oidc(region, variant),
                Service::SsoPortal => endpoint::sso_portal(region, variant),
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
        Client::new(vars, url, bundle(vars, self.ca_bundle.as_deref()).as_ref())
    }

    /// The same for a host that is never behind a proxy.
    pub(crate) fn direct_client(&self, vars: &Vars, url: &str) -> Result<Client, Error> {
        direct_client(vars, self.ca_bundle.as_deref(), url)
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

/// The region that an option names, else the profile, whatever the environment says; as they write it.
///
/// An error where it is none.
pub(crate) fn named_region(
    vars: &Vars,
    profiles: &Profiles,
    profile: &Profile<'_>,
    option: Option<&str>,
) -> Result<Option<String>, Error> {
    let reader = Reader { vars, profiles, profile: Some(profile) };
    let said = match option {
        Some(value) => Some(Said { value: value.to_owned(), by: By::Option("--region") }),
        None => reader.setting("region")?,
    };
    said.map(|said| region_of(&said).map(|_| said.value.trim().to_owned())).transpose()
}

fn region_of(said: &Said<'_>) -> Result<Region, Error> {
    let name = without_fips(said.value.trim()).0;
    Region::parse(name).ok_or_else(|| said.refused(&format!("\"{name}\" is not the name of a region")))
}

/// Speaks to the host of `url`, which is never behind a proxy. `ca_bundle` is what the profile says of that.
pub(crate) fn direct_client(vars: &Vars, ca_bundle: Option<&str>, url: &str) -> Result<Client, Error> {
    let is_encrypted = url.get(.."https:".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    match bundle(vars, ca_bundle).filter(|_| is_encrypted) {
        Some(bundle) => Client::direct().trusting(&bundle),
        None => Ok(Client::direct()),
    }
}

/// The certificates to trust instead of the built-in ones: by AWS's settings, then by those of Python and OpenSSL.
fn bundle(vars: &Vars, of_profile: Option<&str>) -> Option<Bundle> {
    let bundle = |path: &OsStr, named_by| Bundle { path: paths::expand_tilde(vars, Path::new(path)), named_by };
    let of_vars = |name| Some(bundle(vars.os(name)?, name));
    of_vars("AWS_CA_BUNDLE")
        .or_else(|| Some(bundle(of_profile?.as_ref(), "the profile's ca_bundle")))
        // For Python it may be a folder of certificates, and nobody named that one for AWS's programs.
        .or_else(|| of_vars("REQUESTS_CA_BUNDLE").filter(|bundle| !bundle.path.is_dir()))
        .or_else(|| of_vars("SSL_CERT_FILE"))
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
