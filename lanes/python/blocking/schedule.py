# SPDX-License-Identifier: MIT
"""Each call sleeps until it is due. threading.Timer does the same, in a thread of its own."""
import time
from time import monotonic_ns as now

from blocking.carry import prepare
from kernels import schedule_digest, schedule_offset_ns
from lane import Cannot, Outcome


def task(run, index):
    with run.in_flight.lock:  # the first task fixes the instant that all count from
        run.zero_ns.value = run.zero_ns.value or now() + run.parameters.lead_ns
    due = run.zero_ns.value + schedule_offset_ns(run, index)
    while (late := now() - due) < 0:
        time.sleep(-late / 1e9)
    return Outcome(schedule_digest(run, index), operations=1, latency_ns=[late])


def carry(run, task):
    if run.parameters.load:
        raise Cannot("a lane starts no load beside the calls; take --load 0")
    prepare(run, run.model.sync)
    run.zero_ns = run.sync.Value()
    return run.model.carry(run, task)
