// SPDX-License-Identifier: MIT
//
// reference.c - see reference.h.
#include "driver/gate/reference.h"

#include "driver/gate/baseline.h"
#include "driver/report/commit.h"
#include "driver/report/gate.h"
#include "driver/statistics/drift.h"
#include "driver/system/state.h"
#include "lib/json_file.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// ---- the file --------------------------------------------------------------------------

// Is the name a path of a file, rather than that of a reference of this testbed?
static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') != NULL ||
           (length > 5 && strcmp(name + length - 5, ".json") == 0);
}

int reference_check_name(const char *name, struct reason *reason)
{
    if (!is_path(name))
        return baseline_check_name(name, reason);
    return strlen(name) < PATH_MAX ? 0
                                   : reason_set(reason, -EINVAL, "the path is too long");
}

static int find_path(struct reference *reference, struct reason *reason)
{
    const char *name = reference->name;
    char file[BASELINE_NAME_MAX + 32];
    int error = reference_check_name(name, reason);
    if (error != 0)
        return error;
    if (is_path(name)) {
        snprintf(reference->path, sizeof reference->path, "%s", name);
        return 0;
    }
    snprintf(file, sizeof file, "references/%s.json", name);
    return state_path(reference->testbed, file, reference->path, sizeof reference->path,
                      reason);
}

static int check(const struct reference *reference, struct reason *reason)
{
    const struct reference_steps *steps = &reference->steps;
    const char *schema = steps->schema == NULL ? "none" : steps->schema;
    const char *testbed = steps->testbed == NULL ? "unknown" : steps->testbed;
    if (strcmp(schema, REFERENCE_SCHEMA) != 0)
        return reason_set(
            reason, -EBADMSG,
            "'%.200s' is no reference: its schema is %.60s and this version "
            "reads " REFERENCE_SCHEMA,
            reference->path, schema);
    if (!steps->whole)
        return reason_set(reason, -EBADMSG, "'%.200s' has no steps", reference->path);
    if (strcmp(testbed, reference->testbed) == 0)
        return 0;
    return reason_set(reason, -ESTALE,
                      "the reference '%.200s' is of another machine (testbed %.40s, this "
                      "one is %.40s); begin it anew with --pin",
                      reference->path, testbed, reference->testbed);
}

int reference_open(struct reference *reference, bool pin, struct reason *reason)
{
    reference->json = NULL;
    reference->steps = (struct reference_steps){.schema = REFERENCE_SCHEMA,
                                                .testbed = reference->testbed};
    int error = find_path(reference, reason);
    if (error != 0 || pin || (access(reference->path, F_OK) != 0 && errno == ENOENT))
        return error;
    error = json_file_load(reference->path, &reference->json, reason);
    if (error != 0)
        return error;
    reference->steps = reference_steps_read(reference->json);
    return check(reference, reason);
}

void reference_close(struct reference *reference)
{
    reference_steps_free(&reference->steps);
    json_decref(reference->json);
    reference->json = NULL;
}

// ---- a step ----------------------------------------------------------------------------

// Each row by the time that decides, and by its wall time, which a user waits for.
static void add_rows(struct reference_step *step, const struct comparisons *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct comparison *own = &all->list[i];
        const struct reference_row row = {.table = own->table,
                                          .row = own->row,
                                          .metric = metric_name(own->metric),
                                          .ratio = own->ratio,
                                          .low = own->interval.low,
                                          .high = own->interval.high};
        struct drift known = {0};
        bool wanted = own->decides || own->metric == METRIC_WALL;
        if (wanted && !metric_is_counter(own->metric) &&
            drift_add(&known, row.ratio, row.low, row.high))
            reference_step_add(step, &row);
    }
}

static bool is_commit(const char *one, const char *other)
{
    return one != NULL && commit_same(one, other);
}

// Drops the steps behind this base. The commit where the path ends, if that is another one, or
// NULL: it is at the base, or there is no step.
static const char *rewind_to(struct reference_steps *steps, const char *base)
{
    if (steps->count == 0 || base == NULL)
        return NULL;
    const char *end = steps->list[steps->count - 1].head;
    if (is_commit(end, base))
        return NULL;
    for (size_t i = steps->count; i > 0; i--)
        if (is_commit(steps->list[i - 1].base, base)) {
            while (steps->count >= i)
                reference_steps_drop(steps);
            return NULL;
        }
    return end == NULL ? "" : end;
}

// ---- the sum ---------------------------------------------------------------------------

static bool is_row(const struct reference_row *one, const struct reference_row *other)
{
    return strcmp(one->table, other->table) == 0 && strcmp(one->row, other->row) == 0 &&
           strcmp(one->metric, other->metric) == 0;
}

static struct drift sum_of(const struct reference_steps *steps,
                           const struct reference_row *row)
{
    struct drift drift = {0};
    for (size_t i = 0; i < steps->count; i++)
        for (size_t j = 0; j < steps->list[i].count; j++) {
            const struct reference_row *one = &steps->list[i].rows[j];
            if (is_row(one, row))
                drift_add(&drift, one->ratio, one->low, one->high);
        }
    return drift;
}

// Of all rows of the last step.
static void sum_all(const struct reference_steps *steps, double threshold,
                    struct reference_sum *sum)
{
    const struct reference_step *last = &steps->list[steps->count - 1];
    for (size_t i = 0; i < last->count; i++) {
        const struct reference_row *row = &last->rows[i];
        struct drift drift = sum_of(steps, row);
        struct drift_verdict verdict = drift_judge(&drift, threshold, last->count);
        const struct reference_sum_row one = {.table = row->table,
                                              .row = row->row,
                                              .metric = row->metric,
                                              .steps = (double)drift.n,
                                              .ratio = verdict.ratio,
                                              .border = verdict.border,
                                              .drifted = verdict.beyond};
        reference_sum_add(sum, &one);
    }
}

static int save(const struct reference *reference, struct reason *reason)
{
    int error = state_make_folders(reference->path, reason);
    if (error != 0)
        return error;
    json_t *json = reference_steps_write(&reference->steps);
    error = json_file_save(reference->path, json, reason);
    json_decref(json);
    return error;
}

int reference_add(struct reference *reference, const struct reference_check *own,
                  json_t *gate, bool accept, struct reason *reason)
{
    char digits[COMMIT_SIZE];
    struct report_gate read;
    struct reference_steps *steps = &reference->steps;
    struct reference_step step = {.base = own->base, .head = own->head, .utc = own->utc};
    json_t *whole = json_pack("{s:O}", "gate", gate);
    bool known = commit_digits(own->base, true, digits) &&
                 commit_digits(own->head, true, digits) &&
                 !commit_same(own->base, own->head);
    report_gate_read(&read, whole);
    struct reference_sum sum = {.name = reference->name,
                                .gap_after = rewind_to(steps, own->base),
                                .stored = accept && known};
    add_rows(&step, &read.comparisons);
    reference_steps_add(steps, &step);
    sum.pinned = steps->list[0].base;
    sum.steps = (double)steps->count;
    sum_all(steps, read.threshold, &sum);
    json_object_set_new(gate, "reference", reference_sum_write(&sum));
    int error = sum.stored ? save(reference, reason) : 0;
    reference_sum_free(&sum);
    report_gate_free(&read);
    json_decref(whole);
    return error;
}
