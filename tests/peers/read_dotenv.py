"""Reads files with python-dotenv and prints their variables as one JSON document."""

import json
import sys

from dotenv import dotenv_values

json.dump([dotenv_values(path, encoding="utf-8") for path in sys.argv[1:]], sys.stdout)
