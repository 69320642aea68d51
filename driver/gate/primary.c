// SPDX-License-Identifier: MIT
//
// primary.c - see primary.h.
#include "driver/gate/primary.h"

#include "driver/report/tree.h"

#include <string.h>

static enum metric choose(const char *kind, const struct sample *warm_up)
{
    if (strcmp(kind, "io") == 0)
        return METRIC_CPU;
    double cpu = metric_of(warm_up, METRIC_CPU);
    double wall = metric_of(warm_up, METRIC_WALL);
    return cpu < PRIMARY_CPU_PART * wall ? METRIC_CPU : METRIC_WALL; // NAN: wall
}

void gate_primary_choose(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t j = 0; j < plan->list[i].count; j++) {
            const struct cell *cell = &plan->list[i].cells[j];
            if (cell->base == NULL)
                continue;
            enum metric metric =
                choose(plan->list[i].result->kind, &cell->base->result->warmup);
            json_object_set_new(cell->result->json, "primary",
                                json_string(metric_name(metric)));
        }
}

enum metric gate_primary(const json_t *cell)
{
    const char *name = tree_text(cell, "primary", "");
    return strcmp(name, metric_name(METRIC_CPU)) == 0 ? METRIC_CPU : METRIC_WALL;
}

size_t gate_primary_count(const struct plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        for (size_t j = 0; j < plan->list[i].count; j++) {
            const struct cell *cell = &plan->list[i].cells[j];
            count += cell->base != NULL && cell->live && cell->base->live ? 1 : 0;
        }
    return count;
}
