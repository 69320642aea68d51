// SPDX-License-Identifier: MIT
//
// width_note.h - one line on how many tasks were in flight, by Little's law (J. D. C.
// Little, Operations Research 9, 1961): the rate of a run x its mean latency. Close to 100 %
// of the most that were in flight, the row has kept its concurrency; above that by more than
// 3 %, the run is refused (analysis/sample_check.h).
#ifndef QUARTET_DRIVER_SHOW_WIDTH_NOTE_H
#define QUARTET_DRIVER_SHOW_WIDTH_NOTE_H

#include "driver/report/model.h"

#include <stddef.h>

// "" where no row has service times of its own tasks.
void width_note(const struct report_table *table, char *text, size_t size);

#endif
