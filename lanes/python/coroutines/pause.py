# SPDX-License-Identifier: MIT
"""asyncio.sleep(), but never too short: timers of uvloop count whole milliseconds from the
start of the loop's turn, and half of them are early by up to one.
"""
import asyncio
from time import monotonic_ns as now


async def pause(ns):
    due = now() + ns
    await asyncio.sleep(ns / 1e9)
    while (left := due - now()) > 0:
        await asyncio.sleep(left / 1e9)
