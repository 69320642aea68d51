# SPDX-License-Identifier: MIT
"""ThreadPoolExecutor with bytecode, and with C code that gives the GIL back."""
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

from measuring import milliseconds, witness

BLOCK = b"q" * (24 << 20)  # touched: nobody's turn pays for its pages


def bytecode(_):
    return sum(number * number % 7 for number in range(300_000))


def hashing(_):
    return hashlib.sha256(BLOCK).digest()


def serial(job):
    return milliseconds(lambda: list(map(job, range(2))))


def threads(job):
    with ThreadPoolExecutor(2) as pool:
        return milliseconds(lambda: list(pool.map(job, range(2))))


bytecode(0)  # warm, so that who comes first pays for nothing
hashing(0)
print(json.dumps({
    "bytecode_serial_ms": serial(bytecode), "bytecode_threads_ms": threads(bytecode),
    "hashlib_serial_ms": serial(hashing), "hashlib_threads_ms": threads(hashing),
    "witness": witness(),
}))
