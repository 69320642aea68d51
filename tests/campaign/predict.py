#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Predicts runs that a seed draws, makes them, and writes a page with all errors.

usage: tests/campaign/predict.py [--seed N] [--configurations N] [--runs N] [--quartet PROGRAM]
                                 [--output FILE.md]

Each configuration is one call of `quartet predict WORKLOAD ... --run --format json`, so the
prediction is there before the run is. The ranges are those of the catalogue's tables that
four models can all take part in on a small machine. Exit code 1: a bound was missed.
"""

import argparse
import datetime
import json
import os
import random
import statistics
import subprocess
import sys

MEDIAN_MOST = 0.15  # of |error|, for wall and CPU time
WITHIN_LEAST = 0.90  # of all measured values inside of the interval
QUANTITIES = ("wall", "cpu", "memory")


def between(draw, low, high):
    """Each factor of two is equally likely."""
    return int(round(low * (high / low) ** draw.random()))


def waiting(draw):
    """Tasks, and how many of them are in flight."""
    in_flight = between(draw, 8, 100)
    return ["--tasks", in_flight * draw.randint(1, 6), "--concurrency", in_flight]


def draw_sleep(draw):
    return ["sleep", *waiting(draw), "--delay", f"{between(draw, 2, 50)}ms"]


def draw_fetch(draw):
    return ["fetch", *waiting(draw), "--transport", draw.choice(("unix", "tcp")),
            "--exchanges", between(draw, 2, 20), "--delay", f"{between(draw, 1, 20)}ms"]


def draw_primes(draw):
    return ["primes", "--limit", between(draw, 500_000, 5_000_000),
            "--tasks", between(draw, 100, 1000), "--concurrency", between(draw, 2, 32)]


def draw_mandelbrot(draw):
    return ["mandelbrot", "--width", between(draw, 200, 1000), "--tasks", between(draw, 200, 800),
            "--iterations", between(draw, 200, 1000), "--concurrency", between(draw, 2, 32)]


def draw_spawn(draw):
    return ["spawn", "--tasks", between(draw, 2, 20), "--children", between(draw, 2, 15)]


def draw_switch(draw):
    return ["switch", "--tasks", between(draw, 2, 16), "--switches", between(draw, 5000, 50_000)]


def draw_pipeline(draw):
    return ["pipeline", "--tasks", between(draw, 2, 12), "--items", between(draw, 500, 5000),
            "--capacity", between(draw, 1, 64)]


def draw_mixed(draw):
    in_flight = between(draw, 8, 60)
    return ["mixed", "--tasks", in_flight * draw.randint(1, 3), "--concurrency", in_flight,
            "--exchanges", between(draw, 4, 20), "--delay", f"{between(draw, 2, 10)}ms",
            "--compute", f"{between(draw, 20, 400)}us", "--light", draw.choice((0, 10, 50))]


DRAWS = (draw_sleep, draw_fetch, draw_primes, draw_mandelbrot, draw_spawn, draw_switch,
         draw_pipeline, draw_mixed)


def configurations(seed, count):
    """Workloads take turns, so that none is missing."""
    draw = random.Random(seed)
    return [[str(word) for word in DRAWS[i % len(DRAWS)](draw)] for i in range(count)]


def measure(quartet, words, runs):
    command = [quartet, "predict", *words, "--run", "--runs", str(runs), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def summarise(answers):
    """Median of |error| and share within the interval, for each quantity."""
    summary = {}
    for quantity in QUANTITIES:
        cells = [model[quantity] for answer in answers for model in answer["models"]]
        summary[quantity] = {
            "n": len(cells),
            "median": statistics.median(abs(cell["error"]) for cell in cells),
            "within": sum(cell["within"] for cell in cells) / len(cells)}
    return summary


def cell_text(cell, unit):
    scale = {"ms": 1e6, "MiB": 1048576}[unit]
    mark = "" if cell["within"] else " !"
    return (f"{cell['predicted'] / scale:.3g} ({cell['low'] / scale:.3g} to "
            f"{cell['high'] / scale:.3g}) | {cell['measured'] / scale:.3g}, "
            f"{100 * cell['error']:+.0f} %{mark}")


def write_page(file, options, table, load):
    """`table`: the words of each configuration and its answer."""
    answers = [answer for _, answer in table]
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    file.write("# Predictions held against runs\n\n"
               "`make predict-campaign` has written this page; "
               "[docs/predict.md](predict.md) explains it.\n\n"
               f"{len(table)} configurations, drawn with the seed {options.seed}, on {date} UTC; "
               f"{options.runs} runs of each, of which the median counts. Load average at the "
               f"beginning {load[0]:.1f}, at the end {os.getloadavg()[0]:.1f}, on "
               f"{len(os.sched_getaffinity(0))} CPUs. An error is measured / predicted - 1; "
               "\"!\" is outside of the interval, which is meant to hold 90 %.\n\n"
               "| | values | median error | within the interval |\n| --- | --: | --: | --: |\n")
    for quantity, row in summarise(answers).items():
        file.write(f"| {quantity} | {row['n']} | {100 * row['median']:.1f} % | "
                   f"{100 * row['within']:.0f} % |\n")
    file.write("\n| workload | wall | within | CPU | within |\n"
               "| --- | --: | --: | --: | --: |\n")
    for name in sorted({answer["workload"] for answer in answers}):
        row = summarise([answer for answer in answers if answer["workload"] == name])
        file.write(f"| {name} | {100 * row['wall']['median']:.0f} % | "
                   f"{100 * row['wall']['within']:.0f} % | {100 * row['cpu']['median']:.0f} % | "
                   f"{100 * row['cpu']['within']:.0f} % |\n")
    for words, answer in table:
        file.write(f"\n`quartet predict {' '.join(words)} --run`\n\n"
                   "| model | wall, ms | measured | CPU, ms | measured | memory, MiB | measured |\n"
                   "| --- | --: | --: | --: | --: | --: | --: |\n")
        for model in answer["models"]:
            file.write(f"| {model['model']} | {cell_text(model['wall'], 'ms')} | "
                       f"{cell_text(model['cpu'], 'ms')} | "
                       f"{cell_text(model['memory'], 'MiB')} |\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--configurations", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quartet", default="build/release/bin/quartet")
    parser.add_argument("--output", default="docs/predict-campaign.md")
    parser.add_argument("--list", action="store_true", help="print what is drawn, run nothing")
    options = parser.parse_args()
    drawn = configurations(options.seed, options.configurations)
    if options.list:
        print("\n".join(" ".join(words) for words in drawn))
        return 0
    load = os.getloadavg()
    table = []
    for words in drawn:
        table.append((words, measure(options.quartet, words, options.runs)))
        errors = summarise([table[-1][1]])
        print(f"{len(table):3d} {' '.join(words)}: wall {100 * errors['wall']['median']:.0f} %, "
              f"CPU {100 * errors['cpu']['median']:.0f} %", flush=True)
    with open(options.output, "w", encoding="utf-8") as file:
        write_page(file, options, table, load)
    summary = summarise([answer for _, answer in table])
    for quantity, row in summary.items():
        print(f"{quantity}: median error {100 * row['median']:.1f} %, "
              f"{100 * row['within']:.0f} % within")
    good = all(summary[quantity]["within"] >= WITHIN_LEAST for quantity in QUANTITIES) and all(
        summary[quantity]["median"] <= MEDIAN_MOST for quantity in ("wall", "cpu"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
