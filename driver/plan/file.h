// SPDX-License-Identifier: MIT
//
// file.h - a plan that the user wrote: a JSON file of schema quartet.plan/1 that
// says which tables are to be measured, with which sizes, models and variants.
// results/README.md describes it.
//
// It is looked at in two steps, both before anything is measured: what the file alone
// tells (plan_file_load), and what only the runners know: whether there is such a
// workload, such a model, such an option (plan_file_make). Every refusal names the file,
// the place in it, what is allowed there, and is one line.
#ifndef QUARTET_DRIVER_PLAN_FILE_H
#define QUARTET_DRIVER_PLAN_FILE_H

#include "driver/plan/runner.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdint.h>

#define PLAN_FILE_SCHEMA "quartet.plan/1"

struct plan; // plan.h

struct plan_file {
    const char *name; // as the user gave it; borrowed
    json_t *document; // owned
    unsigned rounds;  // 0: it does not say
    uint64_t seed;    // 0: it does not say
};

// Reads the file. -errno: it cannot be read; -EBADMSG: no JSON; -EINVAL: not such a plan.
int plan_file_load(struct plan_file *file, const char *name, struct reason *reason);
void plan_file_free(struct plan_file *file);

// Makes the plan, for the CPUs that this process may use; each cell also for the runners
// of `base`, if not NULL. -EINVAL with the reason. The set must outlive the plan.
int plan_file_make(const struct plan_file *file, struct plan *plan,
                   const struct runner_set *set, const struct runner_set *base,
                   struct reason *reason);

#endif
