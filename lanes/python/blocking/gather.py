# SPDX-License-Identifier: MIT
"""The futures of an executor: wait() ends with the first failure, or with all. A job that
runs cannot be cancelled from outside: a member sleeps by waiting for the event `stop`.
"""
from concurrent import futures
from time import monotonic_ns as now

from blocking import carry as pools
from gathering import MemberFailed, gathered
from kernels import gather_delay_ns, gather_fails, mix_into


def task(run, index):
    if run.stop.wait(gather_delay_ns(run, index) / 1e9):
        raise futures.CancelledError(index)
    if gather_fails(run, index):
        raise MemberFailed(index)
    return mix_into(run.seed, index)


def answer_of(run, members):
    """Waits as long as the policy says; True: too late."""
    keep = run.parameters.on_failure == "return"
    until = futures.ALL_COMPLETED if keep else futures.FIRST_EXCEPTION
    done, rest = futures.wait(members, run.parameters.within_ns / 1e9 or None, until)
    return bool(rest) and not any(member.exception() for member in done)


def carry(run, task):
    pools.prepare(run, run.model.sync)
    run.stop = run.sync.Event()
    gate = run.sync.Barrier(run.concurrency + 1)
    with pools.new_pool(run, task, run.sync, gate) as pool:
        gate.wait()
        run.open_gate()
        with run.in_flight:
            began = now()
            members = [pool.submit(pools.do_task, index) for index in range(run.tasks - 1)]
            late = answer_of(run, members)
            answered = now() - began
            if late or run.parameters.on_failure == "stop" and any_failed(members):
                run.stop.set()
            results = [member.exception() or member.result() for member in members]
        run.close()
    return gathered(run, results, answered, now() - began)


def any_failed(members):
    return any(member.done() and member.exception() for member in members)
