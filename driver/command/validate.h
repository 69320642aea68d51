// SPDX-License-Identifier: MIT
//
// validate.h - what the checks of `quartet validate` share: the program that is looked at,
// and the lines that say what was found.
#ifndef QUARTET_DRIVER_COMMAND_VALIDATE_H
#define QUARTET_DRIVER_COMMAND_VALIDATE_H

#include "driver/measure/expect.h"
#include "driver/plan/describe.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { VALIDATE_WORDS = 48 };

struct validation {
    const char *program;         // as the user has named it
    char name[64];               // as it calls itself
    struct description describe; // its answer to --describe; its JSON is NULL: none
    char oracle[4096];           // the linked runner that is asked what to expect
    char folder[64];             // for records, removed in the end
    char cpu[16];                // the CPU that it is given
    unsigned good, failed;       // lines
};

// One way to call the program.
struct trial {
    const char *workload;
    const char *options; // words, parted by one space
    unsigned seed;
    bool floor; // long enough to be held against the oracle's own time
};

// Prints "ok    what" or "FAIL  what: reason", and counts.
void validate_say(struct validation *validation, bool good, const char *what,
                  const char *reason);

// Does the program have this workload?
bool validate_has(const struct validation *validation, const char *workload);

// Runs the trial and holds its record against all that is known. 0, -EBADMSG with the
// reason, or 77: it cannot do it, and says why. The record is kept in *record (NULL: none
// wanted), what it was held against in *expectation.
int validate_trial(const struct validation *validation, const struct trial *trial,
                   json_t **record, json_t **expected, struct reason *reason);

// The exit code of a call with these words; -1: it did not end in time.
int validate_call(const struct validation *validation, const char *workload,
                  const char *options, uint64_t term_ns, struct observation *seen,
                  struct reason *reason);

#endif
