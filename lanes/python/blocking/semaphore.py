# SPDX-License-Identifier: MIT
import time
from time import monotonic_ns as now

from blocking.carry import prepare
from kernels import MASK, semaphore_digest
from lane import InFlight, Outcome, Wrong


def task(run, index):
    outcome = Outcome()
    for round in range(run.parameters.rounds):
        began = now()
        with run.permits:
            outcome.latency_ns.append(now() - began)
            with run.inside:
                time.sleep(run.parameters.hold_ns / 1e9)
        outcome.operations += 1
        outcome.digest = outcome.digest + semaphore_digest(run, index, round) & MASK
    return outcome


def carry(run, task):
    prepare(run, run.model.sync)
    run.permits = run.sync.Semaphore(run.parameters.permits)
    run.inside = InFlight(run.sync.Lock(), run.sync.Value)
    outcomes = run.model.carry(run, task)
    run.results = {"most_inside": run.inside.peak}
    if run.inside.peak > run.parameters.permits:
        raise Wrong(f"{run.inside.peak} were inside, with {run.parameters.permits} permits")
    return outcomes
