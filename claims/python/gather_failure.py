# SPDX-License-Identifier: MIT
"""What becomes of a failure, and of the others, by gather()."""
import asyncio
import json


async def page(n):
    if n == 1:
        raise ValueError(n)
    for _ in range(10):
        await asyncio.sleep(0)
    return n


def in_place(results):
    return int(isinstance(results[1], ValueError))


async def main():
    by_default = still_running = 0
    try:
        by_default = in_place(await asyncio.gather(*map(page, range(3))))
    except ValueError:
        still_running = len(asyncio.all_tasks()) - 1
    asked = in_place(await asyncio.gather(*map(page, range(3)), return_exceptions=True))
    print(json.dumps({"in_place_by_default": by_default, "in_place_if_asked": asked,
                      "still_running": still_running}))


asyncio.run(main())
