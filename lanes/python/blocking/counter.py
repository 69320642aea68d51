# SPDX-License-Identifier: MIT
"""Between reading and writing anybody may come, and with --await somebody does."""
import time
from contextlib import nullcontext

from blocking.carry import prepare
from kernels import counter_digest
from lane import Cannot, Outcome, Wrong


def add_one(run, guard, pause):
    with guard:
        value = run.board.value
        if pause:
            time.sleep(0)
        run.board.value = value + 1


def by_message(run, index, additions):
    """The counter belongs to task 0; the others send it what they want to add."""
    for _ in range(additions):
        if index == 0:
            run.board.value += 1
        else:
            run.inbox.put(1)
    for _ in range((run.tasks - 1) * additions if index == 0 else 0):
        run.board.value += run.inbox.get()


def task(run, index):
    additions, pause = run.parameters.additions, getattr(run.parameters, "await")
    guard = run.lock if run.parameters.guard == "mutex" else nullcontext()
    if run.parameters.guard == "message":
        by_message(run, index, additions)
    else:
        for _ in range(additions):
            add_one(run, guard, pause)
    return Outcome(counter_digest(additions), operations=additions)


def carry(run, task):
    if run.parameters.guard == "atomic":
        raise Cannot("Python has no atomic addition; take --guard mutex, message or none")
    prepare(run, run.model.sync)
    run.board, run.lock, run.inbox = run.sync.Value(), run.sync.Lock(), run.sync.Queue(64)
    outcomes = run.model.carry(run, task)
    wanted = run.tasks * run.parameters.additions
    run.results = {"counted": run.board.value, "lost_updates": wanted - run.board.value}
    if run.parameters.guard != "none" and run.board.value != wanted:
        raise Wrong(f"the counter says {run.board.value} after {wanted} additions")
    return outcomes
