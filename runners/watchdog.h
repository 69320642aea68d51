// SPDX-License-Identifier: MIT
//
// watchdog.h - no run lasts for ever. When --timeout has passed, the run ends with
// status failed and exit code 1, whatever its workers are doing: waiting for a peer that
// hangs, or computing without end.
#ifndef QUARTET_RUNNERS_WATCHDOG_H
#define QUARTET_RUNNERS_WATCHDOG_H

#include "runners/run.h"

// Starts the clock. `record` (NULL: none wanted) is where the record of a run that
// timed out is written. Workers and peers die with this process.
void watchdog_arm(const struct run *run, const char *record);

// Stops the clock: the run has ended by itself.
void watchdog_disarm(void);

#endif
