# SPDX-License-Identifier: MIT
# Five guests, two seats.
import asyncio

inside = most = 0


async def guest(seats):
    global inside, most
    async with seats:
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.02)
        inside -= 1


async def main():
    seats = asyncio.Semaphore(2)
    await asyncio.gather(*(guest(seats) for _ in range(5)))
    print("most inside:", most)


asyncio.run(main())
