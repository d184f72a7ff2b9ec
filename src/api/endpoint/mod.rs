//! The hosts of services, as they follow from the region by the AWS SDKs' endpoint rules:
//! <https://github.com/boto/botocore/tree/develop/botocore/data>, `endpoint-rule-set-1.json` of each service.

mod region;
#[cfg(test)]
mod tests;

pub(crate) use region::{Partition, Region};
use std::net::IpAddr;

/// What, besides the region, decides about a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    /// `sts_regional_endpoints = legacy`: old regions share the global host.
    pub(crate) legacy_global: bool,
}

/// Where a service is called, and the region that calls to it are signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) signing_region: Region,
}

/// The host of a URL, and the port where one is given.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// Whether it is AWS that answers there, and no emulator.
pub(crate) fn is_of_aws(url: &str) -> bool {
    let host = host(url);
    let host = host.split_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase();
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    region::PARTITIONS.iter().any(|partition| is_below(partition.domain) || is_below(partition.dual_stack_domain))
}

/// Whether nobody on the way can read what is sent there: it is encrypted, or stays on this machine.
pub(crate) fn keeps_secrets(url: &str) -> bool {
    let host = host(url);
    let name = host.strip_prefix('[').and_then(|rest| rest.split(']').next()).or_else(|| host.split(':').next());
    let is_loopback = |name: &str| {
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    let is_encrypted = url.split_once("://").is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"));
    is_encrypted || name.is_some_and(is_loopback)
}

/// The scheme, the host and the port of a URL: what stands before its path.
pub(crate) fn origin(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + "://".len());
    url[after_scheme..].find(['/', '?', '#']).map_or(url, |end| &url[..after_scheme + end])
}

/// The pseudo-region of services that have but one host.
const GLOBAL: &str = "aws-global";
const GLOBAL_STS: &str = "https://sts.amazonaws.com";

/// The regions that existed before STS was regional.
const LEGACY_GLOBAL_REGIONS: [&str; 16] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    GLOBAL,
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The endpoint of STS in a region.
pub(crate) fn sts(region: &Region, variant: Variant) -> Endpoint {
    let plain = !variant.fips && !variant.dual_stack;
    let is_global =
        region.as_str() == GLOBAL || (variant.legacy_global && LEGACY_GLOBAL_REGIONS.contains(&region.as_str()));
    if plain && is_global {
        let signing_region = Region::of_partition(Partition::AWS);
        return Endpoint { url: GLOBAL_STS.to_owned(), signing_region };
    }
    let partition = Partition::of_region(region);
    let service = match variant {
        // GovCloud's plain host is the FIPS one.
        Variant { fips: true, dual_stack: false, .. } if partition.name == "aws-us-gov" => "sts",
        Variant { fips: true, .. } => "sts-fips",
        Variant { fips: false, .. } => "sts",
    };
    let domain = if variant.dual_stack { partition.dual_stack_domain } else { partition.domain };
    Endpoint { url: format!("https://{service}.{region}.{domain}"), signing_region: region.clone() }
}

/// The URL of the console's sign-in service in a region.
pub(crate) fn sign_in(region: &Region, variant: Variant) -> String {
    let Partition { name, domain, sign_in_domain, dual_stack_domain, .. } = Partition::of_region(region);
    match variant {
        Variant { fips: true, dual_stack: true, .. } => format!("https://signin-fips.{region}.{dual_stack_domain}"),
        Variant { fips: false, dual_stack: true, .. } => format!("https://signin.{region}.{dual_stack_domain}"),
        Variant { fips: true, .. } if name == "aws-us-gov" && region.as_str() == "us-gov-west-1" => {
            format!("https://signin-fips.{sign_in_domain}")
        }
        Variant { fips: true, .. } if name == "aws-us-gov" => format!("https://{region}.signin-fips.{sign_in_domain}"),
        Variant { fips: true, .. } => format!("https://signin-fips.{region}.{domain}"),
        Variant { .. } => format!("https://{region}.signin.{sign_in_domain}"),
    }
}

/// The URL of IAM Identity Center's service for tokens in a region.
pub(crate) fn sso_oidc(region: &Region, variant: Variant) -> String {
    format!("https://{}", identity_center("oidc", region, variant))
}

/// The URL of IAM Identity Center's access portal in a region.
pub(crate) fn sso_portal(region: &Region, variant: Variant) -> String {
    format!("https://{}", identity_center("portal.sso", region, variant))
}

fn identity_center(service: &str, region: &Region, variant: Variant) -> String {
    let Partition { name, domain, dual_stack_domain, .. } = Partition::of_region(region);
    let fips = match variant {
        // GovCloud's plain hosts are the FIPS ones.
        Variant { fips: true, dual_stack: false, .. } if name == "aws-us-gov" => "",
        Variant { fips: true, .. } => "-fips",
        Variant { fips: false, .. } => "",
    };
    let domain = if variant.dual_stack { dual_stack_domain } else { domain };
    format!("{service}{fips}.{region}.{domain}")
}
