#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - each waits for a condition of its own, and nobody tells it
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.inside, self.changed = 0, asyncio.Condition()

    async def acquire(self):
        changed = asyncio.Condition()
        async with changed:
            while self.inside >= LIMIT:
                await changed.wait()
            self.inside += 1

    def release(self, _):
        self.inside -= 1
        asyncio.create_task(self.tell())

    async def tell(self):
        async with self.changed:
            self.changed.notify()

run(Places)
