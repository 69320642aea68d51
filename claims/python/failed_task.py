# SPDX-License-Identifier: MIT
"""A task fails, and nobody awaits it. When does anybody hear of it?"""
import asyncio
import gc
import json

told = []


async def fail():
    raise ValueError("lost")


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    task = asyncio.create_task(fail())
    for _ in range(20):
        await asyncio.sleep(0)
    kept = len(told) if task.done() else -1
    del task
    gc.collect()
    await asyncio.sleep(0)
    print(json.dumps({"told_while_kept": kept, "told_at_collection": len(told) - kept}))


asyncio.run(main())
