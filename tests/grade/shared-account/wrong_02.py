#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - a lock round each request, and not round the move
import asyncio
from bank import ACCOUNTS, get, put, run

locks = [asyncio.Lock() for _ in range(ACCOUNTS)]


async def locked(account, call):
    async with locks[account]:
        return await call


async def transfer(wire, source, target, amount):
    there = await locked(source, get(wire, source))
    here = await locked(target, get(wire, target))
    if there < amount:
        return False
    await locked(source, put(wire, source, there - amount))
    await locked(target, put(wire, target, here + amount))
    return True

run(transfer)
