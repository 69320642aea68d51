#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints an invented report of odd shapes: odd_report.py ROUNDS

It is that of make_report.py with runs that do not count, rounds without a run, rows that were
skipped, failed or wrong, a row of another language, a sweep, counters, and caches.
"""

import json
import pathlib
import subprocess
import sys



def make_odd_cells(table):
    """Runs that do not count, rounds without a run, twins, and a row that failed in one run."""
    cells = {cell["model"]: cell for cell in table["cells"]}
    disturbed = table["blocks"][1]
    disturbed.update(valid=False, invalid_reason="4.1 % of the CPU time was stolen")
    lost = cells["eventloop"]["samples"][1]  # in the disturbed round, which excuses it
    lost["exit_code"] = 1
    lost["record"].update(status="failed", reason="killed")
    del cells["multithread"]["samples"][2]
    for cell in table["cells"]:
        twin = json.loads(json.dumps(cell["samples"][0]))
        twin["wall_ns"] *= 3
        twin["record"]["phases_ns"]["setup"] += 1
        cell["twins"] = [twin]
    failed = cells["sequential"]["samples"][3]
    failed["exit_code"] = 1
    failed["record"].update(status="failed", reason='worker 3, "the third", died')
    table["blocks"].reverse()  # a block is found by its number, not by its place


def make_foreign(table):
    """A row of another language, which the driver has watched only in the warm-up."""
    cell = json.loads(json.dumps(table["cells"][4]))
    old, new = cell["model"], "asyncio"
    text = json.dumps(cell).replace(f'"{old}"', f'"{new}"').replace(f"/{old}", f"/{new}")
    cell = json.loads(text)
    cell.update(row="witnessed", beside="eventloop", runtime="Python CPython 3.11")
    for number, sample in enumerate(cell["samples"]):
        record = sample["record"]
        record["context_switches"] = {"voluntary": None, "involuntary": None}
        record["phases_ns"]["setup"] += 1 + number
        record["latency_ns"] = None
    cell["warmup"]["record"]["context_switches"] = {"voluntary": 77, "involuntary": 5}
    cell["warmup"]["record"]["memory"] = None
    table["cells"].append(cell)


def renamed(table, name):
    """A copy of the table under another name."""
    copy = json.loads(json.dumps(table).replace(f'"{table["id"]}', f'"{name}'))
    copy["id"] = name
    return copy


def make_sweep(table):
    """Two tables of a sweep, the second of twice the work; a row lacks in the first one."""
    points = [renamed(table, "primes/sweep/c100"), renamed(table, "primes/sweep/c200")]
    for factor, point in enumerate(points, 1):
        point.update(sweep="primes/sweep", concurrency=100 * factor, tasks=1000 * factor)
        for number, block in enumerate(point["blocks"]):
            block["round"] = number + 1
        for cell, sample in [(cell, s) for cell in point["cells"] for s in cell["samples"]]:
            record = sample["record"]
            record.update(tasks=point["tasks"], concurrency=point["concurrency"])
            for work in (record["ledger"], record["expected"]):
                work.update(tasks=point["tasks"], operations=factor * work["operations"])
            if factor == 2:
                slow = 1.4 + sample["block"] % 5 / 100 + len(cell["model"]) / 300
                sample["wall_ns"] = round(slow * sample["wall_ns"])
    del points[0]["cells"][2]
    return points


def make_report(rounds):
    maker = pathlib.Path(__file__).parent.parent / "make_report.py"
    report = json.loads(subprocess.check_output([sys.executable, maker, "--rounds", rounds]))
    odd, all_cpus, fetch = report["tables"]
    sweep = make_sweep(odd)
    make_odd_cells(odd)
    all_cpus["cells"][0].update(status="wrong", reason="78497 primes, <not> 78498 & more")
    all_cpus["cells"][1].update(status="failed", reason=None, samples=[], warmup=None)
    all_cpus["cells"][2].update(variant="loops=2", label="multithread loops=2")
    for sample in fetch["cells"][3]["samples"]:  # too few for a 99th percentile
        latency = sample["record"]["latency_ns"]
        latency.update(buckets=[[50_000_000 >> 15 << 15, 7]], count=7)
    make_foreign(fetch)
    fetch["cells"][4]["counters"] = {
        "syscalls": {"per_operation": 2.25, "total": 9000},
        "instructions": {"per_operation": 5123.5},
        "memory_per_task": {"bytes": 4321.5},
    }
    report["tables"] += sweep
    report["plan"]["tables"] = [table["id"] for table in report["tables"]]
    report["environment"].update(
        caches=["L1 Data 32K", "nonsense", "L3 Unified 8M"], cpus_online=2, cpu_model="A CPU",
        testbed="0011223344556677",
    )
    return report


print(json.dumps(make_report(sys.argv[1])))
