#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: concurrent - one page after the other
import asyncio
from witness import Connection, answer, task


async def main():
    pages = []
    for page in range(task()["n"]):
        async with Connection() as wire:
            status, text = (await wire.ask(f"GET {page}")).split()
            pages.append(text if status == "200" else None)
    answer(pages)

asyncio.run(main())
