# SPDX-License-Identifier: MIT
"""The heart, and the jobs; how they are computed is said by `value_of(x, steps)`."""
import asyncio
from witness import Connection, answer, task

WORKERS = task()["limit"]


def compute(x, steps):
    for _ in range(steps):
        x = (1103515245 * x + 12345) % 2147483648
    return x


async def beat():
    async with Connection() as wire:
        line = await wire.ask("HEART")
        while line != "END":
            line = await wire.ask(line.replace("PING", "PONG"))


async def work(number, value_of):
    async with Connection() as wire:
        _, x, steps = (await wire.ask(f"JOB {number}")).split()
        value = await value_of(int(x), int(steps))
        await wire.ask(f"DONE {number} {value}")
        return value


async def live(value_of):
    heart = asyncio.create_task(beat())
    values = await asyncio.gather(*(work(i, value_of) for i in range(task()["n"])))
    await heart
    answer(values)
