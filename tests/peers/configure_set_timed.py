"""Lets `aws configure set` set keys of a profile to 1, one after the other, and tells when it read and wrote the file.

The arguments are the profile and the keys. Printed is a JSON list of pairs of times in nanoseconds since 1970.
"""

import json
import sys
import time

from awscli.clidriver import create_clidriver
from awscli.customizations.configure.writer import ConfigFileWriter

update_config = ConfigFileWriter.update_config
spans = []


def timed(*arguments, **options):
    began = time.time_ns()
    update_config(*arguments, **options)
    spans.append([began, time.time_ns()])


ConfigFileWriter.update_config = timed
profile, *keys = sys.argv[1:]
driver = create_clidriver()
for key in keys:
    assert driver.main(["configure", "set", "--profile", profile, key, "1"]) == 0
    time.sleep(0.03)
print(json.dumps(spans))
