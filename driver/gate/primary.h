// SPDX-License-Identifier: MIT
//
// primary.h - the one metric by which a row is decided. Two builds are compared by several
// figures, and to fail by the worst of them would be to look several times; so each row has
// one that decides, fixed before any round is measured, and the others explain.
//
// It is CPU time where tasks mostly wait, and in all tables of kind `io`: there, wall time
// is the length of the waits and the pace of a peer, and hides what the program itself
// needs. It is wall time elsewhere, where at least half of it is computed.
//
// Read next: judge.h.
#ifndef QUARTET_DRIVER_GATE_PRIMARY_H
#define QUARTET_DRIVER_GATE_PRIMARY_H

#include "driver/plan/plan.h"
#include "driver/report/metric.h"

#include <jansson.h>
#include <stddef.h>

#define PRIMARY_CPU_PART 0.5 // of the wall time: below, CPU time decides

// Sets `primary` of each row that has a base, from the warm-up of the base.
void gate_primary_choose(const struct plan *plan);

// METRIC_WALL or METRIC_CPU: what was chosen for this cell of a report.
enum metric gate_primary(const json_t *cell);

// How many rows are compared with a base: so many primaries there are.
size_t gate_primary_count(const struct plan *plan);

#endif
