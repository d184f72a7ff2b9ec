//! Partitions, regions, and the hosts that follow from them.
//!
//! The table is that of the AWS SDKs' endpoint rules:
//! <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>

use std::fmt;
use std::net::IpAddr;

/// A set of regions with accounts and domains of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The second field of its ARNs.
    pub(crate) name: &'static str,
    /// Where calls go when nothing names a region.
    pub(crate) default_region: &'static str,
    prefixes: &'static [&'static str],
    domain: &'static str,
    /// Of the console's sign-in.
    sign_in_domain: &'static str,
    dual_stack_domain: &'static str,
}

/// `aws` comes last: regions that nobody else claims are its own.
const PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws-cn",
        default_region: "cn-northwest-1",
        prefixes: &["cn-"],
        domain: "amazonaws.com.cn",
        sign_in_domain: "amazonaws.cn",
        dual_stack_domain: "api.amazonwebservices.com.cn",
    },
    Partition {
        name: "aws-us-gov",
        default_region: "us-gov-west-1",
        prefixes: &["us-gov-"],
        domain: "amazonaws.com",
        sign_in_domain: "amazonaws-us-gov.com",
        dual_stack_domain: "api.aws",
    },
    Partition {
        name: "aws-iso",
        default_region: "us-iso-east-1",
        prefixes: &["us-iso-"],
        domain: "c2s.ic.gov",
        sign_in_domain: "c2shome.ic.gov",
        dual_stack_domain: "api.aws.ic.gov",
    },
    Partition {
        name: "aws-iso-b",
        default_region: "us-isob-east-1",
        prefixes: &["us-isob-"],
        domain: "sc2s.sgov.gov",
        sign_in_domain: "sc2shome.sgov.gov",
        dual_stack_domain: "api.aws.scloud",
    },
    Partition {
        name: "aws-iso-e",
        default_region: "eu-isoe-west-1",
        prefixes: &["eu-isoe-"],
        domain: "cloud.adc-e.uk",
        sign_in_domain: "csphome.adc-e.uk",
        dual_stack_domain: "api.cloud-aws.adc-e.uk",
    },
    Partition {
        name: "aws-iso-f",
        default_region: "us-isof-south-1",
        prefixes: &["us-isof-"],
        domain: "csp.hci.ic.gov",
        sign_in_domain: "csphome.hci.ic.gov",
        dual_stack_domain: "api.aws.hci.ic.gov",
    },
    Partition {
        name: "aws-eusc",
        default_region: "eusc-de-east-1",
        prefixes: &["eusc-"],
        domain: "amazonaws.eu",
        sign_in_domain: "amazonaws-eusc.eu",
        dual_stack_domain: "api.amazonwebservices.eu",
    },
    Partition::AWS,
];

impl Partition {
    pub(crate) const AWS: Self = Self {
        name: "aws",
        default_region: "us-east-1",
        prefixes: &["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"],
        domain: "amazonaws.com",
        sign_in_domain: "aws.amazon.com",
        dual_stack_domain: "api.aws",
    };

    pub(crate) fn of_region(region: &Region) -> Self {
        let claims = |partition: &Self| partition.prefixes.iter().any(|prefix| region.0.starts_with(prefix));
        PARTITIONS.into_iter().find(claims).unwrap_or(Self::AWS)
    }

    /// The partition that an ARN names.
    pub(crate) fn of_arn(arn: &str) -> Option<Self> {
        let name = arn.strip_prefix("arn:")?.split(':').next()?;
        PARTITIONS.into_iter().find(|partition| partition.name == name)
    }
}

/// The name of a region, safe to be part of a host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region(String);

