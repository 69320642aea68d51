# SPDX-License-Identifier: MIT
"""asyncio.gather() itself: all tasks but the last are its members."""
import asyncio
import platform
from time import monotonic_ns as now

from gathering import MemberFailed, gathered
from kernels import gather_delay_ns, gather_fails, mix_into
from lane import Cannot
from coroutines.pause import pause


async def task(run, index):
    with run.in_flight:
        await pause(gather_delay_ns(run, index))
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


def start_eagerly():
    """From now on create_task() runs a coroutine at once, up to its first wait."""
    if not hasattr(asyncio, "eager_task_factory"):
        raise Cannot(f"--start eager: asyncio has it from Python 3.12, and this is "
                     f"{platform.python_version()}")  # fmt: skip
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)


async def gatherer(run):
    if run.variant.start == "eager":
        start_eagerly()
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
