// SPDX-License-Identifier: MIT
//
// reference.h - a commit that is pinned, and the changes that the gate has let pass since then:
// `quartet check --reference NAME`. Each may cost less than the threshold, and ten of them do
// not (statistics/drift.h).
//
// The changes are a path: each begins with the commit where the one before it ended. A check
// whose base lies on the path takes the place of all behind that base, so that a change
// that is checked twice, or was rewritten, counts once. A check whose base is not on the path is
// appended all the same, and the gap is said.
//
// The file (quartet.reference/1, results/README.md) belongs to one testbed:
//   $XDG_STATE_HOME/quartet/TESTBED/references/NAME.json
// or, where NAME has a slash or ends in ".json", that file.
#ifndef QUARTET_DRIVER_GATE_REFERENCE_H
#define QUARTET_DRIVER_GATE_REFERENCE_H

#include "driver/report/reference.h"
#include "lib/error.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

struct reference {
    char path[PATH_MAX];
    const char *name;             // as the user gave it; borrowed
    const char *testbed;          // of this machine; borrowed
    json_t *json;                 // of the file, owned; NULL: there was none
    struct reference_steps steps; // owned
};

// May a reference be called so, or is it a path? 0, or -EINVAL with the reason.
int reference_check_name(const char *name, struct reason *reason);

// Reads it; `pin`: begins anew. A file that there is not is an empty one. 0; -EINVAL: no such
// name; -ESTALE: it is of another machine; another -errno; with the reason.
int reference_open(struct reference *reference, bool pin, struct reason *reason);
void reference_close(struct reference *reference);

// One check. Commits are NULL where they are not known.
struct reference_check {
    const char *base;
    const char *head;
    const char *utc;
};

// Adds what `gate` (of a report) says of this check, sets gate["reference"] to the sum of all of
// them, and stores it if `accept` and both commits are known. 0, or -errno with the reason.
int reference_add(struct reference *reference, const struct reference_check *own,
                  json_t *gate, bool accept, struct reason *reason);

#endif
