#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - jobs that wait for jobs of the same pool fill it
import asyncio
from concurrent.futures import ThreadPoolExecutor
from body import WORKERS, compute, live


async def main():
    with ThreadPoolExecutor(WORKERS) as pool:
        def outer(x, steps):
            return pool.submit(compute, x, steps).result()

        async def value_of(x, steps):
            return await asyncio.get_running_loop().run_in_executor(pool, outer, x, steps)
        await live(value_of)

asyncio.run(main())
