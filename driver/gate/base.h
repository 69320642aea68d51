// SPDX-License-Identifier: MIT
//
// base.h - what `quartet check` compares with: runners of another build, which the user
// names as a folder or as a git revision, or a stored report.
//
// Meanings of a name are tried in this order:
//   1. "baseline:NAME" and "revision:NAME": that baseline (baseline.h) or git revision, and
//      nothing else
//   2. a folder with a report.json, or the file of a report
//   3. another folder: it holds runners
//   4. a baseline of this machine
//   5. a git revision
//   6. a baseline of another machine
//
// A revision is checked out into the work folder of the session and built there, out of the
// way of the user's own files and without a trace in the repository. The janitor removes it.
#ifndef QUARTET_DRIVER_GATE_BASE_H
#define QUARTET_DRIVER_GATE_BASE_H

#include "driver/gate/revision.h"
#include "driver/plan/runner.h"
#include "driver/report/model.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>

enum base_kind { BASE_BUILD, BASE_REVISION, BASE_REPORT };

struct base {
    enum base_kind kind;
    const char *name;         // as the user gave it; borrowed
    struct revision revision; // if it is one
    struct runner_set set;    // of a build or a revision
    struct report report;     // analysed; its json is NULL unless it is of a report
    bool foreign;             // a baseline of another machine
};

// Finds out what `name` means and makes it ready, which for a revision takes as long as
// a build does. `mode` is that of the head ("release"). 0; -EINTR; or another -errno with
// one sentence. base_close() afterwards in all cases.
int base_open(struct base *base, const char *name, const char *mode,
              const struct janitor *janitor, struct reason *reason);

void base_close(struct base *base);

// {"kind", "name", "commit", "differences": [["compiler",
// base, head], ...]}: what is not alike in how the two were built.
json_t *base_describe(const struct base *base, const struct runner_set *head);

#endif
