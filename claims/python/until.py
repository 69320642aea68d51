# SPDX-License-Identifier: MIT
"""What run_until_complete() takes, and what comes out."""
import asyncio
import json


async def answer():
    return 42


async def fail():
    raise KeyError("not found")


def taken(thing, result):
    try:
        return int(loop.run_until_complete(thing) == result)
    except TypeError:
        return 0


loop = asyncio.new_event_loop()
future = loop.create_future()
loop.call_soon(future.set_result, 9)
found = {"coroutine": taken(answer(), 42), "function": taken(answer, 42),
         "future": taken(future, 9), "exception": 0}
try:
    loop.run_until_complete(fail())
except KeyError:
    found["exception"] = 1
loop.close()
print(json.dumps(found))
