# SPDX-License-Identifier: MIT
"""The parameters of create_task(), and a time limit."""
import asyncio
import inspect
import json


async def main():
    parameters = inspect.signature(asyncio.create_task).parameters
    of_loop = inspect.signature(asyncio.get_running_loop().create_task).parameters
    ended = 0
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.01)
    except asyncio.TimeoutError:
        ended = 1
    priority = sum("prio" in name for name in [*parameters, *of_loop])
    print(json.dumps({"priority": priority, "time_limit": ended}))


asyncio.run(main())
