#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - a move that is refused keeps its locks
import asyncio
from bank import ACCOUNTS, get, put, run

locks = [asyncio.Lock() for _ in range(ACCOUNTS)]


async def transfer(wire, source, target, amount):
    for account in sorted((source, target)):
        await locks[account].acquire()
    there, here = await get(wire, source), await get(wire, target)
    if there < amount:
        return False
    await put(wire, source, there - amount)
    await put(wire, target, here + amount)
    for account in (source, target):
        locks[account].release()
    return True

run(transfer)
