// SPDX-License-Identifier: MIT
//
// check_reference.h - `quartet check --reference`: what the command makes of gate/reference.h.
#ifndef QUARTET_DRIVER_COMMAND_CHECK_REFERENCE_H
#define QUARTET_DRIVER_COMMAND_CHECK_REFERENCE_H

#include "driver/gate/reference.h"
#include "driver/report/model.h"
#include "lib/error.h"

#include <stdbool.h>

// Opens the reference of this name (NULL: none) before anything is measured. An exit code, with
// the reason on stderr.
enum exit_code check_reference_open(struct reference *reference, const char *name,
                                    bool pin, const json_t *environment);

// Adds what the gate of the report says of `head`. Only a check that passed, against a
// build, is kept. An exit code.
enum exit_code check_reference_add(struct reference *reference,
                                   const struct report *report, const char *head);

#endif
