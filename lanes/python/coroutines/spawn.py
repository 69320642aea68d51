# SPDX-License-Identifier: MIT
import asyncio

from kernels import mix_into, spawn_child
from lane import Outcome


async def child(*argument):
    return spawn_child(*argument)


async def task(run, index):
    outcome = Outcome()
    for number in range(run.parameters.children):
        result = await asyncio.create_task(child(run.seed, index, number))
        outcome.digest = mix_into(outcome.digest, result)
        outcome.operations += 1
    return outcome
