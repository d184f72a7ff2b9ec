"""Prints what botocore reads in the shared files: a JSON object of profiles, and one of sso-sessions."""

import json

from botocore.session import Session

config = Session().full_config
print(json.dumps({"profiles": config["profiles"], "sso_sessions": config["sso_sessions"]}))
