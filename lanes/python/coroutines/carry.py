# SPDX-License-Identifier: MIT
"""How asyncio carries tasks: C coroutines take numbers until there are none.

No lock: between two `await` nobody else runs, so that two of them never take the same
number. Read next: sleep.py.
"""

import asyncio

from workloads import choice

OPTIONS = [choice("offload", ("none", "threads", "processes"), "where stall computes"),
           choice("start", ("later", "eager"), "a task of gather begins in the next turn, or now")]


async def carry_tasks(run, task):
    outcomes = [None] * run.tasks
    numbers = iter(range(run.tasks))
    gate = asyncio.Event()

    async def worker():
        await gate.wait()
        for index in numbers:
            with run.in_flight:
                outcomes[index] = await task(run, index)

    async with asyncio.TaskGroup() as group:
        for _ in range(run.concurrency):
            group.create_task(worker())
        await asyncio.sleep(0)  # now all of them are at the gate
        run.open_gate()
        gate.set()
    run.close()
    return outcomes


def carry(run, task):
    return asyncio.run(carry_tasks(run, task))
