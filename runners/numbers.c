// SPDX-License-Identifier: MIT
//
// Figures of a workload's own as lines of text: see numbers.h. For programs they stand in
// the run record, as "results".
#include "runners/numbers.h"

#include <inttypes.h>
#include <stdio.h>

void numbers_print(const struct result *result)
{
    for (int i = 0; i < result->number_count; i++) {
        const struct named_number *number = &result->numbers[i];
        if (number->value == NUMBER_UNKNOWN)
            printf("  %s unknown\n", number->name);
        else
            printf("  %s %" PRIu64 "\n", number->name, number->value);
    }
}
