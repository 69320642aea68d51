# SPDX-License-Identifier: MIT
# gather() and TaskGroup: what becomes of failures, and of the others.
import asyncio


async def page(n):
    await asyncio.sleep((4 - n) / 25)
    if n == 2:
        raise FileNotFoundError(n)
    return 100 + n


async def fail(n):
    raise ValueError(n)


async def main():
    print(await asyncio.gather(*map(page, range(4)), return_exceptions=True))
    try:
        await asyncio.gather(*map(page, range(4)))
    except FileNotFoundError:
        print("gather: failed; still running:", len(asyncio.all_tasks()) - 1)
    await asyncio.sleep(0.1)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(page(n)) for n in range(4)]
    except* FileNotFoundError as e:
        print("TaskGroup:", e.exceptions, [t.cancelled() for t in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(1))
            group.create_task(fail(2))
    except* ValueError as e:
        print("two that fail in the same turn:", e.exceptions)


asyncio.run(main())
