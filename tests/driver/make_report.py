#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints an invented report, for tests of what reads reports. No figure is measured.

    make_report.py [--rounds N] [--seed S] [--case NAME]

Cases: "usual" has tables of all kinds with rows that are equal, slower, refused, failed
and skipped, and a disturbed round; the others are the usual one with one thing changed.
"""

import argparse
import json
import random

MODELS = ["sequential", "multiprocess", "multithread", "coroutine", "eventloop"]
SPEED = {"sequential": 1.0, "multiprocess": 1.06, "multithread": 1.02, "coroutine": 1.0}
SPEED["eventloop"] = 1.0
# CPU time of the peer, by that of the row.
PEER = {"sequential": 0.5, "multiprocess": 0.9, "multithread": 0.9, "coroutine": 0.5, "eventloop": 0.52}


def latency(generator, count):
    buckets = {}
    for _ in range(count):
        lower = int(50e6 * generator.lognormvariate(0.02, 0.01)) >> 15 << 15
        buckets[lower] = buckets.get(lower, 0) + 1
    edges = sorted(buckets)
    middle = edges[len(edges) // 2]
    return {
        "kind": "service", "count": count, "min": edges[0], "p50": middle, "p90": edges[-1],
        "p99": edges[-1] if count >= 1000 else None, "p999": None, "max": edges[-1],
        "mean": float(middle), "buckets": [[edge, buckets[edge]] for edge in edges],
    }


def record(generator, table, model, wall_ns, memory):
    tasks = table["tasks"]
    io = table["kind"] == "io"
    operations = tasks * (4 if io else 100000)
    sent = operations * 64 if io else 0
    counts = {"tasks": tasks, "operations": operations, "bytes_in": sent, "bytes_out": sent}
    cpu_ns = wall_ns * (0.3 if io else 0.99)
    return {
        "schema": "quartet.run/1", "status": "ok", "reason": None,
        "workload": table["workload"], "kind": table["kind"], "operation": table["operation"],
        "model": model, "variant": {}, "parameters": {"delay_ns": 50000000} if io else {},
        "seed": 1, "tasks": tasks, "concurrency": table["concurrency"], "workers": 1,
        "cpus": table["cpus"], "peer_cpus": table["peer_cpus"],
        "ledger": dict(counts, peak_in_flight=table["concurrency"], errors=0,
                       checksum="0123456789abcdef"),
        "expected": counts,
        "phases_ns": {"setup": 400000 + wall_ns % 997, "spawn": 900000 + wall_ns % 991,
                      "run": int(wall_ns * 0.96), "join": 100000 + wall_ns % 983,
                      "teardown": 50000},
        "latency_ns": latency(generator, 300) if io else None,
        "cpu_ns": {"user": int(cpu_ns * 0.8), "system": int(cpu_ns * 0.2)},
        "peer_cpu_ns": int(cpu_ns * PEER[model]) if io else None,
        "context_switches": {"voluntary": 12345 if model.startswith("multi") else 12,
                             "involuntary": 3},
        "page_faults": {"minor": 300, "major": 0},
        "memory": {"bytes": 9 << 20, "method": "sum of PSS"} if memory else None,
        "network": None, "notes": [],
        "build": {"version": "0.1.0", "commit": "0000000", "compiler": "gcc", "flags": "-O2",
                  "mode": "release", "optimised": True},
    }


def sample(generator, table, model, block, position, block_noise, memory=False):
    wall_ns = round(212e6 * SPEED[model] * block_noise * generator.lognormvariate(0, 0.004))
    run = record(generator, table, model, wall_ns, memory)
    return {"block": block, "position": position, "wall_ns": wall_ns, "exit_code": 0,
            "user_ns": run["cpu_ns"]["user"], "system_ns": run["cpu_ns"]["system"],
            "record": run}


def make_cell(generator, table, model, noise):
    cell_id = f"{table['id']}/{model}"
    return {
        "id": cell_id, "model": model, "variant": "", "label": model,
        "command": [model, table["workload"]], "status": "ok", "reason": None,
        "warmup": sample(generator, table, model, 0, 0, 1, memory=True),
        "samples": [sample(generator, table, model, number + 1, 1, noise[number])
                    for number in range(len(noise))],
        "statistics": None,
    }


def unrun(cell, status, reason):
    cell.update(status=status, reason=reason, samples=[], warmup=None)


def make_table(generator, workload, kind, setting, operation, rounds):
    suffix = f"/{setting}" if setting else ""
    title = {"one-cpu": ", one CPU", "all-cpus": ", all 2 CPUs"}.get(setting, "")
    table = {
        "id": workload + suffix, "workload": workload, "kind": kind, "title": workload + title,
        "setting": setting, "operation": operation, "cpus": "0,1" if setting == "all-cpus" else "0",
        "peer_cpus": "1" if kind == "io" else None, "tasks": 1000, "concurrency": 100,
        "arguments": ["--delay", "50ms"] if kind == "io" else [],
    }
    noise = [generator.lognormvariate(0, 0.05) for _ in range(rounds)]
    table["cells"] = [make_cell(generator, table, model, noise) for model in MODELS]
    table["blocks"] = [
        {"number": number + 1, "order": [cell["id"] for cell in table["cells"]],
         "started_ns": number * 10**9, "valid": True, "invalid_reason": None,
         "noise": {"steal": 0.0, "throttled": None, "load": 0.5, "reference_ns": None}}
        for number in range(rounds)
    ]
    return table


def make_report(generator, rounds):
    tables = [
        make_table(generator, "primes", "cpu", "one-cpu", "numbers tested", rounds),
        make_table(generator, "primes", "cpu", "all-cpus", "numbers tested", rounds),
        make_table(generator, "fetch", "io", None, "exchanges", rounds),
    ]
    fetch = tables[2]["cells"]
    unrun(fetch[0], "skipped", "one task after another would wait for 50 s")
    unrun(fetch[1], "dnf", "needs 1064 processes, pid_max is 1000: raise it with "
          "'sysctl kernel.pid_max=32768', or lower --concurrency")
    blocks = tables[1]["blocks"]
    blocks[0].update(valid=False, invalid_reason="4.1 % of the CPU time was stolen")
    return {
        "schema": "quartet.report/1",
        "tool": {"name": "quartet", "version": "0.1.0", "commit": "0000000"},
        "complete": True, "incomplete_reason": None, "started_utc": "2026-01-31T12:00:00Z",
        "duration_ns": 95 * 10**9, "environment": {},
        "plan": {"profile": "quick" if rounds < 12 else "default", "seed": 1,
                 "rounds": rounds, "for_decisions": rounds >= 12, "argv": ["quartet", "run"],
                 "tables": [table["id"] for table in tables]},
        "tables": tables,
    }


def each_record(cell):
    return [entry["record"] for entry in cell["samples"]]


def change(report, case):
    first = report["tables"][0]
    cells = {cell["model"]: cell for cell in first["cells"]}
    if case == "unequal-checksum":
        for run in each_record(cells["coroutine"]):
            run["ledger"]["checksum"] = "fedcba9876543210"
    elif case == "skipped-operation":
        for run in each_record(cells["eventloop"]):
            run["ledger"]["operations"] -= 1
            run["expected"] = dict(run["expected"], operations=run["ledger"]["operations"])
    elif case == "counted-failure":
        for run in each_record(cells["eventloop"]):
            run["ledger"]["errors"] = 1
    elif case == "other-parameters":
        for run in each_record(cells["multithread"]):
            run["parameters"] = {"limit": 1000}
    elif case == "one-bad-run":
        cells["multithread"]["samples"][1]["exit_code"] = 1
        cells["multithread"]["samples"][1]["record"].update(status="failed", reason="worker 3 died")
    elif case == "wrong":
        cells["coroutine"].update(status="wrong", reason="78497 primes instead of 78498")
    elif case == "no-majority":
        first["cells"] = first["cells"][:2]
        for block in first["blocks"]:
            block["order"] = block["order"][:2]
        for run in each_record(first["cells"][0]):
            run["ledger"]["checksum"] = "fedcba9876543210"
    elif case == "no-record":
        for entry in cells["coroutine"]["samples"]:
            entry["record"] = None
    elif case == "incomplete":
        report.update(complete=False, incomplete_reason="interrupted by the user")
        first["blocks"] = first["blocks"][:1]
        for cell in first["cells"]:
            cell["samples"] = cell["samples"][:1]
    elif case != "usual":
        raise SystemExit(f"make_report.py: no case '{case}'")


def main():
    parser = argparse.ArgumentParser(description="Prints an invented report.")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", default="usual")
    arguments = parser.parse_args()
    report = make_report(random.Random(arguments.seed), arguments.rounds)
    change(report, arguments.case)
    print(json.dumps(report, indent=1))


main()
