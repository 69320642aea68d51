# SPDX-License-Identifier: MIT
# Threads leave their counts where they are; processes must send them back, as bytes.
import collections
import concurrent.futures as cf
import multiprocessing as mp
import pickle
import random


def count(share):
    seed, vocabulary = share
    chance = random.Random(seed)
    return collections.Counter(f"word{chance.randrange(vocabulary)}" for _ in range(20_000))


if __name__ == "__main__":
    for vocabulary in 100, 10_000:
        shares = [(seed, vocabulary) for seed in range(2)]
        with cf.ThreadPoolExecutor(2) as pool:
            threads = list(pool.map(count, shares))
        with cf.ProcessPoolExecutor(2, mp.get_context("fork")) as pool:
            processes = list(pool.map(count, shares))
        sent = sum(len(pickle.dumps(result)) for result in processes)
        print(f"{vocabulary} words: the same counts: {threads == processes}; sent back: {sent} bytes")
