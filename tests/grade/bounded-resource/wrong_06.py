#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - "if" instead of "while" round a condition
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.inside, self.changed = 0, asyncio.Condition()

    async def acquire(self):
        async with self.changed:
            if self.inside >= LIMIT:
                await self.changed.wait()
            self.inside += 1

    def release(self, _):
        self.inside -= 1
        asyncio.create_task(self.tell())

    async def tell(self):
        async with self.changed:
            self.changed.notify_all()

run(Places)
