#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - last come, first served
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.free, self.queue = LIMIT, []

    async def acquire(self):
        if self.free > 0:
            self.free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self.queue.append(turn)
        await turn

    def release(self, _):
        while self.queue:
            turn = self.queue.pop()
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1

run(Places)
