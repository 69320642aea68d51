# SPDX-License-Identifier: MIT
# Awaits that need not wait let nobody else run.
import asyncio

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
    print("5000 awaits: the other task ran", turns, "times")
    await asyncio.sleep(0)
    print("one sleep(0): the other task ran", turns, "time")
    task.cancel()
    forgotten = nothing()  # called, and yet it does not run: nobody awaits it
    print("a coroutine that is called:", type(forgotten).__name__)
    forgotten.close()


asyncio.run(main())
