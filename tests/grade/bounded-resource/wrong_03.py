#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - a place is given back twice
import asyncio
from visit import LIMIT, run


class Places(asyncio.Semaphore):
    def __init__(self):
        super().__init__(LIMIT)

    def release(self, outcome):
        super().release()
        if outcome != "OK":  # "to be sure"
            super().release()

run(Places)
