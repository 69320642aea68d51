# SPDX-License-Identifier: MIT
"""loop.call_at(): one heap of timers in the loop, no coroutine for each of them."""
import asyncio
from time import monotonic_ns as now

from kernels import schedule_digest, schedule_offset_ns
from lane import Cannot, Outcome
from coroutines import carry as tasks


async def task(run, index):
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    if run.zero_ns is None:  # the first task fixes the instant that all count from
        run.zero_ns = now() + run.parameters.lead_ns
    due = run.zero_ns + schedule_offset_ns(run, index)
    loop.call_at(loop.time() + (due - now()) / 1e9, done.set)
    await done.wait()
    while (late := now() - due) < 0:  # the loop rounds to its clock's resolution
        await asyncio.sleep(-late / 1e9)
    return Outcome(schedule_digest(run, index), operations=1, latency_ns=[late])


def carry(run, task):
    if run.parameters.load:
        raise Cannot("a lane starts no load beside the calls; take --load 0")
    run.zero_ns = None
    return tasks.carry(run, task)
