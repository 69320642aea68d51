# SPDX-License-Identifier: MIT
# A bounded queue slows the producer down.
import asyncio


async def producer(queue):
    for item in range(1, 6):
        await queue.put(item)
        print("put", item)
    await queue.put(None)


async def consumer(queue):
    while (item := await queue.get()) is not None:
        print("got", item)
        await asyncio.sleep(0.02)


async def main():
    queue = asyncio.Queue(maxsize=2)
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
