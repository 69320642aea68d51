// SPDX-License-Identifier: MIT
//
// lanes.h - the programs of lanes/: the same workloads in other languages, a folder for each
// language. All programs of a lane that can run here join the models.
//
// Read next: runner.h, which asks each of them what it can do.
#ifndef QUARTET_DRIVER_PLAN_LANES_H
#define QUARTET_DRIVER_PLAN_LANES_H

#include "driver/plan/runner.h"
#include "lib/error.h"

struct lanes {
    const char *list; // "python,go"
    const char
        *root; // folder of the lanes; NULL: $QUARTET_LANES, or those of this program
    const char *python; // interpreter of the Python lane; NULL: the one that it names
};

// Adds them to the set. A program that cannot run here is noted as ignored, with the reason.
// 0; -EINVAL: there is no such lane; 77: none of it can run here; with the reason.
int lanes_add(struct runner_set *set, const struct lanes *lanes, struct reason *reason);

// The folder of all lanes, as lanes_add() finds it. False: there is none.
bool lanes_find(char *folder, size_t size);

// That of the build or installation whose programs lie in this folder. False: it has none.
bool lanes_find_near(const char *programs, char *folder, size_t size);

// The models that a table compares where nobody says: the foreign ones of the set, and those of
// our own beside which they stand. "": there are no foreign ones.
void lanes_usual_models(const struct runner_set *set, char *list, size_t size);

#endif
