# SPDX-License-Identifier: MIT
"""Clients that move money; how, is said by `transfer`, which tells whether it was done."""
import asyncio
from witness import Connection, answer, task

ACCOUNTS = 8


async def get(wire, account):
    return int(await wire.ask(f"GET {account}"))


async def put(wire, account, money):
    await wire.ask(f"PUT {account} {money}")


async def serve(number, transfer):
    refused = 0
    async with Connection() as wire:
        while (move := await wire.ask(f"NEXT {number}")) != "END":
            refused += not await transfer(wire, *map(int, move.split()[1:]))
    return refused


def run(transfer):
    async def main():
        answer(sum(await asyncio.gather(*(serve(i, transfer) for i in range(task()["n"])))))
    asyncio.run(main())
