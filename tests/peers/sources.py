"""Prints which keys botocore finds in each of many environments, or why it finds none.

Standard input is a JSON list of environments: their variables, and the profile that is named, or null. botocore is told
nothing else, except that it need not pause before it asks a container's endpoint again.
"""

import contextlib
import io
import json
import os
import sys
from copy import copy

from botocore.credentials import SSOProvider
from botocore.loaders import create_loader
from botocore.session import Session
from botocore.tokens import SSOTokenProvider
from botocore.utils import ContainerMetadataFetcher

ContainerMetadataFetcher.SLEEP_TIME = 0
# What botocore knows of services, and what it does before and after each call, is the same for all.
LOADER = create_loader()
HANDLERS = Session().get_component("event_emitter")


def found(variables, profile):
    os.environ.clear()
    os.environ.update(variables)
    # As it would be, had botocore been imported in this environment.
    cache = os.path.expanduser(os.path.join("~", ".aws", "sso", "cache"))
    SSOProvider._SSO_TOKEN_CACHE_DIR = SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    session = Session(profile=profile, event_hooks=copy(HANDLERS), include_builtin_handlers=False)
    session.register_component("data_loader", LOADER)
    credentials = session.get_credentials()
    if credentials is None:
        return {"failure": "no credentials"}
    keys = credentials.get_frozen_credentials()
    members = {"AccessKeyId": keys.access_key, "SecretAccessKey": keys.secret_key, "SessionToken": keys.token}
    return {"keys": members}


def outcome(environment):
    try:
        # There it asks for codes of MFA.
        with contextlib.redirect_stderr(io.StringIO()):
            return found(**environment)
    except Exception as error:
        return {"failure": f"{type(error).__name__}: {error}"}


print(json.dumps([outcome(environment) for environment in json.load(sys.stdin)]))
