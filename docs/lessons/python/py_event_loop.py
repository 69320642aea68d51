# SPDX-License-Identifier: MIT
# Callbacks, without any coroutine.
import asyncio


def later(n):
    print("timer", n)
    loop.stop()


loop = asyncio.new_event_loop()
loop.call_later(0.05, later, 1)
loop.call_soon(print, "soon: in the next turn")
print("nothing has run yet")
loop.run_forever()
loop.close()