impl Region {
    /// Checks a name, from wherever it came: only small letters, digits and inner hyphens, so that no region
    /// can lead a signed request to another host.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_label = (1..=63).contains(&name.len()) && name.bytes().all(is_part);
        (is_label && !name.starts_with('-') && !name.ends_with('-')).then(|| Self(name.to_owned()))
    }

    /// Where calls go when nothing names a region.
    pub(crate) fn of_partition(partition: Partition) -> Self {
        Self(partition.default_region.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is made like those of a partition that has no way to the others.
    pub(crate) fn is_isolated(&self) -> bool {
        self.is_like_others() && Partition::of_region(self).name.starts_with("aws-iso")
    }

    /// Whether it is made like the regions that there are: `us-east-1`, `eusc-de-east-1`.
    pub(crate) fn is_like_others(&self) -> bool {
        let is_place = |rest: &str| {
            rest.rsplit_once('-').is_some_and(|(place, number)| {
                !place.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let mut prefixes = PARTITIONS.iter().flat_map(|partition| partition.prefixes);
        prefixes.any(|prefix| self.0.strip_prefix(prefix).is_some_and(is_place))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
    PARTITIONS.iter().any(|partition| is_below(partition.domain) || is_below(partition.dual_stack_domain))
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
    let is_global = region.0 == GLOBAL || (variant.legacy_global && LEGACY_GLOBAL_REGIONS.contains(&region.as_str()));
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

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Variant = Variant { fips: false, dual_stack: false, legacy_global: false };
    const FIPS: Variant = Variant { fips: true, ..PLAIN };
    const DUAL: Variant = Variant { dual_stack: true, ..PLAIN };
    const BOTH: Variant = Variant { fips: true, dual_stack: true, ..PLAIN };
    const LEGACY: Variant = Variant { legacy_global: true, ..PLAIN };

    #[test]
    fn regions_are_made_of_a_prefix_a_place_and_a_number() {
        for (name, is_like_others) in [
            ("us-east-1", true),
            ("ap-southeast-12", true),
            ("us-gov-west-1", true),
            ("eusc-de-east-1", true),
            ("us-isob-east-1", true),
            ("nowhere", false),
            ("us-east", false),
            ("us-1", false),
            ("xx-east-1", false),
            ("us-east-1a", false),
        ] {
            assert_eq!(Region::parse(name).map(|region| region.is_like_others()), Some(is_like_others), "{name}");
        }
    }

    #[test]
    fn every_partition_has_its_hosts() {
        for (region, variant, host) in [
            ("eu-west-1", PLAIN, "sts.eu-west-1.amazonaws.com"),
            ("us-east-1", PLAIN, "sts.us-east-1.amazonaws.com"),
            ("us-east-1", FIPS, "sts-fips.us-east-1.amazonaws.com"),
            ("us-east-1", DUAL, "sts.us-east-1.api.aws"),
            ("us-east-1", BOTH, "sts-fips.us-east-1.api.aws"),
            ("cn-north-1", PLAIN, "sts.cn-north-1.amazonaws.com.cn"),
            ("cn-north-1", FIPS, "sts-fips.cn-north-1.amazonaws.com.cn"),
            ("cn-north-1", DUAL, "sts.cn-north-1.api.amazonwebservices.com.cn"),
            ("us-gov-west-1", PLAIN, "sts.us-gov-west-1.amazonaws.com"),
            ("us-gov-west-1", FIPS, "sts.us-gov-west-1.amazonaws.com"),
            ("us-gov-west-1", BOTH, "sts-fips.us-gov-west-1.api.aws"),
            ("us-iso-east-1", PLAIN, "sts.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", DUAL, "sts.us-isob-east-1.api.aws.scloud"),
            ("eu-isoe-west-1", FIPS, "sts-fips.eu-isoe-west-1.cloud.adc-e.uk"),
            ("us-isof-south-1", PLAIN, "sts.us-isof-south-1.csp.hci.ic.gov"),
            ("eusc-de-east-1", PLAIN, "sts.eusc-de-east-1.amazonaws.eu"),
            ("xx-new-9", PLAIN, "sts.xx-new-9.amazonaws.com"),
        ] {
            let region = Region::parse(region).expect("a region");
            let endpoint = sts(&region, variant);
            assert_eq!(endpoint.url, format!("https://{host}"));
            assert_eq!(endpoint.signing_region, region);
        }
    }

    #[test]
    fn the_global_host_is_signed_for_us_east_1() {
        for (region, variant) in [(GLOBAL, PLAIN), ("eu-west-1", LEGACY), ("us-east-1", LEGACY)] {
            let endpoint = sts(&Region::parse(region).expect("a region"), variant);
            assert_eq!((endpoint.url.as_str(), endpoint.signing_region.as_str()), (GLOBAL_STS, "us-east-1"));
        }
        let newer = sts(&Region::parse("eu-south-1").expect("a region"), LEGACY);
        assert_eq!(newer.url, "https://sts.eu-south-1.amazonaws.com");
    }

    #[test]
    fn every_partition_has_its_sign_in() {
        for (region, variant, host) in [
            ("us-east-1", PLAIN, "us-east-1.signin.aws.amazon.com"),
            ("us-east-1", FIPS, "signin-fips.us-east-1.amazonaws.com"),
            ("us-east-1", DUAL, "signin.us-east-1.api.aws"),
            ("us-east-1", BOTH, "signin-fips.us-east-1.api.aws"),
            ("cn-north-1", PLAIN, "cn-north-1.signin.amazonaws.cn"),
            ("cn-north-1", FIPS, "signin-fips.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", PLAIN, "us-gov-west-1.signin.amazonaws-us-gov.com"),
            ("us-gov-west-1", FIPS, "signin-fips.amazonaws-us-gov.com"),
            ("us-gov-east-1", FIPS, "us-gov-east-1.signin-fips.amazonaws-us-gov.com"),
            ("eusc-de-east-1", PLAIN, "eusc-de-east-1.signin.amazonaws-eusc.eu"),
            ("us-iso-east-1", PLAIN, "us-iso-east-1.signin.c2shome.ic.gov"),
            ("us-isob-east-1", DUAL, "signin.us-isob-east-1.api.aws.scloud"),
            ("eu-isoe-west-1", PLAIN, "eu-isoe-west-1.signin.csphome.adc-e.uk"),
            ("us-isof-south-1", FIPS, "signin-fips.us-isof-south-1.csp.hci.ic.gov"),
            ("xx-foo-1", PLAIN, "xx-foo-1.signin.aws.amazon.com"),
        ] {
            let region = Region::parse(region).expect("a region");
            assert_eq!(sign_in(&region, variant), format!("https://{host}"));
        }
    }

    #[test]
    fn a_region_cannot_lead_to_another_host() {
        for name in [
            "",
            "x@evil:443/#",
            "eu-west-1.evil.com",
            "EU-WEST-1",
            "-a",
            "a-",
            "eu west 1",
            "eu\n",
            "é",
            &"a".repeat(64),
        ] {
            assert!(Region::parse(name).is_none(), "{name:?}");
        }
    }

    #[test]
    fn an_arn_names_its_partition() {
        let region = |arn| Partition::of_arn(arn).map(|partition| partition.default_region);
        assert_eq!(region("arn:aws:iam::123456789012:role/Demo"), Some("us-east-1"));
        assert_eq!(region("arn:aws-cn:iam::123456789012:role/Demo"), Some("cn-northwest-1"));
        assert_eq!(region("arn:foo"), None);
        assert_eq!(region("junk"), None);
    }

    #[test]
    fn plain_http_keeps_secrets_on_this_machine_alone() {
        for (url, kept) in [
            ("https://example.com", true),
            ("http://127.0.0.1:5000", true),
            ("http://localhost:5000/x", true),
            ("http://[::1]:5000", true),
            ("http://example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(keeps_secrets(url), kept, "{url}");
        }
    }

    #[test]
    fn identity_center_has_two_hosts_in_each_region() {
        for (region, variant, oidc, portal) in [
            ("us-east-1", PLAIN, "oidc.us-east-1.amazonaws.com", "portal.sso.us-east-1.amazonaws.com"),
            ("cn-north-1", PLAIN, "oidc.cn-north-1.amazonaws.com.cn", "portal.sso.cn-north-1.amazonaws.com.cn"),
            ("eu-west-1", FIPS, "oidc-fips.eu-west-1.amazonaws.com", "portal.sso-fips.eu-west-1.amazonaws.com"),
            ("eu-west-1", DUAL, "oidc.eu-west-1.api.aws", "portal.sso.eu-west-1.api.aws"),
            (
                "eusc-de-east-1",
                BOTH,
                "oidc-fips.eusc-de-east-1.api.amazonwebservices.eu",
                "portal.sso-fips.eusc-de-east-1.api.amazonwebservices.eu",
            ),
            ("us-gov-west-1", FIPS, "oidc.us-gov-west-1.amazonaws.com", "portal.sso.us-gov-west-1.amazonaws.com"),
            ("us-gov-west-1", BOTH, "oidc-fips.us-gov-west-1.api.aws", "portal.sso-fips.us-gov-west-1.api.aws"),
        ] {
            let region = Region::parse(region).expect("a region");
            assert_eq!(sso_oidc(&region, variant), format!("https://{oidc}"));
            assert_eq!(sso_portal(&region, variant), format!("https://{portal}"));
        }
    }
}
