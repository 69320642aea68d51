// SPDX-License-Identifier: MIT
//
// compare.h - two reports side by side. Their runs are not paired: they were measured at
// different times, perhaps on different machines. So each row is compared in several ways:
//
//  METRIC_WALL      the times themselves, which also tell one machine from another
//  METRIC_RELATIVE  the time of a row divided by the geometric mean of the other rows'
//                   times in the same block. A faster machine is faster for all rows, so
//                   this can be compared between machines; a row that alone became slower
//                   shows.
//  switches, faults where there are many: they depend on the program more than on the
//                   machine
//
// Only tables of the same id and the same work are compared, and only rows that are
// ranked in both.
#ifndef QUARTET_DRIVER_ANALYSIS_COMPARE_H
#define QUARTET_DRIVER_ANALYSIS_COMPARE_H

#include "driver/report/comparison.h"
#include "driver/report/model.h"

#include <jansson.h>
#include <stdbool.h>

struct compared {
    struct comparisons comparisons;
    json_t *only_base; // what cannot be compared: texts that say why; owned
    json_t *only_head; //
};

// Compares two analysed reports, which must outlive the result; of head only the blocks of
// one batch (0: all). Verdicts are those of statistics/verdict.h for one batch. 0 or
// -ENOMEM; compare_free() in both cases.
int compare_reports(struct compared *compared, const struct report *base,
                    const struct report *head, double threshold, unsigned batch);
void compare_free(struct compared *compared);

// The differences of the environments: [["kernel", "6.1.0", "6.2.0"], ...], in the
// order of their keys; null stands for what is missing.
json_t *compare_environments(const struct report *base, const struct report *head);

// Were both measured on machines that are alike?
bool compare_same_testbed(const struct report *base, const struct report *head);

#endif
