#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded, clean - a thread cannot be cancelled: it goes on
import asyncio
from concurrent.futures import ThreadPoolExecutor
from transaction import LIMIT_S, N, answer_all
from witness import Wire


def transact(number):
    with Wire() as wire:
        wire.ask(f"BEGIN {number}")
        while wire.ask(f"WORK {number}") == "MORE":
            pass
        wire.ask(f"COMMIT {number}")
        return "committed"


async def main():
    loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(N)
    calls = [loop.run_in_executor(pool, transact, i) for i in range(N)]
    limited = [asyncio.wait_for(call, LIMIT_S) for call in calls]
    answer_all(await asyncio.gather(*limited, return_exceptions=True))

asyncio.run(main())
