// SPDX-License-Identifier: MIT
//
// file.h - a plan as a document: JSON of schema quartet.plan/1 that says which tables are
// to be measured, with which sizes, models and variants. Profiles (profile.h) are such
// documents, and so is what a user writes for --plan. results/README.md describes it.
//
// It is looked at in two steps, both before anything is measured: what the document alone
// tells (here), and what only the runners know: whether there is such a workload, such a
// model, such an option (plan.h). Every refusal names the file, the place in it, what is
// allowed there, and is one line.
#ifndef QUARTET_DRIVER_PLAN_FILE_H
#define QUARTET_DRIVER_PLAN_FILE_H

#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define PLAN_FILE_SCHEMA "quartet.plan/1"

struct plan_file {
    const char *name;      // as the user gave it, or that of the profile; borrowed
    json_t *document;      // as it was written; owned
    json_t *tables;        // of it, or of the profile that it names; owned
    json_t *others;        // kinds of workloads measured without a table, or NULL; owned
    const char *tables_of; // a profile's name in the place of tables, or NULL
    unsigned rounds;       // 0: it does not say
    uint64_t seed;         // 0: it does not say
    bool for_decisions;    // may a difference be acted upon, given rounds enough?
    bool until_decided;    // a table ends when its comparisons are decided
    bool shipped;          // with this program: may name workloads that are not there
};

// Reads the file. -errno: it cannot be read; -EBADMSG: no JSON; -EINVAL: not such a plan.
// plan_file_free() after success.
int plan_file_load(struct plan_file *file, const char *name, struct reason *reason);

// The same for a text in memory.
int plan_file_parse(struct plan_file *file, const char *name, const char *text,
                    struct reason *reason);

// A plan of these tables, a list that it takes over. As plan_file_load().
int plan_file_make(struct plan_file *file, const char *name, json_t *tables,
                   struct reason *reason);

// Measures what `other` measures.
void plan_file_take_tables(struct plan_file *file, const struct plan_file *other);

void plan_file_free(struct plan_file *file);

#endif
