//! `tests/data/endpoints.json` is what botocore's rules say, by `tests/peers/endpoints.py`: for a service and a region the
//! hosts without variants, of FIPS, of dual stack, and of both. The region that a host is signed for follows it where it
//! is another one. A test among the command tests finds out when it is of yesterday.

use super::*;
use crate::api::regions::REGIONS;
use serde::Deserialize;

const PLAIN: Variant = Variant { fips: false, dual_stack: false, legacy_global: false };

#[derive(Deserialize)]
struct Table {
    endpoints: Vec<[String; 6]>,
    /// Each with its name.
    regions: Vec<(String, String)>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../../../tests/data/endpoints.json")).expect("a table")
}

#[test]
fn hosts_are_those_of_botocore_in_every_region_and_variant() {
    for [service, name, hosts @ ..] in table().endpoints {
        let region = Region::parse(&name).expect("a region");
        for ((fips, dual_stack), expected) in
            [(false, false), (true, false), (false, true), (true, true)].iter().zip(hosts)
        {
            let variant = Variant { fips: *fips, dual_stack: *dual_stack, legacy_global: service == "sts_legacy" };
            let url = match service.as_str() {
                "sts" | "sts_legacy" => {
                    let Endpoint { url, signing_region } = sts(&region, variant);
                    if signing_region == region { url } else { format!("{url} {signing_region}") }
                }
                "sso_portal" => sso_portal(&region, variant),
                "sso_oidc" => sso_oidc(&region, variant),
                _ => sign_in(&region, variant),
            };
            assert_eq!(url, format!("https://{expected}"), "{service} in {name}: {variant:?}");
        }
    }
}

/// Nobody chooses among regions of isolated partitions and pseudo-regions.
#[test]
fn regions_to_choose_from_are_those_of_botocore() {
    let Table { mut regions, .. } = table();
    let is_chosen = |name: &str| !name.ends_with("-global") && !Region::parse(name).expect("a region").is_isolated();
    regions.retain(|(name, _)| is_chosen(name));
    let mut ours = REGIONS.map(|(name, title)| (name.to_owned(), title.to_owned()));
    ours.sort();
    regions.sort();
    assert_eq!(ours.as_slice(), regions);
}

#[test]
fn every_region_but_pseudo_regions_is_made_like_the_others() {
    for (name, _) in table().regions {
        let region = Region::parse(&name).expect("a region");
        assert_eq!(region.is_like_others(), !name.ends_with("-global"), "{name}");
    }
}

#[test]
fn the_global_host_is_signed_for_us_east_1() {
    let legacy = Variant { legacy_global: true, ..PLAIN };
    for (region, variant) in [(GLOBAL, PLAIN), ("eu-west-1", legacy), ("us-east-1", legacy)] {
        let endpoint = sts(&Region::parse(region).expect("a region"), variant);
        assert_eq!((endpoint.url.as_str(), endpoint.signing_region.as_str()), (GLOBAL_STS, "us-east-1"));
    }
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
