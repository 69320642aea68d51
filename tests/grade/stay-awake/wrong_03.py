#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - an await of what is ready gives nothing away
import asyncio
from body import compute, live


async def breathe():
    pass


async def value_of(x, steps):
    while steps > 0:
        x = compute(x, min(steps, 1000))
        steps -= 1000
        await breathe()
    return x

asyncio.run(live(value_of))
