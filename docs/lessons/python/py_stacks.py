# SPDX-License-Identifier: MIT
# A waiting coroutine is a frame on the heap; a thread has a stack.
import asyncio
import threading


async def waiting():
    await asyncio.sleep(3600)


async def main():
    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    frame = task.get_stack()[0]
    line = frame.f_lineno - frame.f_code.co_firstlineno
    print(frame.f_code.co_name, "stands", line, "line below its def")
    task.cancel()


def deep(n):
    return n and deep(n - 1)


asyncio.run(main())
threading.stack_size(64 * 1024)
t = threading.Thread(target=lambda: print("deep call in a thread:", deep(500)))
t.start()
t.join()
