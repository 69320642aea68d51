# SPDX-License-Identifier: MIT
"""record.py - what a lane says of itself: --describe (quartet.describe/2) and the run
record (quartet.run/1). The formats are in results/README.md and results/schemas/.
"""

import glob
import json
import math
import os
import platform
import resource
import sys
import sysconfig

from workloads import COMMON_OPTIONS, WORKLOADS

HERE = os.path.dirname(os.path.abspath(__file__))
SUB_BITS = 10  # a histogram cuts each power of two into 1,024 buckets: lib/histogram.h


# ---- --describe ------------------------------------------------------------------------


def sources_sha256(model):
    """One hash over all files that the program consists of, in the order of their names."""
    import hashlib  # only here: a run shall not wait for it

    whole = hashlib.sha256()
    files = glob.glob(f"{HERE}/*.py") + glob.glob(f"{HERE}/{model.folder}/*.py")
    for path in sorted(files) + [f"{HERE}/{model.name}"]:
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def has_gil():
    """A free-threaded CPython can run without the lock, and says whether it does."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def runtime():
    return f"{platform.python_implementation()} {platform.python_version()}"


def build():
    optimised = "-O" in (sysconfig.get_config_var("OPT") or "")
    return {
        "version": runtime(),
        "commit": "-",
        "compiler": platform.python_compiler(),
        "flags": sysconfig.get_config_var("OPT") or "",
        "mode": "release",
        "optimised": optimised,
    }


def option_json(option):
    choices = list(option.minimum) if option.kind == "choice" else None
    return {
        "name": option.name,
        "kind": option.kind,
        "default": option.default,
        "minimum": 0 if choices else option.minimum,
        "maximum": 0 if choices else option.maximum,
        "choices": choices,
        "help": option.help,
    }


def workload_json(workload):
    return {
        "name": workload.name,
        "kind": workload.kind,
        "summary": workload.summary,
        "operation": workload.operation,
        "default_tasks": workload.tasks,
        "default_concurrency": workload.concurrency,
        "peer": workload.peer,
        "together": workload.together,
        "options": list(map(option_json, workload.options)),
    }


def describe(model):
    answer = {
        "schema": "quartet.describe/2",
        "name": model.name,
        "model": model.beside,
        "summary": model.summary,
        "language": "Python",
        "runtime": runtime(),
        "gil": has_gil(),
        "sources_sha256": sources_sha256(model),
        "options": list(map(option_json, model.options)),
        "common_options": list(map(option_json, COMMON_OPTIONS)),
        "build": build(),
        "workloads": [workload_json(WORKLOADS[name]) for name in model.workloads()],
    }
    json.dump(answer, sys.stdout, indent=1)
    print()


# ---- what a run has cost ---------------------------------------------------------------


def usage():
    """Of this process with its threads, and of all children that were waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    total = lambda name: sum(getattr(one, name) for one in both)
    return {
        "cpu_ns": {"user": round(total("ru_utime") * 1e9), "system": round(total("ru_stime") * 1e9)},
        "context_switches": {"voluntary": total("ru_nvcsw"), "involuntary": total("ru_nivcsw")},
        "page_faults": {"minor": total("ru_minflt"), "major": total("ru_majflt")},
    }


def bucket(value):
    """The lower edge of the bucket of a value: its first eleven bits."""
    shift = max(0, value.bit_length() - 1 - SUB_BITS)
    return value >> shift << shift


def upper_edge(lower):
    return lower + (1 << max(0, lower.bit_length() - 1 - SUB_BITS)) - 1


def latency(kind, values):
    if not values or kind is None:
        return None
    buckets = {}
    for value in values:
        buckets[bucket(value)] = buckets.get(bucket(value), 0) + 1
    ordered = sorted(values)

    def percentile(p, least):
        if len(ordered) < least:
            return None
        value = ordered[math.ceil(p * len(ordered)) - 1]
        return min(upper_edge(bucket(value)), ordered[-1])

    return {
        "kind": kind, "count": len(values), "min": ordered[0],
        "p50": percentile(0.5, 1), "p90": percentile(0.9, 100),
        "p99": percentile(0.99, 1000), "p999": percentile(0.999, 10000),
        "max": ordered[-1], "mean": sum(values) / len(values),
        "buckets": sorted(map(list, buckets.items())),
    }  # fmt: skip


# ---- the record ------------------------------------------------------------------------

LATENCY_KINDS = {
    "sleep": "service",
    "fetch": "service",
    "schedule": "lateness",
    "stall": "lateness",
    "semaphore": "wait for a permit",
}


def phases(at, ended_ns):
    def phase(begin, end):
        return None if begin is None or end is None else end - begin

    return {
        "setup": phase(at.started, at.set_up),
        "spawn": phase(at.set_up, at.spawned),
        "run": phase(at.spawned, at.finished),
        "join": phase(at.finished, at.joined),
        "teardown": phase(at.joined, ended_ns),
    }


def ledger(run, result):
    if result.ledger is None:
        return None
    return {
        **result.ledger,
        "peak_in_flight": run.in_flight.peak,
        "errors": 0,
        "checksum": f"{result.checksum:016x}",
    }


def record(run, common, result):
    nothing = {"cpu_ns": None, "context_switches": None, "page_faults": None}
    return {
        "schema": "quartet.run/1",
        "status": result.status,
        "reason": result.reason,
        "workload": run.workload.name,
        "kind": run.workload.kind,
        "operation": run.workload.operation,
        "model": run.model.name,
        "variant": vars(run.variant),
        "parameters": vars(run.parameters),
        "seed": run.seed,
        "tasks": run.tasks,
        "concurrency": run.concurrency,
        "workers": run.workers,
        "cpus": common.cpus,
        "pinned": False,
        "peer_cpus": common.peer_cpus,
        "ledger": ledger(run, result),
        "expected": result.expected if result.ledger else None,
        "phases_ns": phases(run.at, run.at.joined),
        "latency_ns": latency(LATENCY_KINDS.get(run.workload.name), result.latencies),
        "results": run.results,
        **(result.usage or nothing),
        "memory": None,
        "network": None,
        "notes": run.notes,
        "build": build(),
    }


def write(run, common, result):
    """To a temporary name first: nobody finds half a record."""
    temporary = f"{common.record}.{os.getpid()}"
    with open(temporary, "w", encoding="ascii") as file:
        json.dump(record(run, common, result), file, indent=1)
        file.write("\n")
    os.replace(temporary, common.record)


def summary(run, result):
    run_ns = run.at.finished - run.at.spawned
    print(f"{run.model.name} {run.workload.name}: {result.ledger['operations']} "
          f"{run.workload.operation} by {run.tasks} tasks in {run_ns / 1e6:.3f} ms, "
          f"checksum {result.checksum:016x}")  # fmt: skip
