#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - one lock for all accounts
import asyncio
from bank import get, put, run

lock = asyncio.Lock()


async def transfer(wire, source, target, amount):
    async with lock:
        there, here = await get(wire, source), await get(wire, target)
        if there < amount:
            return False
        await put(wire, source, there - amount)
        await put(wire, target, here + amount)
        return True

run(transfer)
