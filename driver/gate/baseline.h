// SPDX-License-Identifier: MIT
//
// baseline.h - reports that are kept under a name, for `quartet check --base NAME`: a
// file each in the folder of the testbed that they were measured on (system/state.h). They are
// reports like any other; what is told of them is read from the report itself.
//
// Names consist of letters, digits, '.', '_' and '-', and begin with a letter or digit.
//
// Read next: base.h, which looks baselines up.
#ifndef QUARTET_DRIVER_GATE_BASELINE_H
#define QUARTET_DRIVER_GATE_BASELINE_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define BASELINE_NAME_MAX 64

// May a baseline be called so? 0, or -EINVAL with the reason.
int baseline_check_name(const char *name, struct reason *reason);

// Stores a report (analysis/report_file.h) under a name, for the testbed that it names. Writes
// the path of the file. Without `force` an existing one stays: -EEXIST, also when two
// programs save at the same time. Another -errno: the disk. Always with the reason.
int baseline_save(const char *name, const struct report *report, bool force, char *path,
                  size_t size, struct reason *reason);

// Finds the file of a baseline: that of this testbed, else the first one of another, and
// then *foreign is true. 0; -ENOENT: nobody has it; another -errno with the reason.
int baseline_find(const char *name, const char *testbed, char *path, size_t size,
                  bool *foreign, struct reason *reason);

// Calls `visit` for each stored baseline, testbed by testbed, in the order of names.
// 0, also if there are none, or -errno with the reason.
int baseline_each(void (*visit)(void *context, const char *testbed, const char *name,
                                const char *path),
                  void *context, struct reason *reason);

#endif
