#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives all that prints a report one whose every name and reason plays tricks.

    foreign_text.py QUARTET REPORT FORM...     FORM: a command with @ for the file

Control characters, what turns the direction of writing, and what is no character must have
gone from each output; nothing begins a line with "::", which is a command to GitHub; XML is
well-formed; CSV has as many lines as before.
"""

import csv
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

TRICK = "\x1b]0;own\x07\x7f\x9b31m\u202e\u2066\ufffe\u2028,\"<&%0A\r\n::error::owned"
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
# Members that say what something is called or why; all that refers to them changes along.
NAMES = {"id", "title", "label", "row", "commit", "reason", "name", "advice", "operation", "version",
         "incomplete_reason", "invalid_reason", "disturbed", "compiler", "flags", "summary"}
FIXED = {"schema", "status", "kind", "verdict", "metric", "seed", "checksum", "mode"}


def names(value, key=""):
    if isinstance(value, dict):
        return set().union(*(names(below, name) for name, below in value.items()))
    if isinstance(value, list):
        return set().union(*(names(below, key) for below in value))
    return {value} if isinstance(value, str) and key in NAMES else set()


def poisoned(value, known, key="", everything=False):
    everything = everything or key in ("environment", "notes", "argv")
    if isinstance(value, dict):
        return {name: poisoned(below, known, name, everything) for name, below in value.items()}
    if isinstance(value, list):
        return [poisoned(below, known, key, everything) for below in value]
    if isinstance(value, str) and key not in FIXED and (everything or value in known):
        return value + TRICK
    return value


def faults(command, form):
    run = subprocess.run(command, capture_output=True, timeout=60, check=False)
    said = (run.stdout + run.stderr).decode("utf-8", "replace")
    if run.returncode != 0 or "own" not in said:
        yield f"exit code {run.returncode}, {len(said)} letters: {said[-300:]}"
    for harmful in HARMFUL.finditer(said):
        begin = harmful.start()
        yield f"{harmful.group()!r} in {said[max(0, begin - 60):begin + 20]!r}"
        break
    if any(line.startswith("::") for line in said.splitlines()):
        yield "a line begins with ::"
    if "junit" in form:
        ElementTree.fromstring(run.stdout)
    if form.endswith("csv @"):
        rows = list(csv.reader(io.StringIO(run.stdout.decode())))
        if {len(row) for row in rows} != {len(rows[0])}:
            yield "rows of different lengths"


def main():
    quartet, path, forms = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    with open("tricks.json", "w", encoding="utf-8") as file:
        json.dump(poisoned(report, names(report)), file)
    found = 0
    for form in forms:
        command = [quartet] + [word.replace("@", "tricks.json") for word in form.split()]
        for fault in faults(command, form):
            print(f"{form}: {fault}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
