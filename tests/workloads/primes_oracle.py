#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Computes how many primes are below a limit, by counting instead of testing.

An oracle from outside for workloads/primes: the method of Meissel, in the form that is
known as Lucy's. S(v, p) is how many of 2..v remain when the sieve of Eratosthenes has
struck out the multiples of all primes up to p; with p*p <= v and p prime

    S(v, p) = S(v, p-1) - (S(v/p, p-1) - S(p-1, p-1))

so no number has to be looked at by itself.

  primes_oracle.py LIMIT...      one line per limit: limit and number of primes
"""

import sys
from math import isqrt


def primes_below(limit):
    n = limit - 1
    if n < 2:
        return 0
    root = isqrt(n)
    values = [n // i for i in range(1, root + 1)]
    values += range(values[-1] - 1, 0, -1)
    remaining = {v: v - 1 for v in values}
    for p in range(2, root + 1):
        if remaining[p] == remaining[p - 1]:
            continue  # p itself has been struck out
        for v in values:
            if v < p * p:
                break
            remaining[v] -= remaining[v // p] - remaining[p - 1]
    return remaining[n]


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(argument, primes_below(int(argument)))
