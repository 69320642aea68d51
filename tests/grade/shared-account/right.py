#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import asyncio
from bank import ACCOUNTS, get, put, run

locks = [asyncio.Lock() for _ in range(ACCOUNTS)]


async def transfer(wire, source, target, amount):
    first, second = sorted((source, target))
    async with locks[first], locks[second]:
        there, here = await get(wire, source), await get(wire, target)
        if there < amount:
            return False
        await put(wire, source, there - amount)
        await put(wire, target, here + amount)
        return True

run(transfer)
