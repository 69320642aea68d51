#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds a trace against what the models claim of themselves.

usage: claims.py TRACE.json CLAIM...     (a trace of `quartet trace --format perfetto`)

The events are looked at as any other program would find them: in the Trace Event Format.
"""

import collections
import json
import sys

LOOPS = ("coroutine", "eventloop", "asyncio", "uvloop", "gevent")


class Strip:
    """One process of the trace: the workers of a model."""

    def __init__(self, name):
        self.model = name.split()[1].rstrip(",")
        self.threads = {}  # tid: name
        self.orders = {}  # tid: sort_index
        self.runs = []  # (begin, end, tid, task, cpu, cpu_us)
        self.waits = collections.defaultdict(list)  # task: (begin, end, name)
        self.lives = {}  # task: (begin, end)

    def workers(self):
        return [tid for tid, name in self.threads.items() if not name.startswith("pool")]

    def by_thread(self, tid):
        return sorted(run for run in self.runs if run[2] == tid)


def fail(strip, text):
    sys.exit(f"{strip.model}: {text}")


# ---- the format --------------------------------------------------------------------------


def read(path):
    """The strips, after a look at every event: phase, numbers, names, nesting."""
    with open(path, encoding="utf-8") as file:
        trace = json.load(file)
    assert trace["displayTimeUnit"] == "ms", trace["displayTimeUnit"]
    strips, cpus, open_events = {}, {}, {}
    for event in trace["traceEvents"]:
        phase, pid, tid = event["ph"], event["pid"], event["tid"]
        assert isinstance(pid, int) and isinstance(tid, int) and event["name"], event
        if phase == "M":
            key = "sort_index" if event["name"].endswith("sort_index") else "name"
            value = event["args"][key]
            if event["name"] == "process_name":
                (cpus if value.endswith("CPUs") else strips)[pid] = Strip(value)
            elif pid in strips and event["name"] == "thread_name":
                strips[pid].threads[tid] = value
            elif pid in strips and event["name"] == "thread_sort_index":
                strips[pid].orders[tid] = value
        elif phase == "X":
            assert event["ts"] >= 0 and event["dur"] > 0 and event["cat"] == "run", event
            args = event["args"]
            end = round(event["ts"] + event["dur"], 3)  # both are given in nanoseconds
            run = (event["ts"], end, tid, args["task"], args["cpu"],
                   args["cpu_us"])
            (strips if pid in strips else cpus)[pid].runs.append(run)
        elif phase in "be":
            take_async(strips[pid], event, open_events)
        else:
            sys.exit(f"phase {phase} is none of ours")
    assert not open_events, open_events
    for pid, strip in strips.items():
        assert len(strip.runs) == len(cpus[pid + 1].runs), "a run is missing below"
    return list(strips.values())


def take_async(strip, event, open_events):
    """'b' opens and 'e' closes an event of the same name and id; they may nest."""
    task = int(event["id2"]["local"], 16) - 1
    key = (strip.model, task, event["name"])
    if event["ph"] == "b":
        assert key not in open_events, event
        open_events[key] = event["ts"]
        return
    span = (open_events.pop(key), event["ts"])
    if event["name"] == f"task {task}":
        strip.lives[task] = span
    else:
        strip.waits[task].append((*span, event["name"]))


# ---- claims ------------------------------------------------------------------------------


def overlap(runs):
    """For how long two of these run at once."""
    total, end = 0, 0
    for run in sorted(runs):
        total += max(0, min(end, run[1]) - run[0])
        end = max(end, run[1])
    return total


def at_once(spans):
    """How many of these there are at the same time, at most."""
    edges = sorted([(begin, 1) for begin, *_ in spans] + [(end, -1) for _, end, *_ in spans])
    most = now = 0
    for _, step in edges:
        now += step
        most = max(most, now)
    return most


def claim_complete(strip):
    """Each task has a life, waits and runs lie in it, and names order as numbers do."""
    if sorted(strip.lives) != list(range(len(strip.lives))):
        fail(strip, f"tasks {sorted(strip.lives)}")
    for begin, end, _, task, *_ in strip.runs:
        if begin < strip.lives[task][0] or end > strip.lives[task][1] + 0.001:
            fail(strip, f"task {task} runs outside of its life")
    names = sorted(strip.threads, key=lambda tid: (strip.threads[tid].split()[0] == "pool",
                                                   strip.threads[tid]))
    if len(set(strip.threads.values())) != len(names) or not strip.orders:
        fail(strip, f"threads {strip.threads}")


def claim_one_task_per_worker(strip):
    for tid in strip.threads:
        if overlap(strip.by_thread(tid)) > 0:
            fail(strip, f"{strip.threads[tid]} runs two tasks at a time")


def claim_one_loop(strip):
    if strip.model in LOOPS and len(strip.workers()) != 1:
        fail(strip, f"{len(strip.workers())} workers")


def claim_waits_side_by_side(strip):
    spans = [wait for waits in strip.waits.values() for wait in waits
             if wait[2] == "waits for socket"]
    if at_once(spans) < len(strip.lives) - 2:
        fail(strip, f"at most {at_once(spans)} of {len(strip.lives)} tasks wait at once")


def claim_cpu_time(strip):
    """The threads had no more CPU time than the two CPUs have."""
    wall = max(end for _, end in strip.lives.values())
    used = sum(run[5] for run in strip.runs)
    cpus = {run[4] for run in strip.runs}
    if not 0 < used <= 2.02 * wall or len(cpus) > 2:
        fail(strip, f"{used} us of CPU time on {cpus} in {wall} us")


def claim_at_once(strip):
    if overlap(strip.runs) == 0:
        fail(strip, "no two tasks ran at the same time")


def claim_loops_alone(strip):
    if strip.model in LOOPS and overlap(strip.runs) > 0:
        fail(strip, f"{overlap(strip.runs)} us at the same time")


def claim_one_at_a_time(strip):
    """By the global lock, however many threads and CPUs there are."""
    together = overlap(strip.runs)
    if together > 0 or len(strip.workers()) < 2:
        fail(strip, f"{len(strip.workers())} workers, {together} us at the same time")
    if not any(wait[2] == "waits for global lock" for waits in strip.waits.values()
               for wait in waits):
        fail(strip, "nobody waited for the lock")


def silence(strip, task):
    """The longest time for which no task but this one ran, while others lived."""
    runs = sorted(run for run in strip.runs if run[3] != task)
    return max(after[0] - before[1] for before, after in zip(runs, runs[1:]))


def claim_silence(strip):
    """Task 0 computes for 200 ms: in a loop nobody else runs meanwhile, and all are ready."""
    quiet = silence(strip, 0)
    if strip.model in LOOPS and quiet < 199_000:
        fail(strip, f"the longest silence is {quiet} us")
    ready = [wait for task, waits in strip.waits.items() if task != 0 for wait in waits
             if wait[2].startswith("ready") and wait[1] - wait[0] > 150_000]
    if strip.model in LOOPS and len(ready) < len(strip.lives) - 1:
        fail(strip, f"{len(ready)} tasks were ready for long")
    if strip.model not in LOOPS and ready:
        fail(strip, f"{len(ready)} tasks were due and did not run")


def claim_pool(strip):
    """What a pool computes runs in its lane, and the task goes on in the loop afterwards."""
    pools = [tid for tid, name in strip.threads.items() if name.startswith("pool")]
    if strip.model not in LOOPS:
        return
    if len(pools) != 1:
        fail(strip, f"threads {strip.threads}")
    jobs = strip.by_thread(pools[0])
    for task, waits in strip.waits.items():
        ends = [wait[1] for wait in waits if wait[2] == "waits for pool"]
        mine = [job[1] for job in jobs if job[3] == task]
        # An idle CPU may begin the job while the callback that gave it is still ending.
        if mine and not ends or any(not any(end >= job for end in ends) for job in mine):
            fail(strip, f"task {task} waits for jobs until {ends}, they end at {mine}")
    if not jobs:
        fail(strip, "the pool had nothing to do")


def main():
    strips = read(sys.argv[1])
    for strip in strips:
        claim_complete(strip)
        claim_one_task_per_worker(strip)
        for claim in sys.argv[2:]:
            globals()["claim_" + claim](strip)
    print("models:", *(strip.model for strip in strips))


main()
