#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - results in the order in which pages come
import asyncio
from witness import Connection, answer, task


async def fetch(page, places):
    async with places, Connection() as wire:
        status, text = (await wire.ask(f"GET {page}")).split()
        return text if status == "200" else None


async def main():
    places = asyncio.Semaphore(task()["limit"])
    pages = [fetch(page, places) for page in range(task()["n"])]
    answer([await page for page in asyncio.as_completed(pages)])

asyncio.run(main())
