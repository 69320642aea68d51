#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - batches: each waits for its slowest page
import asyncio
from witness import Connection, answer, task


async def fetch(page):
    async with Connection() as wire:
        status, text = (await wire.ask(f"GET {page}")).split()
        return text if status == "200" else None


async def main():
    n, limit = task()["n"], task()["limit"]
    pages = []
    for first in range(0, n, limit):
        pages += await asyncio.gather(*map(fetch, range(first, min(first + limit, n))))
    answer(pages)

asyncio.run(main())
