#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - a client that blocks, in an async def
import asyncio
from witness import Wire, answer, task


async def fetch(page):
    with Wire() as wire:
        status, text = wire.ask(f"GET {page}").split()
        return text if status == "200" else None


async def main():
    answer(await asyncio.gather(*map(fetch, range(task()["n"]))))

asyncio.run(main())
