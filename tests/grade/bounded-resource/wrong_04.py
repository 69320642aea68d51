#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - who gave up gives back a place that he never had
import asyncio
from visit import LIMIT, run


class Places:
    def __init__(self):
        self.places = asyncio.Semaphore(LIMIT)

    async def acquire(self):
        try:
            await self.places.acquire()
        except asyncio.CancelledError:
            self.places.release()
            raise

    def release(self, _):
        self.places.release()

run(Places)
