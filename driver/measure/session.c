// SPDX-License-Identifier: MIT
//
// session.c - one session from warm-up to the last block: see session.h.
#include "driver/measure/session.h"

#include "driver/measure/block.h"
#include "driver/measure/run_limit.h"
#include "driver/system/interrupt.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *table_id(const struct table *table)
{
    return table->result->id;
}

static void set_state(struct session *session, bool complete, const char *why)
{
    struct report *report = &session->report;
    report->complete = complete;
    report->incomplete_reason = report_keep_text(report, why);
    report->duration_ns = (double)(clock_now_ns() - session->begin_ns);
}

#define STILL_RUNNING "the session is still running, or was killed"

int session_save(struct session *session, struct reason *reason)
{
    set_state(session, false, STILL_RUNNING);
    int error = results_save_json(&session->results, &session->report, reason);
    if (error == 0)
        session->journal_size = 0;
    return error;
}

// A block that cannot be added to the journal (the folder has vanished, the disk is full)
// is saved with all the others, or that says why not.
static int save_block(struct session *session, const struct table *table,
                      struct reason *reason)
{
    set_state(session, false, STILL_RUNNING);
    int error = results_add_block(&session->results, &session->journal_size,
                                  &session->report, table->result);
    return error == 0 ? 0 : session_save(session, reason);
}

static struct block_setting block_setting(struct session *session)
{
    return (struct block_setting){.janitor = &session->janitor,
                                  .prepare = session->prepare,
                                  .run_timeout_ns = session->run_timeout_ns == 0
                                                        ? RUN_LIMIT_USUAL_NS
                                                        : session->run_timeout_ns,
                                  .begin_ns = session->begin_ns,
                                  .tick = progress_tick,
                                  .context = &session->progress};
}

// ---- warming up --------------------------------------------------------------------

// Will what takes so long be over by the deadline, if it begins now?
static bool is_in_time(const struct session *session, uint64_t length_ns)
{
    return session->deadline_ns == 0 ||
           clock_now_ns() + length_ns <= session->deadline_ns;
}

uint64_t session_block_ns(const struct session *session, const struct table *table)
{
    uint64_t length = block_length_ns(table);
    return length == 0 ? 0 : length + session->overhead_ns;
}

// The time of a warm-up block is not known before it has run.
int session_warm_up(struct session *session, struct reason *reason)
{
    struct block_setting setting = block_setting(session);
    progress_init(&session->progress,
                  (unsigned)session->plan.count * (session->rounds + 1));
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        char what[160];
        if (table->warm) {
            progress_end(&session->progress);
            continue;
        }
        if (!is_in_time(session, 0))
            return reason_set(reason, -ETIME,
                              "--time-budget: it is used up by the warm-up of %zu of %zu "
                              "tables; give more time, or choose fewer tables or models",
                              i, session->plan.count);
        snprintf(what, sizeof what, "warm-up of %s", table_id(table));
        progress_begin(&session->progress, what, 0, 0);
        struct reason why;
        int error = interrupt_wanted(0) ? reason_set(&why, -EINTR, "interrupted")
                                        : block_warm_up(&setting, table, &why);
        if (error != 0)
            return reason_set(reason, error, "%s: %s", what, why.text);
        progress_end(&session->progress);
        error = session_save(session, reason);
        if (error != 0)
            return error;
    }
    return 0;
}

// ---- measuring ---------------------------------------------------------------------

// The time of all that comes after block `round` of table `number`.
static uint64_t left_ns(const struct session *session, unsigned rounds, unsigned round,
                        size_t number)
{
    uint64_t whole = 0;
    uint64_t rest = 0;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        uint64_t length = table->settled ? 0 : block_length_ns(table);
        whole += length;
        if (i > number)
            rest += length;
    }
    return rest + whole * (rounds - round);
}

// One block, on the disk. There is none where no cell is left. As block_measure().
static int measure_once(struct session *session, struct table *table,
                        const struct block_plan *plan, struct reason *reason)
{
    struct block_setting setting = block_setting(session);
    size_t before = table->result->block_count;
    if (interrupt_wanted(0))
        return reason_set(reason, -EINTR, "interrupted");
    int error = block_measure(&setting, table, plan, reason);
    if (error < 0 || table->result->block_count == before)
        return error;
    struct reason why; // `reason` may say what has disturbed it
    int saved = save_block(session, table, &why);
    return saved != 0 ? reason_set(reason, saved, "%s", why.text) : error;
}

// One block, and once more if it was disturbed and there are re-runs left.
static int measure_block(struct session *session, struct table *table,
                         struct block_plan *plan, unsigned reruns_most,
                         struct reason *reason)
{
    for (;;) {
        bool again = is_in_time(session, 2 * session_block_ns(session, table));
        plan->keep = session->accept_noise || table->reruns >= reruns_most || !again;
        int error = measure_once(session, table, plan, reason);
        if (error != 0 && error != BLOCK_DISTURBED)
            return error;
        if (error == 0) {
            table->rounds++;
            return 0;
        }
        table->reruns++;
        progress_remark(&session->progress, "disturbed (%s), once more", reason->text);
    }
}

