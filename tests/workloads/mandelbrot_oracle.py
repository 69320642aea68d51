#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Computes a picture of the Mandelbrot set and prints what its rows must leave.

An oracle from outside for workloads/mandelbrot: Python's floats are IEEE 754 doubles
and it never fuses or reorders operations, so a correct kernel agrees in each bit.

  mandelbrot_oracle.py [WIDTH HEIGHT ITERATIONS]     one line per row: row and digest;
                                                     last line: checksum over all rows
Without arguments: the default picture (which takes a while).
"""

import sys

MASK = (1 << 64) - 1


def mix(value):
    """The finalizer of SplitMix64, variant 13 (see lib/mix.h)."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def mix_into(digest, value):
    return mix(digest ^ mix(value))


def escape(cr, ci, iterations):
    zr = zi = 0.0
    for n in range(iterations):
        rr, ii = zr * zr, zi * zi
        if rr + ii > 4.0:
            return n
        zr, zi = rr - ii + cr, 2.0 * zr * zi + ci
    return iterations


def row_digest(row, width, height, iterations):
    ci = (2.0 * row + 1.0 - height) / (2.0 * height) * 2.4
    digest = 0
    for column in range(width):
        cr = (column + 0.5) / width * 3.0 + -2.0
        digest = mix_into(digest, escape(cr, ci, iterations))
    return digest


def main(arguments):
    width, height, iterations = map(int, arguments or ("1000", "800", "1000"))
    checksum = 0
    for row in range(height):
        digest = row_digest(row, width, height, iterations)
        checksum = mix_into(checksum, digest)
        print(f"{row} {digest:016x}")
    print(f"checksum {checksum:016x}")


if __name__ == "__main__":
    main(sys.argv[1:])
