// SPDX-License-Identifier: MIT
//
// formula_computing.c - tasks that compute: `primes` and `mandelbrot`. Their CPU time is the
// work, whoever does it; their wall time is that divided by the CPUs which the model can use.
//
// Read next: formula_costs.c.
#include "driver/predict/formula.h"

#include <math.h>

static double count_tasks_shared(const struct situation *s)
{
    return s->tasks / s->parallel;
}

// ---- primes ------------------------------------------------------------------------------

static double count_numbers(const struct situation *s)
{
    return situation_value(s, "limit");
}

// Trial division by 6k-1 and 6k+1 up to the root. A prime p takes sqrt(p)/3 divisions, and one
// number in ln p is prime, so those below L take L^1.5 / ln L, times a constant that is part of
// the price. Composite numbers take few, and are in the price of a number.
static double count_divisions(const struct situation *s)
{
    double limit = fmax(situation_value(s, "limit"), 3);
    return pow(limit, 1.5) / log(limit);
}

static double count_numbers_shared(const struct situation *s)
{
    return count_numbers(s) / s->parallel;
}

static double count_divisions_shared(const struct situation *s)
{
    return count_divisions(s) / s->parallel;
}

const struct formula primes_formula = {
    .workload = "primes",
    .terms = {[QUANTITY_WALL] = {{"start", count_one},
                                 {"worker", count_in_flight},
                                 {"task", count_tasks_shared},
                                 {"number", count_numbers_shared},
                                 {"division", count_divisions_shared}},
              [QUANTITY_CPU] = {{"start", count_one},
                                {"worker", count_in_flight},
                                {"task", count_tasks},
                                {"number", count_numbers},
                                {"division", count_divisions}},
              [QUANTITY_MEMORY] = {{"program", count_one},
                                   {"worker", count_in_flight},
                                   {"task", count_tasks}}},
    .probes = {"--limit 1000 --tasks 2", "--limit 200k --tasks 8",
               "--limit 200k --tasks 100 --concurrency 32", "--limit 600k --tasks 4000",
               "--limit 1m --tasks 100 --concurrency 2", "--limit 3m"},
    .checks = {"--limit 400k --tasks 200", "--limit 2m --tasks 500 --concurrency 16"}};

// ---- mandelbrot --------------------------------------------------------------------------

static double count_pixels(const struct situation *s)
{
    return s->tasks * situation_value(s, "width");
}

// Pixels of the set take them all, the others a number that hardly depends on their limit.
static double count_iterations(const struct situation *s)
{
    return count_pixels(s) * situation_value(s, "iterations");
}

static double count_pixels_shared(const struct situation *s)
{
    return count_pixels(s) / s->parallel;
}

static double count_iterations_shared(const struct situation *s)
{
    return count_iterations(s) / s->parallel;
}

const struct formula mandelbrot_formula = {
    .workload = "mandelbrot",
    .terms = {[QUANTITY_WALL] = {{"start", count_one},
                                 {"worker", count_in_flight},
                                 {"row", count_tasks_shared},
                                 {"pixel", count_pixels_shared},
                                 {"iteration", count_iterations_shared}},
              [QUANTITY_CPU] = {{"start", count_one},
                                {"worker", count_in_flight},
                                {"row", count_tasks},
                                {"pixel", count_pixels},
                                {"iteration", count_iterations}},
              [QUANTITY_MEMORY] = {{"program", count_one},
                                   {"worker", count_in_flight},
                                   {"row", count_tasks}}},
    .probes = {"--width 10 --tasks 10 --iterations 100",
               "--width 300 --tasks 300 --iterations 100",
               "--width 300 --tasks 300 --iterations 1000",
               "--width 400 --tasks 300 --iterations 400 --concurrency 2",
               "--width 20 --tasks 2000 --iterations 300",
               "--width 100 --tasks 300 --iterations 500 --concurrency 32"},
    .checks = {"--width 400 --tasks 200 --iterations 500",
               "--width 250 --tasks 400 --iterations 800 --concurrency 16"}};
