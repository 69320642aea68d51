#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The parts of a campaign that need no gate: order, judgement, bounds, load."""

import os
import shutil
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Load  # noqa: E402
from table import clopper_pearson, failures  # noqa: E402
from plants import PlantFailed, turns_for  # noqa: E402
from tries import MODELS, make_tries, outcome_of  # noqa: E402

COUNTS = {
    "equal": 40,
    "relinked": 8,
    "slow5": 24,
    "slow3": 8,
    "tail": 4,
    "load-equal": 4,
    "load-slow5": 4,
}


def row(model, verdict, metric="wall_ns", warning=False):
    names = {"table": "t", "row": model, "model": model, "metric": metric}
    return {**names, "verdict": verdict, "decides": True, "warning": warning}


class Order(unittest.TestCase):
    def test_places_and_models_take_turns(self):
        tries = [one for one in make_tries(COUNTS, 1) if one["kind"] == "slow5"]
        plants = [(one["plant"], one["model"]) for one in tries]
        every = [(place, model) for place in ("kernel", "scheduler", "verbs") for model in MODELS]
        for i in range(0, 24, 12):
            self.assertEqual(sorted(plants[i : i + 12]), sorted(every))

    def test_half_a_campaign_has_half_of_each_kind(self):
        half = make_tries(COUNTS, 7)[:46]
        for kind, count in COUNTS.items():
            found = len([one for one in half if one["kind"] == kind])
            self.assertLessEqual(abs(found - count / 2), 2, kind)

    def test_seeds_replay_and_are_all_different(self):
        tries = make_tries(COUNTS, 3)
        self.assertEqual(tries, make_tries(COUNTS, 3))
        self.assertNotEqual(tries, make_tries(COUNTS, 4))
        self.assertEqual(len({one["seed"] for one in tries}), sum(COUNTS.values()))

    def test_more_tries_leave_the_others_as_they_are(self):
        key = lambda one: one["id"]  # noqa: E731
        more = {one["id"]: one for one in make_tries({**COUNTS, "slow5": 30}, 1)}
        for one in sorted(make_tries(COUNTS, 1), key=key):
            self.assertEqual(one, more[one["id"]])


class Outcome(unittest.TestCase):
    def check(self, kind, model, verdict, rows, wanted):
        one = {"kind": kind, "model": model, "plant": "kernel" if model else None, "table": "t"}
        self.assertEqual(outcome_of(one, verdict, rows)[0], wanted)

    def test_equal(self):
        self.check("equal", None, "PASS", [row("coroutine", "SAME")], "right")
        self.check("equal", None, "UNDECIDED", [], "undecided")
        self.check("equal", None, "REGRESSION", [row("coroutine", "REGRESSION")], "wrong")
        self.check("load-equal", None, "PASS", [row("coroutine", "IMPROVED")], "wrong")
        self.check("equal", None, "REGRESSION", [], "wrong")

    def test_five_percent(self):
        found = [row("coroutine", "REGRESSION"), row("eventloop", "SAME")]
        self.check("slow5", "coroutine", "REGRESSION", found, "right")
        self.check("slow5", "eventloop", "REGRESSION", found, "wrong")
        both = found + [row("multithread", "REGRESSION", "cpu_ns")]
        self.check("slow5", "coroutine", "REGRESSION", both, "wrong")
        self.check("slow5", "coroutine", "PASS", [row("coroutine", "SAME")], "wrong")
        self.check("load-slow5", "coroutine", "UNDECIDED", [row("coroutine", "SAME")], "wrong")
        self.check("slow5", "coroutine", "SUSPECT", [row("eventloop", "SAME")], "undecided")

    def test_explaining_metrics_do_not_count(self):
        switches = row("eventloop", "REGRESSION", "voluntary_switches")
        self.check("equal", None, "PASS", [switches], "right")

    def test_tails(self):
        tail = row("coroutine", "INCONCLUSIVE", "p99_ns", warning=True)
        self.check("tail", "coroutine", "PASS", [row("coroutine", "SAME"), tail], "right")
        self.check("tail", "eventloop", "PASS", [row("coroutine", "SAME"), tail], "undecided")
        self.check("tail", "coroutine", "PASS", [row("eventloop", "IMPROVED"), tail], "wrong")


class Plants(unittest.TestCase):
    def test_turns_follow_from_a_line(self):
        self.assertEqual(turns_for(0.05, lambda turns: 0.2 + turns * 1e-6), 10000)

    def test_a_function_that_nobody_calls_is_no_plant(self):
        self.assertRaises(PlantFailed, turns_for, 0.05, lambda turns: 0.2)


class Bounds(unittest.TestCase):
    def test_against_values_of_scipy(self):
        # scipy.stats.binomtest(k, n).proportion_ci(method="exact")
        known = {
            (0, 20): (0.0, 0.16843347),
            (19, 20): (0.75126724, 0.99873491),
            (20, 20): (0.83156653, 1.0),
            (3, 8): (0.08523341, 0.75513678),
        }
        for (k, n), wanted in known.items():
            for found, value in zip(clopper_pearson(k, n), wanted):
                self.assertAlmostEqual(found, value, places=6)

    def test_too_few_caught_fail(self):
        def campaign(caught):
            outcomes = ["right"] * caught + ["undecided"] * (20 - caught)
            return {"tries": [{"kind": "slow5", "outcome": one} for one in outcomes]}

        self.assertEqual(failures(campaign(19)), [])
        self.assertIn("18 times of 20", failures(campaign(18))[0])


def processes_of_session(number):
    """As `ps -s` says it, which a small Debian does not have."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                session = int(file.read().rpartition(")")[2].split()[3])
        except OSError:
            continue  # ended meanwhile
        if session == number:
            found.append(int(entry))
    return found


class OutsideLoad(unittest.TestCase):
    @unittest.skipUnless(shutil.which("stress-ng"), "stress-ng is not installed")
    def test_it_comes_and_leaves_nothing(self):
        load = Load(1)  # a seed that begins with load
        with load:
            deadline = time.monotonic() + 10
            while load.phases == 0 and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.3)
            process = load.process.pid
        self.assertGreater(load.phases, 0)
        self.assertEqual(processes_of_session(process), [])


if __name__ == "__main__":
    unittest.main()
