# SPDX-License-Identifier: MIT
# A future with two readers, a callback, a time limit.
import asyncio


async def reader(future):
    print("reader: the answer is", await future)


async def main():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    answer.add_done_callback(lambda f: print("callback: done"))
    readers = [asyncio.create_task(reader(answer)) for _ in range(2)]
    try:  # without shield() the time limit would cancel the future itself
        await asyncio.wait_for(asyncio.shield(answer), 0.001)
    except TimeoutError:
        print("main: nothing yet")
    answer.set_result(42)
    try:
        answer.set_result(43)
    except asyncio.InvalidStateError:
        print("the second value is refused")
    await asyncio.gather(*readers)

    lost = loop.create_future()
    try:
        await asyncio.wait_for(lost, 0.001)
    except TimeoutError:
        print("without shield(): cancelled", lost.cancelled())


asyncio.run(main())
