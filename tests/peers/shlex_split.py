"""Splits command lines, a JSON list, as botocore does where a profile names a credential_process."""

import json
import sys

from botocore.compat import compat_shell_split

print(json.dumps([compat_shell_split(line) for line in json.load(sys.stdin)]))
