#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fills a folder with invented reports of sixty commits, for tests of `quartet history`.

    make_history.py FOLDER [--commits FILE] [--steps PLACE,PLACE] [--seed S]

A report for each commit (the lines of FILE, oldest first; else invented ones), a day apart. Rows
drift by 1 % from report to report by chance; at each place of --steps `coroutine` takes 5 %
longer from then on, and the kernel is another one. No figure is measured.
"""

import argparse
import copy
import datetime
import json
import pathlib
import random
import subprocess
import sys

MAKE_REPORT = pathlib.Path(__file__).parents[1] / "make_report.py"
COMMITS = 60


def smallest():
    """An invented report with two rows of one table, two rounds each."""
    text = subprocess.run([sys.executable, MAKE_REPORT, "--rounds", "2"], check=True,
                          capture_output=True).stdout
    report = json.loads(text)
    table = report["tables"][0]
    table["cells"] = [cell for cell in table["cells"] if cell["model"] in ("coroutine", "eventloop")]
    for block in table["blocks"]:
        block["order"] = [cell["id"] for cell in table["cells"]]
    report["tables"] = [table]
    report["plan"]["tables"] = [table["id"]]
    return report


def slow_down(cell, factor):
    for entry in cell["samples"]:
        entry["wall_ns"] = round(entry["wall_ns"] * factor)
        phases = entry["record"]["phases_ns"]
        phases["run"] = int(phases["run"] * factor)
        cpu = entry["record"]["cpu_ns"]
        cpu.update({name: int(ns * factor) for name, ns in cpu.items()})
        entry.update(user_ns=cpu["user"], system_ns=cpu["system"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--commits")
    parser.add_argument("--steps", default="")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    steps = [int(place) for place in arguments.steps.split(",") if place]
    commits = [f"{number:040x}" for number in range(1 << 150, (1 << 150) + COMMITS)]
    if arguments.commits:
        commits = pathlib.Path(arguments.commits).read_text(encoding="ascii").split()
    model = smallest()
    start = datetime.datetime(2026, 1, 1)
    arguments.folder.mkdir(parents=True)
    for number, commit in enumerate(commits):
        report = copy.deepcopy(model)
        passed = sum(number >= step for step in steps)
        report["tool"]["commit"] = commit
        report["started_utc"] = (start + datetime.timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        report["environment"] = {"testbed": "0123456789abcdef", "kernel": f"6.{passed}.0",
                                 "load": round(generator.random(), 2)}
        for cell in report["tables"][0]["cells"]:
            step = 1.05 ** passed if cell["model"] == "coroutine" else 1
            slow_down(cell, step * generator.lognormvariate(0, 0.01))
        (arguments.folder / f"{number:03}.json").write_text(json.dumps(report), encoding="ascii")


main()
