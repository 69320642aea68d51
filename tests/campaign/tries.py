# SPDX-License-Identifier: MIT
"""Which gates a campaign runs, in which order, and when one was right.

A try is one `quartet check` of a build ("head") against the clean build ("base"):

    equal        head is the clean build, too
    relinked     equal, and head is linked in other orders than base
    slow5        one model of head does 5 % more work, in one place (tests/inject/inject.c):
                 in a kernel, in the I/O verbs, or in the scheduler; all places of all models
                 in turn
    slow3        3 % more in a kernel, on pinned rows that compute, asked with --threshold 3%
    tail         one model is slower in one of 2,000 reads: the tail becomes longer
    load-equal   equal, while stress-ng comes and goes on both CPUs
    load-slow5   slow5 under the same load

The kinds are spread evenly over the campaign, and the order within that is drawn from a
seed: so an hour's drift meets all kinds alike, and a campaign that is interrupted has
some of each.
"""

import random

MODELS = ("multiprocess", "multithread", "coroutine", "eventloop")
KINDS = ("equal", "relinked", "slow5", "slow3", "tail", "load-equal", "load-slow5")
PLACES = {
    "slow5": ("kernel", "verbs", "scheduler"),
    "slow3": ("kernel",),
    "tail": ("tail",),
    "load-slow5": ("kernel", "verbs", "scheduler"),
}
PARTS = {"slow5": 0.05, "slow3": 0.03, "tail": 0.02, "load-slow5": 0.05}  # of the CPU time
OPTIONS = {"slow3": ["--threshold", "3%", "--workloads", "primes/one-cpu,mandelbrot/one-cpu"]}
DECIDING = ("wall_ns", "cpu_ns")  # the other metrics of the gate explain


def is_loaded(kind):
    return kind.startswith("load-")


def make_kind(kind, count, models, rng):
    """The tries of one kind, each with its place in the campaign between 0 and 1. Plants
    take turns, in another order each time round."""
    tries, turn = [], []
    for number in range(count):
        if not turn:
            turn = [(plant, model) for plant in PLACES.get(kind, (None,)) for model in models]
            rng.shuffle(turn)
        plant, model = turn.pop()
        one = {"id": f"{kind}-{number + 1:03}", "kind": kind, "plant": plant}
        one["model"] = model if plant else None
        tries.append(((number + rng.random()) / count, one))
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


def is_planted_row(one, row):
    return row["model"] == one["model"] and row["table"] == one.get("table") and row.get("decides")


def wrong_rows(one, verdict, comparisons):
    slower = one["model"]
    wrong = [row for row in rows_with(comparisons, "REGRESSION") if row["model"] != slower]
    wrong += rows_with(comparisons, "IMPROVED")
    if PARTS.get(one["kind"], 0) >= 0.03 and verdict not in ("REGRESSION", "SUSPECT"):
        wrong += [row for row in rows_with(comparisons, "SAME") if is_planted_row(one, row)]
    return wrong


def is_tail_named(one, comparisons):
    return any(
        row["metric"] == "p99_ns" and row["model"] == one["model"] and row.get("warning")
        for row in comparisons
    )


def outcome_of(one, verdict, comparisons):
    """("right", "undecided" or "wrong", why), from the gate's verdict and its rows.

    wrong, whatever the kind: a row is REGRESSION of a model that was not made slower, or
    IMPROVED although nothing was made faster; or the gate says REGRESSION for no row that
    decides. wrong for slow5 and slow3: the gate is neither REGRESSION nor SUSPECT, and calls
    the row SAME for which the work was made. Else it is right if it says what is true (more
    work: REGRESSION; a tail: a warning that names it; the others: PASS), and undecided if it
    says SUSPECT or UNDECIDED."""
    wrong = wrong_rows(one, verdict, comparisons)
    if wrong:
        names = [f"{row['table']} {row['row']} {row['metric']} {row['verdict']}" for row in wrong]
        return "wrong", ", ".join(names)
    if verdict == "REGRESSION" and not rows_with(comparisons, "REGRESSION"):
        return "wrong", "REGRESSION without a row that decides"
    if one["kind"] == "tail":
        return ("right" if is_tail_named(one, comparisons) else "undecided"), ""
    if verdict == ("PASS" if one["plant"] is None else "REGRESSION"):
        return "right", ""
    return "undecided", ""
