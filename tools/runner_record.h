// SPDX-License-Identifier: MIT
//
// runner_record.h - what the tools have in common: a runner is run once, and its record
// is read. quartet does the same with more care for the time; here the numbers come from
// the records alone.
//
// Read next: bytes_per_task.c and backends.c, which use it.
#ifndef QUARTET_TOOLS_RUNNER_RECORD_H
#define QUARTET_TOOLS_RUNNER_RECORD_H

#include "lib/error.h"

#include <jansson.h>
#include <stdint.h>

enum { RUNNER_ARGUMENTS = 32 };

// Called every few milliseconds while the runner runs.
struct runner_watch {
    void (*look)(void *context);
    void *context;
};

// Runs `model` with `arguments` (ended by NULL, at most RUNNER_ARGUMENTS) and --record,
// without its output; it is killed after two minutes. The caller owns *record. 0, or
// -errno with the reason, which is the runner's own if it left one. `watch` may be NULL.
int runner_record(const char *model, const char *const *arguments,
                  const struct runner_watch *watch, json_t **record,
                  struct reason *reason);

// The number at the two keys, or -1 when it is unknown.
double runner_number(const json_t *record, const char *part, const char *key);

// Parses "200,400,1600" or "1k,10k" into at most `room` numbers from `minimum` to
// `maximum`. Returns how many, or -EINVAL with the reason.
int runner_sizes(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *sizes,
                 int room, struct reason *reason);

#endif
