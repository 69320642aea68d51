// SPDX-License-Identifier: MIT
//
// numbers.h - what a workload itself has to say (workload->results), for people.
#ifndef QUARTET_RUNNERS_NUMBERS_H
#define QUARTET_RUNNERS_NUMBERS_H

#include "runners/record.h"

// One line for each, on stdout.
void numbers_print(const struct result *result);

#endif
