# SPDX-License-Identifier: MIT
"""The steps of a transaction, and the way back."""
from witness import answer, task

LIMIT_S = task()["limit_ms"] / 1000
N = task()["n"]


async def steps(wire, number):
    await wire.ask(f"BEGIN {number}")
    while await wire.ask(f"WORK {number}") == "MORE":
        pass
    await wire.ask(f"COMMIT {number}")
    return "committed"


async def rollback(wire, number):
    wire.say(f"ROLLBACK {number}")
    while await wire.hear() not in ("ROLLED BACK", ""):
        pass
    return "rolled back"


def answer_all(results):
    answer([one if isinstance(one, str) else "rolled back" for one in results])
