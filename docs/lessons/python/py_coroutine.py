# SPDX-License-Identifier: MIT
# Ten sessions one after another, and at the same time.
import asyncio
import time


async def session():
    for _ in range(2):
        await asyncio.sleep(0.02)  # only here another one may run


async def main():
    start = time.perf_counter()
    for _ in range(10):
        await session()
    print(f"await in a loop: {time.perf_counter() - start:.3f} s")
    start = time.perf_counter()
    await asyncio.gather(*(session() for _ in range(10)))
    print(f"gather: {time.perf_counter() - start:.3f} s")


asyncio.run(main())
