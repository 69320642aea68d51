# SPDX-License-Identifier: MIT
"""The type of what gather() returns."""
import asyncio
import json


async def main():
    group = asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))
    print(json.dumps({"coroutine": int(asyncio.iscoroutine(group)),
                      "future": int(asyncio.isfuture(group))}))
    await group


asyncio.run(main())
