# SPDX-License-Identifier: MIT
# What a sleeping task of asyncio weighs.
import asyncio
import tracemalloc


async def main():
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(10_000)]
    await asyncio.sleep(0.1)
    weight = (tracemalloc.get_traced_memory()[0] - before) // 10_000
    print(weight, "bytes per sleeping task")
    for task in tasks:
        task.cancel()


asyncio.run(main())
