#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - "async def" round it, so that it is asynchronous
import asyncio
from body import compute, live


async def value_of(x, steps):
    return compute(x, steps)

asyncio.run(live(value_of))
