"""Prints the credentials of a profile as botocore gets them, refreshed where it finds that due."""

import json
import sys

from botocore.session import Session

credentials = Session(profile=sys.argv[1]).get_credentials()
if credentials is None:
    sys.exit("no credentials")
frozen = credentials.get_frozen_credentials()
print(
    json.dumps(
        {
            "AccessKeyId": frozen.access_key,
            "SecretAccessKey": frozen.secret_key,
            "SessionToken": frozen.token,
            # It came later than much else.
            "AccountId": getattr(frozen, "account_id", None),
            "Method": credentials.method,
        }
    )
)
