// SPDX-License-Identifier: MIT
//
// watchdog.h - no run lasts for ever. When --timeout has passed, the run ends with
// status failed and exit code 1, whatever its workers are doing: waiting for a peer that
// hangs, or computing without end. And whoever has to end the run from a signal handler,
// or from the midst of a scheduler, finds the record here that such a run leaves.
#ifndef QUARTET_RUNNERS_COMMON_WATCHDOG_H
#define QUARTET_RUNNERS_COMMON_WATCHDOG_H

#include "runners/common/run.h"

// Starts the clock. `record` (NULL: none wanted) is where the record of a run that
// timed out is written. Workers and peers die with this process.
void watchdog_arm(const struct run *run, const char *record);

// Ends the program, if need be from a handler of any signal, with status failed, exit code 1, and
// `reason` in the record. It must be plain: no quotes, backslashes or line ends. In
// another process than the one that was armed, and before or after that, there is no
// record to be written.
_Noreturn void watchdog_end(const char *reason);

// Stops the clock: the run has ended by itself.
void watchdog_disarm(void);

#endif
