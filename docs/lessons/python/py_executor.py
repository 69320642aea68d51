# SPDX-License-Identifier: MIT
# A pool of threads, a pool of processes: whose global is it?
import asyncio
import concurrent.futures as cf
import os

calls = 0


def work(caller):
    global calls
    calls += 1
    return os.getpid() == caller


async def main():
    global calls
    loop = asyncio.get_running_loop()
    for pool in cf.ThreadPoolExecutor(1), cf.ProcessPoolExecutor(1):
        with pool:
            calls = 0
            same = await loop.run_in_executor(pool, work, os.getpid())
            print(type(pool).__name__, "same process:", same, "calls here:", calls)


if __name__ == "__main__":
    asyncio.run(main())
