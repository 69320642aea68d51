// SPDX-License-Identifier: MIT
//
// describe.h - what a runner answers to --describe (quartet.describe/1 and /2), as structs:
// its build, its options, and the workloads that it has. A member that is missing, or of a
// type that we do not expect, is "" or 0, or NULL where that is said here.
//
// Read next: runner.h, which asks.
#ifndef QUARTET_DRIVER_PLAN_DESCRIBE_H
#define QUARTET_DRIVER_PLAN_DESCRIBE_H

#include "driver/report/model.h"
#include "lib/error.h"
#include "lib/options.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// Options as rows of lib/options.h, ended by one without a name; a kind that is not known
// is a text.
struct described_options {
    size_t count;
    struct option_spec *list; // owned
};

struct described_workload {
    const char *name;
    const char *kind; // "cpu", "io", ...
    const char *operation;
    const char *summary;
    double default_tasks;
    double default_concurrency;
    bool together; // all tasks must be in flight at the same time
    bool peer;     // it has a back end
    struct described_options options;
};

struct description {
    json_t *json; // all of it; owned
    json_t *kept; // texts that were made of it; owned
    const char *schema;
    const char *name;     // that it gives itself, of version 2; NULL: that of its file
    const char *model;    // of version 2: that of our own which it corresponds to
    const char *language; // of version 2, as the next one; NULL: not known
    const char *runtime;
    const char *summary;
    const char *sources_sha256; // or NULL
    json_t *build;              // NULL: it does not say; borrowed
    const char *mode;
    const char *commit;
    const char *compiler;
    enum truth optimised;
    size_t left_out_count;
    struct left_out *left_out; // workloads that this build lacks; owned
    struct described_options options;
    struct described_options common_options;
    size_t workload_count;
    struct described_workload *workloads; // owned
};

// Reads an answer, which it takes over.
void description_read(struct description *description, json_t *answer);
void description_free(struct description *description);

// Could these be workloads: each with a name of its own, a kind, and defaults of 1 or more? 0, or
// -EBADMSG with which is not, and why.
int description_check_workloads(const struct description *description,
                                struct reason *reason);

// Has it the texts that version 2 requires?
bool description_is_whole(const struct description *description);

// The workload of this name, or NULL.
const struct described_workload *description_workload(
    const struct description *description, const char *name);

// The option of this name, or NULL.
const struct option_spec *described_option(const struct described_options *options,
                                           const char *name);

// The workload of this name that the build lacks, or NULL.
const struct left_out *description_left_out(const struct description *description,
                                            const char *name);

// "count", "size", "duration", "choice", "flag", "text"
const char *option_kind_name(enum option_kind kind);

#endif
