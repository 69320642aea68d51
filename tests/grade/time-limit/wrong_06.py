#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - the limit is that of each request, not of all together
import asyncio
from transaction import LIMIT_S, N, answer_all, rollback
from witness import Connection


async def transact(number):
    async with Connection() as wire:
        try:
            await asyncio.wait_for(wire.ask(f"BEGIN {number}"), LIMIT_S)
            while await asyncio.wait_for(wire.ask(f"WORK {number}"), LIMIT_S) == "MORE":
                pass
            await asyncio.wait_for(wire.ask(f"COMMIT {number}"), LIMIT_S)
            return "committed"
        except asyncio.TimeoutError:
            return await rollback(wire, number)


async def main():
    answer_all(await asyncio.gather(*map(transact, range(N))))

asyncio.run(main())
