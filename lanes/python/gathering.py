# SPDX-License-Identifier: MIT
"""How `gather` may end: whoever was not cancelled must have finished with its own value,
or failed as it should. The same check for all models.
"""

from asyncio import CancelledError as TaskCancelled
from concurrent.futures import CancelledError as JobCancelled

from kernels import gather_fails, mix, mix_into
from lane import Outcome, Wrong


class MemberFailed(Exception):
    pass


def gathered(run, results, answered_ns, all_gone_ns):
    """`results` holds a value or an exception for each member."""
    count = {"finished": 0, "failed": 0, "cancelled": 0}
    for index, result in enumerate(results):
        if isinstance(result, (TaskCancelled, JobCancelled)):
            count["cancelled"] += 1
        elif isinstance(result, MemberFailed) and gather_fails(run, index):
            count["failed"] += 1
        elif result == mix_into(run.seed, index) and not gather_fails(run, index):
            count["finished"] += 1
        else:
            raise Wrong(f"member {index} left a wrong result")
    run.results = {**count, "answered_ns": answered_ns, "all_gone_ns": all_gone_ns}
    return [Outcome(mix(index), operations=1) for index in range(run.tasks)]
