# SPDX-License-Identifier: MIT
# How late a hundred calls are.
import asyncio

loop = asyncio.new_event_loop()
late = []


def call(due):
    late.append(loop.time() - due)


zero = loop.time() + 0.01
for i in range(100):
    loop.call_at(zero + i * 0.00137, call, zero + i * 0.00137)
loop.call_at(zero + 0.2, loop.stop)
loop.run_forever()
late.sort()
print(f"late: p50 {late[50] * 1e3:.3f} ms, max {late[-1] * 1e3:.3f} ms")
print("none came more than a clock tick early:", late[0] > -0.001)
