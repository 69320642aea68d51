# SPDX-License-Identifier: MIT
"""Does get_event_loop() create a loop, inside of a coroutine and outside?"""
import asyncio
import json
import warnings

warnings.simplefilter("ignore")


async def inside():
    return int(asyncio.get_event_loop() is not asyncio.get_running_loop())


def outside():
    """1: it made a loop; 0: it refused."""
    try:
        asyncio.get_event_loop().close()
        return 1
    except RuntimeError:
        return 0


before = outside()
created = asyncio.run(inside())
print(json.dumps({"created_outside": before, "created_inside": created,
                  "created_after_run": outside()}))
