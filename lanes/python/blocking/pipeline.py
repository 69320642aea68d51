# SPDX-License-Identifier: MIT
from blocking.carry import prepare
from kernels import MASK, mix, pipeline_item
from lane import Outcome


def task(run, index):
    outcome = Outcome()
    source = run.queues[index - 1] if index > 0 else None
    sink = run.queues[index] if index < run.tasks - 1 else None
    for number in range(run.parameters.items):
        item = source.get() if source else pipeline_item(run, number)
        outcome.digest = outcome.digest * 31 + item & MASK
        outcome.operations += 1
        if sink:
            sink.put(mix(item))
    return outcome


def carry(run, task):
    prepare(run, run.model.sync)
    run.queues = [run.sync.Queue(run.parameters.capacity) for _ in range(run.tasks - 1)]
    return run.model.carry(run, task)
