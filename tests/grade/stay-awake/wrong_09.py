#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - waits for result() in the loop
import asyncio
from concurrent.futures import ProcessPoolExecutor
from body import WORKERS, compute, live


async def main():
    with ProcessPoolExecutor(WORKERS) as pool:
        async def value_of(x, steps):
            return pool.submit(compute, x, steps).result()
        await live(value_of)

if __name__ == "__main__":
    asyncio.run(main())
