#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - a lock of threads in a coroutine stops the loop that should release it
import threading
from bank import ACCOUNTS, get, put, run

locks = [threading.Lock() for _ in range(ACCOUNTS)]


async def transfer(wire, source, target, amount):
    first, second = sorted((source, target))
    with locks[first], locks[second]:
        there, here = await get(wire, source), await get(wire, target)
        if there < amount:
            return False
        await put(wire, source, there - amount)
        await put(wire, target, here + amount)
        return True

run(transfer)
