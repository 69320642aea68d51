#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - the wish to stop is swallowed
import asyncio
from transaction import LIMIT_S, N, answer_all, steps
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        try:
            return await steps(wire, number)
        except asyncio.CancelledError:
            while await wire.hear() != "DONE":
                pass


async def main():
    tasks = [asyncio.create_task(transact(i)) for i in range(N)]
    _, late = await asyncio.wait(tasks, timeout=LIMIT_S)
    for one in late:
        one.cancel()
    answer_all(await asyncio.gather(*tasks))

asyncio.run(main())
