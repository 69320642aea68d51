# SPDX-License-Identifier: MIT
from kernels import count_primes, primes_chunks
from lane import Outcome


def task(run, index):
    outcome = Outcome()
    for numbers in primes_chunks(run, index):
        outcome.digest += count_primes(numbers)
        outcome.operations += len(numbers)
        run.sync.give_way()  # to greenlets; threads and processes are interrupted anyway
    return outcome
