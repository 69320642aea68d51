# SPDX-License-Identifier: MIT
# How many workers do 40 tasks see?
import concurrent.futures as cf
import multiprocessing as mp
import os


def me(_):
    return os.getpid()


if __name__ == "__main__":
    for chunk in 1, None:
        with mp.Pool(2, maxtasksperchild=1) as pool:
            workers = len(set(pool.map(me, range(40), chunk)))
        print(f"maxtasksperchild=1, chunksize={chunk}: {workers} workers")
    with cf.ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            pool.submit(int).result()
        print("ThreadPoolExecutor(8), 20 jobs one after another:", len(pool._threads), "thread")
