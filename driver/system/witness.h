// SPDX-License-Identifier: MIT
//
// witness.h - the back end of `fetch` for runs of somebody else's program: started before
// them, asked afterwards what it has seen. The program is told where it is, by
// --connect and --token, and starts none of its own.
//
// Read next: tools/quartet_backend.c.
#ifndef QUARTET_DRIVER_SYSTEM_WITNESS_H
#define QUARTET_DRIVER_SYSTEM_WITNESS_H

#include "lib/error.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

struct witness {
    pid_t pid;
    int input;    // closed to end it
    FILE *output; // two lines of JSON
    char connect[512];
    json_t *tokens; // one for each run; owned
};

// Starts `program` (quartet-backend) with these options. 0, or -errno with the reason.
int witness_start(struct witness *witness, const char *program,
                  const char *const *options, struct reason *reason);

// The same by a command of the user's, for sh, that starts a quartet-backend on another machine or
// in another network namespace and hands on its input and output: "ssh other quartet-backend
// --listen 10.0.0.2:0". Half a minute is enough for it to say that it is ready.
int witness_start_elsewhere(struct witness *witness, const char *command,
                            const char *const *options, struct reason *reason);

// The token of this run, from 0.
const char *witness_token(const struct witness *witness, size_t run);

// Ends it. Its ledgers, an array of one for each run (the caller frees it), or NULL with the
// reason.
json_t *witness_end(struct witness *witness, struct reason *reason);

#endif
