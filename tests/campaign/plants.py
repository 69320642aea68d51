# SPDX-License-Identifier: MIT
"""Extra work of a known size: how many turns of an empty loop make a row 5 % dearer.

tests/inject/inject.c does INJECT_TURNS turns in each call of one function of a runner. What
a turn costs, and how often the function is called, is measured: the row's own command runs
without turns and with many, by turns, and CPU time grows along a line.
"""

import os
import re
import resource
import statistics
import subprocess

# Which row a plant is made for; in other rows of the model it is as much as it is.
TABLES = {
    "kernel": {"": "primes/one-cpu"},
    "verbs": {"": "fetch/unix"},
    "tail": {"": "fetch/unix"},
    "scheduler": {"": "sleep/workers", "coroutine": "sleep/loops", "eventloop": "sleep/loops"},
}
PAIRS = 5
MOST_TURNS = 2**30
RUN_LIMIT_S = 120


class PlantFailed(Exception):
    """A planted runner does not do what it should."""


def table_of(plant, model):
    return TABLES[plant].get(model, TABLES[plant][""])


def command_of(quartet, runners, table, model):
    """The arguments by which the gate runs this row."""
    argv = [quartet, "run", "--dry-run", "--profile", "gate", "--workloads", table, "--models", model]
    text = subprocess.run(
        argv,
        env=dict(os.environ, QUARTET_RUNNERS=runners),
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_S,
        check=False,
    ).stdout
    found = re.search(rf"^  {model}: {model} (.*)$", text, re.MULTILINE)
    if found is None:
        raise PlantFailed(f"no row {table} {model} in the profile 'gate'")
    return found.group(1).split()


def cpu_seconds(runner, arguments, turns):
    """Of one run and all of its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [runner, *arguments],
        env=dict(os.environ, INJECT_TURNS=str(turns)),
        stdout=subprocess.DEVNULL,
        timeout=RUN_LIMIT_S,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def turns_for(part, measure):
    """The turns that make measure(turns) larger than measure(0) by this part of it."""
    many = 1000
    while many < MOST_TURNS and measure(many) < 1.5 * measure(0):
        many *= 4
    pairs = [(measure(0), measure(many)) for _ in range(PAIRS)]
    without = statistics.median(pair[0] for pair in pairs)
    slope = statistics.median(pair[1] - pair[0] for pair in pairs) / many
    if slope <= 0:
        raise PlantFailed(f"{many} turns in each call cost nothing: is the function called?")
    return max(1, round(part * without / slope))


def find_turns(quartet, clean, planted, plant, model, part):
    arguments = command_of(quartet, clean, table_of(plant, model), model)
    runner = os.path.join(planted, model)
    return turns_for(part, lambda turns: cpu_seconds(runner, arguments, turns))