static int measure_round(struct session *session, const struct batch *batch,
                         unsigned round, size_t number, const struct schedule *schedule,
                         struct reason *reason)
{
    struct table *table = &session->plan.list[number];
    char what[160];
    struct reason why;
    snprintf(what, sizeof what, "%sround %u of %u, %s",
             batch->number > 1 ? "confirming " : "", round, batch->last, table_id(table));
    progress_begin(&session->progress, what, block_length_ns(table),
                   left_ns(session, batch->last, round, number));
    struct block_plan plan = {.round = round,
                              .batch = batch->number,
                              .accepted = session->accept_noise,
                              .order = schedule->order + (round - 1) * schedule->count,
                              .count = schedule->count};
    unsigned rounds = table->rounds + batch->last - round + 1; // in the end
    unsigned reruns_most = (rounds + SESSION_RERUNS_PART - 1) / SESSION_RERUNS_PART;
    int error = measure_block(session, table, &plan, reruns_most, &why);
    if (error != 0)
        return reason_set(reason, error, "%s: %s", what, why.text);
    progress_end(&session->progress);
    return 0;
}

// A batch may be one that nobody has counted on.
static void expect_blocks(struct session *session, const struct batch *batch)
{
    unsigned blocks = session->progress.done;
    for (size_t i = 0; i < session->plan.count; i++)
        if (!session->plan.list[i].settled)
            blocks += batch->last - batch->first + 1;
    if (blocks > session->progress.blocks)
        session->progress.blocks = blocks;
}

// Once one block would come too late, all that follow are left out: else the short tables
// had more rounds than the long ones.
static bool leave_out(struct session *session, size_t number)
{
    const struct table *table = &session->plan.list[number];
    if (session->late == 0 && is_in_time(session, session_block_ns(session, table)))
        return false;
    session->late++;
    return true;
}

uint8_t *session_order(const struct session *session, const struct table *table,
                       size_t *count)
{
    struct batch batch = {.number = 1, .seed = session->seed, .last = session->rounds};
    struct schedule schedule = schedule_make(&batch, table);
    *count = schedule.count;
    return schedule.order;
}

int session_rounds(struct session *session, const struct batch *batch,
                   struct reason *reason)
{
    struct schedule schedules[PLAN_TABLES_MAXIMUM] = {{0}};
    expect_blocks(session, batch);
    int error = session_save(session, reason); // with what was decided since
    for (size_t i = 0; error == 0 && i < session->plan.count; i++)
        schedules[i] = schedule_make(batch, &session->plan.list[i]);
    for (unsigned round = batch->first; error == 0 && round <= batch->last; round++)
        for (size_t i = 0; error == 0 && i < session->plan.count; i++)
            if (round <= session->plan.list[i].before)
                progress_end(&session->progress);
            else if (!session->plan.list[i].settled && !leave_out(session, i))
                error = measure_round(session, batch, round, i, &schedules[i], reason);
    for (size_t i = 0; i < session->plan.count; i++)
        free(schedules[i].order);
    return error;
}

// ---- going on ----------------------------------------------------------------------

static const char *place_id(const struct table *table, uint8_t place)
{
    return table->cells[place & ~BLOCK_TWIN].result->id;
}

// Is the block what the schedule says for its round, but for cells that had failed?
static bool block_agrees(const struct table *table, const struct report_block *block,
                         const struct schedule *schedule)
{
    size_t round = (size_t)block->round; // of the plan, and at least 1
    const uint8_t *places = schedule->order + (round - 1) * schedule->count;
    size_t done = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const char *id = json_string_value(json_array_get(block->order, done));
        if (id != NULL && strcmp(id, place_id(table, places[i])) == 0)
            done++;
        else if (table->cells[places[i] & ~BLOCK_TWIN].live)
            return false;
    }
    return done == json_array_size(block->order);
}

int session_check_order(const struct session *session, struct reason *reason)
{
    struct batch batch = {.seed = session->seed, .last = session->rounds};
    int error = 0;
    for (size_t i = 0; error == 0 && i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        const struct report_table *result = table->result;
        struct schedule schedule = schedule_make(&batch, table);
        for (size_t j = 0; error == 0 && j < result->block_count; j++)
            if (!block_agrees(table, &result->blocks[j], &schedule))
                error = reason_set(reason, -EBADMSG,
                                   "block %zu of '%.80s' is not in the order that its "
                                   "seed gives (another version of quartet?)",
                                   j + 1, table_id(table));
        free(schedule.order);
    }
    return error;
}

// ---- the whole ---------------------------------------------------------------------

void session_close(struct session *session, int error, const struct reason *reason)
{
    progress_clear(&session->progress);
    set_state(session, error == 0, error == 0 ? NULL : reason->text);
}

// ---- the verdict -------------------------------------------------------------------

static bool cell_is_bad(const struct report_cell *cell)
{
    bool bad = cell->status == CELL_FAILED || cell->status == CELL_WRONG;
    if (bad)
        warn("%s: %s: %s", cell->id, cell_status_name(cell->status),
             cell->reason == NULL ? "" : cell->reason);
    return bad;
}

int session_verdict(const struct session *session)
{
    int code = EXIT_FINE;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        for (size_t j = 0; j < table->count; j++)
            if (cell_is_bad(table->cells[j].result))
                code = EXIT_WRONG;
        if (table->result->verification.equal_work == TRUTH_NO) {
            warn("%s: the models did not do equal work; the report says who differs",
                 table_id(table));
            code = EXIT_WRONG;
        }
    }
    return code;
}
