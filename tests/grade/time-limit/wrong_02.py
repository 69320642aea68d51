#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - "except Exception" does not see a cancel
import asyncio
from transaction import LIMIT_S, N, answer_all, rollback, steps
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        try:
            return await steps(wire, number)
        except Exception:
            return await rollback(wire, number)


async def main():
    tasks = [asyncio.create_task(transact(i)) for i in range(N)]
    _, late = await asyncio.wait(tasks, timeout=LIMIT_S)
    for one in late:
        one.cancel()
    answer_all(await asyncio.gather(*tasks, return_exceptions=True))

asyncio.run(main())
