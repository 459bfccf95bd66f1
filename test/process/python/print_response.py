"""Runs a sample that prints nothing, and tells what its variable `response` was answered, as a line of JSON."""

import json
import runpy
import sys

response = runpy.run_path(sys.argv[1])["response"]
print(json.dumps({"status": response.status_code, "body": response.text}))
