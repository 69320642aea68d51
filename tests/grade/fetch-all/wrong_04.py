#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - the limit is not looked at
import asyncio
from witness import Connection, answer, task


async def fetch(page):
    async with Connection() as wire:
        status, text = (await wire.ask(f"GET {page}")).split()
        return text if status == "200" else None


async def main():
    answer(await asyncio.gather(*map(fetch, range(task()["n"]))))

asyncio.run(main())
