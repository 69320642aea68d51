#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import asyncio
from witness import Connection, answer, task


async def transact(number):
    async with Connection() as wire:
        try:
            await wire.ask(f"BEGIN {number}")
            while await wire.ask(f"WORK {number}") == "MORE":
                pass
            await wire.ask(f"COMMIT {number}")
            return "committed"
        except asyncio.CancelledError:
            wire.say(f"ROLLBACK {number}")
            while await wire.hear() != "ROLLED BACK":
                pass
            return "rolled back"


async def main():
    tasks = [asyncio.create_task(transact(i)) for i in range(task()["n"])]
    _, late = await asyncio.wait(tasks, timeout=task()["limit_ms"] / 1000)
    for one in late:
        one.cancel()
    answer(await asyncio.gather(*tasks))

asyncio.run(main())
