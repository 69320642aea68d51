#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - each call has a lock of its own
import asyncio
from bank import get, put, run


async def transfer(wire, source, target, amount):
    async with asyncio.Lock():
        there, here = await get(wire, source), await get(wire, target)
        if there < amount:
            return False
        await put(wire, source, there - amount)
        await put(wire, target, here + amount)
        return True

run(transfer)
