// SPDX-License-Identifier: MIT
//
// formula_waiting.c - tasks that wait: `sleep`, `fetch` and `mixed`.
//
// Their time is that of the delays, unless so many are in flight that what they share (the CPU
// of a loop, the back end) is never idle. Their CPU time is paid per exchange, and once more
// for each round in which all wait: then the CPU falls asleep, and has to be woken.
//
// Read next: formula_computing.c.
#include "driver/predict/formula.h"

#include <math.h>

// ---- waiting, for all three --------------------------------------------------------------

// `rounds` delays one after another, and operations that keep somebody busy for `busy_ns` in
// all. The first round's operations cannot begin before the first delay is over, so whichever
// is longer, one round of the other one is added.
static double overlap(double rounds, double delay_ns, double busy_ns)
{
    return fmax(rounds * delay_ns + busy_ns / rounds, busy_ns + delay_ns);
}

// ---- sleep -------------------------------------------------------------------------------

static double sleep_waiting(const struct situation *s, double turn_ns)
{
    return overlap(count_turns(s), situation_value(s, "delay"), s->tasks * turn_ns);
}

const struct formula sleep_formula = {
    .workload = "sleep",
    .terms = {[QUANTITY_WALL] = {{"start", count_one},
                                 {"worker", count_in_flight},
                                 {"sleep", count_tasks},
                                 {"late", count_turns}},
              [QUANTITY_CPU] = {{"start", count_one},
                                {"worker", count_in_flight},
                                {"sleep", count_tasks},
                                {"round", count_turns}},
              [QUANTITY_MEMORY] = {{"program", count_one},
                                   {"worker", count_in_flight},
                                   {"task", count_tasks}}},
    .waiting = sleep_waiting,
    .turn_price = "sleep",
    .probes = {"--tasks 8 --delay 2ms", "--tasks 100 --delay 10ms",
               "--tasks 400 --concurrency 8 --delay 2ms",
               "--tasks 1600 --concurrency 100 --delay 4ms",
               "--tasks 1000 --concurrency 40 --delay 2ms"},
    .checks = {"--tasks 300 --concurrency 50 --delay 10ms",
               "--tasks 900 --concurrency 20 --delay 3ms"}};

// ---- fetch -------------------------------------------------------------------------------

static double count_exchanges(const struct situation *s)
{
    return s->tasks * situation_value(s, "exchanges");
}

static double count_rounds(const struct situation *s)
{
    return count_turns(s) * situation_value(s, "exchanges");
}

static double count_bytes(const struct situation *s)
{
    return count_exchanges(s) * situation_value(s, "payload");
}

static double fetch_waiting(const struct situation *s, double turn_ns)
{
    return overlap(count_rounds(s), situation_value(s, "delay"),
                   count_exchanges(s) * turn_ns);
}

#define FETCH_TERMS_WALL                                                                 \
    {                                                                                    \
        {"start", count_one}, {"worker", count_in_flight}, {"session", count_tasks},     \
        {                                                                                \
            "late", count_rounds                                                         \
        }                                                                                \
    }

// And one of their own.
#define FETCH_TERMS_CPU(own, count_own)                                                  \
    {                                                                                    \
        {"start", count_one}, {"worker", count_in_flight}, {"session", count_tasks},     \
            {"exchange", count_exchanges}, {"round", count_rounds},                      \
        {                                                                                \
            own, count_own                                                               \
        }                                                                                \
    }

#define FETCH_TERMS_MEMORY                                                               \
    {                                                                                    \
        {"program", count_one}, {"worker", count_in_flight}, {"session", count_tasks},   \
        {                                                                                \
            "exchange", count_exchanges                                                  \
        }                                                                                \
    }

const struct formula fetch_formula = {
    .workload = "fetch",
    .terms = {[QUANTITY_WALL] = FETCH_TERMS_WALL,
              [QUANTITY_CPU] = FETCH_TERMS_CPU("byte", count_bytes),
              [QUANTITY_MEMORY] = FETCH_TERMS_MEMORY},
    .waiting = fetch_waiting,
    .turn = "--tasks 100 --exchanges 20 --delay 1ms",
    .probes = {"--tasks 4 --exchanges 40 --delay 1ms",
               "--tasks 32 --exchanges 4 --delay 4ms",
               "--tasks 32 --exchanges 40 --delay 1ms",
               "--tasks 100 --exchanges 20 --delay 1ms",
               "--tasks 100 --exchanges 2 --delay 10ms",
               "--tasks 300 --concurrency 16 --exchanges 2 --delay 1ms",
               "--tasks 32 --exchanges 40 --delay 1ms --payload 1k"},
    .checks = {"--tasks 60 --exchanges 10 --delay 4ms",
               "--tasks 120 --concurrency 30 --exchanges 5 --delay 2ms"}};

// ---- mixed -------------------------------------------------------------------------------

// CPU time that heavy sessions are asked to spend.
static double count_computing(const struct situation *s)
{
    double heavy = 1 - situation_value(s, "light") / 100;
    return count_exchanges(s) * heavy * situation_value(s, "compute");
}

static double mixed_waiting(const struct situation *s, double turn_ns)
{
    double busy = count_exchanges(s) * turn_ns + count_computing(s) / s->parallel;
    return overlap(count_rounds(s), situation_value(s, "delay"), busy);
}

const struct formula mixed_formula = {
    .workload = "mixed",
    .terms = {[QUANTITY_WALL] = FETCH_TERMS_WALL,
              [QUANTITY_CPU] = FETCH_TERMS_CPU("computing", count_computing),
              [QUANTITY_MEMORY] = FETCH_TERMS_MEMORY},
    .waiting = mixed_waiting,
    .turn = "--tasks 100 --exchanges 20 --delay 1ms --compute 0",
    .probes = {"--tasks 4 --exchanges 40 --delay 1ms --compute 0",
               "--tasks 32 --exchanges 40 --delay 1ms --compute 0",
               "--tasks 100 --exchanges 4 --delay 4ms --compute 0",
               "--tasks 20 --exchanges 20 --delay 2ms --compute 200us",
               "--tasks 50 --exchanges 10 --delay 2ms --compute 100us",
               "--tasks 200 --concurrency 20 --exchanges 2 --delay 2ms --compute 50us"},
    .checks = {"--tasks 30 --exchanges 20 --delay 4ms --compute 100us",
               "--tasks 60 --exchanges 10 --delay 5ms --compute 20us"}};
