#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: live - join() waits for a task_done() that never comes
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)


async def consume(queue, results):
    async with Hand() as hand:
        while True:
            item = await queue.get()
            results[item] = await hand.put(item)


async def main():
    queue, results = asyncio.Queue(CAPACITY), {}
    consumers = [asyncio.create_task(consume(queue, results)) for _ in range(CONSUMERS)]
    await asyncio.gather(*(produce(i, queue) for i in range(PRODUCERS)))
    await queue.join()
    for consumer in consumers:
        consumer.cancel()
    answer_all(results)

asyncio.run(main())
