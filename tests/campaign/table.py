# SPDX-License-Identifier: MIT
"""A campaign as a table: a line per try, and what follows from all of them.

How sure one may be of a part, k of n, is said by the exact interval of Clopper and
Pearson (1934, Biometrika 26): the smallest and the largest probability under which k or
more, or k or fewer, are not rarer than 2.5 %. It holds for any n, also for 0 and n of n.
"""

import math
import statistics

from tries import KINDS, injected_percent, is_loaded

WHAT = {
    "equal": "equal builds",
    "slow5": "5 % more work in one model",
    "slow1": "1 % more work in one model",
    "load-equal": "equal builds, under load",
    "load-slow5": "5 % more work, under load",
    "whole": "equal builds, all tables",
}
CAUGHT_AT_LEAST = 0.95


def at_most(k, n, p):
    """The probability of k or fewer successes in n tries."""
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def solve(falling, target):
    """Where a function that falls from 1 to 0 on [0, 1] has this value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if falling(middle) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def clopper_pearson(k, n, confidence=0.95):
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else solve(lambda p: at_most(k - 1, n, p), 1 - tail)
    high = 1.0 if k == n else solve(lambda p: at_most(k, n, p), tail)
    return low, high


# ---- one try -----------------------------------------------------------------------


def found_words(one):
    """What the gate called slower: "primes/one-cpu wall 1.051, fetch/unix wall 1.048"."""
    words = []
    for row in one["rows"]:
        if row["verdict"] in ("REGRESSION", "IMPROVED"):
            words.append(f"{row['table']} {row['metric'].removesuffix('_ns')} {row['ratio']:.3f}")
    return ", ".join(words)


def worst_floor(one):
    """The smallest slow-down of wall time that every row of this gate would have shown."""
    values = [row["detectable"] for row in one["rows"] if row["metric"] == "wall_ns"]
    return max(value for value in values if value is not None) if any(values) else None


def try_line(number, one):
    detects = worst_floor(one)
    return "{:3}  {:<10}  {:<12}  {:<12}  {:<9}  {:>7}  {:>5.0f} s  {}".format(
        number,
        one["kind"],
        one["model"] or "-",
        one["verdict"],
        one["outcome"],
        "-" if detects is None else f"{100 * detects:.1f} %",
        one["seconds"],
        one["why"] or found_words(one),
    ).rstrip()


# ---- all tries ---------------------------------------------------------------------


def count(tries, outcome):
    return len([one for one in tries if one["outcome"] == outcome])


def part_words(k, n):
    low, high = clopper_pearson(k, n)
    return f"{k} of {n} (95 %: {100 * low:.1f} to {100 * high:.1f} %)"


def kind_lines(kind, tries):
    names = ("right", "undecided", "wrong")
    parts = [f"{name} {part_words(count(tries, name), len(tries))}" for name in names]
    yield f"{WHAT[kind] + ':':<28} {parts[0]}"
    for part in parts[1:]:
        yield f"{'':<28} {part}"


def injected_lines(tries):
    """Was the work that was injected as much as it should be, and was it work?"""
    for percent in (5, 1):
        work = {}
        for one in tries:
            if injected_percent(one["kind"]) == percent and not is_loaded(one["kind"]):
                for row in one["injected"]:
                    work.setdefault((row["table"], row["row"]), []).append(row)
        for (table, name), rows in sorted(work.items()):
            wall, cpu = (statistics.median(row[key] for row in rows) for key in ("wall", "cpu"))
            yield (
                f"injected {percent} %: {table} {name}: wall {100 * wall:+.1f} %, "
                f"CPU time by {100 * cpu:+.1f} % of the wall time, {len(rows)} gates"
            )


def duration_line(name, tries):
    seconds = [one["seconds"] for one in tries]
    return f"{name + ':':<28} median {statistics.median(seconds):.0f} s, longest {max(seconds):.0f} s"


def summary_lines(tries):
    for kind in KINDS:
        of_kind = [one for one in tries if one["kind"] == kind]
        if of_kind:
            yield from kind_lines(kind, of_kind)
    yield ""
    yield from injected_lines(tries)
    yield ""
    yield duration_line("a gate took", tries)
    for kind in KINDS:
        of_kind = [one for one in tries if one["kind"] == kind]
        if of_kind:
            yield duration_line("  " + WHAT[kind], of_kind)


def failures(campaign):
    """What the campaign shows against the gate, in words; empty: nothing."""
    tries = campaign["tries"]
    found = [f"{one['id']} is wrong: {one['why']}" for one in tries if one["outcome"] == "wrong"]
    slow = [one for one in tries if one["kind"] == "slow5"]
    if slow and count(slow, "right") < CAUGHT_AT_LEAST * len(slow):
        found.append(f"5 % were caught {count(slow, 'right')} times of {len(slow)} only")
    return found


def environment_words(campaign):
    environment = campaign["environment"]
    kernel = ".".join(environment["kernel"].split(".")[:2])
    return (
        f"{environment['cpu_model']}, {environment['cpus_online']} CPUs"
        f" ({environment['virtualisation'] or 'no virtualisation'}),"
        f" Linux {kernel}, {environment['build']['compiler']}"
    )


def print_table(campaign, out):
    tries = campaign["tries"]
    done = f"{len(tries)} of {campaign['planned']} tries"
    print(f"campaign of {campaign['started_utc']}, commit {campaign['commit']}: {done}", file=out)
    print(environment_words(campaign), file=out)
    print(f"--workloads {campaign['workloads']}; {len(campaign['models'])} models; ", end="", file=out)
    print(f"options: {' '.join(campaign['options']) or 'none, as users run it'}\n", file=out)
    print(
        "  #  kind        slower model  verdict       outcome    detects  duration  found slower",
        file=out,
    )
    for number, one in enumerate(tries, 1):
        print(try_line(number, one), file=out)
    print(file=out)
    for line in summary_lines(tries):
        print(line, file=out)
    print(file=out)
    for line in failures(campaign) or ["nothing wrong"]:
        print(line, file=out)
