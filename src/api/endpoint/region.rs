//! Partitions, and the regions in them.
//!
//! The table is that of the AWS SDKs:
//! <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>

use std::fmt;

/// A set of regions with accounts and domains of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The second field of its ARNs.
    pub(crate) name: &'static str,
    /// Where calls go when nothing names a region.
    pub(crate) default_region: &'static str,
    prefixes: &'static [&'static str],
    pub(super) domain: &'static str,
    /// Of the console's sign-in.
    pub(super) sign_in_domain: &'static str,
    pub(super) dual_stack_domain: &'static str,
}

/// `aws` comes last: regions that nobody else claims are its own.
pub(super) const PARTITIONS: [Partition; 8] = [
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
        prefixes: &["eusc-de-"],
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
        let claims = |partition: &Self| partition.has_one_like(&region.0) || partition.is_all_of(&region.0);
        PARTITIONS.into_iter().find(claims).unwrap_or(Self::AWS)
    }

    /// Whether a region is made like its own: of a prefix, a place and a number.
    fn has_one_like(&self, region: &str) -> bool {
        let is_place = |rest: &str| {
            rest.split_once('-').is_some_and(|(place, number)| {
                !place.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        self.prefixes.iter().any(|prefix| region.strip_prefix(prefix).is_some_and(is_place))
    }

    /// Whether it is the pseudo-region of the whole partition, such as `aws-cn-global`.
    fn is_all_of(&self, region: &str) -> bool {
        region.strip_prefix(self.name) == Some("-global")
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
        PARTITIONS.iter().any(|partition| partition.has_one_like(&self.0))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_made_of_a_prefix_a_place_and_a_number() {
        for (name, is_like_others) in [
            ("us-east-1", true),
            ("ap-southeast-12", true),
            ("us-gov-west-1", true),
            ("eusc-de-east-1", true),
            ("us-isob-east-1", true),
            ("aws-global", false),
            ("aws-cn-global", false),
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
}
