#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the steps of a GitHub workflow as the service would: steps.py WORKFLOW

Each `run:` by `bash -e`, in their order; after one has failed only those that say
`if: always()`. Ends with the exit code of the first that failed. Knows as much YAML as
docs/ci/github.yml has.
"""

import re
import subprocess
import sys

STEP = re.compile(r"^      - (.*)$")
MEMBER = re.compile(r"^        ([a-z-]+): *(.*)$")


def read_steps(path):
    """A dictionary per step; a `|` has the lines that are indented below it."""
    steps = []
    key = None
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            line = STEP.sub(r"        \1", line) if STEP.match(line) and not steps.append({}) else line
            member = MEMBER.match(line)
            if member and steps:
                key, value = member.groups()
                steps[-1][key] = "" if value == "|" else value
            elif steps and key == "run" and line.startswith(" " * 10):
                steps[-1][key] += line[10:] + "\n"
    return steps


def main():
    failed = 0
    count = 0
    for step in read_steps(sys.argv[1]):
        if "run" not in step or (failed and step.get("if") != "always()"):
            continue
        count += 1
        print(f"step: {step.get('name')}", flush=True)
        code = subprocess.run(["bash", "-e", "-c", step["run"]], check=False).returncode
        failed = failed or code
    print(f"{count} steps have been run", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
