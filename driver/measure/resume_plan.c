// SPDX-License-Identifier: MIT
//
// From a report back to its plan: see resume_plan.h. A file may have been edited or be
// damaged in a way that is still JSON, so each number is looked at before it is used.
#include "driver/measure/resume_plan.h"

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
static bool is_waiting(const struct report_cell *cell)
{
    return cell->status == CELL_SKIPPED && cell->reason != NULL &&
           strcmp(cell->reason, PLAN_NOT_RUN) == 0;
}

// How long the last run of it took, or 0.
static uint64_t last_length_ns(const struct report_cell *cell)
{
    const struct sample_list *samples = &cell->samples;
    double length =
        samples->count == 0 ? (double)NAN : samples->list[samples->count - 1].wall_ns;
    if (isnan(length))
        length = cell->warmup.wall_ns;
    return length > 0 && length < DURATION_MAXIMUM ? (uint64_t)length : 0;
}

// A report is data of anybody: no command is run because it stands there. The plan of the user
// has the same one.
static bool has_own_words(const struct report_cell *cell, const struct runner *runner)
{
    size_t count = json_array_size(cell->command);
    size_t own = runner == NULL ? 0 : json_array_size(runner->words);
    for (size_t i = 0; i < own; i++)
        if (count < own || !json_equal(json_array_get(cell->command, count - own + i),
                                       json_array_get(runner->words, i)))
            return false;
    return true;
}

static int read_cell(struct table *table, struct report_cell *cell,
                     const struct runner_set *set, struct reason *reason)
{
    table->oracle = &set->list[0];
    if (!is_command(cell->command))
        return reason_set(reason, -EBADMSG,
                          "cell '%.80s' has no command, or a very long one", cell->id);
    const struct runner *runner = runner_find(set, cell->model);
    if (!has_own_words(cell, runner))
        return reason_set(reason, -EBADMSG,
                          "cell '%.80s' has another command than the plan says",
                          cell->id);
    table->cells[table->count++] =
        (struct cell){.result = cell,
                      .runner = runner,
                      .live = is_waiting(cell) || cell->status == CELL_OK,
                      .length_ns = last_length_ns(cell)};
    return 0;
}

// ---- blocks ------------------------------------------------------------------------

// A block that counts is the next round of its table; one that was disturbed, an attempt
// at it. Anything else was not written by a session.
static int count_block(struct table *table, const struct report_block *block,
                       size_t index, struct reason *reason)
{
    double next = table->rounds + 1;
    bool usual =
        block->number == (double)(index + 1) && block->round == next && block->batch == 1;
    if (!usual)
        return reason_set(reason, -EBADMSG, "block %zu of '%.80s' is not its round %.0f",
                          index + 1, table->result->id, next);
    if (block->valid)
        table->rounds++;
    else if (block->disturbed != NULL)
        table->reruns++;
    return 0;
}

static int read_blocks(struct table *table, unsigned rounds, struct reason *reason)
{
    const char *id = table->result->id;
    bool waiting = false;
    const struct report_table *result = table->result;
    for (size_t i = 0; i < result->block_count; i++) {
        int error = 0;
        if (table->rounds == rounds)
            error = reason_set(reason, -EBADMSG, "'%.80s' has blocks after its %u rounds",
                               id, rounds);
        else
            error = count_block(table, &result->blocks[i], i, reason);
        if (error != 0)
            return error;
    }
    for (size_t i = 0; i < table->count; i++)
        waiting = waiting || is_waiting(table->cells[i].result);
    table->warm = !waiting;
    table->before = table->rounds;
    if (waiting && result->block_count > 0)
        return reason_set(reason, -EBADMSG, "'%.80s' was measured before its warm-up",
                          id);
    return 0;
}

// ---- tables ------------------------------------------------------------------------

static int read_table(struct session *session, struct report_table *result,
                      const struct runner_set *set, struct reason *reason)
{
    struct plan *plan = &session->plan;
    if (plan->count == PLAN_TABLES_MAXIMUM || result->cell_count == 0 ||
        result->cell_count > TABLE_CELLS_MAXIMUM)
        return reason_set(reason, -EBADMSG,
                          "it has more than %d tables, or one without cells or with "
                          "more than %d",
                          PLAN_TABLES_MAXIMUM, TABLE_CELLS_MAXIMUM);
    struct table *table = &plan->list[plan->count++];
    *table = (struct table){.report = &session->report, .result = result};
    for (size_t i = 0; i < result->cell_count; i++) {
        int error = read_cell(table, &result->cells[i], set, reason);
        if (error != 0)
            return error;
    }
    return read_blocks(table, session->rounds, reason);
}

int resume_plan(struct session *session, const struct runner_set *set,
                struct reason *reason)
{
    struct report *report = &session->report;
    double rounds = report->plan.rounds;
    double seed = report->plan.seed_shown;
    double duration = report->duration_ns;
    if (!(rounds >= 1 && rounds <= ROUNDS_MAXIMUM) || !(seed >= 0 && seed <= UINT32_MAX))
        return reason_set(reason, -EBADMSG, "its plan has no sensible rounds and seed");
    if (!(duration >= 0 && duration < DURATION_MAXIMUM))
        return reason_set(reason, -EBADMSG, "its duration_ns makes no sense");
    session->rounds = (unsigned)rounds;
    session->seed = (uint64_t)seed;
    session->accept_noise = report->plan.accept_noise == TRUTH_YES;
    double timeout = report->plan.run_timeout_ns;
    session->run_timeout_ns =
        timeout >= 1 && timeout <= DURATION_MAXIMUM ? (uint64_t)timeout : 0;
    session->counters = report->plan.counters == TRUTH_YES;
    // Time goes on where it stood. The clock may have begun anew since; that the
    // difference wraps around is fine, for only differences to it are ever used.
    session->begin_ns -= (uint64_t)duration;
    session->plan = (struct plan){.count = 0};
    for (size_t i = 0; i < report->table_count; i++) {
        int error = read_table(session, &report->tables[i], set, reason);
        if (error != 0)
            return error;
    }
    return 0;
}
