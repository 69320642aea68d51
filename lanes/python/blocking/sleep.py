# SPDX-License-Identifier: MIT
import time
from time import monotonic_ns as now

from kernels import task_digest
from lane import Outcome


def task(run, index):
    began = now()
    time.sleep(run.parameters.delay_ns / 1e9)
    return Outcome(task_digest(run, index), operations=1, latency_ns=[now() - began])
