# SPDX-License-Identifier: MIT
"""Which gates a campaign runs, in which order, and when one was right.

A try is one `quartet check` of a build ("head") against the clean build ("base"):

    equal        head is the clean build, too
    slow5        one model of head does 5 % more work (tests/inject/inject.c), each in turn
    slow1        the same with 1 %, which is too little to be called a regression at 5 %
    load-equal   equal, while stress-ng comes and goes on both CPUs
    load-slow5   slow5 under the same load
    whole        equal, with all tables of the profile and not only two

The kinds are spread evenly over the campaign, and the order within that is drawn from a
seed: so an hour's drift meets all kinds alike, and a campaign that is interrupted has
some of each.
"""

import random

MODELS = ("multiprocess", "multithread", "coroutine", "eventloop")
KINDS = ("equal", "slow5", "slow1", "load-equal", "load-slow5", "whole")
DECIDING = ("wall_ns", "cpu_ns")  # the other metrics of the gate explain


def injected_percent(kind):
    return {"slow5": 5, "slow1": 1}.get(kind.removeprefix("load-"), 0)


def is_loaded(kind):
    return kind.startswith("load-")


def make_kind(kind, count, models, rng):
    """The tries of one kind, each with its place in the campaign between 0 and 1. The
    models take turns, in another order each time round."""
    tries, turn = [], []
    for number in range(count):
        if not turn:
            turn = list(models)
            rng.shuffle(turn)
        model = turn.pop() if injected_percent(kind) else None
        place = (number + rng.random()) / count
        tries.append((place, {"id": f"{kind}-{number + 1:02}", "kind": kind, "model": model}))
    return tries


def make_tries(counts, seed, models=MODELS):
    """All tries in their order; `counts` says how many of each kind. Each kind draws from
    numbers of its own, so that one more try of a kind does not change the others."""
    placed = []
    for kind in KINDS:
        rng = random.Random(f"{seed} {kind}")
        for place, one in make_kind(kind, counts.get(kind, 0), models, rng):
            one["seed"] = random.Random(f"{seed} {one['id']}").randrange(1, 2**32)
            placed.append((place, one))
    return [one for _, one in sorted(placed, key=lambda pair: (pair[0], pair[1]["id"]))]


# ---- when was a gate right? --------------------------------------------------------


def rows_with(comparisons, verdict):
    return [row for row in comparisons if row["metric"] in DECIDING and row["verdict"] == verdict]


def outcome_of(one, verdict, comparisons):
    """("right", "undecided" or "wrong", why), from the gate's verdict and its rows.

    wrong, whatever the kind: a row is REGRESSION that was not made slower by 5 %, or
    IMPROVED although nothing was made faster; or the gate says REGRESSION for no row that
    decides. wrong for slow5: the gate was not REGRESSION and calls the wall time of a row
    SAME that has become slower. Else it is right if it says what is true (slow5:
    REGRESSION, the others: PASS), and undecided if it says SUSPECT or UNDECIDED."""
    slower = one["model"] if injected_percent(one["kind"]) == 5 else None
    blamed = rows_with(comparisons, "REGRESSION")
    wrong = [row for row in blamed if row["model"] != slower]
    wrong += rows_with(comparisons, "IMPROVED")
    if verdict == "REGRESSION" and not blamed:
        return "wrong", "REGRESSION without a row that decides"
    if slower is not None and verdict != "REGRESSION":
        wrong += [
            row
            for row in rows_with(comparisons, "SAME")
            if row["model"] == slower and row["metric"] == "wall_ns"
        ]
    if wrong:
        names = [f"{row['table']} {row['row']} {row['metric']} {row['verdict']}" for row in wrong]
        return "wrong", ", ".join(names)
    if verdict == ("PASS" if slower is None else "REGRESSION"):
        return "right", ""
    return "undecided", ""
