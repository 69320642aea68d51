#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - sleep(0), and too seldom
import asyncio
from body import compute, live


async def value_of(x, steps):
    half = steps // 2
    x = compute(x, half)
    await asyncio.sleep(0)
    return compute(x, steps - half)

asyncio.run(live(value_of))
