// SPDX-License-Identifier: MIT
//
// dry_run.h - what `quartet run` would do, without doing it: every command, the order of
// every block as the seed gives it, and how long it would take, judged by an earlier
// session (measure/forecast.h).
#ifndef QUARTET_DRIVER_COMMAND_DRY_RUN_H
#define QUARTET_DRIVER_COMMAND_DRY_RUN_H

#include "driver/measure/rounds.h"
#include "driver/measure/session.h"
#include "driver/plan/runner.h"

#include <stdio.h>

// Prints it.
void dry_run_print(FILE *file, const struct session *session,
                   const struct rounds_setting *setting, const struct runner_set *set);

#endif
