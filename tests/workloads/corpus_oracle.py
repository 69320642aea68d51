#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What wordcount, compress and matmul must answer, written separately.

    corpus_oracle.py matmul SIZE SEED           the digest over all rows
    corpus_oracle.py wordcount WORDS V SEED     the digest over all words
    corpus_oracle.py compress TASKS BLOCKS BYTES LEVEL SEED
                                                bytes after zstd, by the program of that name

By the schoolbook and by text in strings: matrices are multiplied column by column, words
are counted by collections.Counter after str.split().
"""

import collections
import os
import subprocess
import sys
import tempfile

MASK = (1 << 64) - 1
TEXT_BYTES = 1 << 20


def mix(value):
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


# ---- matmul ----------------------------------------------------------------------------


def matmul(size, seed):
    key = mix(seed)

    def matrix(number):
        return [
            [mix(key ^ (number << 32 | row << 16 | column)) % 65536 for column in range(size)]
            for row in range(size)
        ]

    a, b = matrix(0), matrix(1)
    columns = list(zip(*b))
    total = 0
    for number, row in enumerate(a):
        digest = mix(number)
        for column in columns:
            entry = sum(left * right for left, right in zip(row, column))
            digest = ((digest ^ entry) * 0x100000001B3) & MASK
        total += mix(digest)
    return total & MASK


# ---- text ------------------------------------------------------------------------------


def spell(rank):
    letters = ""
    while True:
        letters += "abcdefghijklmnopqrstuvwxyz"[rank % 26]
        rank //= 26
        if rank == 0:
            return letters


def words(seed, vocabulary):
    """All words of the corpus, without end."""
    key, octaves, position = mix(seed), vocabulary.bit_length(), 0
    while True:
        high, low = divmod(mix((key + position) & MASK), 1 << 32)
        octave = high * octaves >> 32
        yield spell(((1 << octave) - 1 + (low >> (32 - octave))) % vocabulary)
        position += 1


def wordcount(number, vocabulary, seed):
    source = words(seed, vocabulary)
    text = " ".join(next(source) for _ in range(number))
    ranks = {spell(rank): rank for rank in range(vocabulary)}
    counts = collections.Counter(text.split())
    return sum(count * mix(ranks[word]) for word, count in counts.items()) & MASK


# ---- compress --------------------------------------------------------------------------


def text_of(seed, size):
    text, used = [], 0
    for word in words(seed, 16384):
        if used + len(word) + 1 > size:
            return "".join(text).ljust(size).encode()
        text.append(word + " ")
        used += len(word) + 1


def compress(tasks, blocks, size, level, seed):
    text = text_of(seed, TEXT_BYTES + size)
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "block")
        for number in range(tasks * blocks):
            start = mix((mix(seed) + number) & MASK) % TEXT_BYTES
            with open(path, "wb") as file:
                file.write(text[start : start + size])
            command = ["zstd", "-q", "-c", "--no-check", "--single-thread", f"-{level}", path]
            total += len(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return total


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[2:]]
    answer = {"matmul": matmul, "wordcount": wordcount, "compress": compress}[sys.argv[1]](*numbers)
    print(answer if sys.argv[1] == "compress" else f"{answer:016x}")
