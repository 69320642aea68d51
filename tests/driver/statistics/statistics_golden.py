#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes statistics_golden.json: what numpy and scipy say about small samples.

test_statistics.c compares driver/statistics/statistics.c with it. The file is committed, so that
the test needs neither package; to make it anew (Debian: python3-scipy):

    tests/driver/statistics/statistics_golden.py > tests/driver/statistics/statistics_golden.json

Nothing here repeats our own formulas: medians, quantiles and deviations are numpy's,
the confidence of order statistics is scipy's binomial distribution, that of the
signed-rank interval comes from the exact p-values of scipy.stats.wilcoxon, Student's
interval and the bootstrap are scipy's own functions.
"""

import json
import sys

import numpy
import scipy
from scipy import stats

LEVEL = 0.95


def median_interval(values):
    """Tries all ranks, inner ones first, and takes the first that is good enough."""
    ordered, n = numpy.sort(values), len(values)
    for k in range((n + 1) // 2, 0, -1):
        confidence = max(0.0, 1 - 2 * stats.binom.cdf(k - 1, n, 0.5))
        if confidence >= LEVEL or k == 1:
            return [ordered[k - 1], ordered[n - k], confidence]
    raise AssertionError


def walsh(d):
    n = len(d)
    return numpy.sort([(d[i] + d[j]) / 2 for i in range(n) for j in range(i, n)])


def signed_rank_confidence(n, k):
    """1 - 2 P(W <= k-1), from the two-sided p-value of data whose W is k-1."""
    signs, rest = -numpy.ones(n), k - 1
    for rank in range(n, 0, -1):  # greedily choose positive ranks that add up to k-1
        if rank <= rest:
            signs[rank - 1] = 1
            rest -= rank
    assert rest == 0
    return 1 - stats.wilcoxon(signs * numpy.arange(1, n + 1), mode="exact").pvalue


def signed_rank_interval(d):
    averages, n = walsh(d), len(d)
    k = 1
    while signed_rank_confidence(n, k + 1) >= LEVEL:
        k += 1
    low, high = averages[k - 1], averages[len(averages) - k]
    return [numpy.exp(low), numpy.exp(high), signed_rank_confidence(n, k)]


def few_pairs_interval(d):
    low, high = stats.t.interval(LEVEL, len(d) - 1, numpy.mean(d), stats.sem(d))
    low, high = min(low, min(d)), max(high, max(d))
    return [numpy.exp(low), numpy.exp(high), 1 - 2 * stats.binom.cdf(0, len(d), 0.5)]


def bootstrap_interval(d):
    result = stats.bootstrap(
        (d,),
        lambda sample: numpy.median(walsh(sample)),
        vectorized=False,
        n_resamples=40000,
        method="percentile",
        random_state=numpy.random.default_rng(1),
    )
    return list(numpy.exp(result.confidence_interval))


def summary_case(values):
    return {
        "values": list(values),
        "median": numpy.median(values),
        "interval": median_interval(values),
        "mad": stats.median_abs_deviation(values),
        "min": numpy.min(values),
        "max": numpy.max(values),
        "mean": numpy.mean(values),
        "stddev": numpy.std(values, ddof=1) if len(values) > 1 else None,
        "quantiles": [[p, numpy.quantile(values, p)] for p in (0, 0.1, 0.25, 0.9, 1)],
    }


def ratio_case(a, b):
    d = numpy.log(a) - numpy.log(b)
    case = {"a": list(a), "b": list(b), "estimate": numpy.exp(numpy.median(walsh(d)))}
    if len(d) < 6:
        case["exact"] = few_pairs_interval(d)
    else:
        case["exact"] = signed_rank_interval(d)
        case["bootstrap"] = bootstrap_interval(d)
    return case


def main():
    random = numpy.random.default_rng(20260131)
    summaries, ratios = [], []
    for n in (1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 20, 40, 300):
        summaries.append(summary_case(200e6 * random.lognormal(0, 0.05, n)))
    summaries.append(summary_case([3.0, 1.0, 2.0, 2.0, 2.0, 9.0, 2.0]))
    for n in (2, 3, 4, 5, 6, 7, 8, 12, 20, 30):
        b = 200e6 * random.lognormal(0, 0.05, n)
        ratios.append(ratio_case(b * 1.03 * random.lognormal(0, 0.02, n), b))
        ratios.append(ratio_case(b * numpy.exp(0.02 * random.standard_t(2, n)), b))
    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__}
    golden = {"versions": versions, "summaries": summaries, "ratios": ratios}
    json.dump(golden, sys.stdout, indent=1)
    print()


main()
