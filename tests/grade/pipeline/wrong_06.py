#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - a consumer that is sent away takes its item along
import asyncio
from line import CAPACITY, CONSUMERS, PRODUCERS, Hand, answer_all, items


async def produce(producer, queue):
    async for item in items(producer):
        await queue.put(item)


async def consume(queue, results):
    async with Hand() as hand:
        while (item := await queue.get()) is not None:
            told = await hand.wire.ask(f"PUT {item[0]} {item[1]}")
            if told == "QUIT":
                return await consume(queue, results)
            results[item] = told.split()[1] if told.startswith("OK") else None


async def main():
    queue, results = asyncio.Queue(CAPACITY), {}
    consumers = [asyncio.create_task(consume(queue, results)) for _ in range(CONSUMERS)]
    await asyncio.gather(*(produce(i, queue) for i in range(PRODUCERS)))
    for _ in consumers:
        await queue.put(None)
    await asyncio.gather(*consumers)
    answer_all(results)

asyncio.run(main())
