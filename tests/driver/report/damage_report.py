#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damages a report in many ways and lets `quartet report` read it.

    damage_report.py QUARTET REPORT TIMES [SEED]

Each time some members get another type or an odd value, are removed or doubled, or the
text is cut short. The program must either print something and exit 0, or refuse the file
in one line and exit 1. Anything else (a crash, a finding of a sanitizer, a hang) stops
here, with the damaged file left as damaged.json.
"""

import copy
import json
import random
import subprocess
import sys

ODD = [None, True, False, 0, -1, 1, 0.5, 1e308, -1e308, 1e-308, 2**62, -(2**63), "", "ok"]
ODD += ["x" * 5000, "\x1b[31m", "%s%n", "~|`", "é" * 400, [], {}, [[]], {"a": 1}]


def places(value, path=()):
    """The path of every member and element."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, member in items:
        yield from places(member, path + (key,))


def damage(document, path, dice):
    holder = document
    try:
        for key in path[:-1]:
            holder = holder[key]
        choice = dice.random()
        if choice < 0.6:
            holder[path[-1]] = dice.choice(ODD)
        elif choice < 0.8:
            del holder[path[-1]]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[path[-1]]))
        else:
            holder[path[-1]] = {"cells": copy.deepcopy(holder[path[-1]])}
    except (KeyError, IndexError, TypeError):
        pass  # damaged already


def fine(run):
    if run.returncode == 0:
        return True
    return run.returncode == 1 and run.stderr.count(b"\n") == 1 and not run.stdout


def main():
    quartet, path, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
    dice = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    with open(path, encoding="utf-8") as file:
        whole = json.load(file)
    everywhere = list(places(whole))
    # Of a thousand histogram buckets a few are enough to damage.
    everywhere = [path for path in everywhere if "buckets" not in path or path[-2] in (0, 1)]
    for number in range(times):
        document = copy.deepcopy(whole)
        for _ in range(dice.choice([1, 1, 2, 5, 20])):
            damage(document, dice.choice(everywhere), dice)
        text = json.dumps(document)
        if dice.random() < 0.1:
            text = text[: dice.randrange(len(text))]
        with open("damaged.json", "w", encoding="utf-8") as file:
            file.write(text)
        form = dice.choice(["text", "md", "csv", "json"])
        width = dice.choice(["0", "1", "40", "100"])
        command = [quartet, "report", "damaged.json", "--format", form, "--width", width]
        run = subprocess.run(command, capture_output=True, timeout=60, check=False)
        if not fine(run):
            print(f"damage {number}: exit code {run.returncode} of {' '.join(command)}")
            print(run.stderr.decode("utf-8", "replace")[:3000])
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
