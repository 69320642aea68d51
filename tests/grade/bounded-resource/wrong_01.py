#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - between the look and the act others look, too
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.inside, self.free = 0, asyncio.Event()

    async def acquire(self):
        while self.inside >= LIMIT:
            self.free.clear()
            await self.free.wait()
        await asyncio.sleep(0)  # writes a line to a log, say
        self.inside += 1

    def release(self, _):
        self.inside -= 1
        self.free.set()

run(Places)
