#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import asyncio
from witness import Connection, answer, task


async def visit(number, places):
    async with Connection() as wire:
        patience = int((await wire.ask(f"ARRIVE {number}")).split()[1])
        try:
            await asyncio.wait_for(places.acquire(), patience / 1000 if patience else None)
        except asyncio.TimeoutError:
            await wire.ask(f"GONE {number}")
            return "gone"
        try:
            return "served" if await wire.ask(f"ENTER {number}") == "OK" else "failed"
        finally:
            places.release()


async def main():
    places = asyncio.Semaphore(task()["limit"])
    answer(await asyncio.gather(*(visit(i, places) for i in range(task()["n"]))))

asyncio.run(main())
