#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - an empty queue is taken for the end
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)


async def consume(queue, results):
    async with Hand() as hand:
        while not queue.empty():
            item = await queue.get()
            results[item] = await hand.put(item)


async def main():
    queue, results = asyncio.Queue(CAPACITY), {}
    producers = [asyncio.create_task(produce(i, queue)) for i in range(PRODUCERS)]
    await asyncio.gather(*(consume(queue, results) for _ in range(CONSUMERS)))
    answer_all(results)
    del producers

asyncio.run(main())
