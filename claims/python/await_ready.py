# SPDX-License-Identifier: MIT
"""Awaits of what need not wait, beside a task that is ready all the time."""
import asyncio
import json

turns = 0


async def other():
    global turns
    while True:
        turns += 1
        await asyncio.sleep(0)


async def nothing():
    return 1


async def main():
    task = asyncio.create_task(other())
    queue, lock, event = asyncio.Queue(1), asyncio.Lock(), asyncio.Event()
    event.set()
    for _ in range(1000):
        await nothing()
        await queue.put(1)
        await queue.get()
        async with lock:
            await event.wait()
    before = turns
    await asyncio.sleep(0)
    print(json.dumps({"turns": before, "turns_at_sleep": turns - before}))
    task.cancel()


asyncio.run(main())
