# SPDX-License-Identifier: MIT
# Passing control: coroutines with sleep(0), threads with semaphores.
import asyncio
import threading
import time

N = 20_000


async def player():
    for _ in range(N):
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(player(), player())


def thread(mine, other):
    for _ in range(N // 10):
        mine.acquire()
        other.release()


start = time.perf_counter()
asyncio.run(main())
print(f"coroutines: {(time.perf_counter() - start) / (2 * N) * 1e9:.0f} ns per hand-over")
a, b = threading.Semaphore(1), threading.Semaphore(0)
threads = [threading.Thread(target=thread, args=order) for order in ((a, b), (b, a))]
start = time.perf_counter()
for t in threads:
    t.start()
for t in threads:
    t.join()
print(f"threads: {(time.perf_counter() - start) / (2 * N / 10) * 1e9:.0f} ns per hand-over")
