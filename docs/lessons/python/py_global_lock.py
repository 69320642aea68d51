# SPDX-License-Identifier: MIT
# Computing by two threads, by two processes; and C code that releases the lock.
import hashlib
import multiprocessing as mp
import threading
import time

N = 150_000
DATA = b"x" * (1 << 26)


def primes(low, high):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(max(low, 2), high))


def digest():
    hashlib.sha256(DATA).hexdigest()


def timed(name, kind, code, halves):
    start = time.perf_counter()
    workers = [kind(target=code, args=half) for half in halves]
    for worker in workers:
        worker.start()
        if name.endswith("one after another"):
            worker.join()
    for worker in workers:
        worker.join()
    print(f"{name}: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    halves = (0, 95_000), (95_000, N)
    timed("primes, one after another", threading.Thread, primes, halves)
    timed("primes, two threads", threading.Thread, primes, halves)
    timed("primes, two processes", mp.Process, primes, halves)
    digest()  # the first one loads the library
    timed("sha256, one after another", threading.Thread, digest, ((), ()))
    timed("sha256, two threads", threading.Thread, digest, ((), ()))
