#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - the first producer that ends sends all consumers home
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)
    for _ in range(CONSUMERS):
        await queue.put(None)


async def consume(queue, results):
    async with Hand() as hand:
        while (item := await queue.get()) is not None:
            results[item] = await hand.put(item)


async def main():
    queue, results = asyncio.Queue(CAPACITY), {}
    producers = [asyncio.create_task(produce(i, queue)) for i in range(PRODUCERS)]
    await asyncio.gather(*(consume(queue, results) for _ in range(CONSUMERS)))
    answer_all(results)
    del producers

asyncio.run(main())
