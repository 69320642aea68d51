#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes change_golden.json: what another program says about the change points of change.h.

test_change.c compares the driver with it. The file is committed, since making it takes a minute:

    tests/driver/statistics/change_golden.py > tests/driver/statistics/change_golden.json

All is written from the definition: sums over all pairs for each place, no running sums,
Python's own shuffles, a work list in place of recursion.

One series is published: the flow of the Nile at Aswan, 1871 to 1970, whose level fell after
1898 (G. Cobb, "The problem of the Nile", Biometrika 65 (1978)).
"""

import itertools
import json
import platform
import random
import sys

LEAST = 3
LEVEL = 0.01
SHUFFLES = 500

NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960,
    1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694,
    940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764,
    821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822,
    1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918,
    986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]


def mean_distance(pairs):
    distances = [abs(x - y) for x, y in pairs]
    return sum(distances) / len(distances)


def distance(x, y):
    """The energy distance of two samples by its definition, times nm/(n+m)."""
    across = mean_distance(itertools.product(x, y))
    within = [mean_distance(itertools.combinations(z, 2)) for z in (x, y)]
    return len(x) * len(y) / (len(x) + len(y)) * (2 * across - sum(within))


def best(values):
    places = range(LEAST, len(values) - LEAST + 1)
    return max((distance(values[:place], values[place:]), -place) for place in places)


def p_value(values, generator):
    q = best(values)[0]
    hits = sum(best(generator.sample(values, len(values)))[0] >= q for _ in range(SHUFFLES))
    return (1 + hits) / (1 + SHUFFLES)


def find(values, generator):
    """All changes whose p is at most LEVEL."""
    parts, found = [(0, len(values))], []
    while parts:
        start, end = parts.pop()
        part = values[start:end]
        if len(part) < 2 * LEAST:
            continue
        place = start - best(part)[1]
        if p_value(part, generator) <= LEVEL:
            found.append(place)
            parts += [(start, place), (place, end)]
    return sorted(found)


def draw(generator, *parts):
    """Parts of (mean, how many), with a standard deviation of 1."""
    return [generator.gauss(mean, 1) for mean, count in parts for _ in range(count)]


def main():
    generator = random.Random(20261128)
    series = {
        "nile": [float(value) for value in NILE],
        "equal": draw(generator, (100, 24)),
        "one step": draw(generator, (100, 14), (103, 10)),
        "a small step": draw(generator, (100, 12), (101, 12)),
        "two steps": draw(generator, (100, 16), (105, 12), (111, 14)),
        "ties": [1.0, 2.0, 2.0, 1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 3.0, 4.0, 4.0, 3.0],
    }
    samples = []
    for name, values in series.items():
        q, place = best(values)
        samples.append({"name": name, "values": values, "first": -place, "q": q,
                        "p": p_value(values, generator), "changes": find(values, generator)})
    json.dump({"versions": {"python": platform.python_version()}, "level": LEVEL,
               "series": samples}, sys.stdout, indent=1)
    print()


main()
