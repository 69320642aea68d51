#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - who waits looks again and again
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.inside, self.queue = 0, []

    async def acquire(self):
        ticket = object()
        self.queue.append(ticket)
        try:
            while self.inside >= LIMIT or self.queue[0] is not ticket:
                await asyncio.sleep(0)
            self.inside += 1
        finally:
            self.queue.remove(ticket)

    def release(self, _):
        self.inside -= 1

run(Places)
