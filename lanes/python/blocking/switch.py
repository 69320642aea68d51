# SPDX-License-Identifier: MIT
"""A token goes round a ring of tasks. Each one knows when it must be its turn."""
from blocking.carry import prepare
from kernels import switch_share
from lane import Cannot, Outcome


def take_turn(run, index, outcome):
    if run.token.value != outcome.operations * run.tasks + index:
        raise Cannot(f"task {index} runs out of its turn: this model cannot yield to the next")
    outcome.digest += run.token.value
    outcome.operations += 1
    run.token.value += 1


def task(run, index):
    outcome = Outcome()
    mine, following = run.turns[index], run.turns[(index + 1) % run.tasks]
    for _ in range(switch_share(run, index)):
        if run.parameters.by == "semaphore":
            mine.acquire()
        take_turn(run, index, outcome)
        following.release()
        if run.parameters.by == "yield":
            run.sync.give_way()
    return outcome


def carry(run, task):
    prepare(run, run.model.sync)
    run.token = run.sync.Value()
    run.turns = [run.sync.Semaphore(int(index == 0)) for index in range(run.tasks)]
    return run.model.carry(run, task)
