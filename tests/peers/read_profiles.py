"""Tells where botocore takes the credentials of profiles from: a JSON list of chains, each base first.

The arguments are the profiles. Nothing is assumed or fetched: botocore's fetchers can be looked at before.
"""

import json
import sys

from botocore.session import Session

KINDS = {
    "assume-role": "assume_role",
    "assume-role-with-web-identity": "web_identity",
    "config-file": "keys",
    "custom-process": "credential_process",
    "env": "environment",
    "shared-credentials-file": "keys",
    "sso": "sso",
}
SETTINGS = {
    "RoleArn": "role_arn",
    "RoleSessionName": "role_session_name",
    "ExternalId": "external_id",
    "SerialNumber": "mfa_serial",
    "DurationSeconds": "duration_seconds",
}


def fetcher_of(credentials):
    """What would fetch the credentials; for an MFA device that is wrapped once more."""
    fetch = credentials._refresh_using
    return getattr(fetch, "_refresh", fetch).__self__


def chain(credentials):
    """The links that lead to the credentials, in keyfob's words."""
    link = {"type": KINDS[credentials.method]}
    match link["type"]:
        case "assume_role" | "web_identity":
            fetcher = fetcher_of(credentials)
            link |= {SETTINGS[name]: value for name, value in fetcher._assume_kwargs.items()}
            if fetcher._using_default_session_name:
                del link["role_session_name"]
            source = getattr(fetcher, "_source_credentials", None)
            return (chain(source) if source else []) + [link]
        case "sso":
            fetcher = fetcher_of(credentials)
            link |= {"sso_start_url": fetcher._start_url, "sso_region": fetcher._sso_region}
            link |= {"sso_account_id": fetcher._account_id, "sso_role_name": fetcher._role_name}
        case "keys":
            link |= {"access_key_id": credentials.access_key, "has_token": credentials.token is not None}
        case "environment":
            link |= {"access_key_id": credentials.access_key}
    return [link]


print(json.dumps([chain(Session(profile=name).get_credentials()) for name in sys.argv[1:]]))
