# SPDX-License-Identifier: MIT
"""Each call sleeps until it is due. threading.Timer does the same, in a thread of its own."""
import time
from time import monotonic_ns as now

from kernels import schedule_digest, schedule_offset_ns
from lane import Cannot, Outcome


def task(run, index):
    due = run.zero_ns + schedule_offset_ns(run, index)
    while (late := now() - due) < 0:
        time.sleep(-late / 1e9)
    return Outcome(schedule_digest(run, index), operations=1, latency_ns=[late])


def carry(run, task):
    if run.parameters.load:
        raise Cannot("a lane starts no load beside the calls; take --load 0")
    run.zero_ns = now() + run.parameters.lead_ns
    return run.model.carry(run, task)
