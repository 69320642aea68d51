# SPDX-License-Identifier: MIT
# Compressing gives the global lock away: two threads do two blocks at once.
import concurrent.futures as cf
import random
import time
import zlib

words = [b"loop", b"thread", b"process", b"task", b"await", b"queue", b"lock", b"event"]
chance = random.Random(1)
blocks = [b" ".join(chance.choices(words, k=40_000)) for _ in range(4)]


def timed(compress):
    begin = time.perf_counter()
    packed = compress()
    return time.perf_counter() - begin, packed


with cf.ThreadPoolExecutor(2) as pool:
    alone, one = timed(lambda: list(map(zlib.compress, blocks)))
    together, two = timed(lambda: list(pool.map(zlib.compress, blocks)))
print(f"one after another {alone:.3f} s, two threads {together:.3f} s")
print("the same bytes:", one == two, " restored:", [zlib.decompress(b) for b in two] == blocks)
