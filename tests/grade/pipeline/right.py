#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)


async def consume(queue, results):
    async with Hand() as hand:
        while (item := await queue.get()) is not None:
            results[item] = await hand.put(item)


async def main():
    queue, results = asyncio.Queue(CAPACITY), {}
    consumers = [asyncio.create_task(consume(queue, results)) for _ in range(CONSUMERS)]
    await asyncio.gather(*(produce(i, queue) for i in range(PRODUCERS)))
    for _ in consumers:
        await queue.put(None)
    await asyncio.gather(*consumers)
    answer_all(results)

asyncio.run(main())
