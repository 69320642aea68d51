// SPDX-License-Identifier: MIT
//
// witness.h - the back end of `fetch` for a run of somebody else's program: started before
// it, asked afterwards what it has seen. The program is told where it is, by
// --connect and --token, and starts none of its own.
//
// Read next: tools/quartet_backend.c.
#ifndef QUARTET_DRIVER_MEASURE_WITNESS_H
#define QUARTET_DRIVER_MEASURE_WITNESS_H

#include "lib/error.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

struct witness {
    pid_t pid;
    int input;    // closed to end it
    FILE *output; // two lines of JSON
    char connect[512];
    char token[64];
};

// Starts `program` (quartet-backend) with these options. 0, or -errno with the reason.
int witness_start(struct witness *witness, const char *program,
                  const char *const *options, struct reason *reason);

// Ends it. Its ledger of the run (the caller frees it), or NULL with the reason.
json_t *witness_end(struct witness *witness, struct reason *reason);

#endif
