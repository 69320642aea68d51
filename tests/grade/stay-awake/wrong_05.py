#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - threads for bytecode
import asyncio
from concurrent.futures import ThreadPoolExecutor
from body import WORKERS, compute, live


async def main():
    with ThreadPoolExecutor(WORKERS) as pool:
        async def value_of(x, steps):
            return await asyncio.get_running_loop().run_in_executor(pool, compute, x, steps)
        await live(value_of)

asyncio.run(main())
