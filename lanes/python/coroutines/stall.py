# SPDX-License-Identifier: MIT
"""Hearts that beat, and one task that computes. --offload gives that to an executor."""
import asyncio
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from time import monotonic_ns as now

from kernels import compute, task_digest
from lane import Outcome
from coroutines import carry as tasks
from coroutines.pause import pause


async def computing(run, index):
    parameters, loop = run.parameters, asyncio.get_running_loop()
    await pause(parameters.period_ns * parameters.beats // 3)
    if run.pool is None:
        run.computed_ns = compute(parameters.compute_ns)
    else:
        run.computed_ns = await loop.run_in_executor(run.pool, compute, parameters.compute_ns)
    return Outcome(task_digest(run, index), operations=1)


async def living(run, index):
    outcome, last, period = Outcome(), now(), run.parameters.period_ns
    for _ in range(run.parameters.beats):
        began = now()
        await pause(period)
        run.silence_ns = max(run.silence_ns, now() - last)
        last = now()
        outcome.latency_ns.append(max(0, last - began - period))
    outcome.operations = run.parameters.beats
    outcome.digest = task_digest(run, index)
    return outcome


async def task(run, index):
    return await (computing if index == 0 else living)(run, index)


POOLS = {"none": lambda n: None, "threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}


def carry(run, task):
    run.pool, run.silence_ns, run.computed_ns = POOLS[run.variant.offload](1), 0, 0
    outcomes = tasks.carry(run, task)
    if run.pool:
        run.pool.shutdown()
    run.results = {"longest_silence_ns": run.silence_ns, "computed_ns": run.computed_ns}
    return outcomes
