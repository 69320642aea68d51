#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - two locks in two orders: a deadlock
import asyncio
from bank import ACCOUNTS, get, put, run

locks = [asyncio.Lock() for _ in range(ACCOUNTS)]


async def transfer(wire, source, target, amount):
    async with locks[source]:
        there = await get(wire, source)
        async with locks[target]:
            here = await get(wire, target)
            if there < amount:
                return False
            await put(wire, source, there - amount)
            await put(wire, target, here + amount)
            return True

run(transfer)
