#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - who gave up still stands in the queue, and takes a place with him
import asyncio
import collections
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.free, self.queue = LIMIT, collections.deque()

    async def acquire(self):
        if self.free > 0:
            self.free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self.queue.append(turn)
        await turn

    def release(self, _):
        if not self.queue:
            self.free += 1
            return
        turn = self.queue.popleft()
        if not turn.done():
            turn.set_result(None)

run(Places)
