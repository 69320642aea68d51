#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - what is late is done again
import asyncio
from transaction import LIMIT_S, N, answer_all, rollback, steps
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        try:
            return await steps(wire, number)
        except asyncio.CancelledError:
            return await rollback(wire, number)


async def limited(number):
    task = asyncio.create_task(transact(number))
    await asyncio.wait([task], timeout=LIMIT_S)
    task.cancel()
    return await task


async def main():
    results = await asyncio.gather(*map(limited, range(N)))
    late = [i for i in range(N) if results[i] != "committed"]
    await asyncio.gather(*map(limited, late))
    answer_all(results)

asyncio.run(main())
