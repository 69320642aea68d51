// SPDX-License-Identifier: MIT
//
// From a report back to its plan: see resume_plan.h. A file may have been edited or be
// damaged in a way that is still JSON, so each number is looked at before it is used.
#include "driver/measure/resume_plan.h"

#include "driver/report/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define ROUNDS_MAXIMUM   1000
#define WORDS_MAXIMUM    100  // of a command; extra_run.c has room for some more
#define DURATION_MAXIMUM 1e18 // ns: thirty years

// ---- cells -------------------------------------------------------------------------

static bool is_command(const json_t *command)
{
    size_t index;
    json_t *word;
    json_array_foreach(command, index, word)
    {
        if (!json_is_string(word))
            return false;
    }
    return json_array_size(command) > 0 && json_array_size(command) <= WORDS_MAXIMUM;
}

// It has not been run, and nothing speaks against it.
static bool is_waiting(const json_t *cell)
{
    return strcmp(tree_text(cell, "status", ""), "skipped") == 0 &&
           strcmp(tree_text(cell, "reason", ""), PLAN_NOT_RUN) == 0;
}

// How long the last run of it took, or 0.
static uint64_t last_length_ns(const json_t *cell)
{
    const json_t *samples = tree_array(cell, "samples");
    const json_t *last = json_array_get(samples, json_array_size(samples) - 1);
    double length = tree_number(last, "wall_ns");
    if (isnan(length))
        length = tree_number(cell, "warmup.wall_ns");
    return length > 0 && length < DURATION_MAXIMUM ? (uint64_t)length : 0;
}

static int read_cell(struct table *table, json_t *json, const struct runner_set *set,
                     struct reason *reason)
{
    const char *id = tree_text(json, "id", "");
    bool live = is_waiting(json) || strcmp(tree_text(json, "status", ""), "ok") == 0;
    if (!is_command(tree_array(json, "command")))
        return reason_set(reason, -EBADMSG,
                          "cell '%.80s' has no command, or a very long one", id);
    if (tree_array(json, "twins") == NULL)
        return reason_set(reason, -EBADMSG, "cell '%.80s' has no list of twins", id);
    table->cells[table->count++] =
        (struct cell){.json = json,
                      .runner = runner_find(set, tree_text(json, "model", "")),
                      .live = live,
                      .length_ns = last_length_ns(json)};
    return 0;
}

// ---- blocks ------------------------------------------------------------------------

// A block that counts is the next round of its table; one that was disturbed, an attempt
// at it. Anything else was not written by a session.
static int count_block(struct table *table, const json_t *block, size_t index,
                       struct reason *reason)
{
    double next = table->rounds + 1;
    bool usual = tree_number(block, "number") == (double)(index + 1) &&
                 tree_number(block, "round") == next &&
                 (tree_at(block, "batch") == NULL || tree_number(block, "batch") == 1);
    if (!usual)
        return reason_set(reason, -EBADMSG, "block %zu of '%.80s' is not its round %.0f",
                          index + 1, tree_text(table->json, "id", ""), next);
    if (tree_true(block, "valid"))
        table->rounds++;
    else if (tree_text(block, "disturbed", NULL) != NULL)
        table->reruns++;
    return 0;
}

static int read_blocks(struct table *table, unsigned rounds, struct reason *reason)
{
    const char *id = tree_text(table->json, "id", "");
    bool waiting = false;
    size_t index;
    json_t *block;
    json_array_foreach(tree_array(table->json, "blocks"), index, block)
    {
        int error = 0;
        if (table->rounds == rounds)
            error = reason_set(reason, -EBADMSG, "'%.80s' has blocks after its %u rounds",
                               id, rounds);
        else
            error = count_block(table, block, index, reason);
        if (error != 0)
            return error;
    }
    for (size_t i = 0; i < table->count; i++)
        waiting = waiting || is_waiting(table->cells[i].json);
    table->warm = !waiting;
    table->before = table->rounds;
    if (waiting && index > 0)
        return reason_set(reason, -EBADMSG, "'%.80s' was measured before its warm-up",
                          id);
    return 0;
}

// ---- tables ------------------------------------------------------------------------

static int read_table(struct session *session, json_t *json, const struct runner_set *set,
                      struct reason *reason)
{
    struct plan *plan = &session->plan;
    json_t *cells = tree_array(json, "cells");
    if (plan->count == PLAN_TABLES_MAXIMUM || json_array_size(cells) == 0 ||
        json_array_size(cells) > TABLE_CELLS_MAXIMUM)
        return reason_set(reason, -EBADMSG,
                          "it has more than %d tables, or one without cells or with "
                          "more than %d",
                          PLAN_TABLES_MAXIMUM, TABLE_CELLS_MAXIMUM);
    struct table *table = &plan->list[plan->count++];
    *table = (struct table){.json = json};
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        int error = read_cell(table, cell, set, reason);
        if (error != 0)
            return error;
    }
    return read_blocks(table, session->rounds, reason);
}

int resume_plan(struct session *session, const struct runner_set *set,
                struct reason *reason)
{
    const json_t *report = session->report;
    double rounds = tree_number(report, "plan.rounds");
    double seed = tree_number(report, "plan.seed");
    double duration = tree_number(report, "duration_ns");
    if (!(rounds >= 1 && rounds <= ROUNDS_MAXIMUM) || !(seed >= 0 && seed <= UINT32_MAX))
        return reason_set(reason, -EBADMSG, "its plan has no sensible rounds and seed");
    if (!(duration >= 0 && duration < DURATION_MAXIMUM))
        return reason_set(reason, -EBADMSG, "its duration_ns makes no sense");
    session->rounds = (unsigned)rounds;
    session->seed = (uint64_t)seed;
    session->accept_noise = tree_true(report, "plan.accept_noise");
    session->counters = tree_true(report, "plan.counters");
    // Time goes on where it stood. The clock may have begun anew since; that the
    // difference wraps around is fine, for only differences to it are ever used.
    session->begin_ns -= (uint64_t)duration;
    session->plan = (struct plan){.tables = json_incref(tree_array(report, "tables"))};
    size_t index;
    json_t *table;
    json_array_foreach(session->plan.tables, index, table)
    {
        int error = read_table(session, table, set, reason);
        if (error != 0)
            return error;
    }
    return 0;
}
