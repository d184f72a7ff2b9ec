"""Tells what botocore reads in texts of shared files: standard input has a JSON list of pairs of them."""

import json
import sys
import tempfile
from pathlib import Path

from botocore.configloader import raw_config_parse

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "config")

    def read(text):
        file.write_bytes(text.encode())
        return raw_config_parse(str(file))

    print(json.dumps([[read(text) for text in pair] for pair in json.load(sys.stdin)]))
