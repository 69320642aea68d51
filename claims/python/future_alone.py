# SPDX-License-Identifier: MIT
"""A future alone: what runs?"""
import asyncio
import json

import counting


async def callbacks(turns):
    """How many the loop runs while this task gives control away so often."""
    before = counting.count
    for _ in range(turns):
        await asyncio.sleep(0)
    return counting.count - before


async def main():
    alone = await callbacks(20)
    future = asyncio.get_running_loop().create_future()
    with_future = await callbacks(20)
    print(json.dumps({"ran": with_future - alone, "done": int(future.done())}))


asyncio.run(main())
