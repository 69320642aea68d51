#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - a huge result is carried across
import asyncio
from concurrent.futures import ProcessPoolExecutor
from body import WORKERS, compute, live


def history(x, steps):
    return b"\1" * 200_000_000, compute(x, steps)


async def main():
    with ProcessPoolExecutor(WORKERS) as pool:
        async def value_of(x, steps):
            call = asyncio.get_running_loop().run_in_executor(pool, history, x, steps)
            return (await call)[1]
        await live(value_of)

if __name__ == "__main__":
    asyncio.run(main())
