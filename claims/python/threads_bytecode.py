# SPDX-License-Identifier: MIT
"""Two threads that compute in bytecode, against one after the other."""
import json
import threading

from measuring import milliseconds, witness


def compute():
    total = 0
    for number in range(400_000):
        total += number * number % 7
    return total


def one_after_another():
    compute()
    compute()


def two_threads():
    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


compute()  # warm, so that who comes first pays for nothing
print(json.dumps({
    "serial_ms": milliseconds(one_after_another),
    "threads_ms": milliseconds(two_threads),
    "witness": witness(),
}))
