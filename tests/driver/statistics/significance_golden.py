#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes significance_golden.json: what scipy says about the tests of significance.h.

test_significance.c compares the driver with it. The file is committed, so that the test
needs no scipy; to make it anew (Debian: python3-scipy):

    tests/driver/statistics/significance_golden.py > tests/driver/statistics/significance_golden.json

scipy permutes, counts and ranks by itself; only the statistic of the sign-flip test
(the sum after the cut) is written down here.
"""

import json
import sys

import numpy
import scipy
from scipy import stats


def sign_flip(d):
    limit = 2 * numpy.median(numpy.abs(d))
    cut = numpy.clip(d, -limit, limit) if limit > 0 else numpy.array(d)
    result = stats.permutation_test(
        (cut,),
        lambda x, axis: numpy.sum(x, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=numpy.inf if len(d) <= 20 else 200000,
        batch=20000,
        random_state=numpy.random.default_rng(2),
    )
    return result.pvalue


def mann_whitney(a, b):
    ties = len(set(a) | set(b)) < len(a) + len(b)
    exact = not ties and len(a) <= 20 and len(b) <= 20
    return stats.mannwhitneyu(a, b, method="exact" if exact else "asymptotic").pvalue


def unpaired(a, b):
    result = stats.bootstrap(
        (a, b),
        lambda x, y, axis=-1: numpy.log(numpy.median(x, axis=axis) / numpy.median(y, axis=axis)),
        n_resamples=40000,
        batch=2000,
        method="percentile",
        random_state=numpy.random.default_rng(3),
    )
    return {
        "a": list(a),
        "b": list(b),
        "estimate": numpy.median(a) / numpy.median(b),
        "interval": list(numpy.exp(result.confidence_interval)),
        "p": mann_whitney(a, b),
        "swapped_p": mann_whitney(b, a),
    }


def holm(p):
    """Straight from the definition: each p is the largest of its smaller ones."""
    order = numpy.argsort(p)
    adjusted = [
        min(1.0, max(p[order[j]] * (len(p) - j) for j in range(i + 1))) for i in range(len(p))
    ]
    result = [0.0] * len(p)
    for place, value in zip(order, adjusted):
        result[place] = value
    return result


def main():
    random = numpy.random.default_rng(20260201)
    flips, pairs, correlations, holms, means = [], [], [], [], []
    for n in (2, 3, 5, 8, 12, 16, 20, 24, 40):
        for shift in (0.0, 0.02):
            d = shift + 0.03 * random.standard_t(2, n)
            flips.append({"d": list(d), "p": sign_flip(d)})
    flips.append({"d": [0.0, 0.0, 0.0, 0.5], "p": sign_flip(numpy.array([0.0, 0.0, 0.0, 0.5]))})
    for m, n in ((2, 2), (3, 5), (8, 8), (12, 12), (20, 20), (20, 7), (30, 25), (40, 40)):
        b = 200e6 * random.lognormal(0, 0.05, n)
        pairs.append(unpaired(1.04 * 200e6 * random.lognormal(0, 0.05, m), b))
    pairs.append(unpaired(random.integers(10, 15, 15).astype(float),
                          random.integers(11, 16, 12).astype(float)))
    for n in (3, 4, 12, 40):
        x, y = numpy.arange(n, dtype=float), random.normal(0, 1, n)
        correlations.append({"x": list(x), "y": list(y), "rho": stats.spearmanr(x, y)[0]})
    ties = [1.0, 2.0, 2.0, 3.0, 5.0, 5.0, 5.0]
    other = [2.0, 1.0, 4.0, 4.0, 7.0, 3.0, 9.0]
    correlations.append({"x": ties, "y": other, "rho": stats.spearmanr(ties, other)[0]})
    for n in (1, 2, 5, 12):
        p = list(random.uniform(0, 0.2, n) ** 2)
        holms.append({"p": p, "adjusted": holm(p)})
        values = list(random.lognormal(0, 1, n))
        means.append({"values": values, "mean": stats.gmean(values)})
    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__}
    golden = {"versions": versions, "sign_flips": flips, "unpaired": pairs,
              "correlations": correlations, "holm": holms, "geometric_means": means}
    json.dump(golden, sys.stdout, indent=1)
    print()


main()
