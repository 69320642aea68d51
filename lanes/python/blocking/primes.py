# SPDX-License-Identifier: MIT
"""The same loop round either kernel. That of C runs without the interpreter's lock."""
from kernels import COUNT_PRIMES, primes_chunks
from lane import Outcome


def task(run, index):
    outcome, count_primes = Outcome(), COUNT_PRIMES[run.variant.kernel]
    for numbers in primes_chunks(run, index):
        outcome.digest += count_primes(numbers)
        outcome.operations += len(numbers)
        run.sync.give_way()  # to greenlets; threads and processes are interrupted anyway
    return outcome
