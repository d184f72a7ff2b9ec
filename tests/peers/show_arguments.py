"""A credential_process whose secret key is its own command line, as JSON."""

import json
import sys

print(json.dumps({"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": json.dumps(sys.argv)}))
