// SPDX-License-Identifier: MIT
//
// table_figures.c - see table_figures.h.
#include "driver/show/table_figures.h"

#include <math.h>

double figure_wall(const struct report_cell *cell)
{
    return cell->statistics.wall_ns.median;
}

double figure_run(const struct report_cell *cell)
{
    return cell->statistics.run_ns.median;
}

double figure_none(const struct report_cell *cell)
{
    (void)cell;
    return (double)NAN;
}

double figure_start(const struct report_cell *cell)
{
    const double *phases_ns = cell->statistics.phases_ns;
    return cell->statistics.wall_ns.median - phases_ns[PHASE_SPAWN] -
           phases_ns[PHASE_RUN] - phases_ns[PHASE_JOIN];
}

double figure_operation(const struct report_cell *cell)
{
    return cell->statistics.ns_per_operation;
}

double figure_cpu(const struct report_cell *cell)
{
    return cell->statistics.cpu_ns;
}

double figure_peer_cpu(const struct report_cell *cell)
{
    return cell->statistics.peer_cpu_ns;
}

double figure_caused_cpu(const struct report_cell *cell)
{
    return cell->statistics.caused_cpu_ns;
}

double figure_memory(const struct report_cell *cell)
{
    return cell->statistics.memory_bytes;
}

double figure_p50(const struct report_cell *cell)
{
    return cell->statistics.p50_ns;
}

double figure_p99(const struct report_cell *cell)
{
    return cell->statistics.p99_ns;
}
