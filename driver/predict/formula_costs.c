// SPDX-License-Identifier: MIT
//
// formula_costs.c - what models themselves cost: `spawn`, `switch` and `pipeline`. One after
// another, so wall and CPU time have the same terms; their prices differ, since a wake-up by
// the kernel takes longer than the CPU time that it costs. On one CPU: from one CPU to another
// a wake-up can take ten times as long, and nobody can say when the kernel moves a task there.
//
// Read next: fit.h.
#include "driver/predict/formula.h"

#include <math.h>

#define MEMORY_TERMS                                                                     \
    {                                                                                    \
        {"program", count_one}, {"worker", count_in_flight},                             \
        {                                                                                \
            "task", count_tasks                                                          \
        }                                                                                \
    }

// ---- spawn -------------------------------------------------------------------------------

static double count_children(const struct situation *s)
{
    return s->tasks * situation_value(s, "children");
}

#define SPAWN_TERMS                                                                      \
    {                                                                                    \
        {"start", count_one}, {"worker", count_in_flight}, {"task", count_tasks},        \
        {                                                                                \
            "child", count_children                                                      \
        }                                                                                \
    }

const struct formula spawn_formula = {
    .workload = "spawn",
    .one_cpu = true,
    .terms = {[QUANTITY_WALL] = SPAWN_TERMS,
              [QUANTITY_CPU] = SPAWN_TERMS,
              [QUANTITY_MEMORY] = MEMORY_TERMS},
    .probes = {"--tasks 1 --children 1", "--tasks 2 --children 20",
               "--tasks 40 --children 1", "--tasks 10 --children 10"},
    .checks = {"--tasks 5 --children 10", "--tasks 20 --children 3"}};

// ---- switch ------------------------------------------------------------------------------

static double count_hand_overs(const struct situation *s)
{
    return situation_value(s, "switches");
}

#define SWITCH_TERMS                                                                     \
    {                                                                                    \
        {"start", count_one}, {"worker", count_in_flight},                               \
        {                                                                                \
            "hand-over", count_hand_overs                                                \
        }                                                                                \
    }

const struct formula switch_formula = {
    .workload = "switch",
    .one_cpu = true,
    .terms = {[QUANTITY_WALL] = SWITCH_TERMS,
              [QUANTITY_CPU] = SWITCH_TERMS,
              [QUANTITY_MEMORY] = MEMORY_TERMS},
    .probes = {"--switches 100", "--switches 10k", "--switches 2k --tasks 16",
               "--switches 30k --tasks 4"},
    .checks = {"--switches 5k --tasks 4", "--switches 20k --tasks 8"}};

// ---- pipeline ----------------------------------------------------------------------------

static double count_items(const struct situation *s)
{
    return s->tasks * situation_value(s, "items");
}

// A stage that is quicker than its neighbour has to wait once per full or empty queue.
static double count_waits(const struct situation *s)
{
    return count_items(s) / situation_value(s, "capacity");
}

#define PIPELINE_TERMS                                                                   \
    {                                                                                    \
        {"start", count_one}, {"worker", count_in_flight}, {"item", count_items},        \
        {                                                                                \
            "wait", count_waits                                                          \
        }                                                                                \
    }

const struct formula pipeline_formula = {
    .workload = "pipeline",
    .one_cpu = true,
    .terms = {[QUANTITY_WALL] = PIPELINE_TERMS,
              [QUANTITY_CPU] = PIPELINE_TERMS,
              [QUANTITY_MEMORY] = MEMORY_TERMS},
    .probes = {"--items 10", "--items 3k", "--items 2k --capacity 2",
               "--items 500 --tasks 16", "--items 2k --capacity 64 --tasks 8",
               "--items 1k --capacity 1"},
    .checks = {"--items 2k --tasks 6 --capacity 8",
               "--items 1500 --tasks 3 --capacity 4"}};
