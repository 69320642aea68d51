# SPDX-License-Identifier: MIT
"""What the visitors have in common; who may go in is said by `places`."""
import asyncio
from witness import Connection, answer, task

LIMIT = task()["limit"]


async def visit(number, places):
    async with Connection() as wire:
        patience = int((await wire.ask(f"ARRIVE {number}")).split()[1])
        try:
            await asyncio.wait_for(places.acquire(), patience / 1000 if patience else None)
        except asyncio.TimeoutError:
            await wire.ask(f"GONE {number}")
            return "gone"
        outcome = await wire.ask(f"ENTER {number}")
        places.release(outcome)
        return "served" if outcome == "OK" else "failed"


def run(kind):
    async def main():
        places = kind()
        answer(await asyncio.gather(*(visit(i, places) for i in range(task()["n"]))))
    asyncio.run(main())
