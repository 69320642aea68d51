#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - a lock instead of a semaphore
import asyncio
from visit import run


class Places(asyncio.Lock):
    def release(self, _):
        super().release()

run(Places)
