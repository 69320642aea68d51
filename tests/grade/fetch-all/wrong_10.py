#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - connections are never closed
import asyncio
from witness import Connection, answer, task

wires = []


async def fetch(page, places):
    async with places:
        wire = await Connection().__aenter__()
        wires.append(wire)
        status, text = (await wire.ask(f"GET {page}")).split()
        return text if status == "200" else None


async def main():
    places = asyncio.Semaphore(task()["limit"])
    answer(await asyncio.gather(*(fetch(page, places) for page in range(task()["n"]))))

asyncio.run(main())
