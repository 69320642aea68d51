// SPDX-License-Identifier: MIT
//
// help.h - `--help` of a runner and of its workloads, and the man page. `common` is the
// table of the options that every run has.
#ifndef QUARTET_RUNNERS_COMMON_HELP_H
#define QUARTET_RUNNERS_COMMON_HELP_H

#include "lib/options.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stdio.h>

// A line for each workload that this build has.
void help_print_workloads(FILE *file);

// The help of the program on stdout, or its man page.
void help_print(const struct option_spec *common, bool page);

// The help of one workload on stdout.
void help_print_workload(const struct workload *workload,
                         const struct option_spec *common);

#endif
