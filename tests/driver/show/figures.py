# SPDX-License-Identifier: MIT
"""What follows from the samples of a report, by definition: which runs count, medians, ratios.

Nothing here calls Quartet or takes a figure from it: quantiles and rank intervals are counted
out, with probabilities as exact fractions. Where the interval of a ratio is widened by
resampling (6 to 40 pairs), it must hold the exact one and lie within all averages of two; with
fewer or more pairs it must be equal.
"""

import fractions
import math
import statistics

NAN = float("nan")
STUDENT_975 = [12.706204736174698, 4.302652729749462, 3.182446305284263, 2.776445105197799]

# ---- statistics ------------------------------------------------------------------------


def median(values):
    return statistics.median(values) if values else NAN


def median_interval(values):
    """The innermost pair of order statistics that holds the median in 95 % of all cases."""
    ordered, n = sorted(values), len(values)
    for rank in range((n + 1) // 2, 0, -1):
        outside = fractions.Fraction(2 * sum(math.comb(n, i) for i in range(rank)), 2**n)
        if 1 - outside >= fractions.Fraction(95, 100) or rank == 1:
            return ordered[rank - 1], ordered[n - rank], float(max(0, 1 - outside))


def walsh(d):
    return sorted((one + other) / 2 for i, one in enumerate(d) for other in d[i:])


def signed_rank(n):
    """(k, confidence): the averages number k from both ends are the 95 % interval."""
    ways = [1]
    for rank in range(1, n + 1):  # how many subsets of the ranks have which sum
        longer = ways + [0] * rank
        for total, count in enumerate(ways):
            longer[total + rank] += count
        ways = longer
    k = tail = 0
    while fractions.Fraction(2 * (tail + ways[k]), 2**n) <= fractions.Fraction(5, 100):
        tail += ways[k]
        k += 1
    return k, 1 - 2 * tail / 2**n


class Ratio:
    """How many times as large `a` is as `b`, pair by pair."""

    def __init__(self, a, b):
        d = [math.log(one) - math.log(other) for one, other in zip(a, b, strict=True)]
        averages, self.n = walsh(d), len(d)
        self.estimate = math.exp(median(averages))
        self.most = self.low = self.high = None
        if self.n < 2:
            return
        self.most = math.exp(averages[0]), math.exp(averages[-1])
        if self.n >= 6:
            k, self.confidence = signed_rank(self.n)
            low, high = averages[k - 1], averages[-k]
        else:
            reach = STUDENT_975[self.n - 2] * statistics.stdev(d) / math.sqrt(self.n)
            mean, self.confidence = statistics.fmean(d), 1 - 2 / 2**self.n
            low, high = min(*d, mean - reach), max(*d, mean + reach)
        self.low, self.high = math.exp(low), math.exp(high)

    def expect(self, what, estimate, low, high, scale=1.0, tolerance=1e-9):
        same(what, estimate, self.estimate / scale, tolerance)
        if 6 <= self.n <= 40:
            slack = 1 + tolerance
            assert self.most[0] / scale / slack <= low <= self.low / scale * slack, (what, low)
            assert self.high / scale / slack <= high <= self.most[1] / scale * slack, (what, high)
        else:
            same(what + ", low", low, self.low / scale, tolerance)
            same(what + ", high", high, self.high / scale, tolerance)


def percentile(buckets, p):
    """The upper edge of the bucket in which it lies; a bucket is 1/1024 of its power of two."""
    ordered, seen = sorted(buckets.items()), 0
    for lower, count in ordered:
        seen += count
        if seen >= math.ceil(p * sum(buckets.values())):
            shift = max(0, lower.bit_length() - 11)
            return (((lower >> shift) + 1) << shift) - 1
    return NAN


# ---- rows ------------------------------------------------------------------------------


class Row:
    """A cell with the runs of it that count, in the order of the blocks."""

    def __init__(self, report, table, cell):
        self.table, self.cell = table, cell
        valid = [block["number"] for block in table["blocks"] if block["valid"]]
        by_block = {s["block"]: s for s in cell["samples"] if s["exit_code"] == 0}
        bad = [s for s in cell["samples"] if s["exit_code"] != 0 and s["block"] in valid]
        self.runs = {number: by_block[number] for number in valid if number in by_block}
        self.ranked = cell["status"] == "ok" and not bad and bool(self.runs)
        self.by_run = any(other.get("row") == "witnessed" for other in table["cells"])
        self.walls = [run["wall_ns"] for run in self.runs.values()]
        self.records = [run["record"] for run in self.runs.values()]
        self.foreign = cell.get("row") == "witnessed"
        self.operations = median([r["ledger"]["operations"] for r in self.records])

    def time(self, run):
        return run["record"]["phases_ns"]["run"] if self.by_run else run["wall_ns"]

    def times(self):
        return {number: self.time(run) for number, run in self.runs.items()}

    def caused(self):
        return {
            number: sum(run["record"]["cpu_ns"].values()) + run["record"]["peer_cpu_ns"]
            for number, run in self.runs.items()
            if run["record"]["peer_cpu_ns"] is not None
        }

    def cpu(self, *parts):
        return [sum(record["cpu_ns"][part] for part in parts) for record in self.records]

    def phase(self, name):
        return median([record["phases_ns"][name] for record in self.records])

    def switches(self, kind):
        records = [self.cell["warmup"]["record"]] if self.foreign else self.records
        return median([record["context_switches"][kind] for record in records])

    def latencies(self):
        merged = {}
        for record in self.records:
            for lower, count in (record["latency_ns"] or {"buckets": []})["buckets"]:
                merged[lower] = merged.get(lower, 0) + count
        return merged


def ratio(one, other):
    """Of what both have, by block."""
    both = [number for number in one if number in other]
    return Ratio([one[number] for number in both], [other[number] for number in both])


def rows_of(report):
    """Per table: all rows, and the ranking."""
    for table in report["tables"]:
        rows = [Row(report, table, cell) for cell in table["cells"]]
        ranked = [row for row in rows if row.ranked]
        ranked.sort(key=lambda row: median(list(row.times().values())))
        yield table, rows, ranked


def same(what, found, wanted, tolerance=1e-9):
    """Numbers that are equal, or both unknown."""
    found = NAN if found in ("", None) else float(found)
    wanted = NAN if wanted is None else wanted
    if math.isnan(wanted) and math.isnan(found):
        return
    assert math.isclose(found, wanted, rel_tol=tolerance, abs_tol=1e-30), (what, found, wanted)


def equal(what, found, wanted):
    assert found == wanted, (what, found, wanted)
