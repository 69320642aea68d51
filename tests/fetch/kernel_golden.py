#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second implementation of the messages of `fetch`, from the text of kernel.h.

Without arguments it prints the golden values of test_kernel.c. With
"SEED TASKS EXCHANGES PAYLOAD" it prints the digest of each task, one per line.
"""

import struct
import sys

MASK = 2**64 - 1
REQUEST = int.from_bytes(b"FRQ?", "little")
REPLY = int.from_bytes(b"FRP!", "little")


def mix(value):
    """The finalizer of SplitMix64 after one step of its generator."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def mix_into(digest, value):
    return mix(digest ^ mix(value))


def message(seed, kind, task, sequence, size):
    text = struct.pack("<4I", kind, task, sequence, size)
    key = mix_into(mix_into(seed, kind << 32 | task), sequence)
    for place in range(16, size, 8):
        text += struct.pack("<Q", mix((key + place) & MASK))
    return text[:size]


def digest(text):
    value = len(text)
    for place in range(0, len(text), 8):
        word = int.from_bytes(text[place : place + 8], "little")
        value = mix(value ^ word)
    return value


def task_digest(seed, task, exchanges, payload):
    value = 0
    for sequence in range(exchanges):
        value = mix_into(value, digest(message(seed, REPLY, task, sequence, payload)))
    return value


def print_golden():
    for seed, kind, task, sequence, size in [
        (1, REQUEST, 0, 0, 32),
        (1, REPLY, 0, 0, 32),
        (1, REPLY, 9999, 1, 64),
        (2**64 - 1, REPLY, 2**32 - 1, 2**32 - 1, 1024),
        (42, REQUEST, 7, 3, 61),
    ]:
        text = message(seed, kind, task, sequence, size)
        name = "FETCH_REQUEST" if kind == REQUEST else "FETCH_REPLY"
        seed_text = "UINT64_MAX" if seed == MASK else seed
        print(f"    {{{{{seed_text}, {name}, {task}u, {sequence}u}}, {size}, "
              f"UINT64_C(0x{digest(text):016x})}},")


if len(sys.argv) == 1:
    print_golden()
else:
    seed, tasks, exchanges, payload = map(int, sys.argv[1:])
    for task in range(tasks):
        print(f"{task_digest(seed, task, exchanges, payload):016x}")
