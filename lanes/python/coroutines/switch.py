# SPDX-License-Identifier: MIT
"""A token goes round a ring of tasks. Each one knows when it must be its turn."""
import asyncio
from types import SimpleNamespace

from kernels import switch_share
from lane import Cannot, Outcome
from coroutines import carry as tasks


class Ring(SimpleNamespace):
    token = seated = 0


def take_turn(run, index, outcome):
    ring = run.ring
    if ring.token != outcome.operations * run.tasks + index:
        raise Cannot(f"task {index} runs out of its turn")
    outcome.digest += ring.token
    outcome.operations += 1
    ring.token += 1


async def by_semaphore(run, index, outcome):
    mine, following = run.ring.turns[index], run.ring.turns[(index + 1) % run.tasks]
    for _ in range(switch_share(run, index)):
        await mine.acquire()
        take_turn(run, index, outcome)
        following.release()


async def by_yield(run, index, outcome):
    for _ in range(switch_share(run, index)):
        take_turn(run, index, outcome)
        await asyncio.sleep(0)


async def task(run, index):
    outcome = Outcome()
    run.ring.seated += 1
    if run.ring.seated == run.tasks:
        run.ring.full.set()
        run.ring.turns[0].release()
        await asyncio.sleep(0)  # those who have been waiting come first
    else:
        await run.ring.full.wait()
    way = by_yield if run.parameters.by == "yield" else by_semaphore
    await way(run, index, outcome)
    return outcome


def carry(run, task):
    run.ring = Ring(full=asyncio.Event(), turns=[asyncio.Semaphore(0) for _ in range(run.tasks)])
    return tasks.carry(run, task)
