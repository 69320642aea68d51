#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - one failure loses all results
import asyncio
from witness import Connection, answer, task


async def fetch(page, places):
    async with places, Connection() as wire:
        status, text = (await wire.ask(f"GET {page}")).split()
        if status != "200":
            raise RuntimeError(f"page {page}: {status}")
        return text


async def main():
    places = asyncio.Semaphore(task()["limit"])
    answer(await asyncio.gather(*(fetch(page, places) for page in range(task()["n"]))))

asyncio.run(main())
