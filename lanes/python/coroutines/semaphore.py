# SPDX-License-Identifier: MIT
import asyncio
from time import monotonic_ns as now

from kernels import MASK, semaphore_digest
from lane import InFlight, Outcome, Wrong
from coroutines import carry as tasks
from coroutines.pause import pause


async def task(run, index):
    outcome = Outcome()
    for round in range(run.parameters.rounds):
        began = now()
        async with run.permits:
            outcome.latency_ns.append(now() - began)
            with run.inside:
                await pause(run.parameters.hold_ns)
            outcome.operations += 1
            outcome.digest = outcome.digest + semaphore_digest(run, index, round) & MASK
    return outcome


def carry(run, task):
    run.permits, run.inside = asyncio.Semaphore(run.parameters.permits), InFlight()
    outcomes = tasks.carry(run, task)
    run.results = {"most_inside": run.inside.peak}
    if run.inside.peak > run.parameters.permits:
        raise Wrong(f"{run.inside.peak} were inside, with {run.parameters.permits} permits")
    return outcomes
