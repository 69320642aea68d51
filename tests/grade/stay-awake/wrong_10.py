#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - a pool that nobody closes
import asyncio
import multiprocessing
from body import WORKERS, compute, live


def serve(calls, values):
    while True:
        number, x, steps = calls.get()
        values.put((number, compute(x, steps)))


async def main():
    calls, values, waiting = multiprocessing.SimpleQueue(), multiprocessing.SimpleQueue(), {}
    for _ in range(WORKERS):
        multiprocessing.Process(target=serve, args=(calls, values)).start()

    def take():
        number, value = values.get()
        waiting.pop(number).set_result(value)
    asyncio.get_running_loop().add_reader(values._reader, take)

    async def value_of(x, steps):
        waiting[(x, steps)] = asyncio.get_running_loop().create_future()
        future = waiting[(x, steps)]
        calls.put(((x, steps), x, steps))
        return await future
    await live(value_of)

if __name__ == "__main__":
    asyncio.run(main())
