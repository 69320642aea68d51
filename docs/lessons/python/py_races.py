# SPDX-License-Identifier: MIT
# An update lost across an await, and one lost between two bytecodes.
import asyncio
import sys
import threading

balance = counter = 0


async def deposit(lock):
    global balance
    if lock:
        await lock.acquire()
    seen = balance
    await asyncio.sleep(0.01)
    balance = seen + 100
    if lock:
        lock.release()


async def twice(lock):
    await asyncio.gather(deposit(lock), deposit(lock))


def same(x):
    return x


def add():
    global counter
    for _ in range(200_000):
        counter = same(counter) + 1  # the call is a place to change threads


for lock in None, asyncio.Lock():
    balance = 0
    asyncio.run(twice(lock))
    print("with a lock:" if lock else "without a lock:", balance)
sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=add) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("threads:", 800_000 - counter, "updates lost")
