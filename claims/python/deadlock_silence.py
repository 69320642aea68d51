# SPDX-License-Identifier: MIT
"""Two tasks that wait for each other: who is told, in 0.2 s?"""
import asyncio
import json

told = []


async def take(first, second):
    async with first:
        await asyncio.sleep(0)
        async with second:
            return 1


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    one, other = asyncio.Lock(), asyncio.Lock()
    tasks = [asyncio.create_task(take(one, other)), asyncio.create_task(take(other, one))]
    await asyncio.sleep(0.2)
    print(json.dumps({"messages": len(told), "hanging": sum(not task.done() for task in tasks)}))
    for task in tasks:
        task.cancel()


asyncio.run(main())
