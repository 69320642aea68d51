#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - computes in the loop
import asyncio
from witness import Connection, answer, task


async def beat():
    async with Connection() as wire:
        line = await wire.ask("HEART")
        while line != "END":
            line = await wire.ask(line.replace("PING", "PONG"))


async def work(number):
    async with Connection() as wire:
        x, steps = map(int, (await wire.ask(f"JOB {number}")).split()[1:])
        for _ in range(steps):
            x = (1103515245 * x + 12345) % 2147483648
        await wire.ask(f"DONE {number} {x}")
        return x


async def main():
    heart = asyncio.create_task(beat())
    values = await asyncio.gather(*map(work, range(task()["n"])))
    await heart
    answer(values)

asyncio.run(main())
