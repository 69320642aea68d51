# SPDX-License-Identifier: MIT
"""Hearts that beat, and one task that computes in one piece where it is."""
import time
from time import monotonic_ns as now

from blocking.carry import prepare
from kernels import compute, task_digest
from lane import Outcome


def computing(run, index):
    parameters = run.parameters
    time.sleep(parameters.period_ns * parameters.beats // 3 / 1e9)
    run.computed.value = compute(parameters.compute_ns)
    return Outcome(task_digest(run, index), operations=1)


def living(run, index):
    period = run.parameters.period_ns
    outcome = Outcome(task_digest(run, index), operations=run.parameters.beats)
    for _ in range(run.parameters.beats):
        began = now()
        time.sleep(period / 1e9)
        outcome.latency_ns.append(max(0, now() - began - period))
    return outcome


def task(run, index):
    return (computing if index == 0 else living)(run, index)


def carry(run, task):
    prepare(run, run.model.sync)
    run.computed = run.sync.Value()
    outcomes = run.model.carry(run, task)
    late = max(ns for outcome in outcomes for ns in outcome.latency_ns)
    run.results = {"longest_silence_ns": late + run.parameters.period_ns,
                   "computed_ns": run.computed.value}  # fmt: skip
    return outcomes
