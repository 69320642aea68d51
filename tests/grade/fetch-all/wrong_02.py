#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - coroutines are made and never awaited
import asyncio
import warnings
from witness import Connection, answer, task

warnings.simplefilter("ignore")


async def fetch(page, pages):
    async with Connection() as wire:
        pages[page] = (await wire.ask(f"GET {page}")).split()[1]


async def main():
    pages = [None] * task()["n"]
    for page in range(task()["n"]):
        fetch(page, pages)
    answer(pages)

asyncio.run(main())
