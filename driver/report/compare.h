// SPDX-License-Identifier: MIT
//
// compare.h - two reports side by side. Their runs are not paired: they were measured at
// different times, perhaps on different machines. So each row is compared in several ways:
//
//  "wall_ns"    the times themselves, which also tell one machine from another
//  "relative"   the time of a row divided by the geometric mean of the other rows' times
//               in the same block. A faster machine is faster for all rows, so this can
//               be compared between machines; a row that alone became slower shows.
//
//  counters     voluntary context switches and minor page faults, where there are many:
//               they depend on the program more than on the machine
//
// Only tables of the same id and the same work are compared, and only rows that are
// ranked in both.
#ifndef QUARTET_DRIVER_REPORT_COMPARE_H
#define QUARTET_DRIVER_REPORT_COMPARE_H

#include <jansson.h>
#include <stdbool.h>

// Compares two analysed reports; of the new one only the blocks of one batch (0: all). A
// new object (NULL: out of memory):
//  "comparisons"  [{"table", "row", "metric", "n_base", "n_new", "base", "new", "ratio",
//                 "low", "high", "p", "p_holm", "threshold", "verdict", "reason"}], where base and new
//                 are medians, ratio is new / base, and the verdict is that of statistics/verdict.h
//                 for one batch
//  "only_base", "only_new"  what cannot be compared: texts that say why
json_t *cross_compare(const json_t *base, const json_t *new, double threshold,
                      unsigned batch);

// What differs between the environments: [["kernel", "6.1.0", "6.2.0"], ...], in the
// order of their keys; null stands for what is missing.
json_t *cross_environments(const json_t *base, const json_t *new);

// Were both measured on machines that are alike?
bool cross_same_testbed(const json_t *base, const json_t *new);

#endif
