# SPDX-License-Identifier: MIT
"""How many callbacks does the loop run for a hundred awaits?"""
import asyncio
import json

import counting


async def main():
    before = counting.count
    for _ in range(100):
        await asyncio.sleep(0)
    print(json.dumps({"callbacks": counting.count - before}))


asyncio.run(main())
