# SPDX-License-Identifier: MIT
# Eighteen sessions compute after each wait, two do not: how long do those two wait?
import asyncio
import hashlib
import statistics
import time

DATA = bytes(1 << 19)


def bytecode():  # some ms that hold the global lock
    end = time.thread_time() + 0.001
    while time.thread_time() < end:
        pass


def library():  # about as long in C, which gives the lock away
    hashlib.sha256(DATA).digest()


async def heavy(compute, pool):
    for _ in range(8):
        await asyncio.sleep(0.005)
        if pool:
            await asyncio.to_thread(compute)
        else:
            compute()


async def light(waits):
    for _ in range(8):
        begin = time.perf_counter()
        await asyncio.sleep(0.005)
        waits.append(time.perf_counter() - begin)


async def main():
    for compute in bytecode, library:
        for pool in False, True:
            waits = []
            await asyncio.gather(*(heavy(compute, pool) for _ in range(18)), light(waits), light(waits))
            where = "to_thread" if pool else "in the loop"
            print(f"{compute.__name__}, {where}: 5 ms take {statistics.median(waits) * 1e3:.0f} ms")


asyncio.run(main())
