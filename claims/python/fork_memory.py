# SPDX-License-Identifier: MIT
"""fork() and wait, with little and with 256 MiB of touched memory."""
import json
import mmap
import os
import time

SIZE = 256 << 20


def milliseconds():
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return (time.perf_counter() - began) * 1000


def best_of(count):
    return min(milliseconds() for _ in range(count))


small = best_of(5)
heap = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
if hasattr(mmap, "MADV_NOHUGEPAGE"):
    heap.madvise(mmap.MADV_NOHUGEPAGE)  # the usual pages, whatever this system prefers
for place in range(0, SIZE, mmap.PAGESIZE):
    heap[place] = 1
print(json.dumps({"small_ms": small, "large_ms": best_of(5)}))
