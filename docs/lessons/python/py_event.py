# SPDX-License-Identifier: MIT
# An event wakes all who wait.
import asyncio


async def runner(name, start):
    print(name, "comes")
    await start.wait()
    print(name, "runs")


async def main():
    start = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in "ABC":
            group.create_task(runner(name, start))
        await asyncio.sleep(0)
        print("main: set")
        start.set()
        group.create_task(runner("D", start))


asyncio.run(main())
