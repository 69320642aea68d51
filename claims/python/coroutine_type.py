# SPDX-License-Identifier: MIT
"""Is a coroutine function one of an asynchronous generator?"""
import inspect
import json


async def coroutine():
    return 1


async def generator():
    yield 1


print(json.dumps({
    "asynchronous_generator": int(inspect.isasyncgenfunction(coroutine)),
    "coroutine": int(inspect.iscoroutinefunction(coroutine)),
    "generator_is_coroutine": int(inspect.iscoroutinefunction(generator)),
}))
