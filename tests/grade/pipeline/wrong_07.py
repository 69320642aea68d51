#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - the order of the ends is taken for that of the items
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, items
from witness import answer


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)


async def consume(queue, results):
    async with Hand() as hand:
        while (item := await queue.get()) is not None:
            value = await hand.put(item)
            results[item[0]].append(value)


async def main():
    queue, results = asyncio.Queue(CAPACITY), [[] for _ in range(PRODUCERS)]
    consumers = [asyncio.create_task(consume(queue, results)) for _ in range(CONSUMERS)]
    await asyncio.gather(*(produce(i, queue) for i in range(PRODUCERS)))
    for _ in consumers:
        await queue.put(None)
    await asyncio.gather(*consumers)
    answer(results)

asyncio.run(main())
