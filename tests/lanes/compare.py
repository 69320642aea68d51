#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the run records of a lane against those of a C runner, for the same parameters.

    compare.py LANE C_RUNNER FOLDER WORKLOAD...

The records of C runners stay in the folder, so that they are made once for all lanes.
Exit 0: for every line of CASES with one of these workloads, both ended in the same way;
ledger (but for how many tasks happened to be in flight), checksum and parameters are the
same. 1: they are not, and a line says how. CASES are small: what is compared is what was
done, never how long it took.
"""

import json
import pathlib
import subprocess
import sys

CASES = """
sleep --tasks 7 --concurrency 3 --delay 5ms --seed 5
sleep --tasks 1 --delay 0 --seed 9007199254740991
primes --tasks 6 --concurrency 2 --limit 7k
mandelbrot --tasks 6 --concurrency 2 --width 50 --iterations 100
spawn --tasks 2 --children 3 --seed 3
switch --tasks 3 --switches 100
gather --tasks 4 --delay 20ms
gather --tasks 4 --delay 20ms --failing 1 --on-failure return
schedule --tasks 4 --span 30ms --lead 10ms --seed 4
semaphore --tasks 4 --permits 2 --seed 2
pipeline --tasks 3 --items 40 --capacity 3 --seed 6
counter --tasks 3 --concurrency 3 --additions 50
counter --tasks 3 --concurrency 3 --additions 50 --guard message
stall --tasks 4 --compute 10ms --beats 4 --seed 8
""".strip().splitlines()


def ours_of(program, case, folder):
    path = pathlib.Path(folder, case.replace(" ", "_") + ".json")
    if not path.exists():
        path.write_text(json.dumps(record_of(program, case, folder)), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def record_of(program, case, folder):
    path = pathlib.Path(folder, "record.json")
    path.unlink(missing_ok=True)
    command = [program, *case.split(), "--record", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    is_lane = pathlib.Path(program).parents[1].name == "lanes"
    if done.returncode != 0 or done.stdout and is_lane:
        return f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    return json.loads(path.read_text(encoding="utf-8"))


def expectation_of(program, case):
    """What the run must leave, which is known without running it."""
    done = subprocess.run([program, *case.split(), "--expect"], capture_output=True, text=True,
                          timeout=60, check=True)  # fmt: skip
    return json.loads(done.stdout)


def broken_expectations(record, expected):
    if isinstance(record, str):
        return []
    ledger = {**expected["ledger"], "checksum": expected["checksum"]}
    found = [f"{key}: {record['ledger'][key]}, but {ledger[key]} was expected"
             for key in ledger if record["ledger"][key] != ledger[key]]  # fmt: skip
    for key in ("parameters", "seed", "tasks", "concurrency", "kind", "operation"):
        if record[key] != expected[key]:
            found.append(f"{key}: {record[key]}, but {expected[key]} was expected")
    if record["phases_ns"]["run"] < expected["least_run_ns"]:
        found.append(f"took {record['phases_ns']['run']} ns, at least {expected['least_run_ns']}")
    return found


def what_of(record):
    """What must be the same: parameters, size, and the ledger of what was done."""
    same = {key: record[key] for key in (
        "schema", "status", "workload", "kind", "operation", "parameters", "seed", "tasks",
        "concurrency", "expected")}  # fmt: skip
    # Ours repeats there what --expect says, which broken_expectations() asks of both.
    same["expected"] = {k: v for k, v in (same["expected"] or {}).items() if k != "least_run_ns"}
    ledger = dict(record["ledger"])
    in_flight = ledger.pop("peak_in_flight")
    kind = record["latency_ns"] and record["latency_ns"]["kind"]
    samples = record["latency_ns"] and record["latency_ns"]["count"]
    return {**same, "ledger": ledger, "latency": kind, "samples": samples}, in_flight


def differences(lane, ours):
    if isinstance(lane, str):
        return [f"the lane ended with {lane}"]
    (its, in_flight), (wanted, _) = what_of(lane), what_of(ours)
    found = [f"{key}: {its[key]}, not {wanted[key]}" for key in its if its[key] != wanted[key]]
    if not 1 <= in_flight <= lane["concurrency"]:
        found.append(f"{in_flight} tasks in flight of {lane['concurrency']}")
    if not all(lane["phases_ns"][phase] >= 0 for phase in lane["phases_ns"]):
        found.append(f"phases: {lane['phases_ns']}")
    return found


def main():
    lane, ours, folder, *workloads = sys.argv[1:]
    compared = failed = 0
    for case in CASES:
        if case.split()[0] not in workloads:
            continue
        reference = ours_of(ours, case, folder)
        if isinstance(reference, str):
            sys.exit(f"{ours} {case}: {reference}")
        compared += 1
        record, expected = record_of(lane, case, folder), expectation_of(ours, case)
        found = differences(record, reference) + broken_expectations(record, expected)
        for difference in found + broken_expectations(reference, expected):
            print(f"{lane} {case}: {difference}")
            failed += 1
    if compared == 0:
        sys.exit("nothing was compared: no case has these workloads")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
