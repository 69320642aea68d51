#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded, live - only the waiting is limited, and the work goes on
import asyncio
from transaction import LIMIT_S, N, answer_all, steps
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        return await steps(wire, number)


async def main():
    tasks = [asyncio.create_task(transact(i)) for i in range(N)]
    await asyncio.wait(tasks, timeout=LIMIT_S)
    answer_all(await asyncio.gather(*tasks))

asyncio.run(main())
