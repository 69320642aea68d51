# SPDX-License-Identifier: MIT
"""Tasks that are cancelled: one goes on, one cleans up, one says 'except Exception'."""
import asyncio
import json


async def stubborn():
    try:
        await asyncio.sleep(60)
    except BaseException:
        pass
    await asyncio.sleep(0)
    return "to the end"


async def tidy(cleaned):
    try:
        await asyncio.sleep(60)
    finally:
        cleaned.append(1)


async def careful():
    try:
        await asyncio.sleep(60)
    except Exception:
        return "caught"


async def cancelled(coroutine):
    """The result of a task that was cancelled in the middle; None: it ended."""
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def main():
    cleaned = []
    survived = await cancelled(stubborn())
    await cancelled(tidy(cleaned))
    caught = await cancelled(careful())
    print(json.dumps({"survived": int(survived == "to the end"), "cleaned_up": len(cleaned),
                      "caught_by_exception": int(caught == "caught")}))


asyncio.run(main())
