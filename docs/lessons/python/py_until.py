# SPDX-License-Identifier: MIT
# run_until_complete(): what it takes, what comes out, and who runs meanwhile.
import asyncio

ticks = 0


async def ticker():
    global ticks
    while True:
        await asyncio.sleep(0.005)
        ticks += 1


async def answer():
    await asyncio.sleep(0.05)
    return 42


async def fail():
    raise KeyError("not found")


async def nested():
    inner = asyncio.sleep(0)
    try:
        loop.run_until_complete(inner)
    except RuntimeError as error:
        inner.close()
        return str(error)


loop = asyncio.new_event_loop()
task = loop.create_task(ticker())
print("a coroutine:", loop.run_until_complete(answer()), "- the ticker ran:", ticks > 0)
try:
    loop.run_until_complete(fail())
except KeyError as error:
    print("a failure:", repr(error))
future = loop.create_future()
loop.call_later(0.01, future.set_result, 9)
print("a future:", loop.run_until_complete(future))
try:
    loop.run_until_complete(answer)
except TypeError:
    print("a function: TypeError")
print("nested:", loop.run_until_complete(nested()))
print("the ticker is still there:", not task.done())
task.cancel()
loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
loop.close()
