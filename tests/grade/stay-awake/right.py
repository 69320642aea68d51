#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import asyncio
from concurrent.futures import ProcessPoolExecutor
from body import WORKERS, compute, live


async def main():
    with ProcessPoolExecutor(WORKERS) as pool:
        async def value_of(x, steps):
            return await asyncio.get_running_loop().run_in_executor(pool, compute, x, steps)
        await live(value_of)

if __name__ == "__main__":
    asyncio.run(main())
