# SPDX-License-Identifier: MIT
# Three ways to fail: a process, a pool, a thread.
import concurrent.futures as cf
import multiprocessing as mp
import os
import signal
import threading


def die(_=None):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    p = mp.Process(target=die)
    p.start()
    p.join()
    print("Process: exitcode", p.exitcode)
    with cf.ProcessPoolExecutor(2) as pool:
        try:
            pool.submit(die).result()
        except cf.process.BrokenProcessPool:
            print("ProcessPoolExecutor: the whole pool is broken")
    pool = mp.Pool(2)
    try:
        pool.apply_async(die).get(timeout=0.5)
    except mp.TimeoutError:
        print("Pool: this result never comes; the next one:", pool.apply_async(abs, (-1,)).get())
    pool.terminate()
    threading.excepthook = lambda a: print("thread:", a.exc_type.__name__)
    t = threading.Thread(target=lambda: 1 / 0)
    t.start()
    t.join()
    print("join() has told nothing, and main goes on")
