#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns an invented report (stdin) into that of a gate (stdout), for tests of its judgement.

    make_gate.py [--tail FACTOR] [--spawn FACTOR] [--cpu FACTOR] [--links N] [--threshold T]
                 <report.json

fetch by eventloop gets a base that is the same but for noise; of its head, what --tail
names is so many times as long: of one operation in fifty that takes longer, and --spawn of
the phase of that name, and --cpu all of its CPU time. --links: how often both were linked.
"""

import argparse
import copy
import json
import random
import sys

OPERATIONS = 1000
MS = 1000000


def latency(generator, tail):
    """1,000 operations of some 5 ms, one in fifty of which takes 12 ms times `tail`."""
    counts = {}
    for _ in range(OPERATIONS):
        ms = 12 * tail if generator.random() < 0.02 else 5.2
        lower = int(ms * MS * generator.lognormvariate(0, 0.01)) >> 13 << 13
        counts[lower] = counts.get(lower, 0) + 1
    edges = sorted(counts)
    return {"kind": "service", "count": OPERATIONS, "min": edges[0], "p50": edges[1],
            "p90": edges[1], "p99": edges[-2], "p999": None, "max": edges[-1],
            "mean": sum(edge * counts[edge] for edge in edges) / OPERATIONS,
            "buckets": [[edge, counts[edge]] for edge in edges]}  # fmt: skip


def meet_witness(record, generator):
    """A back end that is a witness has an address of its own in each block, each run a token."""
    record["parameters"].update(
        delay_ns=5 * MS, connect=f"127.0.0.1:{generator.randrange(2**16)}",
        token=f"{generator.getrandbits(128):032x}")  # fmt: skip


def change(cell, generator, tail, spawn, cpu=1):
    meet_witness(cell["warmup"]["record"], generator)
    for sample in cell["samples"]:
        sample["wall_ns"] = round(sample["wall_ns"] * generator.lognormvariate(0, 0.002))
        meet_witness(sample["record"], generator)
        sample["record"]["latency_ns"] = latency(generator, tail)
        phases = sample["record"]["phases_ns"]
        phases["spawn"] = round(4 * MS * spawn * generator.lognormvariate(0, 0.05))
        phases["run"] = sample["wall_ns"] - 20 * MS
        for times in (sample, sample["record"]["cpu_ns"]):
            times.update({name: round(value * cpu) for name, value in times.items()
                          if name in ("user_ns", "system_ns", "user", "system")})  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="Makes the report of a gate.")
    parser.add_argument("--tail", type=float, default=1.0)
    parser.add_argument("--spawn", type=float, default=1.0)
    parser.add_argument("--cpu", type=float, default=1.0)
    parser.add_argument("--links", type=int, default=4)
    parser.add_argument("--threshold", type=float, default=0.05)
    arguments = parser.parse_args()
    generator = random.Random(7)
    report = json.load(sys.stdin)
    table = report["tables"][2]
    table["arguments"] = ["--delay", "5ms"]
    head = next(cell for cell in table["cells"] if cell["model"] == "eventloop")
    base = copy.deepcopy(head)
    base.update(id=head["id"] + "@base", base_of=head["id"], label="eventloop base")
    change(head, generator, arguments.tail, arguments.spawn, arguments.cpu)
    change(base, generator, 1, 1)
    table["cells"] = [head, base]
    for block in table["blocks"]:
        block["order"] = [head["id"], base["id"]]
    head["primary"] = "cpu_ns"
    report["tables"] = [table]
    report["plan"].update(command="check", tables=[table["id"]])
    report["gate"] = {"base": {"kind": "revision", "name": "main", "commit": "0000000"},
                      "threshold": arguments.threshold, "links": arguments.links, "answers": [], "missing": [],
                      "comparisons": [], "verdict": "PASS", "exit_code": 0}  # fmt: skip
    json.dump(report, sys.stdout)


main()
