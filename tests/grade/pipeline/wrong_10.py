#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: bounded - waits by looking again and again
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        while len(queue) >= CAPACITY:
            await asyncio.sleep(0.001)
        queue.append(item)


async def consume(queue, results, ended):
    async with Hand() as hand:
        while queue or not ended:
            if queue:
                item = queue.pop(0)
                results[item] = await hand.put(item)
            else:
                await asyncio.sleep(0.001)


async def main():
    queue, results, ended = [], {}, []
    consumers = [asyncio.create_task(consume(queue, results, ended)) for _ in range(CONSUMERS)]
    await asyncio.gather(*(produce(i, queue) for i in range(PRODUCERS)))
    ended.append(True)
    await asyncio.gather(*consumers)
    answer_all(results)

asyncio.run(main())
