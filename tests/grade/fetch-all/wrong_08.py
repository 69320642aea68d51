#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - tasks are started, and main does not wait for them
import asyncio
from witness import Connection, answer, task


async def fetch(page, places, pages):
    async with places, Connection() as wire:
        pages[page] = (await wire.ask(f"GET {page}")).split()[1]


async def main():
    places, pages = asyncio.Semaphore(task()["limit"]), [None] * task()["n"]
    for page in range(task()["n"]):
        asyncio.create_task(fetch(page, places, pages))
    await asyncio.sleep(0.1)
    answer(pages)

asyncio.run(main())
