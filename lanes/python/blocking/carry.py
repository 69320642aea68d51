# SPDX-License-Identifier: MIT
"""How pools carry tasks: C threads, C processes, or C greenlets.

The tasks in this folder block, and do not know by whom they are carried: what they share
(locks, queues, numbers) they take from run.sync. Read next: sleep.py.
"""

import gc
import multiprocessing
import queue
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from types import SimpleNamespace

from lane import Cannot, InFlight, new_value
from workloads import choice

OPTIONS = [choice("kernel", ("python", "c"), "primes are counted in Python, or by the C kernel")]

THREADS = SimpleNamespace(
    Worker=threading.Thread, Barrier=threading.Barrier, Event=threading.Event,
    Lock=threading.Lock, Semaphore=threading.Semaphore, Queue=queue.Queue,
    Value=new_value, Pool=ThreadPoolExecutor, give_way=lambda: None)  # fmt: skip

context = multiprocessing.get_context("fork")
PROCESSES = SimpleNamespace(
    Worker=context.Process, Barrier=context.Barrier, Event=context.Event,
    Lock=context.Lock, Semaphore=context.Semaphore, Queue=context.Queue,
    Value=lambda: context.Value("Q", lock=False),
    Pool=lambda workers, **more: ProcessPoolExecutor(workers, context, **more),
    give_way=lambda: None)  # fmt: skip

job = None  # what the workers of the pool do: threads share it, processes inherit it


def begin_worker(gate):
    if multiprocessing.parent_process() is not None:
        from orphans import die_with_parent

        die_with_parent()
    gate.wait()


def do_task(index):
    run, task = job
    with run.in_flight:
        return task(run, index)


def new_pool(run, task, sync, gate):
    """A pool whose workers all wait at the gate: each comes with the first jobs."""
    global job
    job = run, task
    pool = sync.Pool(run.concurrency, initializer=begin_worker, initargs=(gate,))
    for _ in range(run.concurrency):
        pool.submit(time.monotonic_ns)
    return pool


def prepare(run, sync):
    run.sync = sync
    run.in_flight = InFlight(sync.Lock(), sync.Value)


def carry_with(sync):
    def carry(run, task):
        if not hasattr(run, "sync"):
            prepare(run, sync)
        gate = sync.Barrier(run.concurrency + 1)
        gc.freeze()  # or each process would copy all objects when it counts references
        try:
            pool = new_pool(run, task, sync, gate)
        except (OSError, RuntimeError) as limit:
            raise Cannot(f"cannot start {run.concurrency} workers: {limit}") from None
        gate.wait()
        run.open_gate()
        outcomes = list(pool.map(do_task, range(run.tasks)))
        run.close()
        pool.shutdown()
        return outcomes

    return carry
