#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - shield() keeps the work alive, and nobody holds it
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
    return await asyncio.wait_for(asyncio.shield(transact(number)), LIMIT_S)


async def main():
    answer_all(await asyncio.gather(*map(limited, range(N)), return_exceptions=True))

loop = asyncio.new_event_loop()
loop.run_until_complete(main())
