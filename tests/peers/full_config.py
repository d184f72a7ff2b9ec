"""Tells what botocore reads in shared files: a JSON list of what each pair of files holds.

Standard input is a JSON list of pairs of paths, config and credentials.
"""

import json
import sys

from botocore.session import Session

SECTIONS = ["profiles", "sso_sessions", "services"]


def read(config, credentials):
    session = Session()
    session.set_config_variable("config_file", config)
    session.set_config_variable("credentials_file", credentials)
    return {kind: session.full_config.get(kind, {}) for kind in SECTIONS}


print(json.dumps([read(*paths) for paths in json.load(sys.stdin)]))
