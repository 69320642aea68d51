#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives every command that reads reports files that lie, each for one known reason.

    hostile_reports.py QUARTET REPORT COMMAND...     COMMAND with @ for the file

Each file must be refused in one line on stderr, with nothing on stdout, exit code 1 and
the words that belong to it; those that are only odd must be read. Whatever is cut short,
at any byte, must be refused. (damage_report.py looks for what nobody has thought of.)
"""

import copy
import json
import resource
import subprocess
import sys

SECONDS = 60
MEMORY = 1 << 30  # address space; the largest file here has 100 MB
CUTS = 12


def variants(text):
    """Name, content, and what the refusal must say; None: it must be read."""
    report = json.loads(text)

    def changed(change):
        other = copy.deepcopy(report)
        change(other)
        return json.dumps(other).encode()

    def swapped(old, new):
        assert old in text
        return text.replace(old, new, 1).encode()

    first = report["tables"][0]["cells"][0]["samples"][0]["wall_ns"]
    wall = f'"wall_ns": {first}'
    samples = lambda it: [s for t in it["tables"] for c in t["cells"] for s in c["samples"]]
    tables = lambda it: it["tables"]

    yield "empty", b"", "not valid JSON"
    yield "zeros", bytes(1000), "not valid JSON"
    yield "text", b"hello\n", "not valid JSON"
    yield "utf16", text.encode("utf-16"), "not valid JSON"
    yield "latin1", swapped('"coroutine"', '"corout\xefne"').decode().encode("latin-1"), "decode"
    yield "nan", swapped(wall, '"wall_ns": NaN'), "near 'NaN'"
    yield "infinity", swapped(wall, '"wall_ns": -Infinity'), "not valid JSON"
    yield "overflow", swapped(wall, '"wall_ns": 1e999'), "overflow"
    yield "long-integer", swapped(wall, '"wall_ns": ' + "9" * 40), "too big integer"
    yield "number", b"5", "not valid JSON"
    yield "array", json.dumps([report]).encode(), "not a report"
    yield "foreign", b'{"results": [{"command": "x", "mean": 1}]}', "not a report"
    yield "run-record", b'{"schema": "quartet.run/1"}', "quartet.run/1"
    yield "future", changed(lambda it: it.update(schema="quartet.report/2")), "quartet.report/2"
    yield "twice", b'{"schema": "quartet.report/1", "schema": "quartet.report/2"}', "duplicate"
    yield "deep", b"[" * 100000, "depth"
    yield "deep-member", swapped('"environment": {}', '"environment": ' + "[" * 3000 + "]" * 3000), "depth"
    yield "no-tables", changed(lambda it: it.pop("tables")), "tables must be an array"
    yield "no-cells", changed(lambda it: it["tables"][0].pop("cells")), "tables[0].cells must be"
    yield "text-for-number", changed(lambda it: samples(it)[0].update(wall_ns="fast")), "wall_ns must be"
    yield "same-cell", changed(
        lambda it: [cell.update(id="x") for cell in it["tables"][0]["cells"]]), "the same id, 'x'"
    yield "same-table", changed(lambda it: [t.update(id="x") for t in tables(it)]), "the same id, 'x'"
    yield "status", changed(lambda it: it["tables"][0]["cells"][0].update(status="fine")), "status is 'fine'"
    yield "many-tables", changed(lambda it: it.update(tables=it["tables"][:1] * 1001)), "more than 1000"
    yield "many-blocks", changed(
        lambda it: it["tables"][0].update(blocks=it["tables"][0]["blocks"][:1] * 2001)), "more than 2000"
    # 100 MB of another program, of nothing, and of what would take 7 GB as a tree.
    yield "huge", b'{"log": "' + b"x" * (100 << 20) + b'"}', "no file of quartet"
    yield "blank", b" " * (100 << 20), "no file of quartet"
    yield "swelling", b"[" + b"{}," * (33 << 20) + b"{}]", "no file of quartet"

    yield "huge-but-fine", text.encode() + b" " * (100 << 20), None
    yield "slow", changed(lambda it: [s.update(wall_ns=1e308) for s in samples(it)]), None
    yield "slow-once", changed(lambda it: samples(it)[0].update(wall_ns=1e308)), None
    yield "fast", changed(lambda it: [s.update(wall_ns=1e-308) for s in samples(it)]), None
    yield "negative", changed(lambda it: [s.update(wall_ns=-5) for s in samples(it)]), None
    yield "negative-tasks", changed(lambda it: [t.update(tasks=-3) for t in tables(it)]), None
    yield "rounds", changed(lambda it: it["plan"].update(rounds=10**9, seed=-1)), None
    yield "block-numbers", changed(
        lambda it: [b.update(number=10**9) for t in tables(it) for b in t["blocks"]]), None
    yield "no-plan", changed(lambda it: [it.pop("plan"), it.pop("environment")]), None
    yield "no-records", changed(lambda it: [s.pop("record") for s in samples(it)]), None


def fault(command, words):
    """What is wrong with the way in which a command took the file, or None."""
    run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    said = run.stderr.decode("utf-8", "replace")
    if words is None:
        return None if run.returncode == 0 and not said else f"exit code {run.returncode}: {said[:500]}"
    if run.returncode != 1 or run.stdout or said.count("\n") != 1 or len(said) > 1000:
        return f"exit code {run.returncode}, {len(run.stdout)} bytes on stdout: {said[:500]}"
    return None if words in said else f"does not say '{words}': {said}"


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # of the commands, too
    quartet, path, commands = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    cuts = [(f"cut-{n}", text[: len(text.rstrip()) * n // CUTS - 1].encode(), "not valid JSON")
            for n in range(1, CUTS + 1)]
    faults = 0
    for name, content, words in [*variants(text), *cuts]:
        with open("hostile.json", "wb") as file:
            file.write(content)
        # The reader is the same for all: large files once are enough.
        for command in commands[:1] if len(content) > 1 << 20 else commands:
            if words is None and command.startswith("check"):
                continue  # it would begin to measure
            argv = [quartet] + [word.replace("@", "hostile.json") for word in command.split()]
            found = fault(argv, words)
            if found:
                print(f"{name}: {' '.join(argv)}: {found}")
                faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
