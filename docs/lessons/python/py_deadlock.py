# SPDX-License-Identifier: MIT
# Two locks, two orders: asyncio hangs, and says nothing.
import asyncio


async def take_both(first, second):
    async with first:
        await asyncio.sleep(0.01)
        async with second:
            return "has both"


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    for name, order in (("two orders", (b, a)), ("one order", (a, b))):
        tasks = [asyncio.create_task(take_both(*pair)) for pair in ((a, b), order)]
        done, pending = await asyncio.wait(tasks, timeout=0.2)
        print(f"{name}: {len(done)} done, {len(pending)} wait for ever")
        for task in pending:
            task.cancel()
        await asyncio.sleep(0)


asyncio.run(main())
