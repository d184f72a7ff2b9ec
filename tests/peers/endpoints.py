"""Prints what botocore's endpoint rules say: every region that it knows, and some that nobody does, with each service.

One line for a region and a service: the hosts without variants, of FIPS, of dual stack, and of both. STS has a second
line for sts_regional_endpoints = legacy. A host that is signed for another region has that after it."""

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from json import dumps

# Of every partition one that does not exist yet, and such as look like those of a partition and are not.
MADE_UP = [
    "af-north-9", "ap-middle-12", "ca-east-7", "eu-new-3", "il-south-2", "me-north-4", "mx-west-2", "sa-north-3",
    "us-south-5", "us-gov-north-2", "cn-south-9", "eusc-de-west-4", "us-iso-north-1", "us-isob-north-7",
    "eu-isoe-north-2", "us-isof-north-9", "xx-new-9", "nowhere", "us", "us-east", "eusc-fr-east-1", "us-gov", "cn-1",
    "eu-isoe-1", "us-isoz-east-1", "a", "1",
]
SERVICES = {"sts": "sts", "sso": "sso_portal", "sso-oidc": "sso_oidc", "signin": "sign_in"}

loader = botocore.session.Session().get_component("data_loader")
partitions = loader.load_data("partitions")


def host(rules, region, fips, dual_stack, **more):
    try:
        endpoint = rules.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual_stack, **more)
    except EndpointProviderError as error:
        return "! " + str(error)
    url = endpoint.url.removeprefix("https://")
    schemes = endpoint.properties.get("authSchemes", [])
    signing = [scheme["signingRegion"] for scheme in schemes if scheme.get("signingRegion") not in (None, region)]
    return " ".join([url, *signing])


def hosts(rules, region, **more):
    variants = [(False, False), (True, False), (False, True), (True, True)]
    return [host(rules, region, fips, dual_stack, **more) for fips, dual_stack in variants]


def table():
    regions = [region for partition in partitions["partitions"] for region in partition["regions"]]
    for service, name in SERVICES.items():
        rules = EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), partitions)
        for region in regions + MADE_UP:
            more = {"UseGlobalEndpoint": False} if service == "sts" else {}
            yield [name, region, *hosts(rules, region, **more)]
            if service == "sts":
                yield ["sts_legacy", region, *hosts(rules, region, UseGlobalEndpoint=True)]


names = [
    [region, about.get("description", "")]
    for partition in partitions["partitions"]
    for region, about in partition["regions"].items()
]
rows = lambda rows: "[\n" + ",\n".join("    " + dumps(row) for row in rows) + "\n  ]"
print("{\n  \"endpoints\": %s,\n  \"regions\": %s\n}" % (rows(table()), rows(names)))
