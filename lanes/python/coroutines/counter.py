# SPDX-License-Identifier: MIT
"""Between reading and writing nobody comes, unless there is an `await`: see --await."""
import asyncio
from contextlib import nullcontext

from kernels import counter_digest
from lane import Cannot, Outcome, Wrong
from coroutines import carry as tasks


async def add_one(run, guard, pause):
    async with guard:
        value = run.value
        if pause:
            await asyncio.sleep(0)
        run.value = value + 1


async def by_message(run, index, additions):
    """The counter belongs to task 0; the others send it what they want to add."""
    for _ in range(additions):
        if index == 0:
            run.value += 1
        else:
            await run.inbox.put(1)
    for _ in range((run.tasks - 1) * additions if index == 0 else 0):
        run.value += await run.inbox.get()


async def task(run, index):
    additions, pause = run.parameters.additions, getattr(run.parameters, "await")
    guard = run.lock if run.parameters.guard == "mutex" else nullcontext()
    if run.parameters.guard == "message":
        await by_message(run, index, additions)
    else:
        for _ in range(additions):
            await add_one(run, guard, pause)
    return Outcome(counter_digest(additions), operations=additions)


def carry(run, task):
    if run.parameters.guard == "atomic":
        raise Cannot("Python has no atomic addition; take --guard mutex, message or none")
    run.value, run.lock, run.inbox = 0, asyncio.Lock(), asyncio.Queue(64)
    outcomes = tasks.carry(run, task)
    return counted(run, outcomes)


def counted(run, outcomes):
    """Without a guard additions may get lost; with one, never."""
    wanted = run.tasks * run.parameters.additions
    run.results = {"counted": run.value, "lost_updates": wanted - run.value}
    if run.parameters.guard != "none" and run.value != wanted:
        raise Wrong(f"the counter says {run.value} after {wanted} additions")
    return outcomes
