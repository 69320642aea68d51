#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants one lie in an invented report: `lies.py NAME <report.json`, or `--list` for all.

Each lie has the words with which it must be refused. The table is the one of
docs/distrust.md, whose rows a test holds against this list.
"""

import copy
import json
import sys

LIES = {}


def lie(refusal):
    def register(function):
        LIES[function.__name__] = (refusal, function)
        return function

    return register


@lie("wall time is shorter than its phases")
def wall_of_1_ns(table, cell, sample, record):
    sample["wall_ns"] = 1


@lie("wall time is shorter than its phases")
def wall_by_10(table, cell, sample, record):
    sample["wall_ns"] //= 10


@lie("Little's law")
def run_by_10(table, cell, sample, record):
    record["phases_ns"]["run"] //= 10


@lie("shorter than the workload can be")
def run_below_least(table, cell, sample, record):
    record["expected"] = dict(record["expected"], least_run_ns=record["phases_ns"]["run"] * 2)


@lie("less than no time")
def negative_phase(table, cell, sample, record):
    record["phases_ns"]["setup"] = -1


@lie("the stop-watch has seen more CPU time")
def cpu_by_20(table, cell, sample, record):
    record["cpu_ns"] = {key: value // 20 for key, value in record["cpu_ns"].items()}
    record["peer_cpu_ns"] = 0


@lie("more CPU time than the stop-watch has seen")
def watch_sees_no_cpu(table, cell, sample, record):
    sample["user_ns"] = sample["system_ns"] = 0


@lie("workload is 'primes'")
def other_workload(table, cell, sample, record):
    record["workload"] = "primes"


@lie("model is 'sequential'")
def other_model(table, cell, sample, record):
    record["model"] = "sequential"


@lie("kind is 'cpu'")
def other_kind(table, cell, sample, record):
    record["kind"] = "cpu"


@lie("operation is 'waits'")
def other_operation(table, cell, sample, record):
    record["operation"] = "waits"


@lie("build has another 'mode'")
def debug_build(table, cell, sample, record):
    record["build"] = dict(record["build"], mode="debug")


@lie("build has another 'compiler'")
def other_compiler(table, cell, sample, record):
    record["build"] = dict(record["build"], compiler="clang")


@lie("cpus is '7'")
def other_cpus(table, cell, sample, record):
    cell["command"] += ["--cpus", "0"]
    record["cpus"] = "7"


@lie("concurrency is 1, that of its row 100")
def less_concurrency(table, cell, sample, record):
    record["concurrency"] = 1


@lie("tasks is 10, that of its row 1000")
def fewer_tasks(table, cell, sample, record):
    record["tasks"] = 10


@lie("workers is 64, that of its row 1")
def more_workers(table, cell, sample, record):
    record["workers"] = 64


@lie("Little's law")
def one_in_flight(table, cell, sample, record):
    record["ledger"]["peak_in_flight"] = 1


@lie("101 tasks were in flight at most")
def more_in_flight(table, cell, sample, record):
    record["ledger"]["peak_in_flight"] = 101


@lie("Little's law")
def latencies_doubled(table, cell, sample, record):
    record["latency_ns"]["mean"] *= 2


@lie("seed: 2 instead of 1")
def other_seed(table, cell, sample, record):
    record["seed"] = 2


@lie("delay is '50 ms', that of its row '20ms'")
def other_option(table, cell, sample, record):
    cell["command"] += ["--delay", "20ms"]


@lie("loops is '4', that of its row '1'")
def other_variant(table, cell, sample, record):
    cell["command"] += ["--loops", "1"]
    record["variant"] = {"loops": 4}


@lie("is a copy of another run")
def copied_into_every_block(table, cell, sample, record):
    for other in cell["samples"]:
        other.update(copy.deepcopy({key: sample[key] for key in sample if key != "block"}))


@lie("is a copy of another run")
def run_of_another_row(table, cell, sample, record):
    other = next(row for row in table["cells"] if row["samples"] and row is not cell)
    sample.update(copy.deepcopy(other["samples"][0]))
    sample["record"]["model"] = cell["model"]


@lie("checksum")
def other_answer(table, cell, sample, record):
    record["ledger"]["checksum"] = "fedcba9876543210"


@lie("operations: 3999 instead of 4000")
def operation_skipped(table, cell, sample, record):
    record["ledger"]["operations"] = 3999


@lie("bytes_in: 1 instead of 256000")
def bytes_not_received(table, cell, sample, record):
    record["ledger"]["bytes_in"] = 1


@lie("exit code 1")
def failure_counted(table, cell, sample, record):
    sample["exit_code"] = 1


@lie("tasks that failed: 3")
def errors_counted(table, cell, sample, record):
    record["ledger"]["errors"] = 3


def main():
    if sys.argv[1] == "--list":
        for name, (refusal, _) in LIES.items():
            print(f"{name}\t{refusal}")
        return
    report = json.load(sys.stdin)
    table = next(entry for entry in report["tables"] if entry["workload"] == "fetch")
    cell = next(entry for entry in table["cells"] if entry["model"] == "eventloop")
    sample = cell["samples"][1]
    LIES[sys.argv[1]][1](table, cell, sample, sample["record"])
    # A figure or a ranking that somebody has stored changes nothing.
    table["ranking"] = [cell["id"]]
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
