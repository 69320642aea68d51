// SPDX-License-Identifier: MIT
//
// formula.c - the list of all formulas, and the counts that they share: see formula.h.
#include "driver/predict/formula.h"

#include <math.h>
#include <string.h>

extern const struct formula sleep_formula, fetch_formula, mixed_formula;     // waiting
extern const struct formula primes_formula, mandelbrot_formula;              // computing
extern const struct formula spawn_formula, switch_formula, pipeline_formula; // costs

const struct formula *const formulas[] = {
    &sleep_formula,      &fetch_formula, &primes_formula,
    &mandelbrot_formula, &spawn_formula, &switch_formula,
    &pipeline_formula,   &mixed_formula, NULL};

const struct formula *formula_find(const char *workload)
{
    for (size_t i = 0; formulas[i] != NULL; i++)
        if (strcmp(formulas[i]->workload, workload) == 0)
            return formulas[i];
    return NULL;
}

const char *quantity_name(enum quantity quantity)
{
    static const char *const names[] = {"wall", "cpu", "memory"};
    return names[quantity];
}

const char *quantity_title(enum quantity quantity)
{
    static const char *const titles[] = {"wall", "CPU", "memory"};
    return titles[quantity];
}

double count_one(const struct situation *situation)
{
    (void)situation;
    return 1;
}

double count_tasks(const struct situation *situation)
{
    return situation->tasks;
}

double count_in_flight(const struct situation *situation)
{
    return situation->in_flight;
}

double count_turns(const struct situation *situation)
{
    return ceil(situation->tasks / situation->in_flight);
}
