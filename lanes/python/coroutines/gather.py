# SPDX-License-Identifier: MIT
"""asyncio.gather() itself: all tasks but the last are its members."""
import asyncio
from time import monotonic_ns as now

from gathering import MemberFailed, gathered
from kernels import gather_delay_s, gather_fails, mix_into


async def task(run, index):
    with run.in_flight:
        await asyncio.sleep(gather_delay_s(run, index))
        if gather_fails(run, index):
            raise MemberFailed(index)
        return mix_into(run.seed, index)


async def answer_of(run, members):
    """What gather() says, or how it ends otherwise."""
    within = run.parameters.within_ns / 1e9 or None
    keep = run.parameters.on_failure == "return"
    try:
        async with asyncio.timeout(within):
            # shield: or the time limit would cancel the gathering and with it the members
            return await asyncio.shield(asyncio.gather(*members, return_exceptions=keep))
    except MemberFailed as failure:
        return failure
    except TimeoutError as late:
        return late


async def gatherer(run):
    run.open_gate()
    with run.in_flight:
        began = now()
        members = [asyncio.create_task(task(run, index)) for index in range(run.tasks - 1)]
        answer = await answer_of(run, members)
        answered = now() - began
        if isinstance(answer, TimeoutError) or run.parameters.on_failure == "stop":
            for member in members:
                member.cancel()
        results = await asyncio.gather(*members, return_exceptions=True)
    run.close()
    return gathered(run, results, answered, now() - began)


def carry(run, task):
    return asyncio.run(gatherer(run))
