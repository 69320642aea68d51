# SPDX-License-Identifier: MIT
"""The work itself, the same for every model: hashes, prime numbers, pixels, beats.

Each function has its counterpart in workloads/NAME/kernel.c, does the same operations in
the same order, and so leaves the same digests. Nothing here knows how tasks run.

Read next: coroutines/primes.py, which calls it from a coroutine.
"""

import functools
import os
import time

LIBRARY = "quartet-kernels.so"  # tools/kernels.c


class NotBuilt(Exception):
    pass


MASK = (1 << 64) - 1  # C's uint64_t wraps round, Python's int grows


def mix(value):
    """The finalizer of SplitMix64: see lib/mix.h."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def mix_into(digest, value):
    """Folds a value into a running digest; the order of the values matters."""
    return mix(digest ^ mix(value))


# ---- primes ----------------------------------------------------------------------------

PRIMES_CHUNK = 500  # numbers between two points at which other tasks may go on


def is_prime(number):
    """Trial division by 2, 3, and 6k-1, 6k+1 up to the square root."""
    if number < 2:
        return False
    if number % 2 == 0 or number % 3 == 0:
        return number <= 3
    divisor = 5
    while divisor * divisor <= number:
        if number % divisor == 0 or number % (divisor + 2) == 0:
            return False
        divisor += 6
    return True


def primes_chunks(run, index):
    """The ranges of numbers that a task tests: chunks are dealt out like cards."""
    limit = run.parameters.limit
    for start in range(index * PRIMES_CHUNK, limit, run.tasks * PRIMES_CHUNK):
        yield range(start, min(start + PRIMES_CHUNK, limit))


def count_primes(numbers):
    return sum(map(is_prime, numbers))


@functools.cache
def c_kernels():
    """What the C runners are linked with, as a library. ctypes lets the interpreter's lock go
    while a function of it runs."""
    import ctypes

    here = os.path.dirname(os.path.abspath(__file__))
    for place in (os.environ.get("QUARTET_KERNELS"), f"{here}/../../build/release/bin/{LIBRARY}",
                  f"{here}/../../../../libexec/quartet/{LIBRARY}"):  # fmt: skip
        if place and os.path.exists(place):
            library = ctypes.CDLL(place)
            library.quartet_count_primes.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
            library.quartet_count_primes.restype = ctypes.c_uint64
            return library
    raise NotBuilt(f"--kernel c: there is no {LIBRARY}: build it with 'make', or name it in "
                   "QUARTET_KERNELS")  # fmt: skip


def count_primes_c(numbers):
    return c_kernels().quartet_count_primes(numbers.start, numbers.stop)


COUNT_PRIMES = {"python": count_primes, "c": count_primes_c}


# ---- mandelbrot ------------------------------------------------------------------------

MANDELBROT_CHUNK = 40  # pixels


def escape_time(c_real, c_imaginary, limit):
    """How often z -> z*z + c can be done before |z| exceeds 2; at most `limit`."""
    real = imaginary = 0.0
    for n in range(limit):
        real_squared = real * real
        imaginary_squared = imaginary * imaginary
        if real_squared + imaginary_squared > 4:
            return n
        imaginary = 2 * real * imaginary + c_imaginary
        real = real_squared - imaginary_squared + c_real
    return limit


def mandelbrot_chunks(run):
    """The ranges of pixels of a row; a task is one row."""
    width = run.parameters.width
    for start in range(0, width, MANDELBROT_CHUNK):
        yield range(start, min(start + MANDELBROT_CHUNK, width))


def mandelbrot_row(run, index, pixels, digest):
    """Folds the escape times of some pixels of row `index` into the digest."""
    width, height = float(run.parameters.width), float(run.tasks)
    c_imaginary = (2.0 * index + 1 - height) / (2 * height) * 2.4
    for x in pixels:
        c_real = (x + 0.5) / width * 3.0 - 2.0
        escaped = escape_time(c_real, c_imaginary, run.parameters.iterations)
        digest = mix_into(digest, escaped)
    return digest


# ---- what tasks leave that wait --------------------------------------------------------


def task_digest(run, index):
    """Of sleep and stall: only this task of this seed has it."""
    return mix_into(run.seed, index)


def spawn_child(seed, task, number):
    """All that a child of `spawn` computes."""
    return mix_into(mix_into(seed, task), number)


def schedule_offset_ns(run, index):
    """When call number `index` is due, counted from the common zero."""
    return mix_into(run.seed, index) % (run.parameters.span_ns + 1)


def schedule_digest(run, index):
    return mix_into(mix_into(run.seed, index), schedule_offset_ns(run, index))


def gather_delay_ns(run, index):
    """Member k of M sleeps (M - k)/M of the delay: they end in reverse order."""
    members = run.tasks - 1
    return run.parameters.delay_ns // members * (members - index)


def gather_fails(run, index):
    """The failing members are evenly spread."""
    members, failing = run.tasks - 1, run.parameters.failing
    return index * failing // members != (index + 1) * failing // members


def semaphore_digest(run, index, round):
    """Of one round; a task adds up those of all its rounds."""
    return mix_into(mix_into(run.seed, index), round)


def switch_share(run, index):
    """How often task `index` gets the token."""
    share, rest = divmod(run.parameters.switches, run.tasks)
    return share + (index < rest)


def pipeline_item(run, number):
    return mix_into(run.seed, number)


def counter_digest(additions):
    digest = 0
    for i in range(additions):
        digest = mix_into(digest, i)
    return digest


def compute(cpu_ns):
    """Computes in one piece until this thread has used so much CPU time; see stall."""
    began, value = time.thread_time_ns(), 1
    while (spent := time.thread_time_ns() - began) < cpu_ns:
        for _ in range(1000):
            value = mix(value)
    return spent
