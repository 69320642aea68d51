# SPDX-License-Identifier: MIT
# A heartbeat beside a computation.
import asyncio
import time


async def heart(worst):
    while True:
        due = time.perf_counter() + 0.01
        await asyncio.sleep(0.01)
        worst[0] = max(worst[0], time.perf_counter() - due)


def compute():
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass


async def main():
    for how in "in the loop", "to_thread":
        worst = [0]
        task = asyncio.create_task(heart(worst))
        await asyncio.sleep(0.05)
        if how == "to_thread":
            await asyncio.to_thread(compute)
        else:
            compute()
        await asyncio.sleep(0.05)
        task.cancel()
        print(f"{how}: a beat was {worst[0] * 1e3:.0f} ms late")


asyncio.run(main())
