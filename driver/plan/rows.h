// SPDX-License-Identifier: MIT
//
// rows.h - rows that a plan document brings itself, besides those that are there:
//
//   a model with its "command": ["podman", "run", "--rm", "image", "prog"], a program of
//       anybody behind whatever it needs (docs/own-runner.md), which is asked what it is
//   "commands": a table of command lines, as those of `quartet time`
//
// Read next: command_rows.h for the latter, runner.h for who is asked.
#ifndef QUARTET_DRIVER_PLAN_ROWS_H
#define QUARTET_DRIVER_PLAN_ROWS_H

#include "driver/plan/file.h"
#include "driver/plan/runner.h"
#include "lib/error.h"

#include <stdbool.h>

#define PLAN_COMMAND_WORDS  16   // of a model's "command"
#define PLAN_COMMAND_LENGTH 6000 // all of them together

// Does the document bring any?
bool plan_rows_any(const struct plan_file *file);

// Adds them to the set, and the table of commands to the document, which must outlive the set.
// 0; -EINVAL: they cannot be so; 77: a program cannot run here; with the place and the reason.
int plan_rows_add(struct plan_file *file, struct runner_set *set, struct reason *reason);

#endif
