#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which cells are planned or skipped, and why: `cells.py QUARTET` asks by dry runs.

A case is what a session is asked for, on how many CPUs, and all rows of all tables that it
must plan: None for a row that is run, else the reason why it is skipped. The expectations are
worked out by hand: waits as delay x exchanges x tasks / tasks in flight, against 2 s for one
task after another and 30 s for the others.
"""

import json
import os
import re
import subprocess
import sys

QUARTET = sys.argv[1]
LANES = os.path.join(os.path.dirname(__file__), "../../../lanes/python")
CPUS = sorted(os.sched_getaffinity(0))
FOUR = ["multiprocess", "multithread", "coroutine", "eventloop"]
MODELS = ["sequential", *FOUR]
LOOPS = ["coroutine loops=2", "eventloop loops=2"]
NO_LOOPS = "more loops than tasks in flight"


def alone(seconds):
    return f"one task after another would wait for {seconds} s"


def few(count, seconds):
    return f"{count} at a time would wait for {seconds} s; more than 30 s are too long for one run"


def rows(names, reason=None, **others):
    """All of these for the same reason, or None; `sequential` for one of its own."""
    return {name: others.get(name, reason) for name in names}


def all_cpus(order=True):
    """Rows of a table on two CPUs: of what has loops, one more with a loop for each."""
    names = ["sequential", "multiprocess", "multithread", "coroutine", "eventloop"]
    return rows(names + (LOOPS if order else []))


def plan(workload, models, **members):
    return {"schema": "quartet.plan/1", "tables": [{"workload": workload, "models": models, **members}]}


def loops(count):
    return {"model": "coroutine", "options": {"loops": count}}


SLEEP = ["--profile", "quick", "--workloads", "sleep"]  # delay 100 ms; 4 ms in a sweep
UNIX = ["--profile", "quick", "--workloads", "fetch/unix"]  # 50 ms, four times

# (what is asked for: options, or a plan; CPUs; {table: rows})
CASES = [
    # One task after another: 2 s are its most, where the others have more in flight.
    (SLEEP + ["--tasks", "20", "--concurrency", "2"], 1, {"sleep": rows(MODELS)}),
    (SLEEP + ["--tasks", "21", "--concurrency", "2"], 1, {"sleep": rows(MODELS, sequential=alone(2))}),
    (SLEEP + ["--tasks", "300", "--concurrency", "300"], 1, {"sleep": rows(MODELS, sequential=alone(30))}),
    (UNIX + ["--tasks", "10", "--concurrency", "2"], 1, {"fetch/unix": rows(MODELS)}),
    (UNIX + ["--tasks", "11", "--concurrency", "2"], 1, {"fetch/unix": rows(MODELS, sequential=alone(2))}),
    # One at a time: all rows wait equally long, and half a minute is the most.
    (SLEEP + ["--tasks", "300", "--concurrency", "1"], 1, {"sleep": rows(MODELS)}),
    (SLEEP + ["--tasks", "301", "--concurrency", "1"], 1, {"sleep": rows(MODELS, few(1, 30))}),
    (SLEEP + ["--tasks", "600", "--concurrency", "2"], 1, {"sleep": rows(MODELS, sequential=alone(60))}),
    (SLEEP + ["--tasks", "1000", "--concurrency", "2"], 1,
     {"sleep": rows(MODELS, few(2, 50), sequential=alone(100))}),
    (UNIX + ["--tasks", "150", "--concurrency", "1"], 1, {"fetch/unix": rows(MODELS)}),
    (UNIX + ["--tasks", "151", "--concurrency", "1"], 1, {"fetch/unix": rows(MODELS, few(1, 30))}),
    # A sweep: waits of its own, and the row stays only where all wait as long.
    (SLEEP + ["--concurrency", "1,10"], 1,
     {"sleep/c1": rows(MODELS), "sleep/c10": rows(MODELS, sequential=alone(4))}),
    (SLEEP + ["--concurrency", "1,10", "--tasks", "500"], 1,
     {"sleep/c1": rows(MODELS), "sleep/c10": rows(MODELS)}),
    # What waits for no delay is never too long; a workload without `sequential` has none.
    (["--workloads", "spawn", "--tasks", "100000"], 1, {"spawn": rows(MODELS)}),
    (["--profile", "quick", "--workloads", "serve", "--concurrency", "1"], 1, {"serve": rows(FOUR)}),
    (["--profile", "quick", "--workloads", "serve", "--models", "sequential,coroutine"], 1,
     {"serve": rows(["coroutine"])}),
    # CPUs: all of them are a question only where there are two, and loops need tasks enough.
    (["--workloads", "primes"], 1, {"primes/one-cpu": rows(MODELS)}),
    (["--workloads", "primes"], 2, {"primes/one-cpu": rows(MODELS), "primes/all-cpus": all_cpus()}),
    (["--workloads", "primes", "--concurrency", "2"], 2,
     {"primes/one-cpu": rows(MODELS), "primes/all-cpus": all_cpus()}),
    (["--workloads", "primes", "--concurrency", "1"], 2,
     {"primes/one-cpu": rows(MODELS), "primes/all-cpus": all_cpus(False)}),
    (["--workloads", "primes", "--tasks", "1"], 2,
     {"primes/one-cpu": rows(MODELS), "primes/all-cpus": all_cpus(False)}),
    (["--workloads", "primes/all-cpus", "--models", "coroutine,coroutine,multithread"], 2,
     {"primes/all-cpus": rows(["multithread", "coroutine", "coroutine loops=2", "coroutine copy=2",
                               "coroutine loops=2 copy=2"])}),
    (["--workloads", "primes", "--concurrency", "1,2"], 2,
     {"primes/one-cpu/c1": rows(MODELS), "primes/one-cpu/c2": rows(MODELS),
      "primes/all-cpus/c1": all_cpus(False), "primes/all-cpus/c2": all_cpus()}),
    # Variants of an author: more loops than tasks are none.
    (plan("sleep", [loops(3), loops(4), "coroutine"], tasks=9, concurrency=3, arguments={"delay": 0}), 1,
     {"sleep": {"coroutine loops=3": None, "coroutine loops=4": NO_LOOPS, "coroutine": None}}),
    (plan("sleep", [loops(2)], tasks=1), 1, {"sleep": {"coroutine loops=2": NO_LOOPS}}),
    # Programs of anybody: a workload that they lack, and a back end that they cannot have.
    (plan("files", ["coroutine", "asyncio"], tasks=2), 1,
     {"files": {"coroutine": None, "asyncio": "this runner does not have the workload"}}),
    (plan("fetch", ["coroutine", "asyncio"], tasks=2, arguments={"delay": "1ms"}), 1,
     {"fetch": rows(["coroutine", "asyncio"])}),
]


def parse(text):
    """{table: {row: None, or why it is skipped}} of a dry run."""
    tables, now = {}, None
    for line in text.splitlines():
        table = re.match(r"table (\S+): ", line)
        row = re.match(r"  (\S[^:]*): (skipped: )?(.*)", line)
        if table:
            now = tables.setdefault(table[1], {})
        elif line.startswith("order"):
            break
        elif row:
            assert row[1] not in now, f"two rows {row[1]}"
            now[row[1]] = row[3] if row[2] else None
    return tables


def ask(asked, count):
    command = [QUARTET, "run", "--dry-run", "--rounds", "1", "--seed", "1"]
    if isinstance(asked, dict):
        with open("plan.json", "w") as file:
            json.dump(asked, file)
        command += ["--plan", "plan.json", "--runner", f"{LANES}/asyncio"]
    else:
        command += asked
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: os.sched_setaffinity(0, CPUS[:count]),
    )


def main():
    bad = 0
    for asked, count, wanted in CASES:
        if count > len(CPUS):
            continue
        done = ask(asked, count)
        found = parse(done.stdout)
        if done.returncode != 0 or found != wanted:
            bad += 1
            print(f"{asked} on {count} CPUs: exit code {done.returncode} {done.stderr}")
            for table in sorted(found.keys() | wanted.keys()):
                print(f"  {table}: found {found.get(table)}\n    wanted {wanted.get(table)}")
    sys.exit(f"{bad} of {len(CASES)} cases" if bad else 0)


main()
