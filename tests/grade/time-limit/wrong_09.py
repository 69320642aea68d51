#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: clean - a worker that is killed rolls nothing back
import multiprocessing
import time
from transaction import LIMIT_S, N, answer_all
from witness import Wire


def transact(number):
    with Wire() as wire:
        wire.ask(f"BEGIN {number}")
        while wire.ask(f"WORK {number}") == "MORE":
            pass
        wire.ask(f"COMMIT {number}")


workers = [multiprocessing.get_context("fork").Process(target=transact, args=(i,)) for i in range(N)]
for worker in workers:
    worker.start()
end = time.monotonic() + LIMIT_S
for worker in workers:
    worker.join(max(0, end - time.monotonic()))
for worker in workers:
    worker.kill()
    worker.join()
answer_all(["committed" if worker.exitcode == 0 else None for worker in workers])
