# SPDX-License-Identifier: MIT
# To cancel is to ask; what swallows the request, and what does not.
import asyncio


async def transaction():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(0.02)
        print("rolled back")
        raise


async def worker():
    while True:
        try:
            await asyncio.sleep(3600)
        except Exception:  # CancelledError is no Exception, but a BaseException
            print("never printed")


async def main():
    task = asyncio.create_task(transaction())
    await asyncio.sleep(0)
    task.cancel()
    print("asked; done:", task.done())
    await asyncio.wait([task])
    print("first: cancelled", task.cancelled())
    try:
        await asyncio.wait_for(transaction(), 0.02)
    except TimeoutError:
        print("wait_for: timed out")
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print("'except Exception' does not swallow it: cancelled", task.cancelled())


asyncio.run(main())
