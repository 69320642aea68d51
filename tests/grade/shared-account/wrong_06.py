#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - tries again and again without a pause: a live-lock
import asyncio
from bank import ACCOUNTS, get, put, run

locks = [asyncio.Lock() for _ in range(ACCOUNTS)]


async def transfer(wire, source, target, amount):
    while True:
        async with locks[source]:
            there = await get(wire, source)
            if locks[target].locked():
                continue
            async with locks[target]:
                here = await get(wire, target)
                if there < amount:
                    return False
                await put(wire, source, there - amount)
                await put(wire, target, here + amount)
                return True

run(transfer)
