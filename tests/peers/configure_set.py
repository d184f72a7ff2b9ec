"""Tells what the AWS CLI's `aws configure set` makes of files: thousands of runs of the command in one process.

Standard input has a JSON list of cases: a `file`, `config` or `credentials`; its `text`, or null where there is none; a
`profile`; and `settings`, a list of pairs that are set one after the other. Printed is a list of the texts
afterwards, with null where the command failed. Line ends count: no text is translated on its way.
"""

import contextlib
import json
import os
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from awscli.clidriver import create_clidriver
from awscli.customizations.configure.set import ConfigureSetCommand

folder = tempfile.TemporaryDirectory()
files = {name: Path(folder.name, name) for name in ["config", "credentials"]}
os.environ["AWS_CONFIG_FILE"] = str(files["config"])
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(files["credentials"])
driver = create_clidriver()
command = ConfigureSetCommand(driver.session)


def run(profile, key, value, from_command_line):
    """Whether a key could be set. Every command line makes the next one slower, so not all cases take that way."""
    # It is found out once in a process, and kept here.
    driver.session._profile = None
    if from_command_line:
        return driver.main(["configure", "set", "--profile", profile, key, value]) == 0
    driver.session.set_config_variable("profile", profile)
    try:
        return command._run_main(Namespace(varname=key, value=value), None) == 0
    except UnboundLocalError:
        return False


def answer(number, case):
    for file in files.values():
        file.unlink(missing_ok=True)
    file = files[case["file"]]
    if case["text"] is not None:
        file.write_bytes(case["text"].encode())
    for key, value in case["settings"]:
        if not run(case["profile"], key, value, number % 20 == 0):
            return None
    return file.read_bytes().decode()


cases = json.load(sys.stdin)
# Neither its failures nor its warnings are asked for.
with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
    answers = [answer(number, case) for number, case in enumerate(cases)]
print(json.dumps(answers))
