#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a model or variant is, by the process, thread and CPU of each event: every workload.

    what_runs.py FOLDER             with the traced runners of FOLDER, and sizes.bash

Ledgers only say that the work is right. Here, each run is traced (runners/trace): no task may
begin before the gate is open, which is when the last worker has arrived; each begins and ends
once, no more of them live at a time than may be in flight; and they are carried by what the
model is named after: processes, threads, or one thread of control, on the CPUs that were asked for.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SIZES = pathlib.Path(__file__).with_name("sizes.bash")
CONCURRENCY = 7
CPU = str(min(os.sched_getaffinity(0)))
CLUSTERS = {"query"}  # each run makes a cluster, which takes seconds
# A task of these dies, and so others may not begin.
DYING = {"crash"}

# (model, options): with every workload; and with a few of them.
EVERY = [("sequential", []), ("multiprocess", []), ("multithread", []), ("coroutine", []), ("eventloop", [])]
SOME = [
    ("multiprocess", ["--per-task"]), ("multithread", ["--per-task"]),
    ("coroutine", ["--loops", "2"]), ("eventloop", ["--loops", "2"]),
]
OFFLOAD = [(model, ["--offload", kind]) for model in ("coroutine", "eventloop") for kind in ("threads", "processes")]


class Traced:
    """One run: its lanes, and the process that it was."""

    def __init__(self, runners, folder, model, workload, options, sizes):
        self.model, self.workload, self.options = model, workload, options
        name = f"{model}-{workload}-{'-'.join(options)}"
        self.path = pathlib.Path(folder) / f"{name}.json"
        command = [runners / model, workload, *sizes, "--concurrency", str(CONCURRENCY), "--cpus", CPU, *options]
        environment = dict(os.environ, QUARTET_TRACE=str(self.path))
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.pid = process.pid
        try:
            self.said = process.communicate(timeout=100)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            self.said = "does not end " + process.communicate()[1]
        self.code = process.returncode
        self.lanes = []
        if self.code == 0:
            trace = json.loads(self.path.read_text())
            assert trace["lost"] == 0 and not any(lane["lost"] for lane in trace["lanes"]), self.title()
            self.tasks = trace["tasks"]
            self.lanes = [lane for lane in trace["lanes"] if lane["events"]]

    def title(self):
        return f"{self.model} {self.workload} {' '.join(self.options)}"

    def expect(self, what, good, found=""):
        if not good:
            sys.exit(f"{self.title()}: {what} {found}")

    def carriers(self, role="worker"):
        """{(pid, tid)} of the lanes of that role."""
        return {(lane["pid"], lane["tid"]) for lane in self.lanes if lane["role"] == role}


def check_times(run):
    """Nothing before the gate; every task once, and no more at a time than may be."""
    events = sorted(event for lane in run.lanes for event in lane["events"])
    run.expect("begins before the last worker has arrived:", events[0][0] >= 0, events[0])
    begun = sorted(event[3] for event in events if event[2] == "begin")
    ended = sorted(event[3] for event in events if event[2] == "end")
    run.expect("tasks that begin twice:", len(set(begun)) == len(begun), begun)
    if run.workload in DYING:
        return
    run.expect("tasks that begin:", begun == list(range(run.tasks)), begun)
    run.expect("tasks that end:", ended == begun, ended)
    alive = most = 0
    # Of one instant, ends come first: they make room.
    for _, change in sorted((e[0], -1 if e[2] == "end" else 1) for e in events if e[2] in ("begin", "end")):
        alive += change
        most = max(most, alive)
    run.expect("tasks in flight:", most <= CONCURRENCY, most)


def check_cpus(run):
    used = {str(event[6]) for lane in run.lanes for event in lane["events"]}
    run.expect(f"CPUs, of which {CPU} was asked for:", used == {CPU}, used)


def check_carriers(run):
    """Is it what its name says?"""
    workers = run.carriers()
    pids, tids = {pid for pid, _ in workers}, {tid for _, tid in workers}
    most = 2 if "--loops" in run.options else CONCURRENCY
    if "--per-task" in run.options:
        run.expect("workers, one for each task:", len(workers) == run.tasks, len(workers))
        most = run.tasks
    run.expect("workers:", 1 <= len(workers) <= most, workers)
    # What dies is a child of the runner, in models that are one process.
    home = min(pids) if run.workload in DYING else run.pid
    if run.model == "sequential":
        run.expect("is its one process and thread:", workers == {(home, home)}, workers)
    elif run.model == "multiprocess":
        run.expect("are processes of their own:", all(pid == tid != run.pid for pid, tid in workers), workers)
    else:
        run.expect("are threads of one process:", pids == {home}, workers)
        run.expect("threads:", len(tids) == len(workers), workers)
    if run.model in ("coroutine", "eventloop"):
        loops = 2 if "--loops" in run.options else 1
        run.expect("threads, one for each loop:", len(tids) <= loops, workers)
    if run.model in ("multiprocess", "multithread"):
        for lane in run.lanes:
            check_one_at_a_time(run, lane)


def check_one_at_a_time(run, lane):
    """A worker that blocks has one task, from its beginning to its end."""
    task = None
    for event in lane["events"]:
        if event[2] == "begin":
            run.expect("a worker begins a task within another:", task is None, (task, event))
            task = event[3]
        elif event[2] == "end":
            task = None


def check_offload(run):
    """Off-loaded work runs in threads of this process, or in other processes."""
    pool = run.carriers("pool")
    run.expect("has no pool:", len(pool) > 0)
    kind = run.options[1]
    inside = [pid == run.pid for pid, _ in pool]
    run.expect(f"computes in {kind}:", all(inside) if kind == "threads" else not any(inside), pool)
    run.expect("computes where it waits:", not pool & run.carriers(), pool)


def sizes_of(workloads):
    text = subprocess.check_output(
        ["bash", "-c", f'. "{SIZES}"; for one; do small_options "$one"; done', "bash", *workloads], text=True
    )
    return dict(zip(workloads, (line.split() for line in text.splitlines()), strict=True))


def plan(workloads):
    for workload in workloads:
        for model, options in EVERY:
            yield model, workload, options
    for workload in ("sleep", "primes", "fetch"):
        for model, options in SOME:
            yield model, workload, options
    for model, options in OFFLOAD:
        yield model, "mixed", options


def main():
    runners = pathlib.Path(sys.argv[1])
    listed = subprocess.check_output([runners / "sequential", "--list"], text=True, stderr=subprocess.DEVNULL)
    workloads = [line.split()[0] for line in listed.splitlines() if line and line.split()[0] not in CLUSTERS]
    sizes = sizes_of(workloads)
    looked_at = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for run in pool.map(lambda one: Traced(runners, folder, *one, sizes[one[1]]), plan(workloads)):
            if run.code == 77 and run.model == "sequential":
                continue  # tasks that wait for one another are not for it
            run.expect("ends with", run.code == 0, f"{run.code}: {run.said}")
            check_times(run)
            check_cpus(run)
            if "--offload" in run.options:
                check_offload(run)
            check_carriers(run)
            looked_at += 1
    print(f"{looked_at} runs of {len(workloads)} workloads")


main()
