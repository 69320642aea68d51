// SPDX-License-Identifier: MIT
//
// width_note.c - see width_note.h.
#include "driver/show/width_note.h"

#include "driver/analysis/sample_check.h"

#include <math.h>
#include <stdio.h>

void width_note(const struct report_table *table, char *text, size_t size)
{
    double least = (double)INFINITY;
    double most = -(double)INFINITY;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        for (size_t j = 0; cell->ranked && j < cell->samples.count; j++) {
            const struct sample *sample = &cell->samples.list[j];
            double share = sample_in_flight(sample) / sample->record.peak_in_flight;
            least = fmin(least, share);
            most = fmax(most, share);
        }
    }
    text[0] = '\0';
    if (isfinite(least) && isfinite(most))
        snprintf(text, size,
                 "Little's law: rate times mean latency is %.0f to %.0f %% of the most "
                 "tasks in flight",
                 100 * least, 100 * most);
}
