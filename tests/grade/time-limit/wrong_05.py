#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - cancels, and does not wait for the cleaning up
import asyncio
import os
from transaction import LIMIT_S, N, answer_all, rollback, steps
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        try:
            return await steps(wire, number)
        except asyncio.CancelledError:
            return await rollback(wire, number)


async def main():
    tasks = [asyncio.create_task(transact(i)) for i in range(N)]
    _, late = await asyncio.wait(tasks, timeout=LIMIT_S)
    for one in late:
        one.cancel()
    answer_all([None if one in late else one.result() for one in tasks])
    os._exit(0)

asyncio.run(main())
