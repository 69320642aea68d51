#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - a new interpreter for each call
import asyncio
import sys
from body import WORKERS, live

PROGRAM = """if True:
    import sys
    x, steps = map(int, sys.argv[1:])
    for _ in range(steps):
        x = (1103515245 * x + 12345) % 2147483648
    print(x)"""


async def main():
    places = asyncio.Semaphore(WORKERS)

    async def value_of(x, steps):
        async with places:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM, str(x), str(steps), stdout=asyncio.subprocess.PIPE)
            return int((await child.communicate())[0])
    await live(value_of)

asyncio.run(main())
