# SPDX-License-Identifier: MIT
# asyncio's ready queue is fair; a PriorityQueue orders work, not tasks.
import asyncio
import inspect

turns = 0


async def chatterer():
    global turns
    while True:
        turns += 1
        await asyncio.sleep(0)


async def urgent(alarm):
    await alarm.wait()
    return turns


async def main():
    parameters = inspect.signature(asyncio.create_task).parameters
    print("create_task() takes a priority:", "priority" in parameters)
    alarm = asyncio.Event()
    task = asyncio.create_task(urgent(alarm))
    others = [asyncio.create_task(chatterer()) for _ in range(100)]
    await asyncio.sleep(0)
    before = turns
    alarm.set()
    print("fair: the urgent task waited for", await task - before, "turns of others")
    for other in others:
        other.cancel()
    queue = asyncio.PriorityQueue()
    for n in range(100):
        queue.put_nowait((1, f"ordinary {n}"))
    queue.put_nowait((0, "urgent"))
    print("ordered: first comes", queue.get_nowait()[1])


asyncio.run(main())
