# SPDX-License-Identifier: MIT
# Tasks: created, begun, awaited.
import asyncio


async def cook(dish, minutes):
    print(dish, "on the stove")
    await asyncio.sleep(minutes / 100)
    print(dish, "ready")
    return minutes


async def main():
    rice = asyncio.create_task(cook("rice", 10), name="rice")
    soup = asyncio.create_task(cook("soup", 5), name="soup")
    print("both created, none begun")
    await asyncio.sleep(0)
    print(sorted(task.get_name() for task in asyncio.all_tasks()))
    print(await rice + await soup, "minutes of cooking, in 10")


asyncio.run(main())
