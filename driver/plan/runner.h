// SPDX-License-Identifier: MIT
//
// runner.h - which runners there are and what they can do. Nothing about models or
// workloads is written down here: a runner is asked (`--describe`), so that a new
// model or a new workload shows up without an edit of the driver.
//
// Read next: plan.h, which makes tables of the answers.
#ifndef QUARTET_DRIVER_PLAN_RUNNER_H
#define QUARTET_DRIVER_PLAN_RUNNER_H

#include "driver/plan/describe.h"
#include "lib/error.h"

#include <stddef.h>

#define RUNNERS_MAXIMUM 32

struct runner {
    char name[32];               // the model, which is also the name of the executable
    char path[4096];             // of the executable
    struct description describe; // its answer
    json_t *words;  // given to it in every run, behind all else; NULL: none. Owned
    unsigned links; // that are taken in turn instead of it (links.h); 0: none
};

struct runner_set {
    char directory[4000];
    size_t count;
    struct runner list[RUNNERS_MAXIMUM]; // sequential first, then the models' own order
};

// Looks in $QUARTET_RUNNERS, else in the folder of this program, else in
// ../libexec/quartet, and asks every runner there. 0; -ENOENT when there is no runner
// in any of these places; -EBADMSG when one gives no sensible answer; with the reason.
int runner_set_find(struct runner_set *set, struct reason *reason);

// The same in a folder that the user names: in it, or in bin, release/bin or
// build/release/bin below it.
int runner_set_find_in(struct runner_set *set, const char *folder, struct reason *reason);

// Adds a program of anybody that keeps to the contract of a runner (docs/own-runner.md), under
// the name that it gives itself. 0, or -EINVAL with the reason.
int runner_set_add(struct runner_set *set, const char *path, struct reason *reason);

void runner_set_free(struct runner_set *set);

// The path of a program that lies beside this one, or where `make install` puts it: in
// ../libexec/quartet. False: in neither.
bool runner_find_beside(const char *name, char *path, size_t size);

// The runner of this model, or NULL.
const struct runner *runner_find(const struct runner_set *set, const char *name);

// The workload of this name of a runner, or NULL.
const struct described_workload *runner_workload(const struct runner *runner,
                                                 const char *name);

#endif
