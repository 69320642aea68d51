# SPDX-License-Identifier: MIT
"""A hundred tasks that end in reversed order."""
import asyncio
import json

COUNT = 100
ended = []


async def number(n):
    for _ in range(2 * (COUNT - n)):  # turns of the loop: no clock, no luck
        await asyncio.sleep(0)
    ended.append(n)
    return n


async def main():
    results = await asyncio.gather(*map(number, range(COUNT)))
    in_order = sum(place == n for place, n in enumerate(results))
    early = sum(later < n for n, later in zip(ended, ended[1:]))
    print(json.dumps({"in_order": in_order, "ended_early": early}))


asyncio.run(main())
