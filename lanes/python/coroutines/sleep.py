# SPDX-License-Identifier: MIT
from time import monotonic_ns as now

from kernels import task_digest
from lane import Outcome
from coroutines.pause import pause


async def task(run, index):
    began = now()
    await pause(run.parameters.delay_ns)
    return Outcome(task_digest(run, index), operations=1, latency_ns=[now() - began])
