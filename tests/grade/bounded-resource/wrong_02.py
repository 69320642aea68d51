#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - a visit that fails keeps its place
import asyncio
from visit import LIMIT, run


class Places(asyncio.Semaphore):
    def __init__(self):
        super().__init__(LIMIT)

    def release(self, outcome):
        if outcome == "OK":
            super().release()

run(Places)
