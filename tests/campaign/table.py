# SPDX-License-Identifier: MIT
"""A campaign as a table: a line per try, and what follows from all of them.

How sure one may be of a part, k of n, is said by the exact interval of Clopper and
Pearson (1934, Biometrika 26): the smallest and the largest probability under which k or
more, or k or fewer, are not rarer than 2.5 %. It holds for any n, also for 0 and n of n.
"""

import math
import statistics

from tries import KINDS, PARTS, is_loaded

WHAT = {
    "equal": "equal builds",
    "relinked": "equal, linked anew",
    "slow5": "5 % more work in one place",
    "slow3": "3 % more, --threshold 3%",
    "tail": "a longer tail",
    "load-equal": "equal builds, under load",
    "load-slow5": "5 % more work, under load",
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
    """The smallest slow-down that every row of this gate would have shown."""
    values = [row["detectable"] for row in one["rows"] if row.get("decides")]
    return max(value for value in values if value is not None) if any(values) else None


def try_line(number, one):
    detects = worst_floor(one)
    return "{:3}  {:<10}  {:<9}  {:<12}  {:<12}  {:<9}  {:>7}  {:>5.0f} s  {}".format(
        number,
        one["kind"],
        one["plant"] or "-",
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
    """Was the work that was planted as much as it should be?"""
    work = {}
    for one in tries:
        if one["plant"] is not None and not is_loaded(one["kind"]) and one["injected"] is not None:
            name = (PARTS[one["kind"]], one["plant"], one["model"], one["table"])
            work.setdefault(name, []).append(one["injected"])
    for (part, plant, model, table), found in sorted(work.items()):
        yield (
            f"planted {100 * part:.0f} %: {plant} of {model}: {table} CPU time "
            f"{100 * statistics.median(found):+.1f} %, {len(found)} gates"
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
    if slow and count(slow, "right") < math.floor(CAUGHT_AT_LEAST * len(slow) + 0.5):
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
    print(f"tables: {campaign['workloads'] or 'all'}; {len(campaign['models'])} models; ", end="", file=out)
    print(f"options: {' '.join(campaign['options']) or 'those of docs/ci'}\n", file=out)
    print(
        "  #  kind        planted    in model      verdict       outcome    detects  duration  found",
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
