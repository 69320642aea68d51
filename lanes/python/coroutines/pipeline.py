# SPDX-License-Identifier: MIT
import asyncio

from kernels import MASK, mix, pipeline_item
from lane import Outcome
from coroutines import carry as tasks


async def task(run, index):
    outcome = Outcome()
    source = run.queues[index - 1] if index > 0 else None
    sink = run.queues[index] if index < run.tasks - 1 else None
    for number in range(run.parameters.items):
        item = await source.get() if source else pipeline_item(run, number)
        outcome.digest = outcome.digest * 31 + item & MASK
        outcome.operations += 1
        if sink:
            await sink.put(mix(item))
    return outcome


def carry(run, task):
    capacity = run.parameters.capacity
    run.queues = [asyncio.Queue(capacity) for _ in range(run.tasks - 1)]
    return tasks.carry(run, task)
